import { awsManagedPolicyArns } from '../aws-managed-policies';
import type { ManagedPolicyRecord, PolicyVersionRecord } from '../identity-records';
import { policyRecord, policySize } from '../policy-record';
import { members, type QueryCall, type QueryOperation } from '../query-service';
import { requestTagContext, tagsOf } from '../tags';
import { elements } from '../xml';
import {
  accountOf,
  alreadyExists,
  authorize,
  authorizedPolicy,
  changeablePolicy,
  deleteConflict,
  type IamContext,
  limitExceeded,
  listTarget,
  newTarget,
  noSuchEntity,
} from './iam-call';
import {
  DESCRIPTION,
  FLAG,
  PAGING,
  PATH,
  PATH_PREFIX,
  POLICY_ARN,
  POLICY_DOCUMENT,
  POLICY_NAME,
  TAGS,
  VERSION_ID,
} from './iam-params';
import { pageElements, pageOf } from './paging';
import { policyElements, versionElements } from './print';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_POLICY_SIZE = 6144;
const MAX_VERSIONS = 5;

function managedRecord(text: string) {
  const record = policyRecord(text, 'identity');
  if (policySize(text) > MAX_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MAX_POLICY_SIZE}`);
  }
  return record;
}

/** Who in the caller's account uses a policy. */
function usersOf(call: QueryCall, context: IamContext, arn: string) {
  const { users, roles } = accountOf(call, context);
  const everybody = [...users.values(), ...roles.values()];
  return {
    attached: everybody.filter(one => one.attached.has(arn)),
    bounded: everybody.filter(one => one.boundaryArn === arn),
  };
}

function useCounts(call: QueryCall, context: IamContext, arn: string) {
  const { attached, bounded } = usersOf(call, context, arn);
  return { attachments: attached.length, boundaries: bounded.length };
}

const createPolicy: QueryOperation<IamContext> = {
  params: {
    PolicyName: POLICY_NAME,
    PolicyDocument: POLICY_DOCUMENT,
    Path: PATH,
    Description: DESCRIPTION,
    Tags: TAGS,
  },
  run(call, context) {
    const { params } = call;
    const name = params.text('PolicyName');
    const tags = tagsOf(params);
    authorize(call, newTarget(call, context, 'policy', name), requestTagContext(tags));
    const account = accountOf(call, context);
    const isTaken = [...account.policies.values()].some(one => one.name.toLowerCase() === name.toLowerCase());
    if (isTaken) throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    const policy = context.store.createPolicy({
      account: account.id,
      name,
      path: params.get('Path'),
      policy: managedRecord(params.text('PolicyDocument')),
      description: params.get('Description'),
      tags,
    });
    return elements({ Policy: policyElements(policy, { attachments: 0, boundaries: 0 }) });
  },
};

const getPolicy: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN },
  run(call, context) {
    const policy = authorizedPolicy(call, context);
    return elements({ Policy: policyElements(policy, useCounts(call, context, policy.arn)) });
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
const listPolicies: QueryOperation<IamContext> = {
  params: {
    ...PAGING,
    PathPrefix: PATH_PREFIX,
    Scope: { values: ['All', 'AWS', 'Local'] },
    OnlyAttached: FLAG,
    PolicyUsageFilter: { values: ['PermissionsPolicy', 'PermissionsBoundary'] },
  },
  run(call, context) {
    const { params } = call;
    authorize(call, listTarget(call, context, 'policy'));
    const { policies, partition } = accountOf(call, context);
    const scope = params.get('Scope') ?? 'All';
    const aws = awsManagedPolicyArns(partition).flatMap(arn => context.store.findPolicy(arn) ?? []);
    const usage = params.get('PolicyUsageFilter');
    const found = [...(scope === 'Local' ? [] : aws), ...(scope === 'AWS' ? [] : policies.values())].filter(policy => {
      const { attachments, boundaries } = useCounts(call, context, policy.arn);
      return (
        policy.path.startsWith(params.get('PathPrefix') ?? '/') &&
        (params.get('OnlyAttached') !== 'true' || attachments + boundaries > 0) &&
        (usage === undefined || (usage === 'PermissionsPolicy' ? attachments > 0 : boundaries > 0))
      );
    });
    return pageElements(
      params,
      'Policies',
      found,
      policy => policy.arn,
      policy => policyElements(policy, useCounts(call, context, policy.arn), 'listed'),
    );
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
const deletePolicy: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN },
  run(call, context) {
    const policy = changeablePolicy(call, context);
    const { attached, bounded } = usersOf(call, context, policy.arn);
    if (attached.length + bounded.length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
    if (policy.versions.size > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    accountOf(call, context).policies.delete(policy.arn);
  },
};

function versionOf(call: QueryCall, policy: ManagedPolicyRecord): PolicyVersionRecord {
  const id = call.params.text('VersionId');
  const version = policy.versions.get(id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html */
const createPolicyVersion: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN, PolicyDocument: POLICY_DOCUMENT, SetAsDefault: FLAG },
  run(call, context) {
    const policy = changeablePolicy(call, context);
    const record = managedRecord(call.params.text('PolicyDocument'));
    if (policy.versions.size >= MAX_VERSIONS) {
      throw limitExceeded(
        `A managed policy can have up to ${MAX_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const version = { id: `v${policy.nextVersion++}`, policy: record, created: call.request.time };
    policy.versions.set(version.id, version);
    policy.updated = version.created;
    if (call.params.get('SetAsDefault') === 'true') policy.defaultVersionId = version.id;
    return elements({ PolicyVersion: versionElements(policy, version, 'listed') });
  },
};

const getPolicyVersion: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN, VersionId: VERSION_ID },
  run(call, context) {
    const policy = authorizedPolicy(call, context);
    return elements({ PolicyVersion: versionElements(policy, versionOf(call, policy)) });
  },
};

/** Newest first. */
const listPolicyVersions: QueryOperation<IamContext> = {
  params: { ...PAGING, PolicyArn: POLICY_ARN },
  run(call, context) {
    const policy = authorizedPolicy(call, context);
    return pageElements(
      call.params,
      'Versions',
      policy.versions.values(),
      ({ id }) => String(1_000_000 - Number(id.slice(1))).padStart(7, '0'),
      version => versionElements(policy, version, 'listed'),
    );
  },
};

const setDefaultPolicyVersion: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN, VersionId: VERSION_ID },
  run(call, context) {
    const policy = changeablePolicy(call, context);
    policy.defaultVersionId = versionOf(call, policy).id;
    policy.updated = call.request.time;
  },
};

const deletePolicyVersion: QueryOperation<IamContext> = {
  params: { PolicyArn: POLICY_ARN, VersionId: VERSION_ID },
  run(call, context) {
    const policy = changeablePolicy(call, context);
    const { id } = versionOf(call, policy);
    if (id === policy.defaultVersionId) throw deleteConflict('Cannot delete the default version of a policy.');
    policy.versions.delete(id);
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html */
const listEntitiesForPolicy: QueryOperation<IamContext> = {
  params: {
    ...PAGING,
    PolicyArn: POLICY_ARN,
    PathPrefix: PATH_PREFIX,
    EntityFilter: { values: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] },
    PolicyUsageFilter: { values: ['PermissionsPolicy', 'PermissionsBoundary'] },
  },
  run(call, context) {
    const { params } = call;
    const { arn } = authorizedPolicy(call, context);
    const { attached, bounded } = usersOf(call, context, arn);
    const usage = params.get('PolicyUsageFilter');
    const filter = params.get('EntityFilter');
    const found = new Set([
      ...(usage === 'PermissionsBoundary' ? [] : attached),
      ...(usage === 'PermissionsPolicy' ? [] : bounded),
    ]);
    const wanted = [...found].filter(
      ({ kind, path }) =>
        path.startsWith(params.get('PathPrefix') ?? '/') && (filter === undefined || filter.toLowerCase() === kind),
    );
    const { page, marker } = pageOf(params, wanted, ({ kind, name }) => `${kind}/${name}`);
    const rolesOnPage = page.filter(({ kind }) => kind === 'role');
    const usersOnPage = page.filter(({ kind }) => kind === 'user');
    return elements({
      PolicyGroups: '',
      PolicyUsers: members(usersOnPage.map(({ name, id }) => elements({ UserName: name, UserId: id }))),
      PolicyRoles: members(rolesOnPage.map(({ name, id }) => elements({ RoleName: name, RoleId: id }))),
      IsTruncated: marker !== undefined,
      Marker: marker,
    });
  },
};

export const MANAGED_POLICY_OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  DeletePolicy: deletePolicy,
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  ListEntitiesForPolicy: listEntitiesForPolicy,
};

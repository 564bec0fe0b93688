import { compactContext } from '../authorization';
import type { QueryOperation } from '../query-service';
import { requestTagContext, tagsOf } from '../tags';
import { elements } from '../xml';
import { boundaryOf } from './boundaries';
import {
  accountOf,
  alreadyExists,
  authorize,
  authorizedRole,
  deleteConflict,
  type IamContext,
  listTarget,
  newTarget,
} from './iam-call';
import {
  DESCRIPTION,
  ENTITY_NAME,
  MAX_SESSION_DURATION,
  OPTIONAL_ARN,
  PAGING,
  PATH,
  PATH_PREFIX,
  POLICY_DOCUMENT,
  TAGS,
} from './iam-params';
import { pageElements } from './paging';
import { trustRecord } from './principals';
import { roleElements } from './print';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const createRole: QueryOperation<IamContext> = {
  params: {
    RoleName: ENTITY_NAME,
    AssumeRolePolicyDocument: POLICY_DOCUMENT,
    Path: PATH,
    Description: DESCRIPTION,
    MaxSessionDuration: MAX_SESSION_DURATION,
    PermissionsBoundary: OPTIONAL_ARN,
    Tags: TAGS,
  },
  run(call, context) {
    const { params } = call;
    const { store } = context;
    const name = params.text('RoleName');
    const tags = tagsOf(params);
    authorize(call, newTarget(call, context, 'role', name), {
      ...requestTagContext(tags),
      ...compactContext({ 'iam:PermissionsBoundary': params.get('PermissionsBoundary') }),
    });
    const account = accountOf(call, context);
    const isTaken = [...account.roles.keys()].some(one => one.toLowerCase() === name.toLowerCase());
    if (isTaken) throw alreadyExists(`Role with name ${name} already exists.`);
    const role = store.createRole({
      account: account.id,
      name,
      path: params.get('Path'),
      trust: trustRecord(params.text('AssumeRolePolicyDocument'), store).document,
      description: params.get('Description'),
      maxSessionDuration: params.number('MaxSessionDuration'),
      boundaryArn: boundaryOf(call, context),
      tags,
    });
    return elements({ Role: roleElements(role, store) });
  },
};

const getRole: QueryOperation<IamContext> = {
  params: { RoleName: ENTITY_NAME },
  run: (call, context) => elements({ Role: roleElements(authorizedRole(call, context), context.store) }),
};

const listRoles: QueryOperation<IamContext> = {
  params: { ...PAGING, PathPrefix: PATH_PREFIX },
  run(call, context) {
    authorize(call, listTarget(call, context, 'role'));
    const prefix = call.params.get('PathPrefix') ?? '/';
    const roles = [...accountOf(call, context).roles.values()].filter(role => role.path.startsWith(prefix));
    return pageElements(
      call.params,
      'Roles',
      roles,
      role => role.name,
      role => roleElements(role, context.store, 'listed'),
    );
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
const deleteRole: QueryOperation<IamContext> = {
  params: { RoleName: ENTITY_NAME },
  run(call, context) {
    const role = authorizedRole(call, context);
    if (role.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    context.store.deleteRole(role);
  },
};

const updateRole: QueryOperation<IamContext> = {
  params: { RoleName: ENTITY_NAME, Description: DESCRIPTION, MaxSessionDuration: MAX_SESSION_DURATION },
  run(call, context) {
    const role = authorizedRole(call, context);
    role.description = call.params.get('Description') ?? role.description;
    role.maxSessionDuration = call.params.number('MaxSessionDuration') ?? role.maxSessionDuration;
    return '';
  },
};

const updateRoleDescription: QueryOperation<IamContext> = {
  params: { RoleName: ENTITY_NAME, Description: { ...DESCRIPTION, isRequired: true } },
  run(call, context) {
    const role = authorizedRole(call, context);
    role.description = call.params.text('Description');
    return elements({ Role: roleElements(role, context.store) });
  },
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html */
const updateAssumeRolePolicy: QueryOperation<IamContext> = {
  params: { RoleName: ENTITY_NAME, PolicyDocument: POLICY_DOCUMENT },
  run(call, context) {
    const role = authorizedRole(call, context);
    const { document } = trustRecord(call.params.text('PolicyDocument'), context.store);
    role.trust = context.store.bindTrust(document);
  },
};

/** There are no instance profiles here: the answer of a role that is in none. */
const listInstanceProfilesForRole: QueryOperation<IamContext> = {
  params: { ...PAGING, RoleName: ENTITY_NAME },
  run(call, context) {
    authorizedRole(call, context);
    return elements({ InstanceProfiles: '', IsTruncated: false });
  },
};

export const ROLE_OPERATIONS: Readonly<Record<string, QueryOperation<IamContext>>> = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  DeleteRole: deleteRole,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  ListInstanceProfilesForRole: listInstanceProfilesForRole,
};

import type { RequestContext } from '../../core/iam/decision';
import { accessDenied, compactContext, decide, notAuthorized, reasonOf } from '../authorization';
import type { RoleRecord } from '../identity-records';
import type { QueryCall, QueryOperation } from '../query-service';
import type { Caller } from '../service';
import { requestTagContext, tagsOf } from '../tags';
import { elements } from '../xml';
import {
  assumedRoleElements,
  packedPolicySize,
  parseRoleArn,
  ROLE_SESSION_PARAMS,
  sessionDuration,
  sessionPolicies,
} from './role-session';
import { credentialElements, type StsContext } from './sts-context';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html */
const ORGANIZATION_ROLE = 'OrganizationAccountAccessRole';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole: QueryOperation<StsContext> = {
  params: {
    ...ROLE_SESSION_PARAMS,
    ExternalId: { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ },
    SourceIdentity: { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
    Tags: { kind: 'list', max: 50 },
  },
  run(call, context) {
    const { params } = call;
    const caller = call.request.caller!;
    const roleArn = params.text('RoleArn');
    parseRoleArn(roleArn);
    if (caller.kind === 'root') throw accessDenied('Roles may not be assumed by root accounts.');
    const role = context.store.findRoleByArn(roleArn) ?? organizationRole(caller, roleArn, context);
    if (!role) throw accessDenied(notAuthorized(caller, 'sts:AssumeRole', roleArn));

    const tags = tagsOf(params);
    const inherited = caller.context?.['aws:SourceIdentity'];
    const sourceIdentity = params.get('SourceIdentity') ?? (typeof inherited === 'string' ? inherited : undefined);
    const asked: RequestContext = {
      ...compactContext({
        'sts:ExternalId': params.get('ExternalId'),
        'sts:RoleSessionName': params.get('RoleSessionName'),
        'sts:SourceIdentity': sourceIdentity,
      }),
      ...requestTagContext(tags),
    };
    authorizeAssumption(call, role, 'sts:AssumeRole', asked, context);
    if (tags.size > 0) authorizeAssumption(call, role, 'sts:TagSession', asked, context);
    if (sourceIdentity !== undefined) authorizeAssumption(call, role, 'sts:SetSourceIdentity', asked, context);
    if (inherited !== undefined && sourceIdentity !== inherited) {
      throw accessDenied(notAuthorized(caller, 'sts:SetSourceIdentity', roleArn));
    }

    const session = context.store.createSession({
      principal: role,
      sessionName: params.text('RoleSessionName'),
      duration: sessionDuration(params, role, caller.kind === 'role-session'),
      policies: sessionPolicies(params, role, context),
      tags,
      sourceIdentity,
    });
    return elements({
      AssumedRoleUser: assumedRoleElements(role, session, context),
      Credentials: credentialElements(session),
      PackedPolicySize: packedPolicySize(params),
      SourceIdentity: sourceIdentity,
    });
  },
};

/** Both sides have to agree: the role's trust policy, and the caller's own policies as far as AWS asks them. */
function authorizeAssumption(
  { request }: QueryCall,
  role: RoleRecord,
  action: string,
  context: RequestContext,
  { store }: StsContext,
): void {
  const caller = request.caller!;
  const decision = decide(request, {
    action,
    resource: role.arn,
    resourceAccount: role.account,
    resourcePolicy: store.trustOf(role),
    context: {
      'aws:ResourceAccount': role.account,
      ...Object.fromEntries(
        [...role.tags].flatMap(([key, value]) => [
          [`aws:ResourceTag/${key}`, value],
          [`iam:ResourceTag/${key}`, value],
        ]),
      ),
      ...context,
    },
  });
  if (decision.decision === 'allowed') return;
  const message = notAuthorized(caller, action, role.arn);
  // AWS gives its reasons within one account only.
  throw accessDenied(caller.account === role.account ? `${message} ${reasonOf(decision, action)}` : message);
}

/**
 * The way by which the sandbox's admin acts in any other account, as an organization's management account does: the role
 * comes into being when it is first asked for.
 */
function organizationRole(caller: Caller, arn: string, { store }: StsContext): RoleRecord | undefined {
  const { partition, account, name } = parseRoleArn(arn);
  if (!caller.isAdmin || name !== ORGANIZATION_ROLE || !arn.endsWith(`:role/${ORGANIZATION_ROLE}`)) return undefined;
  if (store.account(account, partition).partition !== partition) return undefined;
  const role = store.createRole({
    account,
    name,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:${partition}:iam::${caller.account}:root` },
          Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        },
      ],
    },
  });
  role.attached.add(`arn:${partition}:iam::aws:policy/AdministratorAccess`);
  return role;
}

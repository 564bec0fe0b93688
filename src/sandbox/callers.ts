import type { RequestContext } from '../core/iam/decision';
import type { RoleRecord, SessionRecord, UserRecord } from './identity-records';
import type { IdentityStore } from './identity-store';
import type { Caller } from './service';

/** A user, by a long-term key or by GetSessionToken's. */
export function userCaller(store: IdentityStore, user: UserRecord, session?: SessionRecord): Caller {
  return {
    kind: 'user',
    account: user.account,
    arn: user.arn,
    callerArn: user.arn,
    userId: user.id,
    isAdmin: user.isAdmin,
    ...policiesOf(store, user),
    context: { ...tagContext(user.tags), ...sessionContext(session) },
    ...(session?.expiration && { expiration: session.expiration }),
  };
}

/** A session of a role. */
export function roleCaller(store: IdentityStore, role: RoleRecord, session: SessionRecord): Caller {
  const { partition } = store.account(role.account);
  return {
    kind: 'role-session',
    account: role.account,
    arn: role.arn,
    callerArn: `arn:${partition}:sts::${role.account}:assumed-role/${role.name}/${session.sessionName}`,
    userId: `${role.id}:${session.sessionName}`,
    isAdmin: false,
    ...policiesOf(store, role),
    ...(session.policies && { sessionPolicies: session.policies }),
    context: { ...tagContext(role.tags), ...tagContext(session.tags), ...sessionContext(session) },
    ...(session.expiration && { expiration: session.expiration }),
  };
}

function policiesOf(
  store: IdentityStore,
  principal: RoleRecord | UserRecord,
): Pick<Caller, 'identityPolicies' | 'boundary'> {
  const attached = [...principal.attached].map(arn => store.policyDocument(arn));
  const boundary = principal.boundaryArn === undefined ? undefined : store.policyDocument(principal.boundaryArn);
  return {
    identityPolicies: [
      ...[...principal.inline.values()].map(({ document }) => document),
      ...attached.filter(document => document !== undefined),
    ],
    ...(boundary && { boundary }),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag */
function tagContext(tags: ReadonlyMap<string, string>): RequestContext {
  return Object.fromEntries([...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

function sessionContext(session: SessionRecord | undefined): RequestContext {
  if (!session) return {};
  return {
    'aws:TokenIssueTime': session.issued.toISOString().replace(/\.\d{3}/, ''),
    ...(session.sourceIdentity !== undefined && { 'aws:SourceIdentity': session.sourceIdentity }),
    ...(session.federatedProvider !== undefined && { 'aws:FederatedProvider': session.federatedProvider }),
  };
}

import type { RequestContext } from '../../core/iam/decision';
import { refusalByPolicies } from '../authorization';
import type {
  AccountRecord,
  ManagedPolicyRecord,
  OidcProviderRecord,
  RoleRecord,
  UserRecord,
} from '../identity-records';
import type { IdentityStore } from '../identity-store';
import type { QueryCall } from '../query-service';
import { type Caller, ServiceError } from '../service';

export interface IamContext {
  readonly store: IdentityStore;
}

/** What a call is about, as policies and as refusals name it. */
export interface IamTarget {
  readonly arn: string;
  readonly text: string;
  readonly tags?: ReadonlyMap<string, string>;
}

/** The caller's own account: IAM acts in no other. */
export function accountOf({ request }: QueryCall, { store }: IamContext): AccountRecord {
  return store.account((request.caller as Caller).account);
}

/** Throws AccessDenied unless the caller's policies allow the call on its target. */
export function authorize(call: QueryCall, target: IamTarget, context: RequestContext = {}): void {
  const { request, action } = call;
  const caller = request.caller as Caller;
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: no IAM without MFA.
  if (caller.kind === 'user' && caller.expiration) {
    throw new ServiceError('InvalidClientTokenId', 403, 'The security token included in the request is invalid');
  }
  if (caller.isAdmin) return;
  const refusal = refusalByPolicies(request, {
    action: `iam:${action}`,
    resource: target.arn,
    resourceAccount: caller.account,
    resourcePolicy: undefined,
    resourceText: target.text,
    context: { ...resourceTagContext(target.tags), ...context },
  });
  if (refusal) throw refusal;
}

function resourceTagContext(tags: ReadonlyMap<string, string> = new Map()): RequestContext {
  return Object.fromEntries(
    [...tags].flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', 404, message);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExists', 409, message);
}

export function deleteConflict(message: string): ServiceError {
  return new ServiceError('DeleteConflict', 409, message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', 409, message);
}

/** The kinds of things in an account, which the ARN names. */
type TargetKind = 'role' | 'user' | 'policy';

export function newTarget(call: QueryCall, context: IamContext, kind: TargetKind, name: string): IamTarget {
  const { partition, id } = accountOf(call, context);
  const arn = `arn:${partition}:iam::${id}:${kind}${call.params.get('Path') ?? '/'}${name}`;
  return { arn, text: kind === 'policy' ? `policy ${name}` : arn };
}

/** All of a kind: what a listing is about. */
export function listTarget(call: QueryCall, context: IamContext, kind: TargetKind | 'oidc-provider'): IamTarget {
  const { partition, id } = accountOf(call, context);
  const path = call.params.get('PathPrefix') ?? '/';
  const arn = `arn:${partition}:iam::${id}:${kind}${path}`;
  return { arn, text: kind === 'policy' ? `policy path ${path}` : arn };
}

/** Finds the role that a call names, once the caller may. */
export function authorizedRole(call: QueryCall, context: IamContext, more?: RequestContext): RoleRecord {
  const name = call.params.text('RoleName');
  const { partition, id, roles } = accountOf(call, context);
  const role = roles.get(name);
  const arn = role?.arn ?? `arn:${partition}:iam::${id}:role/${name}`;
  authorize(call, { arn, text: `role ${name}`, tags: role?.tags }, { ...boundaryContext(role), ...more });
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Finds the user that a call names, once the caller may. */
export function authorizedUser(
  call: QueryCall,
  context: IamContext,
  more?: RequestContext,
  name = call.params.text('UserName'),
): UserRecord {
  const { partition, id, users } = accountOf(call, context);
  const user = users.get(name);
  const arn = user?.arn ?? `arn:${partition}:iam::${id}:user/${name}`;
  authorize(call, { arn, text: `user ${name}`, tags: user?.tags }, { ...boundaryContext(user), ...more });
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

/** The user's name, or the caller's own where a call leaves it out. */
export function userNameOrOwn({ request, params }: QueryCall): string {
  const name = params.get('UserName');
  if (name !== undefined) return name;
  const caller = request.caller as Caller;
  if (caller.kind !== 'user') {
    throw new ServiceError('ValidationError', 400, 'Must specify userName when calling with non-User credentials');
  }
  return caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
}

/** Finds the managed policy that a call names, once the caller may. */
export function authorizedPolicy(call: QueryCall, { store }: IamContext): ManagedPolicyRecord {
  const arn = call.params.text('PolicyArn');
  const policy = visiblePolicy(call, store, arn);
  authorize(call, { arn, text: `policy ${arn}`, tags: policy?.tags });
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** AWS's own policies are only to be read, whoever asks. */
export function changeablePolicy(call: QueryCall, context: IamContext): ManagedPolicyRecord {
  const policy = authorizedPolicy(call, context);
  if (policy.account === 'aws') throw noSuchEntity(`Policy ${policy.arn} was not found.`);
  return policy;
}

/** A managed policy of the caller's account or of AWS. */
export function visiblePolicy(call: QueryCall, store: IdentityStore, arn: string): ManagedPolicyRecord | undefined {
  const policy = store.findPolicy(arn);
  return policy && (policy.account === 'aws' || policy.account === call.request.caller?.account) ? policy : undefined;
}

export function authorizedProvider(call: QueryCall, context: IamContext): OidcProviderRecord {
  const arn = call.params.text('OpenIDConnectProviderArn');
  const provider = accountOf(call, context).oidcProviders.get(arn);
  authorize(call, { arn, text: arn, tags: provider?.tags });
  if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

function boundaryContext(principal: RoleRecord | UserRecord | undefined): RequestContext {
  return principal?.boundaryArn === undefined ? {} : { 'iam:PermissionsBoundary': principal.boundaryArn };
}

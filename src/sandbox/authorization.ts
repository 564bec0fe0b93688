import type { AuthorizationRequest, Decision, PolicyKind, RequestContext } from '../core/iam/decision';
import { evaluate } from '../core/iam/evaluate';
import type { PolicyDocument } from '../core/iam/policy';
import { type Caller, type SandboxRequest, ServiceError } from './service';

const FULL_ACCESS: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** What a request wants to do to one resource, in the words of policies. */
export interface PolicyQuestion {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly resourcePolicy: PolicyDocument | undefined;
  readonly context: RequestContext;
  /** How the refusal names the resource. Default: its ARN in quotes, as S3 does. */
  readonly resourceText?: string;
}

/** One question to all policies, and AWS's words where they say no. */
export function refusalByPolicies(request: SandboxRequest, question: PolicyQuestion): ServiceError | undefined {
  const { caller } = request;
  const decision = decide(request, question);
  if (decision.decision === 'allowed') return undefined;
  if (!caller || caller.account !== question.resourceAccount) return accessDenied();
  const resource = question.resourceText ?? `"${question.resource}"`;
  return accessDenied(`${notAuthorized(caller, question.action, resource)} ${reasonOf(decision, question.action)}`);
}

/** Asks all policies that have a say about the request's caller. */
export function decide(request: SandboxRequest, question: PolicyQuestion): Decision {
  const { caller } = request;
  const asked: AuthorizationRequest = {
    action: question.action,
    resource: question.resource,
    resourceAccount: question.resourceAccount,
    ...(caller && {
      principal: {
        arn: caller.arn,
        account: caller.account,
        ...(caller.kind === 'role-session' && { sessionArn: caller.callerArn }),
      },
    }),
    context: { ...requestContext(request), ...question.context, ...caller?.context },
  };
  return evaluate(asked, {
    identity: caller?.kind === 'root' ? [FULL_ACCESS] : (caller?.identityPolicies ?? []),
    ...(question.resourcePolicy && { resource: question.resourcePolicy }),
    ...(caller?.boundary && { boundary: caller.boundary }),
    ...(caller?.sessionPolicies && { session: caller.sessionPolicies }),
  });
}

export function notAuthorized(caller: Caller, action: string, resource: string): string {
  return `User: ${caller.callerArn} is not authorized to perform: ${action} on resource: ${resource}`;
}

const KIND_WORDS: Readonly<Record<PolicyKind, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  trust: 'role trust policy',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html#access-denied-message-examples */
export function reasonOf(decision: Decision, action: string): string {
  const words = KIND_WORDS[decision.decidedBy];
  if (decision.decision === 'explicitDeny')
    return `with an explicit deny in ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
  return `because no ${words} allows the ${action} action`;
}

/** Bare where there is no message: AWS explains itself within one account only. */
export function accessDenied(message = 'Access Denied'): ServiceError {
  return new ServiceError('AccessDenied', 403, message);
}

/**
 * Condition keys of every request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestContext(request: SandboxRequest): RequestContext {
  const { caller } = request;
  const now = request.time;
  return compactContext({
    'aws:SecureTransport': String(request.isSecureTransport),
    'aws:SourceIp': request.sourceIp,
    'aws:CurrentTime': now.toISOString().replace(/\.\d{3}/, ''),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:UserAgent': headerOf(request, 'user-agent'),
    'aws:Referer': headerOf(request, 'referer'),
    'aws:PrincipalType': caller ? PRINCIPAL_TYPES[caller.kind] : 'Anonymous',
    'aws:PrincipalArn': caller?.arn,
    'aws:PrincipalAccount': caller?.account,
    'aws:userid': caller?.userId ?? 'anonymous',
    'aws:username': caller?.kind === 'user' ? caller.arn.split('/').at(-1) : undefined,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:MultiFactorAuthPresent': caller?.expiration ? 'false' : undefined,
  });
}

const PRINCIPAL_TYPES = { user: 'User', 'role-session': 'AssumedRole', root: 'Account' } as const;

function headerOf(request: SandboxRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Leaves out the keys that have no value: to a policy they are missing, not empty. */
export function compactContext(entries: Readonly<Record<string, string | undefined>>): RequestContext {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

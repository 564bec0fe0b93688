import { t } from '@vscode/l10n';
import { type CompiledPolicy, type CompiledStatement, compilePolicy } from './compile-policy';
import type { AuthorizationRequest, Decision, DecisionKind, PolicyKind, PolicySet, StatementTrace } from './decision';
import type { PolicyDocument } from './policy';
import type { ContextLookup } from './policy-variables';
import { closer, describePrincipal, isRootUser, matchPrincipal, type PrincipalMatch } from './principals';

/** What one policy, or all of a kind together, said. */
interface Verdict {
  readonly denied: boolean;
  readonly allowed: boolean;
  /** The closest way in which an Allow of a resource policy names the caller. */
  readonly via: PrincipalMatch;
}

const SILENT: Verdict = { denied: false, allowed: false, via: 'none' };

/**
 * Decides a request as IAM does: a Deny that applies beats everything, then something has to allow it, and what nothing
 * allows is denied.
 *
 * Within one account a resource policy that names the caller is enough; one that names only the account leaves it to the
 * identity policies. A boundary and session policies limit what identity policies allow, and what a resource policy gives
 * a role by its ARN, but not what it gives a session, a user or everybody. Across accounts both sides have to allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 *
 * For `sts:AssumeRole` give the role's trust policy as `resource` and its account as `resourceAccount`.
 */
export function evaluate(request: AuthorizationRequest, policies: PolicySet): Decision {
  const trace: StatementTrace[] = [];
  const judge = judgeFor(request, trace, policies.boundary !== undefined);
  const resourceKind: PolicyKind = isAssumption(request.action) ? 'trust' : 'resource';

  const identity = union(policies.identity.map((policy, i) => judge(policy, 'identity', i)));
  const resource = policies.resource ? judge(policies.resource, resourceKind, 0) : SILENT;
  const boundary = policies.boundary ? judge(policies.boundary, 'boundary', 0) : undefined;
  const sessions = (policies.session ?? []).map((policy, i) => judge(policy, 'session', i));

  const deciding = (decision: DecisionKind, decidedBy: PolicyKind): Decision => ({
    decision,
    statements: trace,
    decidedBy,
  });

  if (identity.denied) return deciding('explicitDeny', 'identity');
  if (resource.denied) return deciding('explicitDeny', resourceKind);
  if (boundary?.denied) return deciding('explicitDeny', 'boundary');
  if (sessions.some(session => session.denied)) return deciding('explicitDeny', 'session');

  const { principal } = request;
  if (!principal || principal.service !== undefined || principal.federated !== undefined) {
    return deciding(resource.via === 'direct' ? 'allowed' : 'implicitDeny', resourceKind);
  }

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html: nothing can be attached to the root user.
  const isAlmighty = policies.identity.length === 0 && isRootUser(principal);
  const limitedBy: PolicyKind | undefined =
    boundary && !boundary.allowed && !isAlmighty
      ? 'boundary'
      : sessions.some(session => !session.allowed)
        ? 'session'
        : undefined;
  const identityAllows = isAlmighty || identity.allowed;

  if ((request.resourceAccount ?? principal.account) !== principal.account) {
    if (!identityAllows) return deciding('implicitDeny', 'identity');
    if (limitedBy) return deciding('implicitDeny', limitedBy);
    return deciding(resource.allowed ? 'allowed' : 'implicitDeny', resourceKind);
  }
  if (resource.via === 'direct') return deciding('allowed', resourceKind);
  const allowedBy = identityAllows ? 'identity' : resource.via === 'role' ? resourceKind : undefined;
  if (policies.resource && resource.via === 'none' && isUpToTheResource(request.action)) {
    return deciding('implicitDeny', resourceKind);
  }
  if (!allowedBy) return deciding('implicitDeny', 'identity');
  if (limitedBy) return deciding('implicitDeny', limitedBy);
  return deciding('allowed', allowedBy);
}

/**
 * Asks a trust policy alone, as if the caller's own policies allowed everything. The request's `resource` doesn't matter:
 * a trust policy speaks of the role that it belongs to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
 */
export function evaluateTrust(request: AuthorizationRequest, trust: PolicyDocument): Decision {
  const trace: StatementTrace[] = [];
  const verdict = judgeFor(request, trace)(trust, 'trust', 0);
  const decision = verdict.denied ? 'explicitDeny' : verdict.allowed ? 'allowed' : 'implicitDeny';
  return { decision, statements: trace, decidedBy: 'trust' };
}

/**
 * How the Allow statements of a trust policy that apply name the caller: `direct` and `role` need no identity policy
 * within the account, `account` leaves it to the caller's own policies, `none` doesn't trust the caller.
 */
export function trustNames(request: AuthorizationRequest, trust: PolicyDocument): PrincipalMatch {
  const verdict = judgeFor(request, [])(trust, 'trust', 0);
  return verdict.denied ? 'none' : verdict.via;
}

function isAssumption(action: string): boolean {
  return /^sts:assumerole/i.test(action);
}

/**
 * Roles and KMS keys can be used only where their own policy says so, whatever the caller's policies allow.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
function isUpToTheResource(action: string): boolean {
  return isAssumption(action) || /^kms:/i.test(action);
}

function union(verdicts: readonly Verdict[]): Verdict {
  return {
    denied: verdicts.some(verdict => verdict.denied),
    allowed: verdicts.some(verdict => verdict.allowed),
    via: 'none',
  };
}

type Judge = (document: PolicyDocument, kind: PolicyKind, index: number) => Verdict;

function judgeFor(request: AuthorizationRequest, trace: StatementTrace[], hasBoundary = false): Judge {
  const lookup = lookupOf(request);
  const action = request.action.toLowerCase();
  return (document, policy, policyIndex) => {
    const compiled: CompiledPolicy = compilePolicy(document);
    let denied = false;
    let via: PrincipalMatch = 'none';
    let allowed = false;
    compiled.statements.forEach((statement, index) => {
      const isResourceSide = policy === 'resource' || policy === 'trust';
      const named = isResourceSide ? nameOf(statement, request, hasBoundary) : 'direct';
      const failure = firstFailure(statement, request, action, lookup, isResourceSide, named);
      const matched = failure === undefined;
      if (matched && statement.effect === 'Deny') denied = true;
      if (matched && statement.effect === 'Allow') {
        allowed = true;
        via = closer(via, named);
      }
      const why = failure ?? explainMatch(statement, request, named, policy);
      trace.push({ policy, policyIndex, sid: statement.sid, index, effect: statement.effect, matched, why });
    });
    return { denied, allowed, via };
  };
}

/**
 * A Deny with NotPrincipal excepts nobody who has a permissions boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function nameOf(statement: CompiledStatement, request: AuthorizationRequest, hasBoundary: boolean): PrincipalMatch {
  if (statement.principal !== undefined) return matchPrincipal(statement.principal, request.principal);
  if (statement.notPrincipal === undefined) return 'none';
  if (hasBoundary && statement.effect === 'Deny') return 'direct';
  return matchPrincipal(statement.notPrincipal, request.principal) === 'none' ? 'direct' : 'none';
}

function firstFailure(
  statement: CompiledStatement,
  request: AuthorizationRequest,
  action: string,
  lookup: ContextLookup,
  isResourceSide: boolean,
  named: PrincipalMatch,
): string | undefined {
  if (isResourceSide && named === 'none') {
    if (statement.principal === undefined && statement.notPrincipal === undefined) {
      return t('The statement has no Principal.');
    }
    return statement.principal !== undefined
      ? t('Principal does not name {0}.', describePrincipal(request.principal))
      : t('NotPrincipal excepts {0}.', describePrincipal(request.principal));
  }
  return (
    statement.testAction(action, request.action) ??
    statement.testResource(request.resource, lookup, isResourceSide) ??
    statement.testCondition(lookup)
  );
}

function explainMatch(
  statement: CompiledStatement,
  request: AuthorizationRequest,
  named: PrincipalMatch,
  policy: PolicyKind,
): string {
  const isTrust = policy === 'trust';
  const object = isTrust ? describePrincipal(request.principal) : request.resource;
  if (statement.effect === 'Deny') {
    return isTrust
      ? t('It denies {0} to {1}.', request.action, object)
      : t('It denies {0} on {1}.', request.action, object);
  }
  if (named === 'account') {
    return t('It allows {0} to the whole account, whose identity policies decide for each principal.', request.action);
  }
  return isTrust
    ? t('It allows {0} to {1}.', request.action, object)
    : t('It allows {0} on {1}.', request.action, object);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: keys ignore case. */
function lookupOf(request: AuthorizationRequest): ContextLookup {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(request.context)) {
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return key => values.get(key);
}

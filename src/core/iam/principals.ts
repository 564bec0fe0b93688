import { t } from '@vscode/l10n';
import type { RequestContext, RequestPrincipal } from './decision';
import { splitArn } from './match';
import type { PolicyPrincipal } from './policy';

/**
 * How a Principal element names who asks. `role` is a session that is named by its role (whoever asks as a role is one
 * of its sessions), `account` somebody who is named by their whole account: it then is up to the account's own policies.
 * `direct` is anything closer, `*` too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type PrincipalMatch = 'none' | 'account' | 'role' | 'direct';

const RANK: readonly PrincipalMatch[] = ['none', 'account', 'role', 'direct'];

/** The closer of two matches. */
export function closer(a: PrincipalMatch, b: PrincipalMatch): PrincipalMatch {
  return RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
}

/** How a Principal element names a principal; undefined stands for somebody anonymous. */
export function matchPrincipal(element: PolicyPrincipal, principal: RequestPrincipal | undefined): PrincipalMatch {
  if (element === '*') return 'direct';
  let best: PrincipalMatch = 'none';
  for (const [kind, value] of Object.entries(element)) {
    for (const name of Array.isArray(value) ? value : [value]) best = closer(best, matchOne(kind, name, principal));
  }
  return best;
}

function matchOne(kind: string, name: string, principal: RequestPrincipal | undefined): PrincipalMatch {
  if (kind === 'AWS') return matchAws(name, principal);
  if (kind === 'Service') return name === principal?.service ? 'direct' : 'none';
  if (kind === 'Federated') return name === principal?.federated ? 'direct' : 'none';
  if (kind === 'CanonicalUser') return name === principal?.canonicalId ? 'account' : 'none';
  return 'none';
}

/** Only a whole `*` is a wildcard here; within an ARN or an account it is a character like any other. */
function matchAws(name: string, principal: RequestPrincipal | undefined): PrincipalMatch {
  if (name === '*') return 'direct';
  if (!principal || principal.service !== undefined || principal.federated !== undefined) return 'none';
  if (name === principal.sessionArn) return 'direct';
  if (isAccountName(name, principal)) return 'account';
  if (name !== principal.arn) return 'none';
  return principal.sessionArn !== undefined || splitArn(name)?.[5]?.startsWith('role/') ? 'role' : 'direct';
}

function isAccountName(name: string, principal: RequestPrincipal): boolean {
  if (principal.account === '') return false;
  if (name === principal.account) return true;
  const partition = splitArn(principal.arn)?.[1] ?? 'aws';
  return name === `arn:${partition}:iam::${principal.account}:root`;
}

/** Whether a principal is its account's root user, which needs no policy. */
export function isRootUser(principal: RequestPrincipal): boolean {
  return principal.sessionArn === undefined && splitArn(principal.arn)?.[5] === 'root';
}

/** A principal in words, for explanations. */
export function describePrincipal(principal: RequestPrincipal | undefined): string {
  if (!principal) return t('an anonymous caller');
  return (
    principal.sessionArn ?? principal.federated ?? principal.service ?? (principal.arn || t('an unnamed principal'))
  );
}

/**
 * The principal of an ARN or name as `explain` and tests write it: a user, a role, a session
 * (`arn:aws:sts::…:assumed-role/role/session`, whose role is taken to have no path), an account (root), an OIDC or SAML
 * provider, or a service. Undefined for anything else.
 */
export function parsePrincipal(text: string): RequestPrincipal | undefined {
  if (/^\d{12}$/.test(text)) return { arn: `arn:aws:iam::${text}:root`, account: text };
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(text)) return { arn: '', account: '', service: text };
  const [, partition, service, region, account = '', resource = ''] = splitArn(text) ?? [];
  if (!/^\d{12}$/.test(account) || region !== '') return undefined;
  if (service === 'iam') {
    if (/^(oidc|saml)-provider\/./.test(resource)) return { arn: '', account, federated: text };
    return /^(root$|(user|role)\/.)/.test(resource) ? { arn: text, account } : undefined;
  }
  if (service !== 'sts') return undefined;
  const session = /^(assumed-role|federated-user)\/([^/]+)(?:\/(.+))?$/.exec(resource);
  if (!session) return undefined;
  const [, kind, name, sessionName] = session;
  if ((kind === 'assumed-role') !== (sessionName !== undefined)) return undefined;
  const arn = kind === 'assumed-role' ? `arn:${partition}:iam::${account}:role/${name}` : text;
  return { arn, account, sessionArn: text };
}

/**
 * The context keys that a principal's name alone tells.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function principalContext(principal: RequestPrincipal): RequestContext {
  if (principal.arn === '') return {};
  return { 'aws:PrincipalArn': principal.arn, 'aws:PrincipalAccount': principal.account };
}

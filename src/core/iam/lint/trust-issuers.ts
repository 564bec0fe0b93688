import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { replaceLookAlikes } from '../../text/look-alikes';
import { showValue } from '../../text/show-value';
import { compileCondition } from '../conditions';
import { type JudgedTrust, policyFinding } from './judged-policy';
import { replacement } from './json-edits';
import { isOpen, judgeTrust } from './needed-requests';
import { type ConditionView, partOf, rangeOf, type StatementView } from './policy-view';
import { judgePrincipal, type PrincipalText } from './trust-principals';

/** An OIDC provider that a statement lets in, and the issuer whose name its condition keys begin with. */
interface Provider {
  readonly text: PrincipalText;
  readonly issuer: string;
}

/**
 * Conditions on tokens of another issuer than the provider's, which nobody meets, and a provider without any condition on
 * `sub`, which lets in whoever the issuer knows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export function findIssuerFaults(trust: JudgedTrust, view: StatementView): Finding[] {
  if (view.effect !== 'Allow') return [];
  const providers = providersIn(trust, view);
  if (providers.length === 0 || providers.some(({ issuer }) => isOpen(issuer))) return [];
  const strangers = view.conditions.filter(condition => isOfStranger(condition, providers) && keepsOut(condition));
  if (strangers.length > 0) return strangers.map(condition => reportStranger(trust, view, condition, providers));
  return providers.filter(({ issuer }) => !hasSubject(view, issuer)).map(provider => reportNoSubject(trust, provider));
}

function providersIn(trust: JudgedTrust, view: StatementView): Provider[] {
  const { document, reading } = trust;
  const statement = (document.Statement as readonly object[])[reading.statements.indexOf(view)];
  const open = { ...document, Statement: [{ ...statement, Condition: undefined }] as never };
  return view.principals.flatMap(text => {
    if (text.kind !== 'Federated' || judgePrincipal(text, undefined)) return [];
    const account = text.value.split(':')[4] ?? '';
    const principal = { arn: '', account, federated: text.value };
    const action = 'sts:AssumeRoleWithWebIdentity';
    if (judgeTrust(open, { action, resource: '*', principal }).decision !== 'allowed') return [];
    return [{ text, issuer: issuerIn(text.value) }];
  });
}

/** The issuer as condition keys have it: without scheme, ARN and a slash at its end. */
function issuerIn(text: string): string {
  return text.replace(/^(?:arn:.*?:oidc-provider\/|https?:\/\/)/i, '').replace(/\/+$/, '');
}

/** A key of a token, `oidc.example.com/id/ABC:sub`, taken apart. Keys of AWS have no dot before the colon. */
function tokenKey({ key }: ConditionView): { readonly issuer: string; readonly claim: string } | undefined {
  const plain = replaceLookAlikes(key, { letters: true });
  const colon = plain.lastIndexOf(':');
  const issuer = plain.slice(0, Math.max(0, colon));
  return issuer.includes('.') ? { issuer, claim: plain.slice(colon + 1) } : undefined;
}

function isOfStranger(condition: ConditionView, providers: readonly Provider[]): boolean {
  const issuer = tokenKey(condition)?.issuer;
  return issuer !== undefined && !isOpen(issuer) && !providers.some(each => isSame(each.issuer, issuer));
}

/** Keys compare without regard to case. */
function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether the condition fails for a request that hasn't got its key. */
function keepsOut({ operator, key, values }: ConditionView): boolean {
  const condition = { [operator]: { [key]: values.map(({ value }) => value) } };
  return compileCondition(condition, undefined)(() => undefined) !== undefined;
}

function reportStranger(
  { reading }: JudgedTrust,
  view: StatementView,
  condition: ConditionView,
  providers: readonly Provider[],
): Finding {
  const { key, keyNode, operator } = condition;
  const names = providers.map(({ issuer }) => `${issuer}:`).join(', ');
  const message = t(
    'The provider’s tokens have no {0}, so nobody can become the role: their keys begin with {1}',
    showValue(key),
    names,
  );
  const { issuer = '', claim = '' } = tokenKey(condition) ?? {};
  const at = partOf({ value: key, node: keyNode }, { start: 0, end: issuer.length }, reading.source.repaired);
  const [provider, ...others] = providers;
  const corrected = `${provider?.issuer}:${claim}`;
  const isThere = view.conditions.some(each => each.operator === operator && isSame(each.key, corrected));
  if (!provider || others.length > 0 || isThere) return policyFinding(reading, 'trust-action', at, message);
  const fix: Fix = {
    title: t('Write {0}', showValue(corrected)),
    edits: [replacement(rangeOf(keyNode), JSON.stringify(corrected))],
  };
  // Of two issuers, the provider's may be the wrong one.
  const isCertain = isSame(issuerIn(issuer), provider.issuer);
  return policyFinding(reading, 'trust-action', at, message, isCertain ? { fix } : { alternatives: [fix] });
}

function hasSubject({ conditions }: StatementView, issuer: string): boolean {
  return conditions.some(condition => {
    const key = tokenKey(condition);
    return key && isSame(key.claim, 'sub') && (isSame(key.issuer, issuer) || isOpen(key.issuer));
  });
}

function reportNoSubject({ reading }: JudgedTrust, { text, issuer }: Provider): Finding {
  const message = t(
    'Whoever has a token of this issuer may become the role: name the Deployment’s service accounts in a condition on {0}.',
    `${issuer}:sub`,
  );
  return policyFinding(reading, 'overbroad', text.node, message);
}

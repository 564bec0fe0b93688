import { t } from '@vscode/l10n';
import { parseRoleArn } from '../../aws-names';
import type { Finding, Fix } from '../../finding';
import { showValue } from '../../text/show-value';
import type { RequestPrincipal } from '../decision';
import { type JudgedTrust, nodeOf, policyFinding } from './judged-policy';
import { addStrings, removeItem, replacement } from './json-edits';
import { judgeTrust } from './needed-requests';
import { partOf, rangeOf, type StatementView, type TextNode } from './policy-view';
import { findIssuerFaults } from './trust-issuers';
import { judgePrincipal, type PrincipalFault, type PrincipalText } from './trust-principals';

const ASSUME = 'sts:AssumeRole';
const ASSUME_WEB = 'sts:AssumeRoleWithWebIdentity';
/** Actions that go along with assuming a role, and that a trust policy may list beside it. */
const ALONG = /^sts:(?:TagSession|SetSourceIdentity|SetContext)$/i;

/** What keeps the Deployment from becoming the role, and who may become it that should not. */
export function findTrustFaults(trust: JudgedTrust): Finding[] {
  const { statements } = trust.reading;
  return statements.flatMap((view, i) => [
    ...findPrincipalFaults(trust, view),
    ...findActionFaults(trust, view),
    ...findIssuerFaults(trust, view),
    ...findResources(trust, view),
    ...(view.effect === 'Deny' ? findDenials(trust, view, i) : []),
  ]);
}

function findPrincipalFaults(trust: JudgedTrust, view: StatementView): Finding[] {
  if (view.effect !== 'Allow') return [];
  const { reading } = trust;
  if (view.elements.has('NotPrincipal')) {
    const message = t('An Allow with NotPrincipal trusts everybody else: name the Deployment’s role in Principal.');
    return [policyFinding(reading, 'trust-principal', nodeOf(view, 'NotPrincipal'), message)];
  }
  if (!view.elements.has('Principal')) {
    const message = t('The statement names no Principal, so it trusts nobody: name the Deployment’s role.');
    return [policyFinding(reading, 'trust-principal', nodeOf(view, 'Action'), message)];
  }
  if (view.principals.length === 0) {
    const message = t('The Principal names nobody, so the statement trusts nobody: name the Deployment’s role.');
    return [policyFinding(reading, 'trust-principal', nodeOf(view, 'Principal'), message)];
  }
  const hasRight = trust.reading.statements.some(
    each => each.effect === 'Allow' && each.principals.some(text => !judgePrincipal(text, trust.roleArn)),
  );
  return view.principals.flatMap(text => {
    const fault = judgePrincipal(text, trust.roleArn);
    if (!fault || (hasRight && fault.isFineBesideOthers)) return [];
    const at = partOf(text, fault.range ?? { start: 0, end: text.value.length }, reading.source.repaired);
    const severity = hasRight && fault.isMildBesideOthers ? ('warning' as const) : undefined;
    const fix = correctionOf(text, fault);
    const isCertain = fault.isCertain || fault.isKindMissing;
    return policyFinding(reading, 'trust-principal', at, fault.message, {
      ...(severity ? { severity } : {}),
      ...(fix && isCertain ? { fix } : {}),
      alternatives: fix && !isCertain ? [fix] : [],
    });
  });
}

function correctionOf(text: PrincipalText, { correction, isKindMissing }: PrincipalFault): Fix | undefined {
  if (isKindMissing) {
    const kind = text.value.includes(':oidc-provider/') ? 'Federated' : 'AWS';
    const newText = `{ "${kind}": ${JSON.stringify(text.value)} }`;
    return { title: t('Write {0}', newText), edits: [replacement(rangeOf(text.node), newText)] };
  }
  return correction === undefined ? undefined : write(text, correction);
}

function write(text: TextNode, value: string): Fix {
  return { title: t('Write {0}', showValue(value)), edits: [replacement(rangeOf(text.node), JSON.stringify(value))] };
}

/** Whether those who are named may do what makes them the role. */
function findActionFaults(trust: JudgedTrust, view: StatementView): Finding[] {
  if (view.effect !== 'Allow' || view.principals.length === 0) return [];
  const { reading } = trust;
  const element = view.elements.get('Action')?.value;
  const foreign = view.actions.filter(({ value }) => !/^(?:\*$|sts:)/i.test(value));
  const findings: Finding[] = [];
  const asked = new Set<string>();
  for (const text of view.principals) {
    const request = requestOf(text);
    if (!request || asked.has(request.action)) continue;
    const { decision } = judgeTrust(trust.document, { ...request, resource: '*' });
    if (decision !== 'implicitDeny') continue;
    asked.add(request.action);
    const blocked = blockingCondition(trust, view, request);
    if (blocked) {
      const message = t(
        'The Deployment’s request does not meet this condition on {0}, so it can’t become the role.',
        blocked.key,
      );
      findings.push(policyFinding(reading, 'trust-action', blocked.values[0]?.node ?? blocked.keyNode, message));
      continue;
    }
    const wrong = view.actions.find(({ value }) => !isOfSomebody(value, view));
    const message =
      request.action === ASSUME
        ? t(
            'A role is let in by sts:AssumeRole, which this statement does not allow: the export can’t become the role.',
          )
        : t(
            'An OIDC provider is let in by sts:AssumeRoleWithWebIdentity, which this statement does not allow: the export can’t become the role.',
          );
    // Nobody gets a right by fix-all who should not be trusted at all.
    const fix = judgePrincipal(text, trust.roleArn) ? undefined : actionFix(trust, view, wrong, request.action);
    findings.push(
      policyFinding(
        reading,
        'trust-action',
        wrong?.node ?? nodeOf(view, 'Action', 'NotAction'),
        message,
        fix ? { fix } : {},
      ),
    );
  }
  if (asked.size > 0 || foreign.length === 0) return findings;
  return foreign.map(text => {
    const message = t('IAM refuses a trust policy that allows anything but to assume the role: {0}', text.value);
    const fix =
      element?.type === 'array'
        ? { title: t('Remove {0}', text.value), edits: removeItem(reading.source.repaired, text.node) }
        : undefined;
    return policyFinding(reading, 'trust-action', text.node, message, fix ? { fix } : {});
  });
}

/** Whether an action is one that somebody else in the statement needs, or that goes along. */
function isOfSomebody(action: string, { principals }: StatementView): boolean {
  const kind = action.toLowerCase() === ASSUME.toLowerCase() ? 'AWS' : 'Federated';
  const isAssumption = [ASSUME, ASSUME_WEB].some(each => each.toLowerCase() === action.toLowerCase());
  return ALONG.test(action) || (isAssumption && principals.some(each => each.kind === kind));
}

function actionFix(
  trust: JudgedTrust,
  view: StatementView,
  wrong: TextNode | undefined,
  action: string,
): Fix | undefined {
  const element = view.elements.get('Action')?.value;
  if (wrong) return write(wrong, action);
  if (!element || view.actions.length === 0) return undefined;
  return { title: t('Add {0}', action), edits: addStrings(trust.reading.source.repaired, element, [action]) };
}

/** The condition that keeps somebody out whom the statement would let in otherwise. */
function blockingCondition(trust: JudgedTrust, view: StatementView, request: TrustRequest) {
  const document = trust.document.Statement as readonly object[];
  const statement = document[trust.reading.statements.indexOf(view)];
  const without = { ...trust.document, Statement: [{ ...statement, Condition: undefined }] as never };
  if (judgeTrust(without, { ...request, resource: '*' }).decision !== 'allowed') return undefined;
  return view.conditions.find(condition => isUnmet(trust, statement, condition, request));
}

function isUnmet(
  trust: JudgedTrust,
  statement: object | undefined,
  { operator, key, values }: StatementView['conditions'][number],
  request: TrustRequest,
): boolean {
  const Condition = { [operator]: { [key]: values.map(({ value }) => value) } };
  const alone = { ...trust.document, Statement: [{ ...statement, Condition }] as never };
  return judgeTrust(alone, { ...request, resource: '*' }).decision !== 'allowed';
}

interface TrustRequest {
  readonly action: string;
  readonly principal: RequestPrincipal;
}

/** How somebody whom a trust policy names would become the role; undefined for whoever is no identity of a Deployment. */
function requestOf({ kind, value }: PrincipalText): TrustRequest | undefined {
  if (kind === 'Federated') {
    if (/:saml-provider\//.test(value)) return undefined;
    const account = value.split(':')[4] ?? '';
    return { action: ASSUME_WEB, principal: { arn: '', account, federated: value } };
  }
  if (kind !== 'AWS' && kind !== '*') return undefined;
  const role = parseRoleArn(value);
  if ('problem' in role) {
    // A principal that is wrong itself: whether it might assume the role is asked all the same.
    const account = /\d{12}/.exec(value)?.[0] ?? '000000000000';
    return { action: ASSUME, principal: { arn: value, account } };
  }
  return { action: ASSUME, principal: { arn: value, account: role.accountId } };
}

function findResources({ reading }: JudgedTrust, view: StatementView): Finding[] {
  return ['Resource', 'NotResource'].flatMap(name => {
    const element = view.elements.get(name);
    if (!element?.key.parent) return [];
    const message = t('IAM refuses a trust policy with a {0}: it always speaks of its own role.', name);
    const fix = { title: t('Remove {0}', name), edits: removeItem(reading.source.repaired, element.key.parent) };
    return policyFinding(reading, 'trust-resource', element.key, message, { fix });
  });
}

/** A Deny that hits somebody whom another statement lets in, or, where none lets in anybody, whom it names itself. */
function findDenials(trust: JudgedTrust, view: StatementView, index: number): Finding[] {
  const allows = trust.reading.statements.filter(({ effect }) => effect === 'Allow');
  const named = (allows.length > 0 ? allows : [view]).flatMap(({ principals }) => principals);
  const isHit = named.some(text => {
    const request = judgePrincipal(text, trust.roleArn) ? undefined : requestOf(text);
    return request && judgeTrust(trust.document, { ...request, resource: '*' }).denials.includes(index);
  });
  if (!isHit) return [];
  const message = t('This Deny beats every Allow, so the Deployment can’t become the role.');
  return [policyFinding(trust.reading, 'deny-overrides', view.elements.get('Effect')?.value ?? view.node, message)];
}

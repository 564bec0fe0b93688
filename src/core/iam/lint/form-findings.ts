import { t } from '@vscode/l10n';
import type { Node } from 'jsonc-parser';
import type { Finding } from '../../finding';
import { editDistance } from '../../text/edit-distance';
import { showValue } from '../../text/show-value';
import { isConditionOperator } from '../conditions';
import { STATEMENT_ELEMENTS } from '../parse-policy';
import { findUnknownAction } from './action-names';
import { policyFinding } from './judged-policy';
import { addItems, removeItem, replacement } from './json-edits';
import type { PolicyReading } from './policy-reading';
import { membersOf, rangeOf, type StatementView } from './policy-view';

const VERSION = '2012-10-17';
/** The version before it, which IAM still takes; without a version it counts. */
const OLD_VERSION = '2008-10-17';

/**
 * A Version that isn't 2012-10-17. IAM takes the one before it, with fewer features, and refuses every other:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
 */
export function findBadVersion(reading: PolicyReading, isAboutExport: boolean): Finding[] {
  const { root, repaired } = reading.source;
  if (!root) return [];
  const version = membersOf(root).get('Version');
  if (!version) {
    const first = root.children?.[0];
    if (!isAboutExport || !first) return [];
    const message = t('Without a Version the rules of 2008 count, which know no variables: write 2012-10-17.');
    const blanks = repaired.slice(root.offset + 1, first.offset);
    const edits = [replacement({ start: first.offset, end: first.offset }, `"Version": "${VERSION}",${blanks || ' '}`)];
    return [
      policyFinding(reading, 'bad-version', first.children?.[0] ?? first, message, {
        fix: { title: t('Add the Version'), edits },
      }),
    ];
  }
  const { value } = version;
  if (value.value === VERSION || (value.value === OLD_VERSION && !isAboutExport)) return [];
  const message =
    value.value === OLD_VERSION
      ? t('These are the rules of 2008, which know no variables: write 2012-10-17.')
      : t('The Version is a fixed date, not the day of writing: IAM takes 2012-10-17 and refuses this.');
  const fix = { title: t('Write {0}', VERSION), edits: [replacement(rangeOf(value), `"${VERSION}"`)] };
  return [policyFinding(reading, 'bad-version', value, message, { fix })];
}

/** Actions of S3, STS and KMS that AWS doesn't have: IAM takes them without a word, and they allow nothing. */
export function findUnknownActions(reading: PolicyReading): Finding[] {
  return reading.statements.flatMap(({ actions, notActions }) =>
    [...actions, ...notActions].flatMap(({ value, node }) => {
      const unknown = findUnknownAction(value);
      if (!unknown) return [];
      const { suggestion } = unknown;
      const message =
        suggestion === undefined
          ? t('AWS has no action of this name, so it allows nothing: {0}', showValue(value))
          : t('AWS has no action {0}, so it allows nothing. Did you mean {1}?', showValue(value), suggestion);
      const fix = suggestion && {
        title: t('Write {0}', suggestion),
        edits: [replacement(rangeOf(node), JSON.stringify(suggestion))],
      };
      return policyFinding(reading, 'unknown-action', node, message, fix ? { fix } : {});
    }),
  );
}

/**
 * Elements that IAM doesn't know or takes in no such form, for which it refuses the whole policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function findBadElements(reading: PolicyReading): Finding[] {
  const { root } = reading.source;
  if (!root) return [];
  const outer = [...membersOf(root)].flatMap(([name, { key }]) =>
    misnamed(reading, name, key, ['Version', 'Id', 'Statement']),
  );
  return [...outer, ...reading.statements.flatMap(view => badElementsIn(reading, view))];
}

function badElementsIn(reading: PolicyReading, view: StatementView): Finding[] {
  const { elements, node } = view;
  const findings = [...elements].flatMap(([name, { key }]) => misnamed(reading, name, key, STATEMENT_ELEMENTS));
  const effect = elements.get('Effect')?.value;
  if (!effect && findings.length === 0) {
    const message = t('The statement has no Effect, so IAM refuses the policy: write "Effect": "Allow" or "Deny".');
    const edits = addItems(reading.source.repaired, node, ['"Effect": "Allow"']);
    findings.push(
      policyFinding(reading, 'json-syntax', node.children?.[0]?.children?.[0] ?? node, message, {
        alternatives: [{ title: t('Add Effect Allow'), edits }],
      }),
    );
  } else if (effect && view.effect === undefined) findings.push(badEffect(reading, effect));
  findings.push(...misplacedPrincipals(reading, view));
  for (const { operator, keyNode } of view.conditions) {
    if (isConditionOperator(operator)) continue;
    const at = keyNode.parent?.parent?.parent?.children?.[0] ?? keyNode;
    const message = t('IAM knows no condition operator {0}, so it refuses the policy.', showValue(operator));
    if (!findings.some(({ message: known }) => known === message))
      findings.push(policyFinding(reading, 'json-syntax', at, message));
  }
  return findings;
}

/**
 * A Principal in a policy of a role, whose principal is the role; none in a bucket policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function misplacedPrincipals(reading: PolicyReading, { elements, node }: StatementView): Finding[] {
  const principal = elements.get('Principal') ?? elements.get('NotPrincipal');
  if (reading.kind === 'permission' && principal?.key.parent) {
    const message = t('A role’s policy speaks of its own role: IAM refuses it with a Principal.');
    const edits = removeItem(reading.source.repaired, principal.key.parent);
    const fix = { title: t('Remove {0}', String(principal.key.value)), edits };
    return [policyFinding(reading, 'json-syntax', principal.key, message, { alternatives: [fix] })];
  }
  if (reading.kind !== 'bucket') return [];
  if (principal?.value.type === 'string' && principal.value.value !== '*') {
    const message = t('S3 refuses this principal: an ARN stands below the name of its kind, as in {0}', '{ "AWS": … }');
    return [policyFinding(reading, 'json-syntax', principal.value, message)];
  }
  if (principal) return [];
  const message = t('A bucket policy has to say whom it lets in or keeps out: S3 refuses it without a Principal.');
  const at = elements.get('Effect')?.key ?? node.children?.[0]?.children?.[0] ?? node;
  return [policyFinding(reading, 'json-syntax', at, message)];
}

function badEffect(reading: PolicyReading, effect: Node): Finding {
  const text = String(effect.value);
  const meant = /^allow/i.test(text) ? 'Allow' : /^(?:deny|denied)/i.test(text) ? 'Deny' : undefined;
  const message = t('The Effect is Allow or Deny, in just these letters: IAM refuses the policy.');
  const fix = meant && { title: t('Write {0}', meant), edits: [replacement(rangeOf(effect), `"${meant}"`)] };
  return policyFinding(reading, 'json-syntax', effect, message, fix ? { fix } : {});
}

/** A name that isn't one of the known; elements compare with regard to case. */
function misnamed(reading: PolicyReading, name: string, key: Node, known: readonly string[]): Finding[] {
  if (known.includes(name)) return [];
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]|s$/g, '');
  const typos = (each: string) => editDistance(plain(each), plain(name), each.length > 4 ? 2 : 1);
  const meant =
    known.find(each => plain(each) === plain(name)) ?? known.find(each => typos(each) <= (each.length > 4 ? 2 : 1));
  const isFree = meant !== undefined && !membersOf(key.parent?.parent).has(meant);
  const message =
    meant === undefined
      ? t('IAM knows no element {0}, so it refuses the policy.', showValue(name))
      : t('IAM knows no element {0}, so it refuses the policy. Did you mean {1}?', showValue(name), meant);
  const fix = isFree && { title: t('Rename to {0}', meant), edits: [replacement(rangeOf(key), `"${meant}"`)] };
  return [policyFinding(reading, 'json-syntax', key, message, fix ? { fix } : {})];
}

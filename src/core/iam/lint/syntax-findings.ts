import { t } from '@vscode/l10n';
import type { Node } from 'jsonc-parser';
import type { Finding, Fix } from '../../finding';
import { findLookAlikes, type LookAlike, replaceLookAlikes } from '../../text/look-alikes';
import type { Puzzle, Repair } from './json-repair';
import { policyFinding } from './judged-policy';
import { removeItem, replacement } from './json-edits';
import { MOST_CHARACTERS } from './policy-source';
import type { PolicyReading } from './policy-reading';
import { rangeOf } from './policy-view';

/** What keeps the text from being JSON. All repairs together make it JSON; each finding offers its own, and all at once. */
export function findSyntaxFaults(reading: PolicyReading): Finding[] {
  const { source } = reading;
  const { repairs, puzzle } = source;
  if (puzzle) return [policyFinding(reading, 'json-syntax', puzzle.range, messageOfPuzzle(puzzle))];
  const all: Fix = { title: t('Make this valid JSON'), edits: repairs.flatMap(({ edits }) => edits) };
  return repairs.map(repair => {
    const finding = policyFinding(reading, 'json-syntax', repair.range, messageOf(repair));
    const range = repair.range.start === repair.range.end ? finding.range : repair.range;
    const fix = { title: titleOf(repair), edits: repair.edits };
    return { ...finding, range, fix, ...(repairs.length > 1 ? { alternatives: [all] } : {}) };
  });
}

function messageOf({ kind }: Repair): string {
  switch (kind) {
    case 'missing-open':
      return t('The opening { is missing before this, so IAM refuses the policy.');
    case 'missing-close':
      return t('A closing bracket is missing after this, so IAM refuses the policy.');
    case 'extra-close':
      return t('This bracket closes nothing, so IAM refuses the policy.');
    case 'missing-comma':
      return t('A comma is missing after this, so IAM refuses the policy.');
    case 'extra-comma':
      return t('Nothing follows this comma, so IAM refuses the policy.');
    case 'missing-colon':
      return t('A colon is missing after this, so IAM refuses the policy.');
    case 'comment':
      return t('JSON has no comments, so IAM refuses the policy.');
    case 'fence':
      return t('This line came along from a web page or a chat, so IAM refuses the policy.');
    case 'line-numbers':
      return t('Line numbers were copied along with the lines, so IAM refuses the policy.');
    case 'blank':
      return t('Here stands a character that only looks like a blank, so IAM refuses the policy.');
    case 'quotes':
      return t('Text stands between plain double quotes in JSON, so IAM refuses the policy.');
    case 'unquoted-key':
      return t('Names stand between double quotes in JSON, so IAM refuses the policy.');
  }
}

function titleOf({ kind }: Repair): string {
  switch (kind) {
    case 'missing-open':
      return t('Add the opening {');
    case 'missing-close':
      return t('Add the closing bracket');
    case 'extra-close':
      return t('Remove the bracket');
    case 'missing-comma':
      return t('Add the comma');
    case 'extra-comma':
      return t('Remove the comma');
    case 'missing-colon':
      return t('Add the colon');
    case 'comment':
      return t('Remove the comment');
    case 'fence':
      return t('Remove the line');
    case 'line-numbers':
      return t('Remove the line numbers');
    case 'blank':
      return t('Replace the characters by blanks');
    case 'quotes':
    case 'unquoted-key':
      return t('Use double quotes');
  }
}

function messageOfPuzzle({ kind }: Puzzle): string {
  switch (kind) {
    case 'second-document':
      return t('A second policy begins here. IAM takes one at a time: put it into a file of its own.');
    case 'open-string':
      return t('This text has no closing quote on its line, so IAM refuses the policy.');
    case 'puzzle':
      return t('This is not JSON, so IAM refuses the policy.');
  }
}

/** Keys that stand twice in one object. IAM refuses them; other readers keep one and drop the other without a word. */
export function findDuplicateKeys(reading: PolicyReading): Finding[] {
  const findings: Finding[] = [];
  const visit = (node: Node, isCondition: boolean) => {
    if (node.type === 'object') findings.push(...duplicatesIn(reading, node, isCondition));
    for (const child of node.children ?? []) {
      const isBelow = node.type === 'property' && node.children?.[0]?.value === 'Condition';
      visit(child, isCondition || isBelow);
    }
  };
  if (reading.source.root) visit(reading.source.root, false);
  return findings;
}

/** Whether an element of a statement stands twice in it, so that nobody knows what the statement says. */
export function hasDuplicateElements({ statements }: PolicyReading): boolean {
  return statements.some(({ node, elements }) => (node.children?.length ?? 0) > elements.size);
}

function duplicatesIn(reading: PolicyReading, object: Node, isCondition: boolean): Finding[] {
  const properties = new Map<string, Node[]>();
  for (const property of object.children ?? []) {
    const key = String(property.children?.[0]?.value);
    properties.set(key, [...(properties.get(key) ?? []), property]);
  }
  return [...properties].flatMap(([key, same]) => {
    const [first, ...others] = same;
    const firstKey = first?.children?.[0];
    if (!first || !firstKey || others.length === 0) return [];
    const message = t(
      '{0} stands twice here: IAM refuses the policy, and other programs keep only one of the two.',
      key,
    );
    const related = [{ range: reading.source.place(rangeOf(firstKey)), message: t('It stands here first.') }];
    const fix = fixDuplicates(reading.source.repaired, same);
    // Of a condition's key it is plain that one of the values has to match; of other lists a person decides.
    const isSafe = isCondition || fix?.title !== joinTitle();
    return others.map(other =>
      policyFinding(reading, 'duplicate-json-key', other.children?.[0] ?? other, message, {
        related,
        ...(fix && isSafe ? { fix } : {}),
        alternatives: fix && !isSafe ? [fix] : [],
      }),
    );
  });
}

function joinTitle(): string {
  return t('Join them into one list');
}

/** Equal ones become one; strings and lists of them become one list. */
function fixDuplicates(text: string, same: readonly Node[]): Fix | undefined {
  const values = same.map(property => property.children?.[1]);
  const printed = values.map(value => (value ? text.slice(value.offset, value.offset + value.length) : ''));
  const removals = same.slice(1).flatMap(property => removeItem(text, property));
  if (printed.every(each => each === printed[0])) return { title: t('Keep one of them'), edits: removals };
  const texts = values.flatMap(value => (value?.type === 'array' ? (value.children ?? []) : value ? [value] : []));
  const [first] = values;
  if (!first || texts.some(({ type }) => type !== 'string') || !canBeList(same[0])) return undefined;
  const list = [...new Set(texts.map(each => text.slice(each.offset, each.offset + each.length)))];
  return { title: joinTitle(), edits: [replacement(rangeOf(first), `[${list.join(', ')}]`), ...removals] };
}

function canBeList(property: Node | undefined): boolean {
  return !/^(?:Version|Id|Sid|Effect|Statement)$/.test(String(property?.children?.[0]?.value));
}

const NUMBERS = new Intl.NumberFormat('en-US');

interface Limit {
  readonly characters: number;
  readonly severity: 'error' | 'warning';
  readonly message: (size: string) => string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, https://docs.aws.amazon.com/general/latest/gr/s3.html */
function limitsOf({ kind }: PolicyReading): readonly Limit[] {
  if (kind === 'trust') {
    return [
      {
        characters: 2048,
        severity: 'error',
        message: size =>
          t('A trust policy has at most 2,048 characters, and this one has {0} (blanks not counted).', size),
      },
    ];
  }
  if (kind !== 'permission') {
    return [
      {
        characters: kind === 'bucket' ? 20_480 : 32_768,
        severity: 'error',
        message: size =>
          kind === 'bucket'
            ? t('A bucket policy has at most 20,480 characters, and this one has {0}.', size)
            : t('A policy of a resource has at most 32,768 characters, and this one has {0}.', size),
      },
    ];
  }
  return [
    {
      characters: 10_240,
      severity: 'error',
      message: size =>
        t(
          'IAM takes at most 6,144 characters in a managed policy and 10,240 in a role’s inline policies, and this one has {0} (blanks not counted).',
          size,
        ),
    },
    {
      characters: 6144,
      severity: 'warning',
      message: size =>
        t(
          'A managed policy has at most 6,144 characters, and this one has {0} (blanks not counted): it fits only as an inline policy of a role (10,240).',
          size,
        ),
    },
  ];
}

/** A policy that IAM doesn't take for its size. */
export function findOversize(reading: PolicyReading): Finding[] {
  const { size, source } = reading;
  const limit = limitsOf(reading).find(({ characters }) => size > characters);
  if (!limit) return [];
  // The first bracket stands for the whole: a range over the whole file would colour all of it.
  const start = Math.max(0, source.text.search(/\S/));
  const message = limit.message(NUMBERS.format(size));
  return [policyFinding(reading, 'policy-too-large', { start, end: start + 1 }, message, { severity: limit.severity })];
}

/** Whether a policy is so large that nothing but that is said of it. */
export function isBeyondReading({ size }: PolicyReading): boolean {
  return size > MOST_CHARACTERS;
}

/** Characters that only look right, where AWS takes nothing but ASCII: in names of elements, actions and ARNs. */
export function findLookAlikeTexts(reading: PolicyReading): Finding[] {
  const findings: Finding[] = [];
  const { repaired } = reading.source;
  const visit = (node: Node) => {
    if (node.type === 'string' && isJudged(node)) {
      const inner = repaired.slice(node.offset + 1, node.offset + node.length - 1);
      for (const { start, end, replacement: newText, name } of lookAlikesIn(inner)) {
        const range = { start: node.offset + 1 + start, end: node.offset + 1 + end };
        const message = t('{0} only looks right here: AWS takes it for another name.', name);
        const fix = {
          title: t('Write {0}', replaceLookAlikes(String(node.value), { letters: true })),
          edits: [replacement(range, newText.replaceAll('"', ''))],
        };
        findings.push(policyFinding(reading, 'non-ascii', range, message, { fix }));
      }
    }
    for (const child of node.children ?? []) visit(child);
  };
  if (reading.source.root) visit(reading.source.root);
  return findings;
}

/** Those that stand in a JSON string as they are, and those written as an escape, which many programs make of them. */
function lookAlikesIn(inner: string): LookAlike[] {
  const escaped = [...inner.matchAll(/\\(?:u([0-9a-f]{4})|.)/gi)].flatMap(({ index: start, 0: written, 1: code }) => {
    const [found] =
      code === undefined ? [] : findLookAlikes(String.fromCharCode(parseInt(code, 16)), { letters: true });
    return found ? [{ ...found, start, end: start + written.length }] : [];
  });
  return [...findLookAlikes(inner, { letters: true }), ...escaped].sort((a, b) => a.start - b.start);
}

/** A name before a colon, or a text of the elements in which look-alikes can't be meant. */
function isJudged(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'property' && parent.children?.[0] === node) return true;
  for (let at = parent; at; at = at.parent) {
    if (at.type !== 'property') continue;
    const key = String(at.children?.[0]?.value);
    if (/^(?:Version|Effect|(?:Not)?Action|(?:Not)?Principal|AWS|Service|Federated)$/.test(key)) return true;
    if (/^(?:Not)?Resource$/.test(key)) return /^[^:]*:/.test(String(node.value));
    return false;
  }
  return false;
}

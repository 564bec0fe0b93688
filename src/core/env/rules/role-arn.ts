import { t } from '@vscode/l10n';
import { parseRoleArn, type RoleArnProblem } from '../../aws-names';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { showValue } from '../../text/show-value';
import type { TextRange } from '../../text/text-range';
import type { ExportVariables } from '../export-variables';
import { hasReference, type JudgedValue } from '../judged-value';

/** A correction within a value, as offsets of the value. */
interface Correction {
  readonly range: TextRange;
  readonly newText: string;
  readonly isCertain: boolean;
}

/** ROLE_ARN where it isn't the ARN of a role: AssumeRole then fails, each time and without a word in the task's log. */
export function findBadRoleArns({ variables }: ExportVariables): Finding[] {
  return variables.flatMap(({ key, value }) => {
    if (key !== EXPORT_KEYS.roleArn || !value || value.text === '') return [];
    const arn = parseRoleArn(value.text);
    if (!('problem' in arn) || hasReference(value.text)) return [];
    const message = t('The export can’t assume this role, and no log arrives. {0}', arn.problem);
    const correction = correct(value.text, arn);
    const fix = correction && toFix(value, correction);
    return makeFinding('bad-role-arn', value.rangeOf(arn.range), message, {
      ...(fix && correction.isCertain ? { fix } : {}),
      alternatives: fix && !correction.isCertain ? [fix] : [],
    });
  });
}

function toFix(value: JudgedValue, { range, newText }: Correction): Fix {
  const corrected = value.text.slice(0, range.start) + newText + value.text.slice(range.end);
  return { title: t('Write {0}', showValue(corrected)), edits: [{ range: value.rangeOf(range), newText }] };
}

/** The smallest change that makes a role's ARN of the text; undefined where it would be a guess. */
function correct(text: string, problem: RoleArnProblem): Correction | undefined {
  const candidates = CORRECTIONS.flatMap(correction => correction(text, problem) ?? []);
  return candidates.find(({ range, newText }) => {
    const corrected = text.slice(0, range.start) + newText + text.slice(range.end);
    return !('problem' in parseRoleArn(corrected));
  });
}

const CORRECTIONS: readonly ((text: string, problem: RoleArnProblem) => Correction | undefined)[] = [
  // A quote that was never closed, or never opened
  text => (/^["'`]/.test(text) ? { range: { start: 0, end: 1 }, newText: '', isCertain: true } : undefined),
  text =>
    /["'`]$/.test(text)
      ? { range: { start: text.length - 1, end: text.length }, newText: '', isCertain: true }
      : undefined,
  // ARN:AWS:IAM: in capitals
  text => {
    const head = /^arn:aws[a-z-]*:iam:/i.exec(text)?.[0];
    return head === undefined
      ? undefined
      : { range: { start: 0, end: head.length }, newText: head.toLowerCase(), isCertain: true };
  },
  // arn:aws:iam:123456789012:role/…, one of the two colons left out
  text => {
    const head = /^arn:aws[a-z-]*:iam:(?=\d{12}:)/.exec(text)?.[0];
    return head === undefined ? undefined : { range: at(head.length), newText: ':', isCertain: true };
  },
  // aws:iam::…
  text => (/^aws[a-z-]*:iam:/.test(text) ? { range: at(0), newText: 'arn:', isCertain: true } : undefined),
  // 1234-5678-9012, as the console shows an account
  (text, { kind, range }) =>
    kind === 'account'
      ? { range, newText: text.slice(range.start, range.end).replace(/[- ]/g, ''), isCertain: true }
      : undefined,
  (_text, { kind, range }) => (kind === 'region' ? { range, newText: '', isCertain: true } : undefined),
  (text, { kind, range }) =>
    kind === 'service' && text.slice(range.start, range.end) === 'sts'
      ? { range, newText: 'iam', isCertain: true }
      : undefined,
  // Role/Name, roles/Name, role:Name
  (text, { kind, range }) => {
    const head = kind === 'resource' ? /^roles?[/:]/i.exec(text.slice(range.start))?.[0] : undefined;
    return head === undefined
      ? undefined
      : { range: { start: range.start, end: range.start + head.length }, newText: 'role/', isCertain: true };
  },
  (text, { kind, range }) =>
    kind === 'resource' && /^[\w+=,.@-]+$/.test(text.slice(range.start))
      ? { range: at(range.start), newText: 'role/', isCertain: true }
      : undefined,
  // role/Name/
  (text, { kind }) =>
    kind === 'name' && text.endsWith('/')
      ? { range: { start: text.length - 1, end: text.length }, newText: '', isCertain: true }
      : undefined,
  // A session's ARN names the role, but not the path that the role may have.
  (text, { kind }) => {
    const session = kind === 'session' ? /^arn:([\w-]+):\w+::(\d+):assumed-role\/([^/]+)/.exec(text) : null;
    const [, partition, account, name] = session ?? [];
    const newText = `arn:${partition}:iam::${account}:role/${name}`;
    return session ? { range: { start: 0, end: text.length }, newText, isCertain: false } : undefined;
  },
];

function at(offset: number): TextRange {
  return { start: offset, end: offset };
}

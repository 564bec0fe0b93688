import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { TextRange } from '../../text/text-range';
import type { Assignment } from '../readers/reader';
import { bareFix, hasLoneCr, lineFeedFix } from './bare-line';
import type { CommandReading, FileReadings, KeyLine, Outcome } from './file-readings';
import { namesOf, quoted, shortNamesOf } from './words';

/** Commands that make the same of a line, and what that is. */
interface Group {
  readonly commands: CommandReading[];
  readonly outcome: Outcome;
}

/** Lines of the export that the commands read differently; quotes round the value that two of them keep, as a note. */
export function findDivergences(file: FileReadings): Finding[] {
  return file.keyLines.flatMap(keyLine => {
    const groups = groupsOf(file, keyLine);
    if (groups.length < 2 || !file.counts(keyLine)) return [];
    const fix = bareFix(file, keyLine);
    const lineFeeds = fix ? undefined : lineFeedFix(file, keyLine.line);
    const keepers = groups.length === 2 ? keepersOfQuotes(groups) : undefined;
    const range = rangeOf(file, keyLine);
    const details = fix ? { fix } : lineFeeds;
    if (keepers) {
      const message = t('The quotes become a part of the value for {0}; the others take them off.', namesOf(keepers));
      return makeFinding('loader-divergence', range, message, { ...details, severity: 'info' });
    }
    const parts = groups.map(group => t('{0}: {1}', shortNamesOf(group.commands), describe(keyLine, group.outcome)));
    const message = t('The Astro commands read this line differently. {0}.', parts.join('; '));
    return makeFinding('loader-divergence', range, message, details);
  });
}

function groupsOf(file: FileReadings, keyLine: KeyLine): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const command of file.commands) {
    const outcome = file.outcome(command, keyLine);
    const same = sameness(outcome);
    if (same === undefined) continue;
    const group = groups.get(same);
    if (group) group.commands.push(command);
    else groups.set(same, { commands: [command], outcome });
  }
  return [...groups.values()];
}

/** Equal for outcomes that are the same to a person; undefined for those that another finding tells. */
function sameness(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'value':
      return outcome.assignment.asksShell ? 'shell' : `=${outcome.assignment.value}`;
    case 'absent':
      return 'absent';
    default:
      return undefined;
  }
}

/** Those of two groups that read the value of the others with quotes round it; `--load`, which is first, takes them off. */
function keepersOfQuotes([others, keepers]: readonly Group[]): readonly CommandReading[] | undefined {
  if (!others || !keepers) return undefined;
  return isQuotedValue(plainValue(keepers), plainValue(others)) ? keepers.commands : undefined;
}

function plainValue({ outcome }: Group): string | undefined {
  return outcome.kind === 'value' && !outcome.assignment.asksShell ? outcome.assignment.value : undefined;
}

function isQuotedValue(whole: string | undefined, value: string | undefined): boolean {
  return value !== undefined && (whole === `"${value}"` || whole === `'${value}'`);
}

function describe({ line }: KeyLine, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'value':
      return describeValue(outcome.assignment, outcome.assignment.end <= line.end);
    case 'absent':
      return outcome.other && outcome.other.end <= line.end
        ? t('no such variable, but one named {0}', quoted(outcome.other.key))
        : t('no such variable');
    default:
      return '';
  }
}

/** Only what stands on the line itself is shown: other lines and the shell may hold secrets. */
function describeValue({ value, asksShell }: Assignment, isWithinLine: boolean): string {
  if (asksShell) return t('the value with the variables in it replaced');
  if (!isWithinLine) return t('a value that runs on into the next lines');
  return value ? quoted(value) : t('nothing');
}

/** `#`, references, backslashes, characters beyond ASCII, and quotes at either end. */
const TELLING = /#|\$(?:\w+|\{[^}]*\}?)?|\\|[^\0-\x7f]|^["']|["']$/g;

/** From the first to the last of what can make a difference; the value, or the line, where nothing is known to. */
function rangeOf({ document }: FileReadings, { line, key, nameRange, exportLine }: KeyLine): TextRange {
  const entry = exportLine?.entry;
  const parts: TextRange[] = [];
  const add = (start: number, end: number) => {
    if (end > start) parts.push({ start, end });
  };
  if (line.number === 0) add(0, line.start);
  add(line.start, line.indentEnd);
  if (entry) {
    const { exportRange, separatorRange, rawValueRange, commentRange, restRange } = entry;
    if (exportRange) add(exportRange.start, exportRange.end);
    if (entry.key !== key) add(entry.keyRange.start, entry.keyRange.end);
    if (entry.separator === ':' || separatorRange.end > separatorRange.start + 1)
      add(separatorRange.start, separatorRange.end);
    if (/^["']/.test(entry.rawValue)) add(rawValueRange.start, rawValueRange.end);
    for (const match of entry.rawValue.matchAll(TELLING)) {
      add(rawValueRange.start + match.index, rawValueRange.start + match.index + match[0].length);
    }
    if (commentRange) add(commentRange.start, commentRange.end);
    const contentEnd = Math.max(rawValueRange.end, commentRange?.end ?? 0, separatorRange.start + 1);
    add(contentEnd, restRange.end);
  }
  if (hasLoneCr(document, line)) add(line.end, line.next);
  if (parts.length === 0) return nameRange;
  return { start: Math.min(...parts.map(part => part.start)), end: Math.max(...parts.map(part => part.end)) };
}

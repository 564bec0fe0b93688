import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { TextRange } from '../../text/text-range';
import type { EnvLine } from '../env-document';
import type { RefusalKind } from '../readers/reader';
import { bareFix } from './bare-line';
import type { CommandReading, FileReadings, KeyLine } from './file-readings';
import { namesOf } from './words';

/** What is refused on one line, by whom. */
interface RefusedLine {
  readonly line: EnvLine;
  range: TextRange;
  readonly reasons: Map<RefusalKind, CommandReading[]>;
}

/** Lines, of any variable or of none, at which a command refuses the whole file. */
export function findRefusals(file: FileReadings): Finding[] {
  const keyLines = new Map(file.keyLines.map(each => [each.line, each]));
  return refusedLines(file).map(refused => {
    const reasons = [...refused.reasons].map(([kind, commands]) => t('{0}: {1}', namesOf(commands), reasonOf(kind)));
    const message = t('This line makes commands refuse the whole file. {0}.', reasons.join('; '));
    return makeFinding('file-rejected', refused.range, message, repairs(file, refused, keyLines.get(refused.line)));
  });
}

function refusedLines(file: FileReadings): readonly RefusedLine[] {
  const found = new Map<EnvLine, RefusedLine>();
  for (const command of file.commands) {
    const told = new Set<number>();
    for (const { kind, start, end } of command.refusals) {
      const line = file.lineAt(start);
      // Of the lines of one value in quotes the first is enough: what mends it mends the others.
      const around = file.around(line)[0];
      if (around && told.has(around.start)) continue;
      if (around) told.add(around.start);
      const range = { start, end: Math.max(Math.min(end, line.end), start + 1) };
      const refused = found.get(line) ?? { line, range, reasons: new Map<RefusalKind, CommandReading[]>() };
      refused.range = { start: Math.min(refused.range.start, start), end: Math.max(refused.range.end, range.end) };
      const commands = refused.reasons.get(kind) ?? [];
      if (commands.at(-1) !== command) commands.push(command);
      refused.reasons.set(kind, commands);
      found.set(line, refused);
    }
  }
  return [...found.values()];
}

function reasonOf(kind: RefusalKind): string {
  switch (kind) {
    case 'blank-in-name':
      return t('a blank stands in the name');
    case 'character-in-name':
      return t('a character of the name is not allowed');
    case 'no-name':
      return t('there is no name');
    case 'no-assignment':
      return t('it is not of the form KEY=value');
    case 'open-quote':
      return t('the quote is not closed, or not where the value ends');
    case 'reference':
      return t('a $ is followed by no name of a variable');
    case 'required-variable':
      return t('it demands a variable that is not set above it; where the shell sets it, the file is read');
    case 'line-too-long':
      return t('the line has more than 65,535 bytes');
    case 'not-utf8':
      return t('it is not UTF-8');
  }
}

const FOREIGN_COMMENT = /^[ \t]*(?:;|\/\/)/;
const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7}|\|{7})/;

function repairs(
  file: FileReadings,
  { line, reasons }: RefusedLine,
  keyLine: KeyLine | undefined,
): { readonly fix?: Fix; readonly alternatives?: readonly Fix[] } {
  if (reasons.has('line-too-long')) return {};
  if (keyLine) {
    const fix = bareFix(file, keyLine);
    return fix ? { fix } : {};
  }
  const text = file.document.text.slice(line.start, line.end);
  if (!file.isAlone(line) || CONFLICT_MARKER.test(text)) return {};
  if (line.entry && !FOREIGN_COMMENT.test(text)) return { alternatives: repairsOfEntry(line) };
  const fix = insert(line.start, '# ', t('Make it a comment by #'));
  // A line without = sets nothing for anybody, so that nothing is lost.
  return FOREIGN_COMMENT.test(text) && !text.includes('=') ? { fix } : { alternatives: [fix] };
}

/** Another variable's line may mean something to the commands that take it, so that a person has to decide. */
function repairsOfEntry({ entry }: EnvLine): readonly Fix[] {
  if (!entry) return [];
  const fixes: Fix[] = [];
  const { exportRange, separatorRange } = entry;
  if (exportRange) fixes.push({ title: t('Remove export'), edits: [{ range: exportRange, newText: '' }] });
  if (entry.separator === ':') {
    fixes.push({ title: t('Write = instead of the colon'), edits: [{ range: separatorRange, newText: '=' }] });
  } else if (separatorRange.end > separatorRange.start + 1) {
    fixes.push({ title: t('Remove the blanks round ='), edits: [{ range: separatorRange, newText: '=' }] });
  }
  return fixes;
}

function insert(offset: number, newText: string, title: string): Fix {
  return { title, edits: [{ range: { start: offset, end: offset }, newText }] };
}

import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { TextEdit, TextRange } from '../text/text-range';
import { type EnvDocument, type EnvEntry, type EnvLine, lineEndOf } from './env-document';
import { assignKeys, type ExportVariable, type ExportVariables, isValueOf } from './export-variables';
import { type JudgedValue, judgeValue } from './judged-value';
import { canBeKey, readKey } from './key-reading';
import { skipBlanksBack } from './scan-line';

/** A line of an env file that sets a variable of the export, or that was meant to. */
export interface ExportLine extends ExportVariable {
  readonly line: EnvLine;
  /** Undefined in a line that has the name alone. */
  readonly entry: EnvEntry | undefined;
  readonly numberRange: TextRange | undefined;
}

/** All that the rules know of an env file. */
export interface ExportLines extends ExportVariables {
  readonly document: EnvDocument;
  /** The variables, with the lines that they stand in. */
  readonly lines: readonly ExportLine[];
  readonly set: ReadonlyMap<ExportKey, ExportLine>;
  readonly claims: ReadonlyMap<ExportKey, ExportLine>;
}

type FoundLine = Omit<ExportLine, 'value' | 'emptyRange'>;

/** Finds the export's lines; none in a file that has nothing to do with it. */
export function findExportLines(document: EnvDocument): ExportLines {
  const found: FoundLine[] = [];
  for (const line of document.lines) {
    const exportLine = readLine(document, line);
    if (exportLine) found.push(exportLine);
  }
  const setKeys = assignKeys(found).set;
  const lines = found.map(each => {
    const isOurs = isValueOf(each, key => setKeys.has(key));
    const value = isOurs && each.entry ? judgeValue(document.text, each.entry, each.key) : undefined;
    return { ...each, value, emptyRange: each.key === undefined ? undefined : emptyRangeOf(each, value) };
  });
  const { set, claims } = assignKeys(lines);
  const addition = (key: ExportKey, value: string) => additionTo(document, lines, `${key}=${value}`);
  return { document, lines, variables: lines, set, claims, addition };
}

function emptyRangeOf({ entry, nameRange }: FoundLine, value: JudgedValue | undefined): TextRange | undefined {
  if (!entry) return nameRange;
  if (value?.text !== '') return undefined;
  const raw = entry.rawValueRange;
  return raw.end > raw.start ? raw : { start: nameRange.start, end: entry.separatorRange.start + 1 };
}

/** Behind the last line of the export, so that its variables stay together. */
function additionTo(document: EnvDocument, lines: readonly ExportLine[], assignment: string): TextEdit {
  const { line } = lines.at(-1) as ExportLine;
  const terminator = document.text.slice(line.end, line.next);
  const newText = terminator === '' ? lineEndOf(document) + assignment : assignment + terminator;
  return { range: { start: line.next, end: line.next }, newText };
}

const EXPORT_KEY_SET: ReadonlySet<string> = new Set(Object.values(EXPORT_KEYS));

function readLine(document: EnvDocument, line: EnvLine): FoundLine | undefined {
  if (line.kind !== 'entry' && line.kind !== 'text') return undefined;
  const whole =
    line.kind === 'entry'
      ? { start: line.keyStart, end: line.keyEnd }
      : { start: line.indentEnd, end: skipBlanksBack(document.text, line.end, line.indentEnd) };
  // Before anything is copied: most names are too short, and a line may be a megabyte long.
  if (!canBeKey(whole.end - whole.start)) return undefined;
  const text = document.text.slice(whole.start, whole.end);
  const reading = readKey(text);
  if (!reading) return undefined;
  const { entry } = line;
  if (!entry && reading.nearMiss !== undefined) return undefined;
  const nameRange = { start: whole.start + reading.numberLength, end: whole.end };
  return {
    ...reading,
    line,
    entry,
    name: document.text.slice(nameRange.start, nameRange.end),
    nameRange,
    numberRange: reading.numberLength > 0 ? { start: whole.start, end: nameRange.start } : undefined,
    isSet: entry?.separator === '=' && EXPORT_KEY_SET.has(text),
    removal: { range: { start: line.start, end: line.next }, newText: '' },
  };
}

/**
 * Whether a line's number or colon may be put right unasked. Not where its key is set elsewhere: that would make a
 * duplicate, and change which value counts.
 */
export function canBePutRight({ claims }: ExportLines, line: ExportLine): boolean {
  return line.key === undefined || line.nearMiss !== undefined || claims.get(line.key) === line;
}

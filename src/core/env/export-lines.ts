import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { TextRange } from '../text/text-range';
import type { EnvDocument, EnvEntry, EnvLine } from './env-document';
import { type JudgedValue, judgeValue } from './judged-value';
import { canBeKey, type KeyReading, readKey } from './key-reading';

/** A line of an env file that sets a variable of the export, or that was meant to. */
export interface ExportLine extends KeyReading {
  readonly line: EnvLine;
  /** Undefined in a line that has the name alone. */
  readonly entry: EnvEntry | undefined;
  /** The name without a copied line number. */
  readonly nameRange: TextRange;
  readonly numberRange: TextRange | undefined;
  /** Whether the line sets the key as it stands. */
  readonly isSet: boolean;
  /** The value, where it is the key's: not in a line whose name only resembles a key that is set elsewhere. */
  readonly value: JudgedValue | undefined;
}

/** All that the rules know of a file. */
export interface ExportLines {
  readonly document: EnvDocument;
  readonly lines: readonly ExportLine[];
  /** The line that sets a key; the last of several. */
  readonly set: ReadonlyMap<ExportKey, ExportLine>;
  /** For a key that isn't set: the first line that becomes the key when its name is put right. */
  readonly claims: ReadonlyMap<ExportKey, ExportLine>;
}

/** Finds the export's lines; none in a file that has nothing to do with it. */
export function findExportLines(document: EnvDocument): ExportLines {
  const found: Omit<ExportLine, 'value'>[] = [];
  for (const line of document.lines) {
    const exportLine = readLine(document, line);
    if (exportLine) found.push(exportLine);
  }
  const setKeys = new Set(found.flatMap(each => (each.isSet && each.key ? [each.key] : [])));
  const lines = found.map(each => {
    const isOurs =
      each.key !== undefined && (each.nearMiss === undefined || (each.isCertain && !setKeys.has(each.key)));
    return { ...each, value: isOurs && each.entry ? judgeValue(document.text, each.entry, each.key) : undefined };
  });
  const set = new Map<ExportKey, ExportLine>();
  const claims = new Map<ExportKey, ExportLine>();
  for (const each of lines) {
    if (each.key === undefined) continue;
    if (each.isSet) set.set(each.key, each);
    else if (each.isCertain && !setKeys.has(each.key) && !claims.has(each.key)) claims.set(each.key, each);
  }
  return { document, lines, set, claims };
}

const EXPORT_KEY_SET: ReadonlySet<string> = new Set(Object.values(EXPORT_KEYS));

function readLine(document: EnvDocument, line: EnvLine): Omit<ExportLine, 'value'> | undefined {
  if (line.kind !== 'entry' && line.kind !== 'text') return undefined;
  const whole =
    line.kind === 'entry' ? { start: line.keyStart, end: line.keyEnd } : { start: line.indentEnd, end: line.end };
  // Before anything is copied: most names are too short, and a line may be a megabyte long.
  if (!canBeKey(whole.end - whole.start)) return undefined;
  const text = document.text.slice(whole.start, whole.end).trimEnd();
  const reading = readKey(text);
  if (!reading) return undefined;
  const { entry } = line;
  if (!entry && reading.nearMiss !== undefined) return undefined;
  const nameRange = { start: whole.start + reading.numberLength, end: whole.start + text.length };
  return {
    ...reading,
    line,
    entry,
    nameRange,
    numberRange: reading.numberLength > 0 ? { start: whole.start, end: nameRange.start } : undefined,
    isSet: entry?.separator === '=' && EXPORT_KEY_SET.has(text),
  };
}

/**
 * Whether a line's number or colon may be put right unasked. Not where its key is set elsewhere: that would make a
 * duplicate, and change which value counts.
 */
export function canBePutRight({ claims }: ExportLines, line: ExportLine): boolean {
  return line.key === undefined || line.nearMiss !== undefined || claims.get(line.key) === line;
}

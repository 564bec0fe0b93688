import { type EnvLine, parseEnvDocument } from '../env/env-document';
import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { TextRange } from '../text/text-range';
import { keyProposals, valueProposals } from './complete-value';
import type { CompletionList, KnownValues } from './completion';

const KEYS: readonly ExportKey[] = Object.values(EXPORT_KEYS);

/** What can be typed at an offset of an env file: variables of the export that it lacks, or values of one. */
export function completeEnv(text: string, offset: number, known: KnownValues): CompletionList | undefined {
  const document = parseEnvDocument(text);
  const line = document.lines.find(each => offset >= each.start && offset <= each.end);
  if (line?.kind === 'comment') return undefined;
  if (line?.entry && offset > line.separator) return completeValue(line, offset, known);
  const own = line?.kind === 'entry' ? text.slice(line.keyStart, line.keyEnd) : undefined;
  const setKeys = new Set(document.lines.flatMap(each => (each === line ? [] : (each.entry?.key ?? []))));
  const range = keyRange(line, offset);
  if (!range || (own !== undefined && KEYS.includes(own as ExportKey))) return undefined;
  // Where an equals sign stands already, the name alone is missing.
  return { range, proposals: keyProposals(setKeys, key => (line?.kind === 'entry' ? key : `${key}=`)) };
}

/** The name that is typed at an offset; undefined where none can stand. */
function keyRange(line: EnvLine | undefined, offset: number): TextRange | undefined {
  if (!line || line.kind === 'blank') return { start: offset, end: offset };
  const start = line.keyStart >= 0 ? line.keyStart : line.indentEnd;
  const end = line.kind === 'entry' ? line.keyEnd : line.end;
  return offset >= start && offset <= end ? { start, end } : undefined;
}

function completeValue({ entry }: EnvLine, offset: number, known: KnownValues): CompletionList | undefined {
  const key = KEYS.find(each => each === entry?.key);
  if (!entry || !key || entry.separator !== '=') return undefined;
  const { valueRange, commentRange } = entry;
  if (commentRange && offset > commentRange.start) return undefined;
  const range = offset >= valueRange.start && offset <= valueRange.end ? valueRange : { start: offset, end: offset };
  return { range, proposals: valueProposals(key, known) };
}

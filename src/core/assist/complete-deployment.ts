import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import { keyProposals, valueProposals } from './complete-value';
import type { CompletionList, KnownValues } from './completion';

const KEYS: readonly ExportKey[] = Object.values(EXPORT_KEYS);
/** `- key: X` and `value: X` of a variable, in the block style that Astro writes. */
const FIELD = /^([ \t]*)(-[ \t]+)?["']?(key|value)["']?([ \t]*:[ \t]*)(.*)$/i;

interface Field {
  readonly name: 'key' | 'value';
  /** The column of its name, which all fields of a variable share. */
  readonly column: number;
  readonly isFirst: boolean;
  /** In the line, what stands behind the colon, and its quote. */
  readonly start: number;
  readonly text: string;
  readonly quote: string;
}

/** What can be typed at an offset of a deployment file: names of variables of the export, and their values. */
export function completeDeployment(text: string, offset: number, known: KnownValues): CompletionList | undefined {
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  const before = text.slice(0, offset).split('\n');
  const row = before.length - 1;
  const column = before.at(-1)?.length ?? 0;
  const field = readField(lines[row] ?? '');
  if (!field || column < field.start) return undefined;
  const lineStart = offset - column;
  const range = { start: lineStart + field.start, end: lineStart + field.start + field.text.length };
  if (offset > range.end) return undefined;
  if (field.name === 'key') {
    const others = lines.flatMap((line, i) => (i === row ? [] : (readField(line)?.text ?? [])));
    return { range, proposals: keyProposals(new Set(others), key => key) };
  }
  const key = KEYS.find(each => each === siblingKey(lines, row, field));
  if (!key) return undefined;
  // YAML takes a bare true for a boolean, which the variable can't be.
  const isQuoted = field.quote !== '' || key !== EXPORT_KEYS.enabled;
  const proposals = valueProposals(key, known).map(each => ({
    ...each,
    newText: isQuoted ? each.newText : `"${each.newText}"`,
  }));
  return { range, proposals };
}

function readField(line: string): Field | undefined {
  const match = FIELD.exec(line);
  if (!match) return undefined;
  const [, indent = '', dash = '', name = '', colon = '', rest = ''] = match;
  const quote = /^["']/.exec(rest)?.[0] ?? '';
  const start = line.length - rest.length + quote.length;
  const closed = quote === '' ? rest.replace(/[ \t]+(?:#.*)?$/, '') : (rest.slice(1).split(quote, 1)[0] ?? '');
  return {
    name: name.toLowerCase() as 'key' | 'value',
    column: indent.length + dash.length,
    isFirst: dash !== '',
    start: colon === '' ? line.length : start,
    text: closed,
    quote,
  };
}

/** The name of the variable that a `value` belongs to: the `key` among the fields of the same list item. */
function siblingKey(lines: readonly string[], row: number, field: Field): string | undefined {
  for (let at = row, isFirst = field.isFirst; at > 0 && !isFirst; ) {
    const other = lines[--at] ?? '';
    if (indentOf(other) < field.column && !/^[ \t]*-/.test(other)) break;
    isFirst = /^[ \t]*-[ \t]/.test(other);
    const found = readField(other);
    if (found?.name === 'key' && found.column === field.column) return found.text;
  }
  for (let at = row + 1; at < lines.length; at++) {
    const other = lines[at] ?? '';
    if (indentOf(other) < field.column) break;
    const found = readField(other);
    if (found?.name === 'key' && found.column === field.column) return found.text;
  }
  return undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

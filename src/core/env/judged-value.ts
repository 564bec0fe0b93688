import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import { findLookAlikes, type LookAlike } from '../text/look-alikes';
import type { TextRange } from '../text/text-range';
import type { EnvEntry } from './env-document';
import { scanValue } from './scan-line';

/**
 * A value as the rules judge it: look-alike characters replaced, so that `s3://my‑bucket` has one fault, the hyphen,
 * and not a bad bucket name too. Ranges lead back to what stands in the file.
 */
export interface JudgedValue {
  readonly text: string;
  /** In the file. */
  readonly range: TextRange;
  /** The range in the file of a part of {@link text}. */
  rangeOf(part: TextRange): TextRange;
  /** In the file, with what replaces each: nothing for quotes and blanks round the value. */
  readonly lookAlikes: readonly LookAlike[];
}

/**
 * Whether a value refers to another variable. Airflow replaces `$NAME` and `${NAME}` where they are set, which a file
 * can't tell, so such a value is not judged.
 * https://github.com/apache/airflow/blob/main/shared/configuration/src/airflow_shared/configuration/parser.py
 */
export function hasReference(text: string): boolean {
  return /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/.test(text);
}

const BEYOND_ASCII = /[^\0-\x7f]/;

/** The value of an entry that is meant to set the key. */
export function judgeValue(source: string, entry: EnvEntry, key: ExportKey | undefined): JudgedValue {
  const raw = entry.rawValueRange;
  const rawText = source.slice(raw.start, raw.end);
  if (!BEYOND_ASCII.test(rawText)) {
    const range = entry.valueRange;
    const rangeOf = (part: TextRange) => ({ start: range.start + part.start, end: range.start + part.end });
    return { text: source.slice(range.start, range.end), range, rangeOf, lookAlikes: [] };
  }
  const { found, repaired, origins } = repair(rawText, key);
  const { value } = scanValue(repaired, 0, repaired.length);
  const rangeOf = (part: TextRange) => ({
    start: raw.start + (origins[value.start + part.start] as number),
    end: raw.start + (origins[value.start + part.end] as number),
  });
  const text = repaired.slice(value.start, value.end);
  return {
    text,
    range: rangeOf({ start: 0, end: text.length }),
    rangeOf,
    lookAlikes: found.map(each => ({ ...each, start: raw.start + each.start, end: raw.start + each.end })),
  };
}

/**
 * A value that a file's format has cut out already, quotes and comments off. `place` leads from a part of it to where
 * that stands in the file.
 */
export function judgeText(
  text: string,
  key: ExportKey | undefined,
  place: (part: TextRange) => TextRange,
): JudgedValue {
  const { found, repaired, origins } = repair(text, key);
  const rangeOf = ({ start, end }: TextRange) =>
    place({ start: origins[start] as number, end: origins[end] as number });
  return {
    text: repaired,
    range: place({ start: 0, end: text.length }),
    rangeOf,
    lookAlikes: found.map(each => ({ ...each, ...place(each) })),
  };
}

/** Look-alikes of a value; letters of other scripts only where AWS takes none, which is everywhere but in the folder. */
function lookAlikesOf(text: string, key: ExportKey | undefined): LookAlike[] {
  const strictEnd = key === EXPORT_KEYS.baseLogFolder ? endOfBucket(text) : key === undefined ? 0 : text.length;
  const strict = findLookAlikes(text.slice(0, strictEnd), { letters: true });
  const free = findLookAlikes(text).filter(each => each.start >= strictEnd);
  return withoutEnclosing(text, [...strict, ...free]);
}

function endOfBucket(text: string): number {
  return /^[^/\uff0f]*[/\uff0f]{2}[^/\uff0f]*/.exec(text)?.[0].length ?? 0;
}

/** Blanks at both ends, and a pair of quotes round everything, are better left out than replaced. */
function withoutEnclosing(text: string, found: LookAlike[]): LookAlike[] {
  let start = 0;
  let end = text.length;
  const drop = new Set<LookAlike>();
  for (const each of found) {
    if (each.start !== start || each.replacement.trim() !== '') break;
    drop.add(each);
    start = each.end;
  }
  for (const each of [...found].reverse()) {
    if (each.end !== end || each.start < start || each.replacement.trim() !== '') break;
    drop.add(each);
    end = each.start;
  }
  const first = found.find(each => each.start === start);
  const last = found.find(each => each.end === end);
  if (first && last && first !== last && isQuote(first) && isQuote(last)) drop.add(first).add(last);
  return found.map(each => (drop.has(each) ? { ...each, replacement: '' } : each));
}

function isQuote(found: LookAlike): boolean {
  return found.replacement === '"' || found.replacement === "'";
}

function repair(text: string, key: ExportKey | undefined) {
  const found = lookAlikesOf(text, key);
  const { text: repaired, origins } = replace(text, found);
  return { found, repaired, origins };
}

/** The repaired text, and for each of its offsets (the end included) the offset it came from. */
function replace(text: string, found: readonly LookAlike[]): { text: string; origins: number[] } {
  let repaired = '';
  const origins: number[] = [];
  let from = 0;
  const keep = (end: number) => {
    for (; from < end; from++) {
      repaired += text[from];
      origins.push(from);
    }
  };
  for (const each of found) {
    keep(each.start);
    for (let i = 0; i < each.replacement.length; i++) {
      repaired += each.replacement[i];
      origins.push(Math.min(each.start + i, each.end));
    }
    from = each.end;
  }
  keep(text.length);
  origins.push(text.length);
  return { text: repaired, origins };
}

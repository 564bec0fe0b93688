import type { TextRange } from '../../text/text-range';

/**
 * What the programs take from Go's standard library. A byte that isn't UTF-8 is held as a code unit of its own, a low
 * surrogate from U+DC80 on, which no UTF-8 text decodes to: so two bad bytes stay two, as in a Go string.
 */

/** Go's `unicode.IsSpace`, which knows U+0085 but not U+FEFF, unlike JavaScript's `\s`. */
const BLANKS = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const BLANK = new RegExp(`[${BLANKS}]`);
const BYTE_BASE = 0xdc00;
const STRICT_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What several readers make of the same bytes, while these live. */
const TEXTS = new WeakMap<Uint8Array, string>();
const LINES = new WeakMap<Uint8Array, GoLines>();

/** The text of bytes, a byte order mark included. */
export function goString(bytes: Uint8Array): string {
  const known = TEXTS.get(bytes);
  if (known !== undefined) return known;
  const text = decode(bytes);
  TEXTS.set(bytes, text);
  return text;
}

function decode(bytes: Uint8Array): string {
  try {
    return STRICT_DECODER.decode(bytes);
  } catch {
    return decodeWithBadBytes(bytes);
  }
}

function decodeWithBadBytes(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let valid = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > valid) pieces.push(STRICT_DECODER.decode(bytes.subarray(valid, at)));
    pieces.push(String.fromCharCode(BYTE_BASE + (bytes[at] ?? 0)));
    valid = ++at;
  }
  pieces.push(STRICT_DECODER.decode(bytes.subarray(valid)));
  return pieces.join('');
}

/** The bytes of the character at an offset, 0 where there is none; https://www.unicode.org/versions/latest/core-spec/chapter-3/ table 3-7. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : 4;
  if (first < 0xc2 || first > 0xf4) return 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte < (i === 1 ? lowest : 0x80) || byte > (i === 1 ? highest : 0xbf)) return 0;
  }
  return length;
}

/** A text with U+FFFD for each byte that isn't UTF-8, as Go's JSON and terminals show it. */
export function printable(text: string): string {
  return text.replace(/[\udc80-\udcff]/gu, '\ufffd');
}

/** Whether a code unit is one of Go's blanks. */
export function isBlank(code: number): boolean {
  if (code < 0x85) return code === 32 || (code >= 9 && code <= 13);
  return code <= 0xa0 ? code === 0x85 || code === 0xa0 : code >= 0x1680 && BLANK.test(String.fromCharCode(code));
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return text.slice(countBlanks(text), endBeforeBlanks(text));
}

/** How many blanks a text begins with. */
export function countBlanks(text: string): number {
  let start = 0;
  while (start < text.length && isBlank(text.charCodeAt(start))) start++;
  return start;
}

export function trimSpaceRight(text: string): string {
  return text.slice(0, endBeforeBlanks(text));
}

function endBeforeBlanks(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

/** `strings.Trim(text, char)` for one character. */
export function trimChar(text: string, char: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === char) start++;
  while (end > start && text[end - 1] === char) end--;
  return text.slice(start, end);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** `%q`. */
export function goQuote(text: string): string {
  let out = '"';
  for (const char of text) out += ESCAPES[char] ?? quoteChar(char);
  return `${out}"`;
}

function quoteChar(char: string): string {
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - BYTE_BASE).toString(16)}`;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `bufio.Scanner` gives up at a line of this many bytes, its end not counted. */
const LINE_LIMIT = 65_536;
export const TOO_LONG = 'bufio.Scanner: token too long';

/** One line, without its end, and the offset of its beginning. */
export interface GoLine {
  readonly text: string;
  readonly start: number;
}

/** The lines up to one that is too long, and that one's place. */
export interface GoLines {
  readonly lines: readonly GoLine[];
  readonly tooLong?: TextRange;
}

/** The lines of a file that `bufio.ScanLines` gives. */
export function linesOf(bytes: Uint8Array): GoLines {
  const known = LINES.get(bytes);
  if (known) return known;
  const lines = scanLines(goString(bytes));
  LINES.set(bytes, lines);
  return lines;
}

function scanLines(text: string): GoLines {
  const lines: GoLine[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (isTooLong(text, start, end)) return { lines, tooLong: { start, end } };
    lines.push({ text: text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end), start });
    start = end + 1;
  }
  return { lines };
}

/** Whether a `bufio.Scanner` takes no line from `start` to `end`. */
export function isTooLong(text: string, start: number, end: number): boolean {
  return (end - start) * 3 >= LINE_LIMIT && toBytes(text.slice(start, end)).length >= LINE_LIMIT;
}

const ENCODER = new TextEncoder();
const BAD_BYTES = /[\udc80-\udcff]/u;

/** Whether a text holds bytes that aren't UTF-8. */
export function hasBadBytes(text: string): boolean {
  return BAD_BYTES.test(text);
}

/** The bytes that a text was read from. */
export function toBytes(text: string): Uint8Array {
  if (!hasBadBytes(text)) return ENCODER.encode(text);
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - BYTE_BASE);
    else bytes.push(...ENCODER.encode(char));
  }
  return Uint8Array.from(bytes);
}

import type { TextRange } from '../text/text-range';

/** The parts of what stands to the right of a separator. */
export interface ValueScan {
  /** Between the quotes, where a matching pair encloses the value. */
  readonly value: TextRange;
  /** With its quotes. */
  readonly rawValue: TextRange;
  readonly quote: '"' | "'" | '';
  /** From `#` to the line's end, blanks at the end excluded. */
  readonly comment?: TextRange;
}

const TAB = 9;
const LF = 10;
const VT = 11;
const FF = 12;
const SPACE = 32;
const HASH = 35;
const COLON = 58;
const EQUALS = 61;
const LETTER_E = 101;

/** Blanks that separate parts of a line. Not the no-break space: that is a character copied by mistake. */
function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === VT || code === FF;
}

export function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

export function skipBlanksBack(text: string, from: number, start: number): number {
  let at = from;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/**
 * Finds the ends of a text's lines, one after another: LF, CRLF or a lone CR, as an editor counts lines. Each kind is
 * searched once over the whole text, by the engine's own fast search.
 */
export class LineEnds {
  private lf = -1;
  private cr = -1;

  constructor(private readonly text: string) {}

  /** The offset of the terminator of the line that begins at `from`, or the text's end. Offsets may only grow. */
  endOfLine(from: number): number {
    if (this.lf < from) this.lf = indexOrEnd(this.text, '\n', from);
    if (this.cr < from) this.cr = indexOrEnd(this.text, '\r', from);
    return Math.min(this.lf, this.cr);
  }

  /** The offset after the terminator that stands at `at`. */
  afterTerminator(at: number): number {
    if (at >= this.text.length) return at;
    return at === this.cr && this.text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }
}

/**
 * Finds the separators of a text's lines, one after another, as {@link findSeparator} does: most lines have no colon
 * before their equals sign, and the engine's own search finds either faster than looking at every character of a key.
 */
export class Separators {
  private equals = -1;
  private colon = -1;

  constructor(private readonly text: string) {}

  /** The separator of what stands between two offsets. Offsets may only grow. */
  find(start: number, end: number): number {
    if (this.equals < start) this.equals = indexOrEnd(this.text, '=', start);
    if (this.colon < start) this.colon = indexOrEnd(this.text, ':', start);
    if (this.colon < this.equals && this.colon < end) return findSeparator(this.text, start, end);
    return this.equals < end ? this.equals : -1;
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** After `export` and the blanks behind it, where something other than the separator follows. */
export function skipExportWord(text: string, start: number, end: number): number {
  // The first letter alone tells it of most lines.
  if (text.charCodeAt(start) !== LETTER_E || !text.startsWith('export', start)) return start;
  const next = skipBlanks(text, start + 6, end);
  return next === start + 6 || next === end || isSeparator(text.charCodeAt(next)) ? start : next;
}

/**
 * The first `=`, or the colon of `KEY: value`: one with a blank or nothing behind it, or in a line without `=`.
 * A colon behind a bare number belongs to a copied line number (`4: KEY=value`). -1 where there is neither.
 */
function findSeparator(text: string, start: number, end: number): number {
  let colon = -1;
  let onlyDigits = true;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === EQUALS) return at;
    if (code === COLON && colon < 0 && !onlyDigits) {
      if (at + 1 >= end || isBlank(text.charCodeAt(at + 1))) return at;
      colon = at;
    }
    if (code < 48 || code > 57) onlyDigits = false;
  }
  return colon;
}

function isSeparator(code: number): boolean {
  return code === EQUALS || code === COLON;
}

/**
 * Splits what stands between a separator and the line's end: blanks round it off, one pair of matching quotes off,
 * a comment off (`#` behind a blank, outside quotes).
 */
export function scanValue(text: string, from: number, lineEnd: number): ValueScan {
  const start = skipBlanks(text, from, lineEnd);
  const end = skipBlanksBack(text, lineEnd, start);
  const quote = text[start];
  if (start < end && (quote === '"' || quote === "'")) {
    const quoted = scanQuoted(text, start, end, quote);
    if (quoted) return quoted;
  }
  const comment = findComment(text, from, end);
  const valueEnd = comment < 0 ? end : skipBlanksBack(text, comment, from);
  const value = valueEnd > start ? { start, end: valueEnd } : { start: from, end: from };
  return { value, rawValue: value, quote: '', ...(comment < 0 ? {} : { comment: { start: comment, end } }) };
}

function scanQuoted(text: string, start: number, end: number, quote: '"' | "'"): ValueScan | undefined {
  const close = indexWithin(text, quote.charCodeAt(0), start + 1, end);
  if (close > 0) {
    const next = skipBlanks(text, close + 1, end);
    if (next === end || (next > close + 1 && text.charCodeAt(next) === HASH)) {
      const scan = { value: { start: start + 1, end: close }, rawValue: { start, end: close + 1 }, quote };
      return next === end ? scan : { ...scan, comment: { start: next, end } };
    }
  }
  if (end - start < 2 || text[end - 1] !== quote) return undefined;
  return { value: { start: start + 1, end: end - 1 }, rawValue: { start, end }, quote };
}

/** The `#` of a comment: with a blank before it. */
function findComment(text: string, start: number, end: number): number {
  for (let at = indexWithin(text, HASH, start + 1, end); at >= 0; at = indexWithin(text, HASH, at + 1, end)) {
    if (isBlank(text.charCodeAt(at - 1))) return at;
  }
  return -1;
}

/** As `indexOf`, but never past `end`: a search that ran on into later lines would cost the square of a file. */
function indexWithin(text: string, code: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === code) return at;
  return -1;
}

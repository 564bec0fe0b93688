import type { TextRange } from '../text/text-range';
import {
  type AssignmentScan,
  findLineEnd,
  scanAssignment,
  scanValue,
  skipBlanks,
  skipTerminator,
  type ValueScan,
} from './scan-line';

/** `entry`: an assignment; `text`: anything else that is neither blank nor a comment. */
export type EnvLineKind = 'blank' | 'comment' | 'entry' | 'text';

/** One line as it stands in the file. Lines tile the text: printing them one after another gives it back. */
export interface EnvLine {
  readonly kind: EnvLineKind;
  /** Zero-based, as an editor counts: LF, CRLF and a lone CR end a line. */
  readonly number: number;
  /** From the line's beginning (after a BOM) to its terminator, that excluded. */
  readonly start: number;
  readonly end: number;
  /** After the terminator; equals `end` in a last line without one. */
  readonly next: number;
  /** Where the line's first character stands that isn't blank; `end` in a blank line. */
  readonly indentEnd: number;
  /** Present exactly in lines of kind `entry`. */
  readonly entry?: EnvEntry;
}

/**
 * A `.env` file, lossless: every character of the text belongs to exactly one token.
 *
 * The document is what stands there, line by line. It takes no side among the programs that read such files and
 * disagree about quotes that span lines, `export`, comments and blanks.
 */
export interface EnvDocument {
  readonly text: string;
  /** Whether the text begins with a byte order mark, which belongs to no line. */
  readonly hasBom: boolean;
  readonly lines: readonly EnvLine[];
  readonly entries: readonly EnvEntry[];
}

/** An assignment. Made for every line of large files, so it holds numbers, and makes ranges when asked for them. */
export class EnvEntry {
  private scannedValue: ValueScan | undefined;

  constructor(
    private readonly text: string,
    private readonly scan: AssignmentScan,
    /** The line's number, start, end and terminator. */
    readonly line: EnvLine,
  ) {}

  /** As written; may hold anything but `=`, a blank inside or a copied line number included. */
  get key(): string {
    return this.text.slice(this.scan.keyStart, this.scan.keyEnd);
  }

  get keyRange(): TextRange {
    return { start: this.scan.keyStart, end: this.scan.keyEnd };
  }

  /** The word `export` and the blanks behind it. */
  get exportRange(): TextRange | undefined {
    return this.scan.keyStart > this.scan.start ? { start: this.scan.start, end: this.scan.keyStart } : undefined;
  }

  /** `:` stands in `KEY: value`, which is YAML's way and which few readers understand. */
  get separator(): '=' | ':' {
    return this.text[this.scan.separator] as '=' | ':';
  }

  /** The separator with the blanks round it. */
  get separatorRange(): TextRange {
    const end = skipBlanks(this.text, this.scan.separator + 1, this.line.end);
    return { start: this.scan.keyEnd, end };
  }

  /** Everything between the separator and the line's end: blanks, quotes and comment included. */
  get restRange(): TextRange {
    return { start: this.scan.separator + 1, end: this.line.end };
  }

  /** Without the blanks round it, one pair of matching quotes and a comment. */
  get value(): string {
    const { start, end } = this.valueRange;
    return this.text.slice(start, end);
  }

  get valueRange(): TextRange {
    return this.values.value;
  }

  /** The value with its quotes, blanks and comment off. */
  get rawValueRange(): TextRange {
    return this.values.rawValue;
  }

  get rawValue(): string {
    const { start, end } = this.rawValueRange;
    return this.text.slice(start, end);
  }

  /** The pair of quotes that was taken off the value; empty where there was none. */
  get quote(): '"' | "'" | '' {
    return this.values.quote;
  }

  /** A comment behind the value, from its `#` on. */
  get commentRange(): TextRange | undefined {
    return this.values.comment;
  }

  private get values(): ValueScan {
    this.scannedValue ??= scanValue(this.text, this.scan.separator + 1, this.line.end);
    return this.scannedValue;
  }
}

const BOM = 0xfeff;
const HASH = 35;

/** Reads any text, never throws. */
export function parseEnvDocument(text: string): EnvDocument {
  const hasBom = text.charCodeAt(0) === BOM;
  const lines: EnvLine[] = [];
  const entries: EnvEntry[] = [];
  for (let start = hasBom ? 1 : 0; start < text.length; ) {
    const end = findLineEnd(text, start);
    const line = parseLine(text, lines.length, start, end);
    lines.push(line);
    if (line.entry) entries.push(line.entry);
    start = line.next;
  }
  return { text, hasBom, lines, entries };
}

function parseLine(text: string, number: number, start: number, end: number): EnvLine {
  const indentEnd = skipBlanks(text, start, end);
  const line: { -readonly [K in keyof EnvLine]: EnvLine[K] } = {
    kind: 'text',
    number,
    start,
    end,
    next: skipTerminator(text, end),
    indentEnd,
  };
  if (indentEnd === end) line.kind = 'blank';
  else if (text.charCodeAt(indentEnd) === HASH) line.kind = 'comment';
  else {
    const scan = scanAssignment(text, indentEnd, end);
    if (scan) {
      line.kind = 'entry';
      line.entry = new EnvEntry(text, scan, line);
    }
  }
  return line;
}

export type EnvTokenKind =
  | 'bom'
  | 'blanks'
  | 'export'
  | 'key'
  | 'separator'
  | 'quote'
  | 'value'
  | 'comment'
  | 'text'
  | 'line-end';

export interface EnvToken extends TextRange {
  readonly kind: EnvTokenKind;
}

/** The tokens of a document in order, none of them empty: each begins where the one before it ends. */
export function* envTokens(document: EnvDocument): Generator<EnvToken> {
  if (document.hasBom) yield { kind: 'bom', start: 0, end: 1 };
  for (const line of document.lines) {
    let from = line.start;
    for (const [kind, end] of lineParts(line)) {
      if (end > from) yield { kind, start: from, end };
      from = Math.max(from, end);
    }
  }
}

/** The kinds of a line's tokens, and where each ends; one that ends where the last did is empty. */
function lineParts(line: EnvLine): readonly (readonly [EnvTokenKind, number])[] {
  const tail = [
    ['blanks', line.end],
    ['line-end', line.next],
  ] as const;
  const { entry } = line;
  if (!entry) return [['blanks', line.indentEnd], [line.kind === 'comment' ? 'comment' : 'text', line.end], ...tail];
  const { exportRange, keyRange, separatorRange, rawValueRange, valueRange, commentRange } = entry;
  return [
    ['blanks', line.indentEnd],
    ['export', exportRange?.end ?? line.indentEnd],
    ['key', keyRange.end],
    ['separator', separatorRange.end],
    ['quote', valueRange.start],
    ['value', valueRange.end],
    ['quote', rawValueRange.end],
    ['blanks', commentRange?.start ?? line.end],
    ['comment', commentRange?.end ?? line.end],
    ...tail,
  ];
}

/** The text that the tokens of a document make up, which is the text it was read from. */
export function printEnvDocument(document: EnvDocument): string {
  let text = '';
  for (const token of envTokens(document)) text += document.text.slice(token.start, token.end);
  return text;
}

/** The entry of exactly this key that counts, which is the last; a line in YAML's form doesn't count. */
export function lastEntry(document: EnvDocument, key: string): EnvEntry | undefined {
  return document.entries.findLast(entry => entry.separator === '=' && entry.key === key);
}

/** The line end that new lines take: CRLF where most lines of the text end so, else LF, which every reader takes. */
export function lineEndOf(document: EnvDocument): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (const line of document.lines) {
    if (line.next - line.end === 2) crlf++;
    else if (line.next > line.end && document.text[line.end] === '\n') lf++;
  }
  return crlf > lf ? '\r\n' : '\n';
}

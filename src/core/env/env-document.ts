import type { TextRange } from '../text/text-range';
import {
  LineEnds,
  Separators,
  scanValue,
  skipBlanks,
  skipBlanksBack,
  skipExportWord,
  type ValueScan,
} from './scan-line';

/** `entry`: an assignment; `text`: anything else that is neither blank nor a comment. */
export type EnvLineKind = 'blank' | 'comment' | 'entry' | 'text';

/**
 * One line as it stands in the file. Lines tile the text: printing them one after another gives it back.
 *
 * A large file has thousands and is read again at every keystroke, so a line holds numbers, and ranges are made when
 * asked for.
 */
export class EnvLine {
  private madeEntry: EnvEntry | undefined;

  constructor(
    readonly document: { readonly text: string },
    readonly kind: EnvLineKind,
    /** Zero-based, as an editor counts: LF, CRLF and a lone CR end a line. */
    readonly number: number,
    /** From the line's beginning (after a BOM) to its terminator, that excluded. */
    readonly start: number,
    readonly end: number,
    /** After the terminator; equals `end` in a last line without one. */
    readonly next: number,
    /** Where the line's first character stands that isn't blank; `end` in a blank line. */
    readonly indentEnd: number,
    /** The three only in lines of kind `entry`: behind an `export` word, behind the key, at the `=` or `:`. */
    readonly keyStart: number,
    readonly keyEnd: number,
    readonly separator: number,
  ) {}

  /** Present exactly in lines of kind `entry`. */
  get entry(): EnvEntry | undefined {
    if (this.kind !== 'entry') return undefined;
    this.madeEntry ??= new EnvEntry(this.document.text, this);
    return this.madeEntry;
  }
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
}

/** The assignment of a line. */
export class EnvEntry {
  private scannedValue: ValueScan | undefined;

  constructor(
    private readonly text: string,
    readonly line: EnvLine,
  ) {}

  /** As written; may hold anything but `=`, a blank inside or a copied line number included. */
  get key(): string {
    return this.text.slice(this.line.keyStart, this.line.keyEnd);
  }

  get keyRange(): TextRange {
    return { start: this.line.keyStart, end: this.line.keyEnd };
  }

  /** The word `export` and the blanks behind it. */
  get exportRange(): TextRange | undefined {
    return this.line.keyStart > this.line.indentEnd
      ? { start: this.line.indentEnd, end: this.line.keyStart }
      : undefined;
  }

  /** `:` stands in `KEY: value`, which is YAML's way and which few readers understand. */
  get separator(): '=' | ':' {
    return this.text[this.line.separator] as '=' | ':';
  }

  /** The separator with the blanks round it. */
  get separatorRange(): TextRange {
    const end = skipBlanks(this.text, this.line.separator + 1, this.line.end);
    return { start: this.line.keyEnd, end };
  }

  /** Everything between the separator and the line's end: blanks, quotes and comment included. */
  get restRange(): TextRange {
    return { start: this.line.separator + 1, end: this.line.end };
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
    this.scannedValue ??= scanValue(this.text, this.line.separator + 1, this.line.end);
    return this.scannedValue;
  }
}

const BOM = 0xfeff;
const HASH = 35;

let last: EnvDocument | undefined;

/** Reads any text, never throws. The last document is kept, since several ask for that of one text one after another. */
export function parseEnvDocument(text: string): EnvDocument {
  if (last?.text !== text) last = read(text);
  return last;
}

function read(text: string): EnvDocument {
  const hasBom = text.charCodeAt(0) === BOM;
  const lines: EnvLine[] = [];
  const document = { text, hasBom, lines };
  const ends = new LineEnds(text);
  const separators = new Separators(text);
  for (let start = hasBom ? 1 : 0; start < text.length; ) {
    const end = ends.endOfLine(start);
    const next = ends.afterTerminator(end);
    lines.push(parseLine(document, separators, start, end, next));
    start = next;
  }
  return document;
}

function parseLine(document: EnvDocument, separators: Separators, start: number, end: number, next: number): EnvLine {
  const { text, lines } = document;
  const indentEnd = skipBlanks(text, start, end);
  let kind: EnvLineKind = 'text';
  let keyStart = -1;
  let keyEnd = -1;
  let separator = -1;
  if (indentEnd === end) kind = 'blank';
  else if (text.charCodeAt(indentEnd) === HASH) kind = 'comment';
  else {
    keyStart = skipExportWord(text, indentEnd, end);
    separator = separators.find(keyStart, end);
    if (separator >= 0) {
      kind = 'entry';
      keyEnd = skipBlanksBack(text, separator, keyStart);
    }
  }
  return new EnvLine(document, kind, lines.length, start, end, next, indentEnd, keyStart, keyEnd, separator);
}

/** The assignments of a document in their order. */
export function envEntries(document: EnvDocument): EnvEntry[] {
  return document.lines.flatMap(line => line.entry ?? []);
}

type EnvTokenKind =
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
  return document.lines.findLast(line => line.entry?.separator === '=' && line.entry.key === key)?.entry;
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

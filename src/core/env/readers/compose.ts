import type { TextRange } from '../../text/text-range';
import { substitute } from './compose-template';
import { ExpansionLimit } from './expansion-limit';
import { goQuote, goString, isBlank, printable, trimSpaceRight } from './go-text';
import { fromFile, type MessagePart, type Reader, type RefusalKind } from './reader';
import { ReadingNotes } from './reading';
import { SetVariables } from './set-variables';

/**
 * `astro dev start` and `restart`: compose-go 2's `dotenv` package. A statement is `KEY=value`, `KEY: value` or a bare
 * `KEY` of the shell's; values in quotes may span lines; `$` is Compose's interpolation.
 * https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
 */
export const readAsCompose: Reader = (bytes, shell) => {
  const file = new ComposeFile(goString(bytes), shell);
  try {
    file.read();
  } catch (error) {
    file.notes.giveUp((error as Error).message);
  }
  return file.notes;
};

const EQUALS = 61;
const COLON = 58;
const LF = 10;

interface Key {
  readonly key: string;
  /** A bare name, whose value is the shell's. */
  readonly isBare: boolean;
}

interface Value {
  readonly value: string;
  readonly asksShell: boolean;
  readonly end: number;
}

class ComposeFile {
  readonly notes = new ReadingNotes();
  private at: number;
  /** As compose counts, which isn't always right. */
  private line = 1;
  private readonly variables = new SetVariables(this.notes.assignments);
  private readonly limit = new ExpansionLimit();
  private asksShell = false;

  constructor(
    private readonly text: string,
    private readonly shell: Readonly<Record<string, string>>,
  ) {
    this.at = text.startsWith('\ufeff') ? 1 : 0;
  }

  read(): void {
    while (this.skipToStatement()) {
      const start = this.at;
      const key = this.readKey(start);
      if (!key) continue;
      if (key.isBare) {
        const value = Object.hasOwn(this.shell, key.key) ? this.shell[key.key] : undefined;
        this.set(key.key, { value, asksShell: true, end: start + key.key.length }, start);
      } else {
        const value = this.readValue(start);
        if (value) this.set(key.key, value, start);
      }
    }
  }

  private set(
    key: string,
    { value, asksShell, end }: { value: string | undefined } & Omit<Value, 'value'>,
    start: number,
  ) {
    this.notes.set(key, value, start, end, asksShell);
  }

  private skipToStatement(): boolean {
    const { text } = this;
    for (;;) {
      for (; this.at < text.length && isBlank(text.charCodeAt(this.at)); this.at++) {
        if (text.charCodeAt(this.at) === LF) this.line++;
      }
      if (text[this.at] !== '#') return this.at < text.length;
      this.at = this.endOfLine(this.at);
    }
  }

  private readKey(statement: number): Key | undefined {
    const { text } = this;
    if (text.startsWith('export', this.at) && /[\t\n\f\r ]/.test(text.charAt(this.at + 6))) {
      this.at += 6;
      this.skipSpaces();
      if (this.at >= text.length) {
        return this.refuse('no-name', { start: statement, end: statement + 6 }, 'zero length string');
      }
    }
    const start = this.at;
    const end = this.keyEnd(start);
    if (end < 0) {
      this.skipSpaces();
      return { key: '', isBare: false };
    }
    if (text.charCodeAt(end) !== EQUALS && text.charCodeAt(end) !== COLON && text.charCodeAt(end) !== LF) {
      return this.refuseCharacter(statement, start, end);
    }
    const raw = text.slice(start, end);
    const isBare = text.charCodeAt(end) === LF;
    if (isBare && !raw.includes(' ')) this.line++;
    this.at = end + 1;
    this.skipSpaces();
    const key = trimSpaceRight(raw);
    if (!key.includes(' ')) return { key, isBare };
    const message = `line ${this.line}: key cannot contain a space`;
    return this.refuseKey('blank-in-name', statement, { start: statement, end: start + key.length }, message);
  }

  /** Where the key's `=`, `:` or line break is, or a character that no key may have; -1 when the file ends before it. */
  private keyEnd(start: number): number {
    const { text } = this;
    for (let at = start; at < text.length; ) {
      const code = text.codePointAt(at) ?? 0;
      if (code === EQUALS || code === COLON || code === LF) return at;
      if (!isKeyCharacter(code)) return at;
      at += code > 0xffff ? 2 : 1;
    }
    return -1;
  }

  private refuseCharacter(statement: number, start: number, at: number): undefined {
    const char = String.fromCodePoint(this.text.codePointAt(at) ?? 0);
    const rest = this.text.slice(start, this.endOfLine(start));
    return this.refuseKey(
      'character-in-name',
      statement,
      { start: at, end: at + char.length },
      `line ${this.line}: unexpected character `,
      fromFile(char, goQuote(printable(char))),
      ' in variable name ',
      fromFile(rest, goQuote(rest)),
    );
  }

  private readValue(statement: number): Value | undefined {
    const quote = this.text.charAt(this.at);
    if (quote === '"' || quote === "'") return this.readQuoted(quote, statement);
    const start = this.at;
    const end = this.endOfLine(start);
    const line = this.text.slice(start, end);
    this.at = end + 1;
    this.line++;
    const comment = line.indexOf(' #');
    const value = trimSpaceRight(comment < 0 ? line : line.slice(0, comment));
    const written = trimSpaceRight(this.text.slice(statement, end));
    return this.expand(value, { start, end: start + value.length }, statement + written.length);
  }

  private readQuoted(quote: string, statement: number): Value | undefined {
    const { text, at: start } = this;
    const chars: string[] = [];
    let copied = start + 1;
    let escaped = false;
    for (let at = start + 1; at < text.length; at++) {
      const char = text[at];
      if (char === '\n') this.line++;
      if (char === quote && !escaped) {
        chars.push(text.slice(copied, at));
        this.at = at + 1;
        const inner = chars.join('');
        const range = { start, end: this.at };
        return quote === '"'
          ? this.expand(expandEscapes(inner), range, this.at)
          : { value: inner, asksShell: false, end: this.at };
      }
      // The backslash goes before the quote alone.
      if (char === quote) {
        chars.push(text.slice(copied, at - 1));
        copied = at;
      }
      escaped = char === '\\' && !escaped;
    }
    const firstLine = { start, end: this.endOfLine(start) };
    const shown = fromFile(text.slice(firstLine.start, firstLine.end));
    return this.refuseKey('open-quote', statement, firstLine, `line ${this.line}: unterminated quoted value `, shown);
  }

  private expand(value: string, range: TextRange, end: number): Value | undefined {
    if (!value.includes('$')) return { value, asksShell: false, end };
    this.asksShell = false;
    const result = substitute(value, {
      look: name => {
        this.asksShell = true;
        return Object.hasOwn(this.shell, name) ? this.shell[name] : this.variables.get(name);
      },
      limit: this.limit,
    });
    if ('value' in result) return { value: result.value, asksShell: this.asksShell, end };
    return this.refuse(result.kind, range, ...result.problem);
  }

  private refuse(kind: RefusalKind, range: TextRange, ...message: readonly MessagePart[]): undefined {
    this.notes.refuse(kind, range, ...message);
    return undefined;
  }

  /**
   * Refuses a statement, and reads on in the line after it. Where a value in quotes ends on the statement's line that
   * began on an earlier one, the quotes are what is wrong: that value is refused, and its lines read as lines.
   */
  private refuseKey(kind: RefusalKind, start: number, range: TextRange, ...message: readonly MessagePart[]): undefined {
    const { assignments } = this.notes;
    const line = start === 0 ? 0 : this.text.lastIndexOf('\n', start - 1) + 1;
    let first = assignments.length;
    while (first > 0 && (assignments[first - 1]?.end ?? 0) > line) first--;
    const opener = assignments[first];
    if (opener === undefined || opener.start >= line) {
      this.at = this.endOfLine(start) + 1;
      return this.refuse(kind, range, ...message);
    }
    const end = this.endOfLine(opener.start);
    this.variables.takeBack(first);
    assignments.splice(first);
    this.at = end + 1;
    const quote = this.text.slice(opener.start, end).search(/["']/);
    return this.refuse('open-quote', { start: opener.start + Math.max(quote, 0), end }, ...message);
  }

  private endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  private skipSpaces(): void {
    while (this.at < this.text.length && isSpace(this.text.charCodeAt(this.at))) this.at++;
  }
}

/** What compose takes for a blank within a line. */
function isSpace(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13) || code === 0x85 || code === 0xa0;
}

const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;

/** Letters, numbers, `_`, `.`, `-`, brackets and blanks. */
function isKeyCharacter(code: number): boolean {
  if (code >= 0x80) return isSpace(code) || LETTER_OR_NUMBER.test(String.fromCodePoint(code));
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    '_.-[]'.includes(String.fromCharCode(code)) ||
    isSpace(code)
  );
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\\a': '\u0007',
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\v': '\v',
  '\\"': '"',
  '\\\\': '\\',
  '\\$': '$$',
};

/** The escapes of a double-quoted value; an octal one has a 0 before its three digits, and loses it where it has fewer. */
function expandEscapes(text: string): string {
  return text.replace(/\\(?:[abcfnrtv$"\\]|0\d{0,3})/g, whole => {
    if (!whole.startsWith('\\0')) return ESCAPED[whole] ?? whole;
    const digits = whole.slice(2);
    const code = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256;
    return code < 256 ? String.fromCharCode(code) : `\\${digits}`;
  });
}

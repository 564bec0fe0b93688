import { substitute } from './compose-template';
import { ExpansionLimit } from './expansion-limit';
import { goQuote, goString, isBlank, printable, trimSpaceRight } from './go-text';
import { fromFile, type MessagePart, type Reader } from './reader';
import { accepted, rejected } from './reading';

/** Thrown within this file, and caught there. */
class Refusal extends Error {
  constructor(readonly parts: readonly MessagePart[]) {
    super('refused');
  }
}

/**
 * `astro dev start` and `restart`: compose-go 2's `dotenv` package. A statement is `KEY=value`, `KEY: value` or a bare
 * `KEY` of the shell's; values in quotes may span lines; `$` is Compose's interpolation.
 * https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
 */
export const readAsCompose: Reader = (bytes, shell) => {
  const text = goString(bytes);
  const file = new ComposeFile(text.startsWith('\ufeff') ? text.slice(1) : text, shell);
  try {
    return accepted(file.parse());
  } catch (error) {
    return error instanceof Refusal ? rejected(...error.parts) : rejected((error as Error).message);
  }
};

class ComposeFile {
  private at = 0;
  /** As compose counts, which isn't always right. */
  private line = 1;
  private readonly variables = new Map<string, string>();
  private readonly limit = new ExpansionLimit();

  constructor(
    private readonly text: string,
    private readonly shell: Readonly<Record<string, string>>,
  ) {}

  parse(): ReadonlyMap<string, string> {
    while (this.skipToStatement()) {
      const { key, inherited } = this.readKey();
      if (key.includes(' ')) throw new Refusal([`line ${this.line}: key cannot contain a space`]);
      if (!inherited) this.variables.set(key, this.readValue());
      else if (Object.hasOwn(this.shell, key)) this.variables.set(key, this.shell[key] ?? '');
    }
    return this.variables;
  }

  private skipToStatement(): boolean {
    const { text } = this;
    for (;;) {
      for (; this.at < text.length && isBlank(text.charAt(this.at)); this.at++) {
        if (text[this.at] === '\n') this.line++;
      }
      if (text[this.at] !== '#') return this.at < text.length;
      this.at = this.endOfLine(this.at);
    }
  }

  private readKey(): { readonly key: string; readonly inherited: boolean } {
    const { text } = this;
    if (text.startsWith('export', this.at) && /[\t\n\f\r ]/.test(text.charAt(this.at + 6))) {
      this.at += 6;
      this.skipSpaces();
      if (this.at >= text.length) throw new Refusal(['zero length string']);
    }
    const start = this.at;
    const end = this.keyEnd(start);
    if (end < 0) {
      this.skipSpaces();
      return { key: '', inherited: false };
    }
    const raw = text.slice(start, end);
    const inherited = text[end] === '\n';
    if (inherited && !raw.includes(' ')) this.line++;
    this.at = end + 1;
    this.skipSpaces();
    return { key: trimSpaceRight(raw), inherited };
  }

  /** Where the key's `=`, `:` or line break is; -1 when the file ends before it. */
  private keyEnd(start: number): number {
    const keyChar = /[\p{L}\p{N}_.\-[\]]/u;
    for (let at = start; at < this.text.length; ) {
      const char = String.fromCodePoint(this.text.codePointAt(at) ?? 0);
      if (char === '=' || char === ':' || char === '\n') return at;
      if (!isSpace(char) && !keyChar.test(char)) {
        const rest = this.text.slice(start, this.endOfLine(start));
        const shown = goQuote(printable(char));
        throw new Refusal([
          `line ${this.line}: unexpected character `,
          fromFile(char, shown),
          ' in variable name ',
          fromFile(rest, goQuote(rest)),
        ]);
      }
      at += char.length;
    }
    return -1;
  }

  private readValue(): string {
    const quote = this.text.charAt(this.at);
    if (quote === '"' || quote === "'") return this.readQuoted(quote);
    const end = this.endOfLine(this.at);
    const line = this.text.slice(this.at, end);
    this.at = end + 1;
    this.line++;
    const comment = line.indexOf(' #');
    return this.expand(trimSpaceRight(comment < 0 ? line : line.slice(0, comment)));
  }

  private readQuoted(quote: string): string {
    const { text, at: start } = this;
    const chars: string[] = [];
    let escaped = false;
    for (let at = start + 1; at < text.length; at++) {
      const char = text.charAt(at);
      if (char === '\n') this.line++;
      if (char === quote && !escaped) {
        this.at = at + 1;
        return quote === '"' ? this.expand(expandEscapes(chars.join(''))) : chars.join('');
      }
      if (char === '\\' && !escaped) {
        escaped = true;
        continue;
      }
      chars.push(escaped && char !== quote ? `\\${char}` : char);
      escaped = false;
    }
    const firstLine = text.slice(start, this.endOfLine(start));
    throw new Refusal([`line ${this.line}: unterminated quoted value `, fromFile(firstLine)]);
  }

  private expand(value: string): string {
    const result = substitute(value, {
      look: name => (Object.hasOwn(this.shell, name) ? this.shell[name] : this.variables.get(name)),
      limit: this.limit,
    });
    if ('problem' in result) throw new Refusal(result.problem);
    return result.value;
  }

  private endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  private skipSpaces(): void {
    while (this.at < this.text.length && isSpace(this.text.charAt(this.at))) this.at++;
  }
}

/** What compose takes for a blank within a line. */
function isSpace(char: string): boolean {
  return '\t\v\f\r \u0085\u00a0'.includes(char);
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

import { LineEnds } from '../scan-line';
import { ExpansionLimit } from './expansion-limit';
import { countBlanks, type GoLine, type GoLines, goString, isTooLong, TOO_LONG, toBytes, trimSpace } from './go-text';
import { fromFile, type MessagePart, type Reader } from './reader';
import { ReadingNotes } from './reading';
import { SetVariables } from './set-variables';

const BACKSLASH = 0x5c;

/**
 * `astro env variable create|update --from-file FILE`: subosito/gotenv 1.6, strict, which refuses the file for one bad
 * line. A value in quotes may span lines; a lone CR ends one; the shell's variables beat the file's in `$NAME`.
 * https://pkg.go.dev/github.com/subosito/gotenv@v1.6.0
 */
export const readAsFromFile: Reader = (bytes, shell) => {
  const { text, offset } = decode(bytes);
  const { lines, tooLong } = scanAnyLines(text);
  const notes = new ReadingNotes();
  const variables = new SetVariables(notes.assignments);
  const limit = new ExpansionLimit();
  const closings = new ClosingLines(lines);
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at] as GoLine;
    let line = trimSpace(first.text);
    if (line === '' || line.startsWith('#')) continue;
    const start = offset + first.start + countBlanks(first.text);
    const firstLine = { start, end: start + line.length };
    let last = first;
    let lastAt = at;
    const quote = openQuote(line);
    if (quote !== '') {
      lastAt = closings.find(at + 1, quote);
      if (lastAt < 0) {
        notes.refuse('open-quote', { start: start + line.indexOf(quote), end: firstLine.end }, 'missing quotes');
        continue;
      }
      last = lines[lastAt] as GoLine;
      line = [line, ...lines.slice(at + 1, lastAt + 1).map(each => each.text)].join('\n');
    }
    const parsed = parseLine(line);
    if (!parsed) {
      notes.refuse('no-assignment', firstLine, ...formatProblem(line, variables));
      continue;
    }
    at = lastAt;
    try {
      const { value, asksShell } = evaluate(parsed.value, name => lookUp(name, shell, variables), limit);
      notes.set(parsed.key, value, start, offset + last.start + last.text.length, asksShell);
    } catch (error) {
      notes.giveUp((error as Error).message);
      return notes;
    }
  }
  if (tooLong) notes.refuse('line-too-long', { start: offset + tooLong.start, end: offset + tooLong.end }, TOO_LONG);
  return notes;
};

/** By its byte order mark UTF-16 or UTF-8; without one, the bytes as they are. `offset`: of what the mark takes. */
function decode(bytes: Uint8Array): { readonly text: string; readonly offset: number } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), offset: 1 };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), offset: 1 };
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) {
    return { text: new TextDecoder('utf-8').decode(bytes), offset: 1 };
  }
  return { text: goString(bytes), offset: 0 };
}

/** Lines that end in LF, CR or both, up to one that a `bufio.Scanner` finds too long. */
function scanAnyLines(text: string): GoLines {
  const lines: GoLine[] = [];
  const ends = new LineEnds(text);
  for (let start = 0; start < text.length; ) {
    const end = ends.endOfLine(start);
    if (isTooLong(text, start, end)) return { lines, tooLong: { start, end } };
    lines.push({ text: text.slice(start, end), start });
    start = ends.afterTerminator(end);
  }
  return { lines };
}

/** The quote that a value opens and doesn't close on its line, or ''. Where gotenv looks for it, odd as it is. */
function openQuote(line: string): string {
  const equals = line.indexOf('=');
  const delimiter = equals < 0 ? line.indexOf(':') : equals;
  if (delimiter <= 0 || delimiter >= line.length - 1) return '';
  const value = trimSpace(line.slice(delimiter + 1));
  const quote = value.charAt(0);
  if (quote !== '"' && quote !== "'") return '';
  const inner = trimSpace(value.slice(1));
  const closing = inner.lastIndexOf(quote);
  if (closing < 0) return quote;
  const isEscaped = value.includes('\\') && toBytes(value)[toBytes(inner.slice(0, closing)).length] === BACKSLASH;
  return isEscaped ? quote : '';
}

/** Finds the lines that hold closing quotes. What isn't found once isn't looked for again further down. */
class ClosingLines {
  private readonly missing = new Map<string, number>();

  constructor(private readonly lines: readonly GoLine[]) {}

  /** The first line from `from` on that closes the quote, -1 if none does. */
  find(from: number, quote: string): number {
    if (from >= (this.missing.get(quote) ?? Number.POSITIVE_INFINITY)) return -1;
    for (let at = from; at < this.lines.length; at++) {
      const line = this.lines[at]?.text ?? '';
      const closing = line.lastIndexOf(quote);
      if (closing >= 0 && line[closing - 1] !== '\\') return at;
    }
    this.missing.set(quote, from);
    return -1;
  }
}

const HEAD = /^(?:[\t\n\f\r ]*export[\t\n\f\r ]+)?([\w.]+)(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*|:[\t\n\f\r ])/;
const HEAD_WITHOUT_EXPORT = /^([\w.]+)(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*|:[\t\n\f\r ])/;
const LEADING_BLANKS = /^[\t\n\f\r ]+/;
const END_OF_PLAIN_VALUE = /[#\n]/;

/** `KEY=value` or `KEY: value`, after `export` or not; undefined where gotenv's pattern doesn't match. */
function parseLine(line: string): { readonly key: string; readonly value: string } | undefined {
  const found = HEAD.exec(line) ?? HEAD_WITHOUT_EXPORT.exec(line);
  if (!found) return undefined;
  const rest = line.slice(found[0].length);
  const value = matchValue(rest) ?? (found[2] ? undefined : matchValue(rest.replace(LEADING_BLANKS, '')));
  return value === undefined ? undefined : { key: found[1] ?? '', value: trimSpace(value) };
}

/** The text up to a comment, or from a quote to the last one after which nothing or a comment follows. */
function matchValue(rest: string): string | undefined {
  const lastBreak = rest.lastIndexOf('\n');
  const quote = rest.charAt(0);
  if (quote === '"' || quote === "'") {
    for (let at = rest.lastIndexOf(quote); at > 0; at = rest.lastIndexOf(quote, at - 1)) {
      if (isTail(rest, at + 1, lastBreak)) return rest.slice(0, at + 1);
    }
  }
  const stop = rest.search(END_OF_PLAIN_VALUE);
  const end = stop < 0 ? rest.length : stop;
  return isTail(rest, end, lastBreak) ? rest.slice(0, end) : undefined;
}

/** Blanks and then the end, or a comment that runs to it. */
function isTail(text: string, from: number, lastBreak: number): boolean {
  let at = from;
  while (at < text.length && '\t\n\f\r '.includes(text.charAt(at))) at++;
  return at === text.length || (text[at] === '#' && lastBreak < at);
}

interface Evaluated {
  readonly value: string;
  readonly asksShell: boolean;
}

function evaluate(value: string, look: (name: string) => string, limit: ExpansionLimit): Evaluated {
  const first = value.charAt(0);
  const quoted = value.length >= 2 && value.endsWith(first) ? first : '';
  if (quoted === "'") return { value: value.slice(1, -1), asksShell: false };
  const inner = quoted === '"' ? unescapeQuoted(value.slice(1, -1)) : value;
  if (!inner.includes('$')) return { value: inner, asksShell: false };
  let asksShell = false;
  const expanded = inner.replace(/(\\)?\$\{?([A-Z0-9_]+)?\}?/g, (whole: string, escaped?: string, name?: string) => {
    if (escaped) return whole.slice(1);
    if (name === undefined) return whole;
    asksShell = true;
    const replacement = look(name);
    limit.spend(replacement.length);
    return replacement;
  });
  return { value: expanded, asksShell };
}

/** In gotenv's order: `\n` and `\r` first, then the backslash before anything but `$` falls away. */
function unescapeQuoted(text: string): string {
  return text
    .replaceAll('\\n', '\n')
    .replaceAll('\\r', '\r')
    .replace(/\\([^$])/gu, '$1');
}

function lookUp(name: string, shell: Readonly<Record<string, string>>, variables: SetVariables): string {
  return Object.hasOwn(shell, name) ? (shell[name] ?? '') : (variables.get(name) ?? '');
}

function formatProblem(line: string, variables: SetVariables): MessagePart[] {
  const trimmed = trimSpace(line);
  const space = trimmed.indexOf(' ');
  const unset = trimmed.startsWith('export') && space >= 0 && variables.get(trimmed.slice(space + 1)) === undefined;
  return unset
    ? ['line `', fromFile(trimmed), '` has an unset variable']
    : ['line `', fromFile(line), "` doesn't match format"];
}

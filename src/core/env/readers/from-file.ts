import { ExpansionLimit } from './expansion-limit';
import { goString, LINE_LIMIT, TOO_LONG, trimSpace } from './go-text';
import { fromFile, type MessagePart, type Reader } from './reader';
import { accepted, rejected } from './reading';

const ENCODER = new TextEncoder();
const BACKSLASH = 0x5c;

/**
 * `astro env variable create|update --from-file FILE`: subosito/gotenv 1.6, strict, which refuses the file for one bad
 * line. A value in quotes may span lines; a lone CR ends one; the shell's variables beat the file's in `$NAME`.
 * https://pkg.go.dev/github.com/subosito/gotenv@v1.6.0
 */
export const readAsFromFile: Reader = (bytes, shell) => {
  const { lines, tooLong } = scanAnyLines(decode(bytes));
  const variables = new Map<string, string>();
  const limit = new ExpansionLimit();
  for (let at = 0; at < lines.length; at++) {
    let line = trimSpace(lines[at] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const quote = openQuote(line);
    if (quote !== '') {
      const last = closingLine(lines, at + 1, quote);
      if (last < 0) return rejected('missing quotes');
      line = [line, ...lines.slice(at + 1, last + 1)].join('\n');
      at = last;
    }
    const parsed = parseLine(line);
    if (!parsed) return rejected(...formatProblem(line, variables));
    try {
      variables.set(
        parsed.key,
        evaluate(parsed.value, name => lookUp(name, shell, variables), limit),
      );
    } catch (error) {
      return rejected((error as Error).message);
    }
  }
  return tooLong ? rejected(TOO_LONG) : accepted(variables);
};

/** By its byte order mark UTF-16 or UTF-8; without one, the bytes as they are. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (first === 0xef && second === 0xbb && bytes[2] === 0xbf) return new TextDecoder('utf-8').decode(bytes);
  return goString(bytes);
}

/** Lines that end in LF, CR or both, up to one that a `bufio.Scanner` finds too long. */
function scanAnyLines(text: string): { readonly lines: readonly string[]; readonly tooLong: boolean } {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  const long = lines.findIndex(line => line.length * 3 >= LINE_LIMIT && toBytes(line).length >= LINE_LIMIT);
  return long < 0 ? { lines, tooLong: false } : { lines: lines.slice(0, long), tooLong: true };
}

/** gotenv counts in bytes. A bad one is held as one unit, and counts one. */
function toBytes(text: string): Uint8Array {
  return ENCODER.encode(text.replace(/[\udc80-\udcff]/gu, '?'));
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
  return closing >= 0 && toBytes(value)[toBytes(inner.slice(0, closing)).length] !== BACKSLASH ? '' : quote;
}

/** The line that holds the closing quote, -1 if none does. */
function closingLine(lines: readonly string[], from: number, quote: string): number {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const closing = line.lastIndexOf(quote);
    if (closing >= 0 && line[closing - 1] !== '\\') return at;
  }
  return -1;
}

/** `KEY=value` or `KEY: value`, after `export` or not; undefined where gotenv's pattern doesn't match. */
function parseLine(line: string): { readonly key: string; readonly value: string } | undefined {
  const head = /^(?:[\t\n\f\r ]*export[\t\n\f\r ]+)?([\w.]+)(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*|:[\t\n\f\r ])/;
  const plainHead = /^([\w.]+)(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*|:[\t\n\f\r ])/;
  const found = head.exec(line) ?? plainHead.exec(line);
  if (!found) return undefined;
  const rest = line.slice(found[0].length);
  const value = matchValue(rest) ?? (found[2] ? undefined : matchValue(rest.replace(/^[\t\n\f\r ]+/, '')));
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
  const stop = rest.search(/[#\n]/);
  const end = stop < 0 ? rest.length : stop;
  return isTail(rest, end, lastBreak) ? rest.slice(0, end) : undefined;
}

/** Blanks and then the end, or a comment that runs to it. */
function isTail(text: string, from: number, lastBreak: number): boolean {
  let at = from;
  while (at < text.length && '\t\n\f\r '.includes(text.charAt(at))) at++;
  return at === text.length || (text[at] === '#' && lastBreak < at);
}

function evaluate(value: string, look: (name: string) => string, limit: ExpansionLimit): string {
  const first = value.charAt(0);
  const quoted = value.length >= 2 && value.endsWith(first) ? first : '';
  if (quoted === "'") return value.slice(1, -1);
  const inner = quoted === '"' ? unescapeQuoted(value.slice(1, -1)) : value;
  const expanded = inner.replace(/(\\)?\$\{?([A-Z0-9_]+)?\}?/g, (whole: string, escaped?: string, name?: string) => {
    if (escaped) return whole.slice(1);
    if (name === undefined) return whole;
    const replacement = look(name);
    limit.spend(replacement.length);
    return replacement;
  });
  return expanded;
}

/** In gotenv's order: `\n` and `\r` first, then the backslash before anything but `$` falls away. */
function unescapeQuoted(text: string): string {
  return text
    .replaceAll('\\n', '\n')
    .replaceAll('\\r', '\r')
    .replace(/\\([^$])/gu, '$1');
}

function lookUp(name: string, shell: Readonly<Record<string, string>>, variables: ReadonlyMap<string, string>): string {
  return Object.hasOwn(shell, name) ? (shell[name] ?? '') : (variables.get(name) ?? '');
}

function formatProblem(line: string, variables: ReadonlyMap<string, string>): MessagePart[] {
  const trimmed = trimSpace(line);
  const space = trimmed.indexOf(' ');
  const unset = trimmed.startsWith('export') && space >= 0 && !variables.has(trimmed.slice(space + 1));
  return unset
    ? ['line `', fromFile(trimmed), '` has an unset variable']
    : ['line `', fromFile(line), "` doesn't match format"];
}

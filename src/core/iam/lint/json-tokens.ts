import { findLookAlikes } from '../../text/look-alikes';
import type { TextRange } from '../../text/text-range';

/** `fence`: a line of Markdown's round pasted code. `blank`: characters that look like a blank or nothing. `junk`: the rest. */
export type TokenType =
  | '{'
  | '}'
  | '['
  | ']'
  | ':'
  | ','
  | 'string'
  | 'number'
  | 'word'
  | 'comment'
  | 'fence'
  | 'blank'
  | 'junk';

export interface Token extends TextRange {
  readonly type: TokenType;
  /** Zero-based. */
  readonly line: number;
  readonly isFirstOnLine: boolean;
  /** Of strings: whether it has an end on its line. */
  readonly isClosed: boolean;
}

const OPENING_QUOTES = '"\'\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02\u2018\u2019\u201a\u201b\u2032\uff07';
const DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02';
const SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b\u2032\uff07";

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$.-]*/y;
const REST_OF_LINE = /[^\r\n]*/y;
const JUNK = /[^\s{}[\]:,"'#/\w]+|./suy;

/** The tokens of a text that is meant to be JSON, whatever it is. Linear in the text's length. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 0;
  let isFirstOnLine = true;
  let at = 0;
  const add = (type: TokenType, end: number, isClosed = true) => {
    tokens.push({ type, start: at, end, line, isFirstOnLine, isClosed });
    isFirstOnLine = false;
    at = end;
  };
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  };
  while (at < text.length) {
    const character = text[at] as string;
    if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++;
      at++;
      line++;
      isFirstOnLine = true;
    } else if (character === ' ' || character === '\t') at++;
    else if ('{}[]:,'.includes(character)) add(character as TokenType, at + 1);
    else if (OPENING_QUOTES.includes(character)) {
      const end = findEndOfString(text, at);
      add('string', end ?? match(REST_OF_LINE), end !== undefined);
    } else if (character === '#' || text.startsWith('//', at)) add('comment', match(REST_OF_LINE));
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      const end = close < 0 ? text.length : close + 2;
      const lines = text.slice(at, end).split(/\r\n?|\n/).length - 1;
      add('comment', end, close >= 0);
      line += lines;
    } else if (text.startsWith('```', at)) add('fence', match(REST_OF_LINE));
    else if (match(NUMBER) > at) add('number', match(NUMBER));
    else if (match(WORD) > at) add('word', match(WORD));
    else if (blankAt(text, at)) {
      let end = at + 1;
      while (end < text.length && blankAt(text, end)) end++;
      add('blank', end);
    } else add('junk', Math.max(match(JUNK), at + 1));
  }
  return tokens;
}

function blankAt(text: string, at: number): boolean {
  const character = text[at] as string;
  return character > '\x7f' && findLookAlikes(character)[0]?.replacement.trim() === '';
}

/** A string ends on its line, with its own kind of quote or, where there is none, with a typographic one. */
function findEndOfString(text: string, start: number): number | undefined {
  const open = text[start] as string;
  const family = DOUBLE_QUOTES.includes(open) ? DOUBLE_QUOTES : SINGLE_QUOTES;
  const isPlain = open === '"' || open === "'";
  let typographic: number | undefined;
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '\n' || character === '\r') break;
    if (character === '\\' && !'\r\n'.includes(text[i + 1] ?? '\n')) i++;
    else if (family.includes(character)) {
      if (!isPlain || character === open) return i + 1;
      typographic ??= i + 1;
    }
  }
  return typographic;
}

/** Whether a string stands between plain double quotes. */
export function isPlainString(text: string, { start, end }: TextRange): boolean {
  return text[start] === '"' && text[end - 1] === '"' && end - start > 1;
}

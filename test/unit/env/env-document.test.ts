import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envEntries, envTokens, parseEnvDocument, printEnvDocument } from '../../../src/core/env/env-document';
import { LineIndex } from '../../../src/core/text/line-index';
import { envText } from './arbitraries';

/** The tokens of a one-line file as `kind:text`. */
function tokensOf(text: string): string[] {
  return [...envTokens(parseEnvDocument(text))].map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);
}

describe('parseEnvDocument', () => {
  it.each<[string, string, string[]]>([
    ['plain', 'K=v', ['key:K', 'separator:=', 'value:v']],
    [
      'blanks everywhere',
      ' \tK = v \n',
      ['blanks: \t', 'key:K', 'separator: = ', 'value:v', 'blanks: ', 'line-end:\n'],
    ],
    ['export', 'export  K=v', ['export:export  ', 'key:K', 'separator:=', 'value:v']],
    ['a key called export', 'export=v', ['key:export', 'separator:=', 'value:v']],
    ['a key called export with blanks', 'export =v', ['key:export', 'separator: =', 'value:v']],
    ['matching quotes', 'K="a b"', ['key:K', 'separator:=', 'quote:"', 'value:a b', 'quote:"']],
    [
      'quotes and comment',
      "K='v' # c",
      ['key:K', 'separator:=', "quote:'", 'value:v', "quote:'", 'blanks: ', 'comment:# c'],
    ],
    ['# inside quotes', 'K="a # b"', ['key:K', 'separator:=', 'quote:"', 'value:a # b', 'quote:"']],
    [
      'comment with quotes in it',
      'K="v" # say "hi"',
      ['key:K', 'separator:=', 'quote:"', 'value:v', 'quote:"', 'blanks: ', 'comment:# say "hi"'],
    ],
    ['comment with an apostrophe', "K=v # don't", ['key:K', 'separator:=', 'value:v', 'blanks: ', "comment:# don't"]],
    ['a quote that is never closed', 'K="v', ['key:K', 'separator:=', 'value:"v']],
    ['a quote that only closes', 'K=v"', ['key:K', 'separator:=', 'value:v"']],
    ['text behind the quotes', 'K="a"b', ['key:K', 'separator:=', 'value:"a"b']],
    ['escaped quotes', 'K="a\\"b"', ['key:K', 'separator:=', 'quote:"', 'value:a\\"b', 'quote:"']],
    ['# without a blank', 'K=a#b', ['key:K', 'separator:=', 'value:a#b']],
    ['# at once', 'K=# c', ['key:K', 'separator:=', 'value:# c']],
    ['only a comment', 'K= # c', ['key:K', 'separator:= ', 'comment:# c']],
    ['empty quotes', 'K=""', ['key:K', 'separator:=', 'quote:"', 'quote:"']],
    ['YAML', 'K: v', ['key:K', 'separator:: ', 'value:v']],
    ['YAML with = in the value', 'K: a=b', ['key:K', 'separator:: ', 'value:a=b']],
    ['a colon in the key', 'a:b=c', ['key:a:b', 'separator:=', 'value:c']],
    ['YAML without a value', 'K:', ['key:K', 'separator::']],
    ['two colons', 'a:b: c', ['key:a', 'separator::', 'value:b: c']],
    ['a number and a dot', '4.: v', ['key:4.', 'separator:: ', 'value:v']],
    ['a number and a colon', '0: K=v', ['key:0: K', 'separator:=', 'value:v']],
    ['another number', '9: K=v', ['key:9: K', 'separator:=', 'value:v']],
    ['a word like export', 'exporx K=v', ['key:exporx K', 'separator:=', 'value:v']],
    ['export glued to a key', 'exportK=v', ['key:exportK', 'separator:=', 'value:v']],
    ['export before a colon', 'export : v', ['key:export', 'separator: : ', 'value:v']],
    ['a # glued to quotes', 'K="a"#c', ['key:K', 'separator:=', 'value:"a"#c']],
    ['a word behind quotes', 'K="a" b', ['key:K', 'separator:=', 'value:"a" b']],
    ['quotes that close twice', 'K="a" b"', ['key:K', 'separator:=', 'quote:"', 'value:a" b', 'quote:"']],
    ['one quote', 'K="', ['key:K', 'separator:=', 'value:"']],
    ['a numbered line', '4: K=v', ['key:4: K', 'separator:=', 'value:v']],
    ['several words before =', 'set K=v', ['key:set K', 'separator:=', 'value:v']],
    ['comment', '  # K=v', ['blanks:  ', 'comment:# K=v']],
    ['text', 'hello  ', ['text:hello  ']],
    ['BOM', '\ufeffK=v', ['bom:\ufeff', 'key:K', 'separator:=', 'value:v']],
    ['no key', '=v', ['separator:=', 'value:v']],
    [
      'CRLF, LF, lone CR',
      'A=1\r\nB=2\nC=3\rD=',
      [
        'key:A',
        'separator:=',
        'value:1',
        'line-end:\r\n',
        'key:B',
        'separator:=',
        'value:2',
        'line-end:\n',
        'key:C',
        'separator:=',
        'value:3',
        'line-end:\r',
        'key:D',
        'separator:=',
      ],
    ],
  ])('splits a line with %s', (_name, text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it('prints back whatever it read, each character in exactly one token', () => {
    fc.assert(
      fc.property(envText(), text => {
        const document = parseEnvDocument(text);
        expect(printEnvDocument(document)).toBe(text);
        let from = 0;
        for (const token of envTokens(document)) {
          expect(token.start).toBe(from);
          expect(token.end).toBeGreaterThan(token.start);
          from = token.end;
        }
        expect(from).toBe(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it('counts lines as an editor does', () => {
    fc.assert(
      fc.property(envText(), text => {
        const index = new LineIndex(text);
        for (const line of parseEnvDocument(text).lines) {
          expect(index.positionAt(line.start).line).toBe(line.number);
          expect(index.positionAt(line.end).line).toBe(line.number);
        }
      }),
    );
  });

  it.each([
    ['one line of 1 MB', `K=${'x'.repeat(1_000_000)}`],
    ['a megabyte of quotes', `K=${'"'.repeat(1_000_000)}`],
    ['a megabyte of hashes', `K=${'#'.repeat(1_000_000)}`],
    ['100,000 lines with a quote left open and one # at the end', `${'K=\'"\n'.repeat(100_000)}#`],
    ['NULs', '\0'.repeat(100_000)],
    ['lone CRs', '\r'.repeat(100_000)],
  ])('reads %s before the test times out', (_name, text) => {
    const document = parseEnvDocument(text);
    for (const entry of envEntries(document)) entry.value;
    expect(printEnvDocument(document) === text).toBe(true);
  });
});

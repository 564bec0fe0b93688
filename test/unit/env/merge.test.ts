import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envEntries, lastEntry, parseEnvDocument } from '../../../src/core/env/env-document';
import { mergeVariables } from '../../../src/core/env/merge';
import { applyEdits } from '../../../src/core/text/text-range';
import { envText } from './arbitraries';

function merge(text: string, ...variables: [string, string][]): string {
  return applyEdits(
    text,
    mergeVariables(
      text,
      variables.map(([key, value]) => ({ key, value })),
    ),
  );
}

describe('mergeVariables', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'K=new\n'],
    ['a file without the key', 'A=1\n', 'A=1\nK=new\n'],
    ['a file without a last line end', 'A=1', 'A=1\nK=new\n'],
    ['a CRLF file', 'A=1\r\nB=2\r\n', 'A=1\r\nB=2\r\nK=new\r\n'],
    ['a CRLF file without a last line end', 'A=1\r\nB=2', 'A=1\r\nB=2\r\nK=new\r\n'],
    ['a file that ends in a lone CR', 'A=1\r', 'A=1\r\nK=new\n'],
    ['a file of a BOM alone', '\ufeff', '\ufeffK=new\n'],
    ['blank lines at the end', 'A=1\n\n\n', 'A=1\n\n\nK=new\n'],
    ['a last line of blanks', 'A=1\n  ', 'A=1\n  \nK=new\n'],
    ['the key in place', 'A=1\nK=old\nB=2\n', 'A=1\nK=new\nB=2\n'],
    ['the key in a last line without end', 'A=1\nK=old', 'A=1\nK=new'],
    ['the key behind a BOM', '\ufeffK=old\r\nA=1', '\ufeffK=new\r\nA=1'],
    ['an empty value', 'K=\n', 'K=new\n'],
    ['quotes', 'K="old"\nB=2', 'K=new\nB=2'],
    ['quotes round the same value', "K='new'\n", 'K=new\n'],
    ['export', 'export K=old\n', 'K=new\n'],
    ['blanks', '  K = old  \n', 'K=new\n'],
    ['a comment behind the value', 'A=1\r\nK=old # why\r\n', 'A=1\r\n# why\r\nK=new\r\n'],
    ['YAML', 'K: old\n', 'K=new\n'],
    ['a bare key', 'K\n', 'K=new\n'],
    ['a bare key between blanks', 'A=1\n K  \n', 'A=1\nK=new\n'],
    ['mostly LF', 'A=1\r\nB=2\nC=3\n', 'A=1\r\nB=2\nC=3\nK=new\n'],
    ['as many LF as CRLF', 'A=1\r\nB=2\n', 'A=1\r\nB=2\nK=new\n'],
    ['CRLF and lone CRs', 'A=1\rB=2\rC=3\r\n', 'A=1\rB=2\rC=3\r\nK=new\r\n'],
    ['CRLF and a lone CR at the end', 'A=1\r\nB=2\r', 'A=1\r\nB=2\r\nK=new\r\n'],
    ['a comment behind the last of two', 'K=a\nK=b # c', 'K=new\n# c\n'],
    ['a commented-out line', '# K=old\n#K=older\n', '# K=old\n#K=older\nK=new\n'],
    ['keys that only begin alike', 'KK=1\nK_2=3\nk=4\n', 'KK=1\nK_2=3\nk=4\nK=new\n'],
    ['duplicates', 'K=a\nB=2\nexport K=b # why\nC=3\nK=c', 'K=new\nB=2\n# why\nC=3\n'],
    ['the wanted line itself', 'K=new\n', 'K=new\n'],
  ])('sets a variable in %s', (_name, before, after) => {
    expect(merge(before, ['K', 'new'])).toBe(after);
    expect(merge(after, ['K', 'new'])).toBe(after);
  });

  it('adds several in their order, and updates those that are there', () => {
    expect(merge('B=1\n', ['C', '3'], ['B', '2'], ['A', '4'])).toBe('B=2\nC=3\nA=4\n');
    const variables = ['B', 'A'].map(key => ({ key, value: '2' }));
    expect(mergeVariables('A=1\nB=1\n', variables).map(({ range }) => range.start)).toEqual([0, 4]);
  });

  it('makes no edits where nothing changes', () => {
    expect(mergeVariables('A=1\r\nK=v', [{ key: 'K', value: 'v' }])).toEqual([]);
  });

  it('refuses a value that would become two lines', () => {
    for (const value of ['a\nB=2', 'a\r']) {
      expect(() => mergeVariables('', [{ key: 'K', value }])).toThrow(
        expect.objectContaining({
          code: 'bad-settings',
          message: 'The value of K has a line break.',
          nextStep: 'Give it on one line.',
        }),
      );
    }
  });

  it('sets the variable in any file, once, and leaves every other line alone', () => {
    fc.assert(
      fc.property(envText(), text => {
        const merged = merge(text, ['K', 'new'], ['N', '1']);
        const document = parseEnvDocument(merged);
        expect(lastEntry(document, 'K')?.value).toBe('new');
        expect(envEntries(document).filter(entry => entry.key === 'K')).toHaveLength(1);
        expect(merge(merged, ['K', 'new'], ['N', '1'])).toBe(merged);
        const rest = (source: string) => {
          const lines = parseEnvDocument(source).lines.filter(line => {
            const key =
              line.entry?.key ?? (line.kind === 'text' ? source.slice(line.indentEnd, line.end).trimEnd() : '');
            return key !== 'K' && key !== 'N';
          });
          return lines
            .map(line => source.slice(line.start, line.end))
            .filter(line => line.trim() !== '' && !line.startsWith('#'));
        };
        expect(rest(merged)).toEqual(rest(text));
      }),
    );
  });
});

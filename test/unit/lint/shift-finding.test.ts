import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding';
import { shiftFinding } from '../../../src/core/lint/shift-finding';
import { makeFinding } from '../../../src/core/make-finding';
import { applyEdits } from '../../../src/core/text/text-range';

const TEXT = 'first line\nKEY=value\nlast line\n';
const at = (text: string, word: string) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length });
const finding: Finding = makeFinding('duplicate-key', at(TEXT, 'value'), 'm', {
  related: [
    { range: at(TEXT, 'first'), message: 'here' },
    { file: '/other', range: { start: 0, end: 3 }, message: 'there' },
  ],
  fix: { title: 'f', edits: [{ range: at(TEXT, 'KEY'), newText: 'K' }] },
});

/** The finding after a word was replaced by another, and the new text. */
function replacing(word: string, newText: string): { text: string; shifted: Finding | undefined } {
  const edit = { range: at(TEXT, word), newText };
  return { text: applyEdits(TEXT, [edit]), shifted: shiftFinding(finding, edit) };
}

describe('a finding while someone types', () => {
  it('moves along with its fix and its places when something before it changes', () => {
    const { text, shifted } = replacing(' line\nKEY', ' longer line\n\nKEY');
    expect(shifted?.range).toEqual(at(text, 'value'));
    expect(shifted?.related?.[0]?.range).toEqual(at(text, 'first'));
    expect(shifted?.fix).toBeUndefined();
    expect(replacing('first', 'the first').shifted?.fix?.edits[0]?.range).toEqual(at('the ' + TEXT, 'KEY'));
  });

  it('stays when something behind it changes', () => {
    expect(replacing('last', 'x').shifted).toEqual(finding);
  });

  it('is dropped when it is typed into', () => {
    expect(replacing('al', '').shifted).toBeUndefined();
    expect(replacing('=value\nlast', '').shifted).toBeUndefined();
  });

  it('keeps places in other files, and drops those in its own that were typed into', () => {
    expect(replacing('irs', '').shifted?.related?.map(place => place.message)).toEqual(['there']);
  });

  it('never points to anything but the same characters', () => {
    const edits = fc.record({ at: fc.nat(TEXT.length), length: fc.nat(12), newText: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(edits, ({ at, length, newText }) => {
        const edit = { range: { start: at, end: Math.min(at + length, TEXT.length) }, newText };
        const shifted = shiftFinding(finding, edit);
        const text = applyEdits(TEXT, [edit]);
        if (shifted) expect(text.slice(shifted.range.start, shifted.range.end)).toBe('value');
        for (const each of shifted?.fix?.edits ?? []) expect(text.slice(each.range.start, each.range.end)).toBe('KEY');
      }),
    );
  });
});

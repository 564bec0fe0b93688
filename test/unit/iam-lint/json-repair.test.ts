import { describe, expect, it } from 'vitest';
import { repairJson } from '../../../src/core/iam/lint/json-repair';
import { applyEdits } from '../../../src/core/text/text-range';

/** The text with all repairs, and what each of them marks; or why the text can't be repaired, and the place. */
function repair(text: string): string[] {
  const { repairs, puzzle } = repairJson(text);
  const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  if (puzzle) return [`${puzzle.kind}: ${at(puzzle.range)}`];
  const edits = repairs.flatMap(each => each.edits);
  return [applyEdits(text, edits), ...repairs.map(({ kind, range }) => `${kind} ${at(range)}`)];
}

type Row = readonly [text: string, repaired: string, ...marks: string[]];

const PLAIN: readonly Row[] = [
  ['{"a": 1}', '{"a": 1}'],
  ['[1, 2]', '[1, 2]'],
  ['', 'puzzle: '],
  [' \n', 'puzzle:  \n'],
  ['a', 'puzzle: a'],
  ['"a"', 'puzzle: "a"'],
  ['1: 2', 'puzzle: 2'],
  ['{1: 2}', 'puzzle: 1'],
  ['"a" 1', 'puzzle: "a"'],
  ['a {"b": 1}', 'puzzle: a'],
  ['{"a" 1}', 'puzzle: 1'],
  ['{"a"', 'puzzle: "a"'],
  ['{"a":', 'puzzle: :'],
  ['{"a": ,}', 'puzzle: ,'],
  ['{"a": }', 'puzzle: }'],
  ['{"a": x}', 'puzzle: x'],
  ['{"a": truex}', 'puzzle: truex'],
  ['{"a": xtrue}', 'puzzle: xtrue'],
  ['{"a": true, "b": null, "c": false}', '{"a": true, "b": null, "c": false}'],
  ['{"a": :}', 'puzzle: :'],
  ['{"a": 1 {"b": 2}}', 'puzzle: {'],
  ['{"a": 1 2}', 'puzzle: 2'],
  ['{"a": 1 true}', 'puzzle: }'],
  ['{"a": 1 []}', 'puzzle: ['],
  ['{"a": 1} {"b": 2}', 'second-document: {'],
  ['{"a": 1} x', 'puzzle: x'],
  ['{"a": 1} "b"', 'puzzle: "b"'],
  ['{"a": 1 ; "b": 2}', 'puzzle: ;'],
  ['{"a": 1;}', 'puzzle: ;'],
  ['{;}', 'puzzle: ;'],
  ['@{"a": 1}', 'puzzle: @'],
  ['{"a": 1.5e3, "b": -2}', '{"a": 1.5e3, "b": -2}'],
  ['{"a": \\u0041}', 'puzzle: \\'],
  ['x = {\n"a": 1\n', 'puzzle: x'],
  ['{"a": 1, b c}', 'puzzle: c'],
  ['{a: b}', 'puzzle: b'],
  ['{"a": ["b", c: 1]}', 'puzzle: c'],
  ['{"a": (1)}', 'puzzle: ('],
];

const PUNCTUATION: readonly Row[] = [
  ['"a": 1', '{"a": 1}', 'missing-open "a"', 'missing-close 1'],
  ['a: 1', '{"a": 1}', 'missing-open a', 'unquoted-key a', 'missing-close 1'],
  ['{"a" "b"}', '{"a": "b"}', 'missing-colon "a"'],
  ['{"a" ["b"]}', '{"a": ["b"]}', 'missing-colon "a"'],
  ['{"a" {"b": 1}}', '{"a": {"b": 1}}', 'missing-colon "a"'],
  ['{,"a": 1}', '{"a": 1}', 'extra-comma ,'],
  ['{"a": 1,,"b": 2}', '{"a": 1,"b": 2}', 'extra-comma ,'],
  ['{"a": 1,}', '{"a": 1}', 'extra-comma ,'],
  ['[1,]', '[1]', 'extra-comma ,'],
  ['[,1]', '[1]', 'extra-comma ,'],
  ['[1,,2]', '[1,2]', 'extra-comma ,'],
  ['{"a": [1,}', '{"a": [1]}', 'extra-comma ,', 'missing-close ,'],
  ['{"a": [1 "b": 2}', '{"a": [1], "b": 2}', 'missing-close 1', 'missing-comma 1'],
  ['{"a": ["x", "b": 2}', '{"a": ["x"], "b": 2}', 'missing-close "x"'],
  ['{"a": ["x" "b": 2}', '{"a": ["x"], "b": 2}', 'missing-close "x"', 'missing-comma "x"'],
  ['["x" "y"]', '["x", "y"]', 'missing-comma "x"'],
  [
    '["x" 1 true {} []]',
    '["x", 1, true, {}, []]',
    'missing-comma "x"',
    'missing-comma 1',
    'missing-comma true',
    'missing-comma }',
  ],
  ['{"a": 1 "b": 2}', '{"a": 1, "b": 2}', 'missing-comma 1'],
  ['{"a": 1 b: 2}', '{"a": 1, "b": 2}', 'missing-comma 1', 'unquoted-key b'],
  ['{"a": {"b": 1]}', '{"a": {"b": 1}}', 'extra-close ]', 'missing-close }'],
  ['{"a": 1]}', '{"a": 1}', 'extra-close ]'],
  ['[{"a": 1]', '[{"a": 1}]', 'missing-close 1'],
  ['[{"a": 1, {"b": 2}]', '[{"a": 1}, {"b": 2}]', 'missing-close 1'],
  ['[{"a": 1 {"b": 2}]', '[{"a": 1}, {"b": 2}]', 'missing-close 1', 'missing-comma 1'],
  ['[{"a": 1}, {"b": 2}', '[{"a": 1}, {"b": 2}]', 'missing-close }'],
  ['{"a": [1}', '{"a": [1]}', 'missing-close 1'],
  ['{"a": [[1}', '{"a": [[1]]}', 'missing-close 1', 'missing-close 1'],
  ['[1}]', '[1]', 'extra-close }'],
  ['{"a": 1}}', '{"a": 1}', 'extra-close }'],
  ['{"a": 1}]', '{"a": 1}', 'extra-close ]'],
  ['{"a": 1},', '{"a": 1}', 'extra-comma ,'],
  ['{"a": 1}\n}\n', '{"a": 1}\n', 'extra-close }'],
  ['{"a": 1}\n  }  \n', '{"a": 1}\n', 'extra-close }'],
  ['[1]\n]\r\n', '[1]\n', 'extra-close ]'],
  ['[1]\r]\r', '[1]\r', 'extra-close ]'],
  ['{\n  "a": 1\n  ]\n}', '{\n  "a": 1\n}', 'extra-close ]'],
  ['{\n  "a": {\n    "b": 1\n', '{\n  "a": {\n    "b": 1\n  }\n}\n', 'missing-close 1', 'missing-close 1'],
  ['{\r\n\t"a": [\r\n\t\t1', '{\r\n\t"a": [\r\n\t\t1\r\n\t]\r\n}', 'missing-close 1', 'missing-close 1'],
  ['{\r  "a": [1\r  ', '{\r  "a": [1]\r}\r  ', 'missing-close 1', 'missing-close 1'],
  ['{"a": [1', '{"a": [1]}', 'missing-close 1', 'missing-close 1'],
  ['{"a": {"b": [', '{"a": {"b": []}}', 'missing-close [', 'missing-close [', 'missing-close ['],
  [' {\n "a": 1', ' {\n "a": 1\n }', 'missing-close 1'],
  ['  "a": 1,\r\n  "b": 2\r\n}', '  {\r\n"a": 1,\r\n  "b": 2\r\n}', 'missing-open "a"'],
  ['  "a": 1,\r  "b": 2\r}', '  {\r"a": 1,\r  "b": 2\r}', 'missing-open "a"'],
  ['{"a": "b" "c": "d"}', '{"a": "b", "c": "d"}', 'missing-comma "b"'],
  ['{a-b: 1, $c: 2}', '{"a-b": 1, "$c": 2}', 'unquoted-key a-b', 'unquoted-key $c'],
  ['[1 }', '[1]', 'extra-close }', 'missing-close }'],
  ['{"a": 1, }', '{"a": 1 }', 'extra-comma ,'],
  ['{"a": [1, 2 3]}', '{"a": [1, 2, 3]}', 'missing-comma 2'],
  ['{"a": 1\n"b": 2\n}', '{"a": 1,\n"b": 2\n}', 'missing-comma 1'],
];

const COMMENTS: readonly Row[] = [
  ['{"a": 1, // one\n"b": 2}', '{"a": 1,\n"b": 2}', 'comment // one'],
  ['{// one\n\t"a": 1}', '{\n\t"a": 1}', 'comment // one'],
  ['{"a": 1} // one', '{"a": 1}', 'comment // one'],
  ['{"a": 1} # one', '{"a": 1}', 'comment # one'],
  ['/* a\r\nb */\r\n{"a": 1}', '{"a": 1}', 'comment /* a\r\nb */'],
  ['{ /* a */ "b": 1}', '{  "b": 1}', 'comment /* a */'],
  ['{\t/* a */\t\n"b": 1}', '{\n"b": 1}', 'comment /* a */'],
  ['\r// x\r{"a": 1}', '\r{"a": 1}', 'comment // x'],
  ['{"a": 1 /* x', 'puzzle: /* x'],
  ['{"a": 1}\r\n\t// x  \r\n', '{"a": 1}\r\n', 'comment // x  '],
  ['{\n  /* x */\r  "a": 1}', '{\n  "a": 1}', 'comment /* x */'],
  ['//x', 'puzzle: //x'],
  ['```json\n{"a": 1}\n```', '{"a": 1}\n', 'fence ```json', 'fence ```'],
  ['```\n{"a": 1}\n```\n', '{"a": 1}\n', 'fence ```', 'fence ```'],
];

const QUOTES: readonly Row[] = [
  ["'a': 1", '{"a": 1}', "missing-open 'a'", "quotes 'a'", 'missing-close 1'],
  ["{'a': 'b'}", '{"a": "b"}', "quotes 'a'", "quotes 'b'"],
  ["{'it\\'s': \"q\"}", '{"it\'s": "q"}', "quotes 'it\\'s'"],
  ['{\'say "hi"\': 1}', '{"say \\"hi\\"": 1}', 'quotes \'say "hi"\''],
  ["{'a\\\\': 1}", '{"a\\\\": 1}', "quotes 'a\\\\'"],
  ['{\u201ca\u201d: 1}', '{"a": 1}', 'quotes \u201ca\u201d'],
  ['{"a\u201d: 1}', '{"a": 1}', 'quotes "a\u201d'],
  ['{\u201ca": 1}', '{"a": 1}', 'quotes \u201ca"'],
  ['{\u2018a\u2019: 1}', '{"a": 1}', 'quotes \u2018a\u2019'],
  ["{'a\u2019b': 1}", '{"a\u2019b": 1}', "quotes 'a\u2019b'"],
  ['{"a\u201cb": 1}', '{"a\u201cb": 1}'],
  ['{"a', 'open-string: "a'],
  ['{"a\n": 1}', 'open-string: "a'],
  ['{"a\\', 'open-string: "a\\'],
  ['{"a\\\n"}', 'open-string: "a\\'],
  ['{"', 'open-string: "'],
  ["{'a\r'}", "open-string: 'a"],
  ['{"a\\"b": 1}', '{"a\\"b": 1}'],
  ["{'a\\\"b': 1}", '{"a\\"b": 1}', "quotes 'a\\\"b'"],
];

const NUMBERS: readonly Row[] = [
  ['1 {\n2   "a": 1\n3 }', '{\n  "a": 1\n}', 'line-numbers 1 '],
  ['1. {\n2.   "a": 1\n3. }', '{\n  "a": 1\n}', 'line-numbers 1. '],
  ['1| {\n2| "a": 1\n3| }', '{\n"a": 1\n}', 'line-numbers 1| '],
  ['1:{\n2:"a": 1\n3:}', '{\n"a": 1\n}', 'line-numbers 1:'],
  ['1\n{\n2\n"a": 1\n3\n}', '{\n"a": 1\n}', 'line-numbers 1\n'],
  ['1\r\n{\r\n2\r\n"a": 1\r\n3\r\n}', '{\r\n"a": 1\r\n}', 'line-numbers 1\r\n'],
  ['1\t{\n2\t"a": 1\n3\t}', '{\n"a": 1\n}', 'line-numbers 1\t'],
  ['{\n"a": [\n1,\n2\n]}', '{\n"a": [\n1,\n2\n]}'],
  ['{\n"a": [\n1\n]}', '{\n"a": [\n1\n]}'],
  ['{\n"a": [\n7 "x",\n"y"\n]}', '{\n"a": [\n"x",\n"y"\n]}', 'line-numbers 7 '],
  ['{\n"a":\n5\n}', '{\n"a":\n5\n}'],
  ['{"a": [\n"x",\n5]}', '{"a": [\n"x",\n5]}'],
  ['{\n3 "a": 1\n}', '{\n"a": 1\n}', 'line-numbers 3 '],
  ['{\n"a": [1,\n2, 3]}', '{\n"a": [1,\n2, 3]}'],
  ['1 {\n2 "a": 1 // x\n3 } // y', '{\n"a": 1\n}', 'line-numbers 1 ', 'comment // x', 'comment // y'],
  ['{\n"a": [\n"x"\n8\n]}', '{\n"a": [\n"x"\n]}', 'line-numbers 8\n'],
  ['5 {"a": 1}', '{"a": 1}', 'line-numbers 5 '],
  ['{"a": 1}\n6', '{"a": 1}\n', 'line-numbers 6'],
  ['{"a": [\n4 5]}', '{"a": [\n5]}', 'line-numbers 4 '],
];

const BLANKS: readonly Row[] = [
  ['{\u00a0"a":\u00a01}', '{ "a": 1}', 'blank \u00a0'],
  ['{\u200b"a": 1}', '{"a": 1}', 'blank \u200b'],
  ['{\u00a0\u00a0"a": 1}', '{  "a": 1}', 'blank \u00a0\u00a0'],
  ['{"a": \u2028 1}', '{"a":  1}', 'blank \u2028'],
  ['{"a": 1}\u00a0', '{"a": 1} ', 'blank \u00a0'],
];

describe('repairJson', () => {
  describe.each([
    ['what is JSON, and what nobody can guess', PLAIN],
    ['brackets, commas and colons', PUNCTUATION],
    ['comments and fences', COMMENTS],
    ['quotes', QUOTES],
    ['line numbers', NUMBERS],
    ['blanks', BLANKS],
  ])('%s', (_name, rows) => {
    it.each(rows.map(([text, ...expected]) => [text, expected] as const))('%j', (text, expected) => {
      expect(repair(text)).toEqual(expected);
    });
  });

  it('gives up where brackets lie deeper in one another than in any policy', () => {
    expect(repair('['.repeat(100))[0]).toBe('['.repeat(100) + ']'.repeat(100));
    expect(repair('['.repeat(101))).toEqual(['puzzle: [']);
  });
});

import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { addItems, addStrings, printAs, removeItem } from '../../../src/core/iam/lint/json-edits';
import { applyEdits, type TextEdit } from '../../../src/core/text/text-range';

/** The text after an edit at the value of a path, or at the whole member where that is asked for. */
function edit(text: string, path: readonly (string | number)[], make: (node: Node) => TextEdit[]): string {
  const node = findNodeAtLocation(parseTree(text) as Node, [...path]) as Node;
  return applyEdits(text, make(node));
}

describe('removeItem', () => {
  it.each([
    ['["a", "b", "c"]', [0], '["b", "c"]'],
    ['["a", "b", "c"]', [1], '["a", "c"]'],
    ['["a", "b", "c"]', [2], '["a", "b"]'],
    ['[ "a" ]', [0], '[ ]'],
    ['[\n  "a",\n  "b"\n]', [0], '[\n  "b"\n]'],
    ['[\n  "a",\n  "b"\n]', [1], '[\n  "a"\n]'],
    ['{"x": {"[": ["a"]}}', ['x', '[', 0], '{"x": {"[": []}}'],
  ])('%j without %j', (text, path, expected) => {
    expect(edit(text, path, node => removeItem(text, node))).toBe(expected);
  });

  it.each([
    ['{"a": 1, "b": 2}', ['a'], '{"b": 2}'],
    ['{"a": 1, "b": 2}', ['b'], '{"a": 1}'],
    ['[{ "a": 1 }]', [0, 'a'], '[{ }]'],
  ])('%j without the member %j', (text, path, expected) => {
    expect(edit(text, path, node => removeItem(text, node.parent as Node))).toBe(expected);
  });
});

describe('addStrings', () => {
  it.each([
    ['"a"', '["a", "x", "y\\""]'],
    ['["a"]', '["a", "x", "y\\""]'],
    ['["a","b"]', '["a","b", "x", "y\\""]'],
    ['[]', '["x", "y\\""]'],
    ['[  ]', '["x", "y\\""]'],
    ['[\n  "a"\n]', '[\n  "a",\n  "x",\n  "y\\""\n]'],
    ['[\r\n\t"a"\r\n]', '[\r\n\t"a",\r\n\t"x",\r\n\t"y\\""\r\n]'],
    ['[\r"a"\r]', '[\r"a",\r"x",\r"y\\""\r]'],
    ['["a",\n\n\n    "b"]', '["a",\n\n\n    "b",\n    "x",\n    "y\\""]'],
    ['["a",   "b"]', '["a",   "b", "x", "y\\""]'],
  ])('to %j', (text, expected) => {
    expect(edit(text, [], node => addStrings(text, node, ['x', 'y"']))).toBe(expected);
  });
});

describe('addItems', () => {
  it('puts members behind the last of an object', () => {
    const text = '{\n    "a": 1\n}';
    expect(edit(text, [], node => addItems(text, node, ['"b": 2']))).toBe('{\n    "a": 1,\n    "b": 2\n}');
  });
});

describe('printAs', () => {
  it.each([
    ['{"a": ["x"]}', '{"b":[1]}'],
    ['{\n "a": ["x"]}', '{\n  "b": [\n   1\n  ]\n }'],
    ['{\n    "a": ["x"]}', '{\n        "b": [\n            1\n        ]\n    }'],
    ['{\r\n\t"a": ["x"]\r\n}', '{\r\n\t\t"b": [\r\n\t\t\t1\r\n\t\t]\r\n\t}'],
    ['{\r  "a": ["x"]\r}', '{\r    "b": [\r      1\r    ]\r  }'],
    ['{\n"a": ["x"]\n}', '{\n  "b": [\n    1\n  ]\n}'],
  ])('at the value in %j', (text, expected) => {
    const node = findNodeAtLocation(parseTree(text) as Node, ['a']) as Node;
    expect(printAs(text, { b: [1] }, node)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { goQuote, goString, isBlank, printable, toBytes, trimSpace } from '../../../src/core/env/readers/go-text';

const bad = (...bytes: number[]) => String.fromCharCode(...bytes.map(byte => 0xdc00 + byte));

describe('bytes that may not be UTF-8', () => {
  it.each([
    0x00, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000,
    0xfffff, 0x100000, 0x10ffff,
  ])('keep the character %i beside a byte that is none', code => {
    const text = `a${String.fromCodePoint(code)}b`;
    const bytes = new Uint8Array([...Buffer.from(text), 0xff, ...Buffer.from(text)]);
    expect(goString(bytes)).toBe(`${text}${bad(0xff)}${text}`);
    expect([...toBytes(goString(bytes))]).toEqual([...bytes]);
    expect(printable(goString(bytes))).toBe(`${text}\ufffd${text}`);
  });

  it.each<[string, number[]]>([
    ['the rest of a character', [0x80, 0xbf]],
    ['overlong in two bytes', [0xc0, 0x80, 0xc1, 0xbf]],
    ['overlong in three', [0xe0, 0x80, 0x80, 0xe0, 0x9f, 0xbf]],
    ['overlong in four', [0xf0, 0x80, 0x80, 0x80, 0xf0, 0x8f, 0xbf, 0xbf]],
    ['surrogates', [0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80, 0xf5, 0x80, 0x80, 0x80, 0xff]],
    ['cut after one of two bytes', [0xc3]],
    ['cut after two of three', [0xe2, 0x82]],
    ['cut after three of four', [0xf0, 0x9f, 0x98]],
    ['two heads', [0xc3, 0xc3]],
    ['a head before a third byte that is none', [0xe2, 0x82, 0xc0]],
  ])('are each held: %s', (_name, bytes) => {
    const whole = new Uint8Array([0x41, ...bytes, 0x42]);
    expect(goString(whole)).toBe(`A${bad(...bytes)}B`);
    expect([...toBytes(goString(whole))]).toEqual([...whole]);
    expect(goString(new Uint8Array(bytes))).toBe(bad(...bytes));
  });
});

it('quotes as %q does', () => {
  expect(goQuote('a "b" \\ \u0007\b\f\n\r\t\v')).toBe('"a \\"b\\" \\\\ \\a\\b\\f\\n\\r\\t\\v"');
  expect(goQuote('\0\x1f~\x7f\u0080é')).toBe('"\\x00\\x1f~\\x7f\\u0080é"');
  expect(goQuote('\u00a0\u200b\ue000\uffff')).toBe('"\\u00a0\\u200b\\ue000\\uffff"');
  expect(goQuote('😀\u{10000}\u{1ffff}\u{10ffff}')).toBe('"😀𐀀\\U0001ffff\\U0010ffff"');
  expect(goQuote(bad(0x80, 0xff))).toBe('"\\x80\\xff"');
});

it('takes for blanks what Go takes for them, and nothing else', () => {
  const blanks = Array.from({ length: 0x10000 }, (_, code) => code).filter(isBlank);
  expect(blanks.map(code => code.toString(16)).join(' ')).toBe(
    '9 a b c d 20 85 a0 1680 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 200a 2028 2029 202f 205f 3000',
  );
  expect(trimSpace('\u0085 a \u3000')).toBe('a');
  expect(trimSpace('\ufeffa\u200b')).toBe('\ufeffa\u200b');
});

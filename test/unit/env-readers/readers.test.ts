import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READERS, type ReaderName } from '../../../src/core/env/readers/readers';

interface Seen {
  readonly rejected?: boolean;
  readonly value?: string | null;
  readonly others?: Readonly<Record<string, string>>;
  readonly exit?: number;
  readonly says?: string;
}

interface Case {
  readonly id: string;
  readonly key: string;
  readonly encoding: 'utf-8' | 'bytes-as-latin1';
  readonly input: string;
  readonly readers: Readonly<Record<ReaderName, Seen>>;
}

const cases: readonly Case[] = JSON.parse(readFileSync(path.join(__dirname, 'fixtures', 'cases.json'), 'utf8'));
const shell = { HOME: '/home/u', SHELLVAR: 'from_shell', BARE: 'from_shell' };
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe.each(READERS)('$name', ({ name, read }) => {
  it.each(cases)('reads $id as the real program does', each => {
    const seen = each.readers[name];
    const bytes = each.encoding === 'utf-8' ? Buffer.from(each.input) : Buffer.from(each.input, 'latin1');
    const reading = read(new Uint8Array(bytes), shell);
    expect(reading.rejected).toBe(seen.rejected === true);
    if (seen.rejected) {
      expect(reading.variables).toEqual({});
      expect(seen.says).toContain(reading.message);
      return;
    }
    const { [each.key]: value = null, ...others } = reading.variables;
    expect(value).toBe(seen.value);
    if (seen.others) expect(others).toEqual(seen.others);
    else expect([{}, { Z: 'after' }]).toContainEqual(others);
    expect(reading.exit).toBe(seen.exit ?? 0);
  });

  it('never throws, whatever the bytes', () => {
    const pieces = fc.constantFrom('K', '=', '"', "'", '\\', '$', '${', '}', ':-', '\n', '\r', ' ', '#', '\ufeff', 'é');
    const lines = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })))
      .map(all => bytesOf(all.join('')));
    fc.assert(
      fc.property(fc.oneof(lines, fc.uint8Array()), bytes => {
        const reading = read(bytes, shell);
        expect(reading.rejected && Object.keys(reading.variables).length > 0).toBe(false);
        expect(reading.exit === 0 || reading.message !== null).toBe(true);
      }),
    );
  });

  it.each([
    ['quotes', `K=${'"#'.repeat(100_000)}`],
    ['defaults side by side', `K=${'\x24{A:-x}'.repeat(60_000)}`],
    ['defaults in defaults', `K=${'\x24{A:-'.repeat(60_000)}${'}'.repeat(60_000)}`],
    ['blanks', `K${' '.repeat(300_000)}x`],
    ['open quotes on every line', 'K="\n'.repeat(60_001)],
    ['values that double', `A=${'x'.repeat(1000)}\n${'A=$A$A$A$A\n'.repeat(60)}`],
    ['comments', '#\n'.repeat(200_000)],
  ])('reads a long file of %s before the test times out', (_, text) => {
    read(bytesOf(text), {});
  });
});

describe('a long line', () => {
  const longest = `#${'x'.repeat(65_534)}`;
  it.each([
    [longest, { load: true, 'from-file': true, compose: true, standalone: true, docker: true, podman: true }],
    [`${longest}x`, { load: false, 'from-file': false, compose: true, standalone: true, docker: false, podman: false }],
  ])('%#: is read up to 65,535 bytes', (line, seesZ) => {
    const bytes = bytesOf(`K=v\n${line}\nZ=after\n`);
    const seen = READERS.map(({ name, read }) => [name, read(bytes, shell).variables.Z === 'after']);
    expect(Object.fromEntries(seen)).toEqual(seesZ);
    const load = READERS[0]?.read(bytes, shell);
    expect(load).toMatchObject({ rejected: false, exit: 0, variables: { K: 'v' } });
  });
});

describe('a variable of the shell', () => {
  it.each([
    ['BARE\n', { compose: 'from_shell', docker: 'from_shell', podman: 'from_shell' }],
    ['BAR*\n', { podman: 'from_shell' }],
    ['BARE=file\nK=$BARE\n', Object.fromEntries(READERS.map(({ name }) => [name, 'file']))],
  ])('%j', (text, expected) => {
    const seen = READERS.flatMap(({ name, read }) => {
      const value = read(bytesOf(text), shell).variables.BARE;
      return value === undefined ? [] : [[name, value]];
    });
    expect(Object.fromEntries(seen)).toEqual(expected);
  });
});

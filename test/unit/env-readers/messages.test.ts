import { describe, expect, it } from 'vitest';
import { READERS, type ReaderName } from '../../../src/core/env/readers/readers';

const SHELL = { BARE: 'from_shell', BARN: 'x', OTHER: 'y' };

function read(name: ReaderName, content: string | readonly number[]) {
  const reader = READERS.find(each => each.name === name);
  if (!reader) throw new Error(`no reader ${name}`);
  return reader.read(typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content), SHELL);
}

describe('what the commands say of a file', () => {
  it.each<[ReaderName, string | readonly number[], string]>([
    ['load', 'x y\n', 'x y is an improperly formatted variable, no variable created'],
    ['load', '=1\n', 'empty key! skipping creating variable with key: '],
    ['load', 'K=\n', 'empty value! skipping creating variable with key: K'],
    ['load', 'K=1\nK=1\n', 'key K already exists within the file specified, skipping creation'],
    [
      'load',
      `K=\nL=\n${'x'.repeat(65_536)}`,
      'bufio.Scanner: token too long\nempty value! skipping creating variable with key: K\nempty value! skipping creating variable with key: L',
    ],
    ['from-file', 'K="x\n', 'missing quotes'],
    ['from-file', ' a-b=1\n', "line `a-b=1` doesn't match format"],
    ['from-file', 'export  A\n', 'line `export  A` has an unset variable'],
    ['from-file', 'export A\n', 'line `export A` has an unset variable'],
    ['from-file', 'A=1\nexport A\n', "line `export A` doesn't match format"],
    ['from-file', 'export\n', "line `export` doesn't match format"],
    ['from-file', 'an export\n', "line `an export` doesn't match format"],
    ['from-file', 'a-b=1\nK="x\n', "line `a-b=1` doesn't match format"],
    ['from-file', [0xff, 0x41, 0x3d, 0x31], "line `\ufffdA=1` doesn't match format"],
    ['from-file', [0xfe, 0x41, 0x3d, 0x31], "line `\ufffdA=1` doesn't match format"],
    ['from-file', [0xef, 0xbb, 0x41, 0x3d], "line `\ufffd\ufffdA=` doesn't match format"],
    ['from-file', [0xef, 0x41, 0xbf, 0x3d], "line `\ufffdA\ufffd=` doesn't match format"],
    ['docker', '=x\n', "no variable name on line '=x'"],
    ['docker', 'a b=1\n', "variable 'a b' contains whitespaces"],
    ['docker', [0x41, 0x3d, 0x31, 0x0a, 0x4b, 0x3d, 0xff], 'invalid utf8 bytes at line 2: [75 61 255]'],
    ['podman', '=x\n', 'invalid variable: "=x"'],
    ['podman', `A=1\n${'x'.repeat(65_536)}`, 'bufio.Scanner: token too long'],
    ['compose', 'export ', 'zero length string'],
    ['compose', 'a b\n', 'line 1: key cannot contain a space'],
    ['compose', '\n# c\n\nC+D=3\n', 'line 4: unexpected character "+" in variable name "C+D=3"'],
    ['compose', 'A=1\nB="x\ny"\nC+D=3\n', 'line 4: unexpected character "+" in variable name "C+D=3"'],
    ['compose', 'A\nC+D=3\n', 'line 2: unexpected character "+" in variable name "C+D=3"'],
    ['compose', '{=3\n', 'line 1: unexpected character "{" in variable name "{=3"'],
    ['compose', 'A=1\nE="x\ny', 'line 3: unterminated quoted value "x'],
  ])('%s of %j', (name, content, message) => {
    expect(read(name, content).message).toBe(message);
  });

  it('points at the line that is not UTF-8', () => {
    expect(read('docker', [0x41, 0x3d, 0x31, 0x0a, 0x4b, 0x3d, 0xff, 0x0a]).refusals).toEqual([
      { kind: 'not-utf8', start: 4, end: 7 },
    ]);
  });

  it.each<ReaderName>(['from-file', 'compose'])('%s ends where values grow without an end', name => {
    expect(read(name, `A=${'x'.repeat(1000)}\n${'A=$A$A$A$A\n'.repeat(60)}`)).toMatchObject({
      gaveUp: true,
      message: 'values grow too long when variables in them are replaced',
      variables: {},
    });
  });
});

describe('what the commands read', () => {
  it.each<[ReaderName, string, Readonly<Record<string, string>>]>([
    ['from-file', 'K: "a\nb"\nZ=1\n', { K: 'a\nb', Z: '1' }],
    ['from-file', 'K="a\nb\\"\nc"\nZ=1\n', { K: 'a\nb"\nc', Z: '1' }],
    ['from-file', 'K="a" \t# c\n', { K: 'a' }],
    ['from-file', 'K="a\nb" # c\n', { K: 'a\nb' }],
    ['from-file', 'K=a # b\n', { K: 'a' }],
    ['from-file', 'K=a\\$b$\n', { K: 'a$b$' }],
    ['from-file', 'K="a\\rb\\nc\\d"\n', { K: 'a\rb\ncd' }],
    ['from-file', 'A=1\nK=$A\x24{A}$a\n', { A: '1', K: '11$a' }],
    ['compose', 'exportK=v\nz=1\n', { exportK: 'v', z: '1' }],
    ['compose', 'K="a\\"b"\nL="c"\n', { K: 'a"b', L: 'c' }],
    ['compose', "K='a\\'b\\c'\nL='c'\n", { K: "a'b\\c", L: 'c' }],
    ['compose', 'K="\\0101\\0377"\n', { K: 'A\xff' }],
    ['compose', 'K="\\012 \\0400 \\0777 \\0189 \\0"\n', { K: '\\12 \\400 \\777 \\189 \\' }],
    ['compose', 'K="\\01011"\n', { K: 'A1' }],
    ['compose', 'A=1\nB', { A: '1', '': 'B' }],
    ['podman', 'BAR*\n', { BARE: 'from_shell', BARN: 'x' }],
    ['docker', 'BARE\nBAR*\n', { BARE: 'from_shell' }],
  ])('%s from %j', (name, text, variables) => {
    const reading = read(name, text);
    expect([reading.message, reading.variables]).toEqual([null, variables]);
  });

  it.each<ReaderName>(['compose', 'docker', 'podman'])(
    '%s takes a bare name from the shell, whatever it sets',
    name => {
      expect(read(name, 'A=1\nBARE\nMISSING\n').assignments).toMatchObject([
        { key: 'A', asksShell: false },
        { key: 'BARE', value: 'from_shell', start: 4, end: 8, asksShell: true },
        { key: 'MISSING', value: undefined, start: 9, end: 16, asksShell: true },
      ]);
    },
  );

  it('ends an ignored line where it ends', () => {
    expect(read('load', 'K=1\nK=23\n').assignments[1]).toMatchObject({ start: 4, end: 8, isIgnored: true });
  });

  it('reads UTF-16 by its mark', () => {
    const little = [...Buffer.from('\ufeffK=v\n', 'utf16le')];
    const big = [...Buffer.from('\ufeffK=v\n', 'utf16le').swap16()];
    for (const bytes of [little, big]) expect(read('from-file', bytes).variables).toEqual({ K: 'v' });
  });
});

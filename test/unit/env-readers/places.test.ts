import { describe, expect, it } from 'vitest';
import { READERS, type ReaderName } from '../../../src/core/env/readers/readers';

function read(name: ReaderName, text: string, shell: Readonly<Record<string, string>> = {}) {
  const reading = READERS.find(reader => reader.name === name)?.read(new TextEncoder().encode(text), shell);
  if (!reading) throw new Error(`no reader ${name}`);
  const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  return {
    set: reading.assignments.map(each => [at(each), each.key, each.value]),
    refused: reading.refusals.map(each => [each.kind, at(each)]),
    reading,
  };
}

describe('where a variable is set', () => {
  it.each<[ReaderName, string, string[]]>([
    ['load', '\ufeffK="v" \r\n  A=1\n', ['\ufeffK="v" ', '  A=1']],
    ['standalone', '\ufeffK="v" \r\n  A=1\n', ['\ufeffK="v"', 'A=1']],
    ['docker', '\ufeffK="v" \r\n  A=1\n', ['K="v" ', 'A=1']],
    ['podman', '\ufeffK="v" \r\n  A=1\n', ['\ufeffK="v" ', 'A=1']],
    ['from-file', '\ufeffK="v" \r\n  export A=1 # c\n', ['K="v" ', 'export A=1 # c']],
    ['compose', '\ufeffK="v" \r\n  export A=1 # c\r\n', ['K="v"', 'export A=1 # c']],
    ['from-file', 'é=1\n😀\nK="a\n\nb"\nZ=1', ['K="a\n\nb"', 'Z=1']],
    ['compose', 'é=1\n#😀\nK="a\n\nb" Z=1', ['é=1', 'K="a\n\nb"', 'Z=1']],
    ['from-file', 'K=a\rA=1\r', ['K=a', 'A=1']],
    ['docker', 'K=a\rA=1\r', ['K=a\rA=1']],
  ])('by %s in %j', (name, text, places) => {
    expect(read(name, text).set.map(([place]) => place)).toEqual(places);
  });

  it.each<[ReaderName, (string | undefined)[]]>([
    ['load', []],
    ['from-file', []],
    ['compose', ['from_shell', undefined]],
    ['standalone', []],
    ['docker', ['from_shell', undefined]],
    ['podman', ['from_shell', undefined]],
  ])('by %s from the shell', (name, values) => {
    expect(read(name, 'BARE\nMISSING\n', { BARE: 'from_shell' }).set.map(([, , value]) => value)).toEqual(values);
  });

  it('tells values that hang on the shell', () => {
    const text = 'A=$X\nB="\x24{Y}"\nC=\'$X\'\nD=x\\$y\nE=$$\nF=a$\n';
    const hanging = (name: ReaderName) =>
      read(name, text).reading.assignments.flatMap(({ key, asksShell }) => (asksShell ? [key] : []));
    expect(hanging('from-file')).toEqual(['A', 'B']);
    expect(hanging('compose')).toEqual(['A', 'B', 'D']);
    expect(hanging('docker')).toEqual([]);
  });

  it('tells what --load leaves out because the key is set above', () => {
    const { reading } = read('load', 'K=1\nK="2"\nK=3\n');
    expect(reading.assignments.map(({ value, isIgnored }) => [value, isIgnored])).toEqual([
      ['1', false],
      ['2', true],
      ['3', true],
    ]);
    expect(reading.variables).toEqual({ K: '1' });
  });

  it('keeps the last value, for --load the first, whatever the key is called', () => {
    expect(read('docker', '__proto__=1\n__proto__=2\n').reading.variables).toEqual(
      Object.fromEntries([['__proto__', '2']]),
    );
  });
});

describe('where the file is refused', () => {
  it.each<[ReaderName, string, [string, string][], string[]]>([
    [
      'docker',
      'export A=1\nB=2\n=x\nC =3\n',
      [
        ['blank-in-name', 'export A'],
        ['no-name', '=x'],
        ['blank-in-name', 'C '],
      ],
      ['B'],
    ],
    ['podman', 'export A=1\nB=2\n=x\n', [['no-name', '=x']], ['export A', 'B']],
    [
      'from-file',
      'a b\nB=2\n- C=3\nD="x\nE=1\n',
      [
        ['no-assignment', 'a b'],
        ['no-assignment', '- C=3'],
        ['open-quote', '"x'],
      ],
      ['B', 'E'],
    ],
    ['from-file', 'A="x\nB="y"z\nC="z"\n', [['no-assignment', 'A="x']], ['B', 'C']],
    [
      'compose',
      'a b\nB=2\nC+D=3\nE="x\nF=1\n',
      [
        ['blank-in-name', 'a b'],
        ['character-in-name', '+'],
        ['open-quote', '"x'],
      ],
      ['B', 'F'],
    ],
    ['compose', 'A="x\nB="y"\nC=1\n', [['open-quote', '"x']], ['B', 'C']],
    ['compose', 'A=1\nA="x\nB=$A "y"\nC=$A\n', [['open-quote', '"x']], ['A', 'B', 'C']],
    [
      'compose',
      'A=\x24{b\nB="a\x24{-}\nx"\nC=\x24{X:?}\nD=1\n',
      [
        ['reference', '\x24{b'],
        ['reference', '"a\x24{-}\nx"'],
        ['required-variable', '\x24{X:?}'],
      ],
      ['D'],
    ],
    ['compose', 'A="b" + c\nB=1\n', [['character-in-name', '+']], ['A', 'B']],
    ['compose', 'A=1\nexport ', [['no-name', 'export']], ['A']],
    ['docker', `A=1\n#${'x'.repeat(65_536)}\nB=1`, [['line-too-long', `#${'x'.repeat(65_536)}`]], ['A']],
    ['from-file', `\ufeffA=1\r${'x'.repeat(65_536)}`, [['line-too-long', 'x'.repeat(65_536)]], ['A']],
  ])('by %s in %j, as if the refused lines were not there', (name, text, refused, keys) => {
    const found = read(name, text);
    expect(found.refused).toEqual(refused);
    expect(found.set.map(([, key]) => key)).toEqual(keys);
    expect(found.reading.variables).toEqual({});
  });

  it('takes values back that a refused line gave', () => {
    const { reading } = read('compose', 'A=1\nA="x\nB=" "y\nC=$A\n');
    expect(reading.assignments.map(({ key, value }) => [key, value])).toEqual([
      ['A', '1'],
      ['B', ' '],
      ['y', undefined],
      ['C', '1'],
    ]);
  });

  it('says of several places what the command says of the first', () => {
    expect(read('docker', 'a b\n=x\n').reading.message).toBe("variable 'a b' contains whitespaces");
  });

  it('is told without an error where --load ends', () => {
    const { reading } = read('load', `A=1\n${'é'.repeat(32_768)}\nB=1\n`);
    expect(reading.cut).toEqual({ start: 4, end: 4 + 32_768 });
    expect(reading.refusals).toEqual([]);
    expect(reading.exit).toBe(0);
  });

  it.each([
    ['values that double', `A=${'x'.repeat(1000)}\n${'A=$A$A$A$A\n'.repeat(60)}`],
    ['defaults in defaults', `K=${'\x24{A:-'.repeat(200)}x${'}'.repeat(200)}`],
  ])('is not told for a limit of ours: %s', (_name, text) => {
    const { reading } = read('compose', text);
    expect(reading).toMatchObject({ gaveUp: true, rejected: true, refusals: [] });
  });
});

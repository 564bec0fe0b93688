import { describe, expect, it } from 'vitest';
import { resolvePath } from '../../../src/core/lint/source-file';
import { ALL_PYTHONS, neverApplies } from '../../../src/core/project/marker';
import { parseRequirement } from '../../../src/core/project/requirement';
import { parseRequirements, requirementIncludes } from '../../../src/core/project/requirements-file';
import { VersionRange } from '../../../src/core/project/version-range';

describe('a requirement', () => {
  const WHEEL = 'astronomer_providers_logging-1.6.3-py3-none-any.whl';

  it.each<[string, object | undefined]>([
    ['pandas', { name: 'pandas', specifier: undefined, marker: undefined, hasHash: false, isAddress: false }],
    [
      '  Astronomer_Providers.Logging  ',
      { name: 'astronomer-providers-logging', shown: 'Astronomer_Providers.Logging' },
    ],
    ['a--b__c..d==1', { name: 'a-b-c-d', specifier: '==1' }],
    ['x==1.5.1', { specifier: '==1.5.1' }],
    ['x == 1.5.1 ', { specifier: '== 1.5.1' }],
    ['x>=1,<2', { specifier: '>=1,<2' }],
    ['x (>=1, <2)', { specifier: '(>=1, <2)' }],
    ['x(>=1)', { specifier: '(>=1)' }],
    ['x[a,b]>=1', { specifier: '>=1', before: 'x[a,b]' }],
    ['x [a, b] >=1', { specifier: '>=1', before: 'x [a, b]' }],
    ['x[a', { name: 'x', specifier: '[a' }],
    ['x~=1;python_version<"3"', { specifier: '~=1', marker: 'python_version<"3"' }],
    ['x ; python_version < "3" ', { specifier: undefined, marker: 'python_version < "3"' }],
    ['x;', { specifier: undefined, marker: undefined }],
    ['x!=1', { specifier: '!=1' }],
    ['x==1 --hash=sha256:00', { specifier: '==1', hasHash: true }],
    ['x==1   --config-settings="a=b"', { specifier: '==1', hasHash: false }],
    ['x==1 ; a=="b" --hash=sha256:00', { marker: 'a=="b"', hasHash: true }],
    ['x==1 --hashes=y', { hasHash: false }],
    ['x==1 -Ca=b', { specifier: '==1' }],
    ['x  @  https://e.org/x.whl ;  python_version<"3"', { name: 'x', marker: 'python_version<"3"' }],
    ['x ;a=="b";c', { marker: 'a=="b";c' }],
    [`x @ https://e.org/a/${WHEEL}`, { name: 'x', isAddress: true, version: '1.6.3' }],
    [
      `x@file:///a/${WHEEL}#sha256=00 ; python_version<"3"`,
      { name: 'x', version: '1.6.3', marker: 'python_version<"3"' },
    ],
    ['x[a] @ git+https://e.org/x.git@v1.5', { name: 'x', isAddress: true, version: undefined }],
    [`https://e.org/${WHEEL}?a=b`, { name: 'astronomer-providers-logging', isAddress: true, version: '1.6.3' }],
    [`./wheels/${WHEEL}`, { name: 'astronomer-providers-logging', version: '1.6.3' }],
    [`wheels/${WHEEL} ; python_version<"3"`, { version: '1.6.3', marker: 'python_version<"3"' }],
    [WHEEL, { name: 'astronomer-providers-logging', version: '1.6.3', shown: WHEEL }],
    ['x-1.0.tar.gz', { name: 'x', version: '1.0' }],
    ['a-b-2.0.zip', { name: 'a-b', version: '2.0' }],
    ['x-1.0.tgz', { version: '1.0' }],
    ['x-1.0.tar.bz2', { version: '1.0' }],
    ['git+https://e.org/x.git@v1#egg=My_Pkg', { name: 'my-pkg', version: undefined, isAddress: true }],
    ['git+https://e.org/x.git@v1', undefined],
    ['./local', undefined],
    ['./no-version.whl', undefined],
    ['', undefined],
    ['==1.0', undefined],
    ['"x==1"', undefined],
    [`\${PACKAGE}==1`, undefined],
    [`x==\${VERSION}`, { name: 'x', specifier: `==\${VERSION}` }],
    ['é==1', undefined],
    [`x==${'1'.repeat(20_000)}`, undefined],
  ])('%s', (line, expected) => {
    const text = `# c\n${line}`;
    const found = parseRequirement(line, 4);
    if (!expected) {
      expect(found).toBeUndefined();
      return;
    }
    const slice = (range?: { start: number; end: number }) => range && text.slice(range.start, range.end);
    expect(found).toBeDefined();
    expect(slice(found?.specifier)).toBe(found?.specifier?.text);
    expect(slice(found?.marker)).toBe(found?.marker?.text);
    expect(slice(found?.fileVersion)).toBe(found?.fileVersion?.text);
    expect({
      ...found,
      specifier: found?.specifier?.text,
      marker: found?.marker?.text,
      version: found?.fileVersion?.text,
      shown: slice(found?.nameRange),
      before: text.slice(4, found?.versionStart).trimStart(),
    }).toMatchObject(expected);
  });
});

describe('a requirements file', () => {
  it('is read as pip reads it', () => {
    const text = [
      '\ufeff# -*- coding: utf-8 -*-',
      '--index-url https://e.org/simple',
      'a==1 # one',
      'b==1#two',
      'c \\',
      '  >=1, \\',
      '  <2 # three',
      '  # d==1 \\',
      'e==1',
      '-e git+https://e.org/f.git#egg=f',
      '--editable=./x#egg=g',
      '--no-binary :all:',
      '--find-links=./wheels/y-1.0.whl',
      'h==1 # i \\',
      'j==1',
      '',
      '   ',
    ].join('\r\n');
    const { requirements, includes, needsHashes, lastLine, isOpen } = parseRequirements(text);
    expect(requirements.map(({ name, specifier }) => [name, specifier?.text.replace(/\s+/g, ' ')])).toEqual([
      ['a', '==1'],
      ['b', '==1#two'],
      ['c', '>=1, <2'],
      ['e', '==1'],
      ['f', undefined],
      ['g', undefined],
      ['h', '==1'],
    ]);
    const slice = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    for (const { nameRange, name } of requirements.filter(({ isAddress }) => !isAddress)) {
      expect(slice(nameRange)).toBe(name);
    }
    expect(requirements.filter(({ isAddress }) => isAddress).map(each => slice(each.nameRange))).toEqual([
      'git+https://e.org/f.git#egg=f',
      './x#egg=g',
    ]);
    expect(includes).toEqual([]);
    expect(needsHashes).toBe(false);
    expect(lastLine && text.slice(lastLine.start, lastLine.end)).toBe('j==1');
    expect(isOpen).toBe(false);
  });

  it('keeps the places of what stands behind a continuation', () => {
    const text = 'astronomer-providers-logging \\\r\n    ==1.5.1 \\\n    --hash=sha256:00\n';
    const [found] = parseRequirements(text).requirements;
    expect(found?.hasHash).toBe(true);
    expect(found?.specifier && text.slice(found.specifier.start, found.specifier.end)).toBe('==1.5.1');
  });

  it.each<[string, string | undefined, boolean]>([
    ['', undefined, false],
    ['\n \n', undefined, false],
    ['a\n\n', 'a', false],
    ['a', 'a', false],
    ['a \\', 'a \\', true],
    ['a \\\n', 'a \\', true],
    ['a \\\n  b  ', 'b', false],
    ['# a \\', '# a \\', false],
    ['a\r  # b\r', '# b', false],
  ])('%j ends with %j, open: %s', (text, last, open) => {
    const { lastLine, isOpen } = parseRequirements(text);
    expect(lastLine && text.slice(lastLine.start, lastLine.end)).toBe(last);
    expect(isOpen).toBe(open);
  });

  it.each<[string, boolean]>([
    ['a==1 --hash=sha256:00', true],
    ['--require-hashes', true],
    ['a==1 \\\n --hash=sha256:00', true],
    ['# --hash=sha256:00', false],
    ['a--hash==1', false],
    ['a==1', false],
  ])('%j asks for hashes: %s', (text, expected) => {
    expect(parseRequirements(text).needsHashes).toBe(expected);
  });

  it.each<[string, [string, string][]]>([
    ['-r base.txt', [['requirement', 'base.txt']]],
    ['-rbase.txt', [['requirement', 'base.txt']]],
    ['  --requirement base.txt # c', [['requirement', 'base.txt']]],
    ['--requirement=../base.txt', [['requirement', '../base.txt']]],
    ['-r "a b.txt"', []],
    ["-r 'base.txt'", [['requirement', 'base.txt']]],
    [
      '-c limits.txt\n-r a.txt',
      [
        ['constraint', 'limits.txt'],
        ['requirement', 'a.txt'],
      ],
    ],
    ['-climits.txt', [['constraint', 'limits.txt']]],
    ['--constraint=limits.txt', [['constraint', 'limits.txt']]],
    ['--requirementbase.txt', []],
    ['-r', []],
    ['-r a b', []],
    ['a -r b.txt', []],
    ['--constraints x', []],
  ])('%j names %j', (text, expected) => {
    const includes = requirementIncludes(text);
    expect(includes.map(({ kind, text: path }) => [kind, path])).toEqual(expected);
    for (const each of includes) expect(text.slice(each.start, each.end)).toBe(each.text);
  });
});

describe('a path from a folder', () => {
  it.each<[string, string, string]>([
    ['a/b', 'c.txt', 'a/b/c.txt'],
    ['a/b', './c.txt', 'a/b/c.txt'],
    ['a/b', '../c.txt', 'a/c.txt'],
    ['a/b', '../../c.txt', 'c.txt'],
    ['', 'c/d.txt', 'c/d.txt'],
    ['', './c.txt', 'c.txt'],
    ['/a/b', '../c.txt', '/a/c.txt'],
    ['/a', '../../../c.txt', '/c.txt'],
    ['a', '/x/c.txt', '/x/c.txt'],
    ['a', 'x\\c.txt', 'a/x/c.txt'],
    ['a/b', 'x//c.txt', 'a/b/x/c.txt'],
    ['C:/a', '../c.txt', 'C:/c.txt'],
  ])('%s and %s is %s', (folder, relative, expected) => {
    expect(resolvePath(folder, relative)).toBe(expected);
  });
});

describe('a range of versions', () => {
  it.each(
    [
      '',
      '>=1.6.2',
      '>=1.6.2,',
      ' >= 1.6 , < 2 ',
      '(>=1.6)',
      '==1.6.2',
      '==1.6.*',
      '==1.*',
      '~=1.6',
      '~=1.5',
      '~=1.6.2',
      '===1.6.4',
      '==1.6.2+astro.1',
      '==1.6.2.post1',
      '==1.7.0rc1',
      '>1.6.2',
      '>1.6.2,<1.6.4',
      '!=1.6.2',
      '!=1.5.*',
      '!=1.6.*',
      '<2',
      '<1.7',
      '<=1.6.2',
      '<1.6.3',
      '>=2024.1',
      '>=1.6.1,!=1.6.2,!=1.6.3',
      '<1!0.1',
      '==1!0.5',
      '~=0.9',
      '>1.6.1,<1.6.3',
      '==1.10.0',
      '<=2,!=2',
      ' (>=1.6) ',
      '==1.7.*',
      '==1.7.0rc1,<2',
      '>1!0.5',
      '>1.7,<1.7.2',
      '>1.7,<1.7.1',
      '==1.*,!=1.6.*',
      '>v1.6.1 ,== 1.7.0 ,>1.5.0.post1',
    ].filter(specifier => specifier !== '~=0.9'),
  )('%j reaches 1.6.2', specifier => {
    expect(VersionRange.parse(specifier)?.reaches('1.6.2')).toBe(true);
  });

  it.each([
    '==1.5.1',
    '~=1.5.1',
    '~=0.9',
    '<1.6',
    '<1.6.2',
    '<=1.6.1',
    '(<1.6)',
    '==1.5.*',
    '==1.6.1',
    '==1.6.2rc1',
    '==1.6.2.dev1',
    '===1.5.1',
    '===foo',
    '==1.6.2,!=1.6.2',
    '>=2,<1',
    '>1.5,<1.6.2',
    '==1.6.*,<1.6.2',
    '==0.1',
    '==1.6.1+local',
    '<1.6.2.dev0',
  ])('%j never reaches 1.6.2', specifier => {
    expect(VersionRange.parse(specifier)?.reaches('1.6.2')).toBe(false);
  });

  it.each(['=1.6.2', '1.6.2', `>=\${V}`, '>=1.6 <2', '==', '>>1', 'foo', '[a', '>=1.6.2,x', '==1(>=1.6)', '(>=1.6)x'])(
    '%j is none',
    specifier => {
      expect(VersionRange.parse(specifier)).toBeUndefined();
    },
  );

  it.each<[string, string, boolean]>([
    ['', '1.5.1', true],
    ['>=1.5,<2', '1.5.1', true],
    ['>=1.5,<2', '1.4.7', false],
    ['~=1.6', '1.5.1', false],
  ])('%j takes %s: %s', (specifier, version, expected) => {
    expect(VersionRange.parse(specifier)?.takes(version)).toBe(expected);
  });
});

describe('a marker', () => {
  const never = (marker: string, ...pythons: string[]) =>
    neverApplies(marker, { pythons: pythons.length > 0 ? pythons : ALL_PYTHONS });

  it.each([
    'python_version < "3.8"',
    "python_version<'3'",
    "'3.8' > python_version",
    'python_version <= "2.7"',
    'python_version > "3.20"',
    'python_version >= "4"',
    'python_version == "2.7"',
    'python_version == "2.*"',
    'python_version ~= "2.7"',
    'python_version in "2.6 2.7"',
    'python_version != "3.*"',
    'python_full_version < "3.8"',
    'python_full_version < "3.8.0"',
    'python_full_version >= "4.0.1"',
    '"3.8.0" > python_full_version',
    'implementation_version < "3"',
    'python_full_version == "3.7.4"',
    'python_full_version == "2.*"',
    'python_full_version <= "3.7.9"',
    'python_full_version > "4"',
    'sys_platform == "win32"',
    'sys_platform != "linux"',
    'sys.platform == "darwin"',
    'os_name == "nt"',
    'os.name == "nt"',
    'platform_system == "Windows"',
    'platform_system not in "Linux Darwin"',
    'platform_python_implementation == "PyPy"',
    'implementation_name === "pypy"',
    'extra == "dev"',
    'sys_platform == "win32" and python_version >= "3.8"',
    'python_version >= "3.8" and sys_platform == "win32"',
    'platform_machine == "arm64" and sys_platform == "win32"',
    'sys_platform == "win32" or os_name == "nt"',
    '(sys_platform == "win32" or os_name == "nt") and python_version >= "3"',
    '((sys_platform == "win32"))',
    '"win" in sys_platform',
    'python_version < "3.8"  ',
    'python_full_version ~= "3.7.4"',
    'python_full_version == "3.7.4.*"',
    `${'('.repeat(50)}python_version < "3.8"${')'.repeat(50)}`,
  ])('%s never holds', marker => {
    expect(never(marker)).toBe(true);
  });

  it.each([
    'python_version >= "3.8"',
    'python_version >= "3.12"',
    'python_version < "3.9"',
    'python_version == "3.11"',
    'python_version == "3.*"',
    'python_version === "3.11"',
    'python_version != "3.8"',
    'python_version ~= "3.8"',
    'python_version <= "3.8"',
    'python_version > "3.13"',
    'python_version not in "2.7 3.8"',
    'python_version in "3.8 3.9"',
    '"3.8" <= python_version',
    'python_full_version >= "3.11.4"',
    'python_full_version == "3.11.4"',
    'python_full_version != "3.11.4"',
    'python_full_version <= "3.8.0"',
    'python_full_version > "3.14.0"',
    'python_full_version < "3.8.1"',
    'sys_platform == "linux"',
    'sys_platform != "win32"',
    'sys_platform in "linux darwin"',
    'sys_platform < "win32"',
    'platform_machine == "x86_64"',
    'platform_release == "x"',
    'sys_platform == "win32" or python_version >= "3.8"',
    'platform_machine == "arm64" or sys_platform == "win32"',
    'sys_platform == "win32" or platform_machine == "arm64"',
    'os_name == "nt" and sys_platform == "win32" or python_version >= "3"',
    'python_version < "3.8" x',
    'python_version < ',
    'python_version',
    '< "3.8"',
    '(python_version < "3.8"',
    'python_version < "3.8")',
    'python_version not "3.8"',
    'python_version < "3.8" and',
    'python_version < "x"',
    'python_version "2.7"',
    'python_version == platform_machine',
    'python_version in platform_machine',
    'sys_platform == platform_machine',
    'python_version in "3.8,  3.9"',
    'python_full_version ~= "3.11.4"',
    'python_full_version == "3.11.4.*"',
    'python_full_version != "3.11.4.*"',
    'sys_platform == "win32" or platform_machine == "x" or os_name == "nt"',
    'unknown_name == "x"',
    '§',
    '',
    `${'('.repeat(1000)}python_version < "3.8"${')'.repeat(1000)}`,
  ])('%s may hold, or can not be told', marker => {
    expect(never(marker)).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ['python_version >= "3.12"', '3.11', true],
    ['python_version >= "3.12"', '3.12', false],
    ['python_version < "3.12"', '3.12', true],
    ['python_version == "3.11"', '3.11', false],
    ['python_version == "3.11"', '3.12', true],
    ['python_version != "3.11"', '3.11', true],
    ['python_version > "3.9"', '3.10', false],
    ['python_version <= "3.9"', '3.10', true],
    ['python_version ~= "3.9"', '3.8', true],
    ['python_version ~= "3.9"', '3.10', false],
    ['python_full_version >= "3.12.0"', '3.11', true],
    ['python_full_version >= "3.11.4"', '3.11', false],
    ['python_full_version == "3.12.1"', '3.11', true],
    ['python_full_version < "3.11.0"', '3.12', true],
    ['python_version in "3.8, 3.9"', '3.9', false],
    ['python_version not in "3.8, 3.9"', '3.9', true],
    ['python_full_version in "3.8, 3.9"', '3.10', false],
    ['"3.11" == python_version', '3.11', false],
    ['"3.*" != python_version', '3.11', true],
    ['"3.12.*" <= python_version', '3.11', true],
    ['python_version === "3.11"', '3.12', true],
    ['python_version > "3"', '3.8', false],
    ['python_version > "2.7"', '3.11', false],
    ['python_version >= "2.7"', '3.11', false],
    ['python_version > "3.11"', '3.11', true],
    ['python_version ~= "3.11"', '3.11', false],
    ['python_version <= "3"', '3.8', true],
    ['python_version == "3"', '3.8', true],
    ['python_version == "3.1"', '3.11', true],
    ['python_version != "3.11.0"', '3.11', true],
    ['python_full_version ~= "3.11.4"', '3.10', true],
    ['python_full_version ~= "3.11.4"', '3.11', false],
    ['python_full_version ~= "3.11.4"', '3.12', true],
    ['python_version >= "3.11" and python_version < "3.12"', '3.11', false],
    ['python_version >= "3.11" and python_version < "3.12"', '3.12', true],
    ['python_version >= "3.11" and python_version < "3.12"', '3.10', true],
    ['python_full_version < "3.11"', '3.11', true],
    ['python_full_version <= "3.11"', '3.11', false],
    ['python_full_version <= "3.10.9"', '3.11', true],
    ['python_full_version > "3.11.9"', '3.11', false],
    ['python_full_version > "3.12"', '3.11', true],
    ['python_full_version >= "3.12"', '3.11', true],
    ['python_full_version != "3.11.*"', '3.11', true],
    ['python_full_version != "3.11.0"', '3.11', false],
  ])('%s in Python %s never holds: %s', (marker, python, expected) => {
    expect(never(marker, python)).toBe(expected);
  });
});

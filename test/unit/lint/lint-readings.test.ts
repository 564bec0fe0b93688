import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintReadings, lintReadingsInSteps } from '../../../src/core/env/lint-readings';
import { READERS, type ReaderName } from '../../../src/core/env/readers/readers';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { applyEdits } from '../../../src/core/text/text-range';

const K = EXPORT_KEYS.baseLogFolder;
const E = EXPORT_KEYS.enabled;

/** The one finding of a code, and the text it stands at. */
function only(text: string, code: string): Finding & { shown: string } {
  const found = lintReadings(text).filter(finding => finding.code === code);
  expect(found).toHaveLength(1);
  const finding = found[0] as Finding;
  return { ...finding, shown: text.slice(finding.range.start, finding.range.end) };
}

function codes(text: string): string[] {
  return lintReadings(text).map(finding => finding.code);
}

describe('what the real programs were seen to read', () => {
  interface Seen {
    readonly rejected?: boolean;
    readonly value?: string | null;
  }
  interface Case {
    readonly id: string;
    readonly key: string;
    readonly encoding: string;
    readonly input: string;
    readonly readers: Readonly<Record<ReaderName, Seen>>;
  }
  const fixtures = path.join(__dirname, '..', 'env-readers', 'fixtures', 'cases.json');
  const all: readonly Case[] = JSON.parse(readFileSync(fixtures, 'utf8'));
  /** Each case with our key in place of its own; a few have no such place, or hang on a shell variable. */
  const cases = all.flatMap(each => {
    const name = new RegExp(`(?<![A-Za-z0-9_])${each.key}(?![A-Za-z0-9_])`, 'g');
    const isUsable = each.encoding === 'utf-8' && /^[KX]$/.test(each.key) && name.test(each.input);
    return isUsable ? [{ ...each, text: each.input.replace(name, K) }] : [];
  });

  it('are most of the cases', () => {
    expect(cases.length).toBeGreaterThan(100);
  });

  it.each(cases)('$id', ({ text, readers }) => {
    const seen = Object.values(readers);
    const accepted = seen.filter(each => !each.rejected).map(each => each.value ?? null);
    const found = codes(text);
    const isTold = ['loader-divergence', 'duplicate-key', 'swallowed-key', 'line-too-long'].some(code =>
      found.includes(code),
    );
    if (new Set(accepted).size > 1) expect(isTold).toBe(true);
    if (new Set(accepted).size === 1) expect(found).not.toContain('loader-divergence');
    if (seen.every(each => !each.rejected)) expect(found).not.toContain('file-rejected');
    const messages = lintReadings(text)
      .filter(finding => finding.code === 'file-rejected')
      .map(finding => finding.message);
    for (const { name, label } of READERS) {
      if (readers[name].rejected && accepted.some(value => value !== null)) expect(messages.join()).toContain(label);
    }
  });
});

describe('loader-divergence', () => {
  it.each<[string, string, string, string | undefined]>([
    ['export', `export ${K}=v\n`, 'export ', `${K}=v\n`],
    ['a blank before =', `${K} =v\n`, ' =', `${K}=v\n`],
    ['a tab behind =', `${K}=\tv\n`, '=\t', `${K}=v\n`],
    ['an indent', `  ${K}=v\n`, '  ', `${K}=v\n`],
    ['a blank at the end', `${K}=v \r\n`, ' ', `${K}=v\r\n`],
    ['a comment', `A=1\r\n${K}=v # c\r\n`, '# c', `A=1\r\n# c\r\n${K}=v\r\n`],
    ['quotes and a blank', `${K}="v" \n`, '"v" ', `${K}=v\n`],
    ['a glued #', `${K}=v#x\n`, '#', undefined],
    ['a reference', `${K}=a/\${X}/b\n`, '\x24{X}', undefined],
    ['a backslash in quotes', `${K}="a\\tb"\n`, '"a\\tb"', undefined],
    ['a last quote', `${K}=v"\n`, '"', undefined],
    ['blanks within quotes', `${K}=' v '\n`, "' v '", undefined],
    ['a byte order mark', `\ufeff${K}=v\n`, '\ufeff', `${K}=v\n`],
    ['no-break space behind the name', `${K}\u00a0=v\n`, `${K}\u00a0`, undefined],
    ['a colon', `${K}: v\n`, ': ', `${K}=v\n`],
    ['a glued colon', `${K}:\n`, ':', undefined],
    ['nothing', `${K}=\n`, K, undefined],
    ['our variable behind another', `A="x" ${K}=v\n`, `A="x" ${K}=v`, undefined],
    ['a CR before another variable', `${K}=v\rA=1\n`, '\r', undefined],
  ])('stands at %s', (_name, text, shown, fixed) => {
    const finding = only(text, 'loader-divergence');
    expect(finding.shown).toBe(shown);
    expect(finding.severity).toBe('warning');
    expect(finding.fix && applyEdits(text, finding.fix.edits)).toBe(fixed);
    if (fixed) expect(codes(fixed)).toEqual([]);
  });

  it.each(['"v"', "'v'", '""', '\'"v"\'', '"a # b"', "'$X'"])('is a note for the quotes of %s', value => {
    const finding = only(`${K}=${value}\n`, 'loader-divergence');
    expect(finding.severity).toBe('info');
    expect(finding.shown).toBe(value);
    expect(finding.message).toContain('docker');
    expect(finding.message).toContain('podman');
  });

  it('says who reads what', () => {
    const { message } = only(`export ${K}=s3://b/x # c\n`, 'loader-divergence');
    expect(message).toContain(`--load, --standalone, podman: no such variable, but one named “export ${K}”`);
    expect(message).toContain('--from-file, astro dev start: “s3://b/x”');
    expect(message).not.toContain('docker');
    expect(only(`${K}=v\t\n`, 'loader-divergence').message).toContain('docker, podman: “vU+0009”');
    expect(only(`${K}=v\u00a0\n`, 'loader-divergence').message).toContain('docker, podman: “vU+00A0”');
    expect(only(`${K}=v\u200b \n`, 'loader-divergence').message).toContain('docker, podman: “vU+200B ”');
    expect(only(`${K}=\n`, 'loader-divergence').message).toMatch(/--load: no such variable; .*podman: nothing\./);
    expect(only(`A="x" ${K}=v\n`, 'loader-divergence').message).toMatch(/one named “A”; astro dev start: “v”/);
  });

  it.each([
    ['of the next line, in quotes', `${K}="v\nPASSWORD=hunter2\n"\n`],
    ['of the next line, behind a CR', `${K}=v\rPASSWORD=hunter2\n`],
    ['of another variable', `PASSWORD=hunter2\n${K}=a$PASSWORD\n`],
    ['of another variable, as a default', `${K}=\${X:-hunter2}$PASSWORD\nPASSWORD=hunter2\n`],
  ])('shows no value %s', (_name, text) => {
    for (const { message, fix, alternatives = [] } of lintReadings(text)) {
      const titles = [fix, ...alternatives].map(each => each?.title ?? '');
      expect(`${message}${titles.join()}`.replaceAll('{X:-hunter2}', '')).not.toContain('hunter2');
    }
    expect(codes(text)).toContain('loader-divergence');
  });

  it('is told beside a refusal that another line causes', () => {
    expect(codes(`${K}="v"\nexport A=1\n`)).toEqual(['loader-divergence', 'file-rejected']);
  });

  it('mends lines that end in a CR where they are ours, and asks where they are not', () => {
    const ours = `# c\r${E}=true\r\r${K}=v\r`;
    const [first, second] = lintReadings(ours);
    expect(first?.fix).toEqual(second?.fix);
    expect(applyEdits(ours, first?.fix?.edits ?? [])).toBe(`# c\n${E}=true\n\n${K}=v\r`);
    expect(codes(`# c\n${E}=true\n\n${K}=v\r`)).toEqual([]);
    const others = only(`A=1\r${K}=v\n`, 'loader-divergence');
    expect(others.fix).toBeUndefined();
    expect(others.alternatives?.map(each => applyEdits(`A=1\r${K}=v\n`, each.edits))).toEqual([`A=1\n${K}=v\n`]);
  });

  it.each([
    ['the line is a part of another value', `A="\n${K}='v'\n"\n`],
    ['another line would count', `${K}=b\nexport ${K}=a\n`],
    ['the value is not plain', `${K}="a b"\n`],
  ])('has no fix where %s', (_name, text) => {
    expect(lintReadings(text).some(({ code, fix }) => code === 'loader-divergence' && fix !== undefined)).toBe(false);
    expect(codes(text)).toContain('loader-divergence');
  });
});

describe('the bare form of a line', () => {
  const fixes = (text: string) =>
    lintReadings(text).flatMap(({ code, fix, range }) =>
      code === 'loader-divergence' ? [[range.start, fix && applyEdits(text, fix.edits)]] : [],
    );

  it('leaves a byte order mark to the line that it stands before', () => {
    const text = `\ufeffA=1\nexport ${K}=v\n`;
    expect(fixes(text)).toEqual([[5, `\ufeffA=1\n${K}=v\n`]]);
    expect(fixes(`\ufeff${K}="v"\n`)).toEqual([[0, `${K}=v\n`]]);
  });

  it('is offered where another line sets the key', () => {
    expect(fixes(`${K}="v"\n${K}=w\n`).map(([, fixed]) => fixed)).toEqual([`${K}=v\n${K}=w\n`]);
  });

  it.each<[string, string, boolean]>([
    ['ours and comments', `${E}=true\r# c\r\r${K}=v\n`, true],
    ['ours behind the line of a mark', `\ufeff# c\n${E}=true\r${K}=v\n`, true],
    ['ours behind a mark', `\ufeff${E}=true\r${K}=v\n`, false],
    ['words', `${E}=true\rsome words\r${K}=v\n`, false],
    ['quotes', `${E}="true"\r${K}=v\n`, false],
    ['export', `export ${E}=true\r${K}=v\n`, false],
    ['a key that stands twice', `${K}=v\r${K}=v\n`, false],
    ['another variable', `A=1\r${K}=v\n`, false],
  ])('lines that end in a CR are mended unasked where they are ours: %s', (_name, text, isFixed) => {
    const ended = text.replace(/\r(?!\n)/g, '\n');
    const found = lintReadings(text).filter(({ code, range }) => code === 'loader-divergence' && range.start < 200);
    expect(found.length).toBeGreaterThan(0);
    for (const { fix, alternatives = [] } of found) {
      const ways = [fix, ...alternatives].flatMap(each => (each ? [applyEdits(text, each.edits)] : []));
      expect(ways).toContain(ended);
      expect(fix !== undefined).toBe(isFixed);
    }
  });
});

describe('file-rejected', () => {
  it.each<[string, string, string[], string]>([
    ['export', 'export A=1', ['docker'], 'a blank stands in the name'],
    ['a hyphen', 'a-b=1', ['--from-file'], 'not of the form KEY=value'],
    ['a slash', 'a/b=1', ['--from-file', 'astro dev start'], 'a character of the name'],
    ['no name', '=1', ['docker', 'podman', '--from-file'], 'there is no name'],
    ['an open quote', 'A="x', ['--from-file', 'astro dev start'], 'not closed'],
    ['a bad reference', 'A=\x24{b', ['astro dev start'], 'followed by no name'],
    ['a demanded variable', 'A=\x24{B:?}', ['astro dev start'], 'where the shell sets it, the file is read'],
    ['a long line', `#${'x'.repeat(65_536)}`, ['--from-file', 'docker', 'podman'], '65,535'],
  ])('names who refuses %s, and why', (_name, line, names, reason) => {
    const { message, severity } = only(`${K}=v\n${line}\n`, 'file-rejected');
    expect(severity).toBe('warning');
    expect(message).toContain(reason);
    for (const name of names) expect(message).toContain(name);
    const others = READERS.filter(({ label }) => !names.some(name => label.includes(name)));
    for (const { label } of others) expect(message).not.toContain(label);
  });

  it('is told at every line that has to go, and once for the lines of one value', () => {
    const text = `export A=1\n${K}=v\nexport B=1\nC="-----BEGIN X-----\n a b\n c d\n-----END X-----"\nexport D=1\n`;
    const lines = lintReadings(text).map(({ range }) => text.slice(range.start, range.end));
    expect(lines).toEqual(['export A', 'export B', 'a b', 'export D']);
  });

  it.each<[string, string | undefined, string[]]>([
    ['; c', '# ; c', []],
    ['  // c', '#   // c', []],
    ['; a=b', undefined, ['# ; a=b']],
    ['some words', undefined, ['# some words']],
    ['<<<<<<< HEAD', undefined, []],
    ['export A=1', undefined, ['A=1']],
    ['A = 1', undefined, ['A=1']],
    ['A: 1', undefined, ['A=1']],
    ['export A : 1', undefined, ['A : 1', 'export A=1']],
    ['A="x', undefined, []],
    [`#${'x'.repeat(65_536)}`, undefined, []],
  ])('%#: mends only what nobody reads', (line, fixed, others) => {
    const text = `${K}=v\n${line}\n`;
    const { fix, alternatives = [] } = only(text, 'file-rejected');
    expect(fix && applyEdits(text, fix.edits)).toBe(fixed && `${K}=v\n${fixed}\n`);
    expect(alternatives.map(each => applyEdits(text, each.edits))).toEqual(others.map(each => `${K}=v\n${each}\n`));
  });

  it('leaves a line alone that is a part of a value', () => {
    const { fix, alternatives } = only(`A="x\n; c\n"\n${K}=v\n`, 'file-rejected');
    expect([fix, alternatives]).toEqual([undefined, undefined]);
  });

  it('says nothing where a limit of ours ends a reading', () => {
    expect(codes(`${K}=v\nA=${'x'.repeat(1000)}\n${'A=$A$A$A$A\n'.repeat(60)}`)).toEqual([]);
  });
});

describe('swallowed-key', () => {
  it('names the variable, the commands and the line that opens the quotes', () => {
    const text = `A=1\nCERT="x\n${K}=v\n"\n`;
    const { message, shown, related } = only(text, 'swallowed-key');
    expect(shown).toBe(K);
    expect(message).toMatch(/quotes of CERT .* --from-file, astro dev start\.$/);
    expect(related?.map(({ range }) => text.slice(range.start, range.end))).toEqual(['CERT']);
  });

  it.each([
    ['quotes that close on their line', `A="x"\n${K}=v\nB="x"\n`],
    ['a comment', `A="x\n#${K}=v\n"\n${E}=true\n`],
    ['a CR', `A="x"\r${K}=v\n`],
    ['a line that sets nothing anywhere', `A="x\n${K}: v\n"\n${E}=true\n`],
  ])('is not told for %s', (_name, text) => {
    expect(codes(text)).not.toContain('swallowed-key');
  });
});

describe('duplicate-key', () => {
  it('names the line that counts for each command', () => {
    const text = `${K}=a\n${K}=b\n${K}=\n`;
    const found = lintReadings(text).filter(finding => finding.code === 'duplicate-key');
    expect(found.map(({ range }) => range.start)).toEqual([text.indexOf(K, 1), text.lastIndexOf(K)]);
    for (const { message, severity } of found) {
      expect(severity).toBe('error');
      expect(message).toContain(
        'line 1 for --load; line 3 for --from-file, astro dev start, --standalone, docker, podman',
      );
    }
    const kept = found[0]?.alternatives?.map(each => applyEdits(text, each.edits));
    expect(kept).toEqual([`${K}=a\n${K}=\n`, `${K}=b\n`]);
    expect(found[1]?.related?.map(({ range }) => range.start)).toEqual([0, K.length + 3]);
  });

  it('removes a line that says the same, its comment stays', () => {
    const text = `${K}=a\n\n${K}=a\n`;
    const { fix, message } = only(text, 'duplicate-key');
    expect(applyEdits(text, fix?.edits ?? [])).toBe(`${K}=a\n\n`);
    expect(message).toMatch(/same value; astro deployment variable --load ends with an error/);
    expect(only(`export A=1\n${text}`, 'duplicate-key').message).toBe(message);
  });

  it.each([
    ['another form', `${K}="a"\n${K}=a\n`],
    ['what hangs on the shell', `${K}=$A\n${K}=$A\n`],
    ['the only line for one command', `export ${K}=a\n${K}=a\n`],
  ])('leaves to a person %s', (_name, text) => {
    expect(only(text, 'duplicate-key').fix).toBeUndefined();
  });

  it('offers to keep one of twenty, and only to remove one of more', () => {
    const ways = (count: number) =>
      lintReadings(Array.from({ length: count }, (_, i) => `${K}=${i}\n`).join('')).at(-1);
    expect(ways(20)?.alternatives).toHaveLength(2);
    expect(ways(20)?.related).toHaveLength(19);
    expect(ways(21)?.alternatives).toHaveLength(1);
    expect(ways(25)?.related).toHaveLength(21);
  });

  it('removes no line whose value runs on, nor others that do', () => {
    const told = (text: string) => {
      const [finding, ...others] = lintReadings(text).filter(({ code }) => code === 'duplicate-key');
      expect(others).toEqual([]);
      expect(finding?.related).toHaveLength(1);
      return [finding?.fix, finding?.alternatives?.map(each => applyEdits(text, each.edits))];
    };
    expect(told(`${K}=b\n${K}="a\nx"\n`)).toEqual([undefined, undefined]);
    expect(told(`${K}="a\nx"\n${K}=b\n`)).toEqual([undefined, [`${K}="a\nx"\n`]]);
    const third = lintReadings(`${K}="a\nx"\n${K}=b\n${K}=c\n`).at(-1);
    expect(third?.alternatives?.map(each => each.title)).toEqual(['Remove this line']);
  });

  it('is not told for a line that stands for no command beside another', () => {
    expect(codes(`A="\n${K}=a\n"\n`)).not.toContain('duplicate-key');
    expect(codes(`A=1\nA=2\n${K}=a\n`)).toEqual([]);
    expect(codes(`${K}\n${K}=a\n`)).toEqual(['file-rejected']);
  });

  it('bears ten thousand of them', () => {
    const found = lintReadings(`${K}=a\n`.repeat(10_000));
    expect(found.filter(finding => finding.code === 'duplicate-key')).toHaveLength(9999);
  });
});

describe('line-too-long', () => {
  const long = `#${'x'.repeat(65_535)}`;

  it('says what is lost', () => {
    const text = `${E}=true\n${long}\n${K}=v\nA=1\n`;
    const { message, shown } = only(text, 'line-too-long');
    expect(shown).toBe(long);
    expect(message).toContain(`sets none of ${K}.`);
    expect(message).toContain('refused by astro env variable --from-file, docker');
    expect(only(`${E}=true\n${long}\nA=1\nB=2\n`, 'line-too-long').message).toContain('from here on (2)');
    expect(only(`${long}\n${K}=v\n${E}=true\n`, 'line-too-long').message).toContain(`sets none of ${E}, ${K}.`);
  });

  it.each([
    ['nothing behind it', `${K}=v\n${long}\n# c\n`],
    ['a shorter line', `${long.slice(1)}\n${K}=v\n`.replace('x', '#')],
    ['no key of ours', `${long}\nA=1\n`],
  ])('is not told with %s', (_name, text) => {
    expect(codes(text)).not.toContain('line-too-long');
  });

  it('hides what stands behind it from no other command', () => {
    expect(codes(`${long}\n${K}= v\n`)).toEqual(['file-rejected', 'line-too-long', 'loader-divergence']);
  });
});

describe('secret-placeholder', () => {
  it.each(['= # secret', '=  # secret, use --include-secrets', '=# secret', '="# secret"', '=#secret', '= #'])(
    'is A%s',
    rest => {
      const text = `${K}=v\nA${rest}\n`;
      const { severity, shown, message, alternatives } = only(text, 'secret-placeholder');
      expect(severity).toBe('error');
      expect(shown).toBe(rest.slice(rest.indexOf('#')));
      expect(message).toContain('--load');
      expect(alternatives?.map(each => applyEdits(text, each.edits))).toEqual([`${K}=v\n`]);
    },
  );

  it.each(['A=#fff', 'A=#alerts', 'A=', 'A=x # secret', '# A= # secret', 'A="#1"', 'A=#secrets'])('is not %s', line => {
    expect(codes(`${K}=v\n${line}\n`)).not.toContain('secret-placeholder');
  });
});

describe('files that have nothing to do with the export', () => {
  it.each([
    'export A=1\nA="x\n; c\nB= # secret\n',
    `# ${K}=v\nexport A=1\n`,
    `A="${K}=v"\nexport B=1\n`,
    `#${'x'.repeat(70_000)}\nA=1\n`,
    '\ufeff',
    '',
  ])('%#: have no finding', text => {
    expect(codes(text)).toEqual([]);
  });

  it('are not read', () => {
    expect(lintReadingsInSteps('export A=1\n').next()).toEqual({ done: true, value: [] });
  });
});

it('pauses after each reader', () => {
  const steps = lintReadingsInSteps(`export ${K}=v\n`);
  let pauses = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) pauses++;
  expect(pauses).toBe(READERS.length);
  expect(step.value).toEqual(lintReadings(`export ${K}=v\n`));
});

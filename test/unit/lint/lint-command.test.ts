import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main';
import { EXPORT_KEYS } from '../../../src/core/export-settings';

const GOOD = `${EXPORT_KEYS.enabled}=true\n${EXPORT_KEYS.baseLogFolder}=s3://acme-logs/prod\n`;
const BAD = GOOD.replace('=true', '=yes');
const WARNED = `${GOOD.replace('/prod', '/staging')}${EXPORT_KEYS.region}=eu-west-9\n`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lint-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, content: string | Uint8Array): string {
  const absolute = path.join(folder, file);
  mkdirSync(path.dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
  return absolute;
}

async function run(...args: string[]) {
  let stdout = '';
  let stderr = '';
  const exit = await main(['lint', ...args], {
    stdout: async text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    env: {},
    cwd: folder,
    signal: new AbortController().signal,
  });
  return { exit, stdout, stderr };
}

async function json(...args: string[]) {
  const { exit, stdout } = await run(...args, '--format', 'json');
  return { exit, ...(JSON.parse(stdout) as { findings: Record<string, unknown>[]; files: number }) };
}

describe('lint', () => {
  it('reads the Dockerfile that a manifest names, whatever it is called', async () => {
    write('pyproject.toml', '[project]\nname = "x"\ndependencies = []\n[tool.astro]\ndockerfile = "docker/airflow"\n');
    write('docker/airflow', 'FROM quay.io/astronomer/astro-runtime:11.6.0\n');
    write('requirements.txt', 'astronomer-providers-logging>=1.6.2\n');
    const { findings } = await json();
    expect(findings).toMatchObject([{ file: path.join('docker', 'airflow'), code: 'runtime-too-old' }]);
  });

  it('walks the current folder and reports by the path below it', async () => {
    write('.env', BAD);
    write('a/.env.prod', GOOD);
    write('a/b/staging.env', WARNED);
    write('a/other.txt', BAD);
    const { exit, findings, files } = await json();
    expect({ exit, files }).toEqual({ exit: 1, files: 3 });
    expect(findings).toEqual([
      {
        file: '.env',
        code: 'not-boolean',
        severity: 'error',
        message: expect.stringContaining('true or false'),
        range: { start: { line: 0, character: 49 }, end: { line: 0, character: 52 } },
        fixable: true,
      },
      expect.objectContaining({ file: path.join('a', 'b', 'staging.env'), code: 'unknown-region', fixable: false }),
    ]);
  });

  it('counts columns in UTF-16', async () => {
    write('.env', `${GOOD}# 😀\n${EXPORT_KEYS.region}='us\u2011east-1'\r\n`);
    const { findings } = await json('.env');
    const hyphen = findings.find(finding => finding.code === 'non-ascii');
    expect(hyphen?.range).toEqual({ start: { line: 3, character: 41 }, end: { line: 3, character: 42 } });
  });

  it.each([
    ['nothing', {}, 0],
    ['no finding', { '.env': GOOD }, 0],
    ['warnings alone', { '.env': WARNED }, 0],
    ['information alone', { '.env': GOOD.replace('true', 'false') }, 0],
    ['an error', { '.env': BAD }, 1],
  ])('exits for %s', async (_name, files, exit) => {
    for (const [file, text] of Object.entries(files)) write(file, text);
    expect(await json('.')).toMatchObject({ exit, files: Object.keys(files).length });
  });

  it('looks everywhere but in .git, node_modules and virtual environments', async () => {
    for (const kept of ['.hidden/.env', '.github/x.env', 'dist/.env', 'env/x.env', 'venvs/.env']) write(kept, BAD);
    for (const left of ['.git/.env', 'a/node_modules/x/.env', '.venv/.env', 'venv/lib/.env', 'py/.env', 'conda/.env'])
      write(left, BAD);
    write('py/pyvenv.cfg', 'home = /usr/bin\n');
    write('conda/conda-meta/history', '');
    write('.gitignore', '.env\n*.env\n');
    const { findings } = await json();
    const files = findings.map(finding => String(finding.file).split(path.sep).join('/'));
    expect(files).toEqual(['.github/x.env', '.hidden/.env', 'dist/.env', 'env/x.env', 'venvs/.env']);
  });

  it('does not follow a link in a circle, but reads a linked file', async () => {
    write('real/vars', BAD);
    symlinkSync(folder, path.join(folder, 'loop'), 'dir');
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'folder.env'), 'dir');
    symlinkSync(path.join(folder, 'real', 'vars'), path.join(folder, '.env'));
    expect(await json()).toMatchObject({ files: 1, findings: [{ file: '.env' }] });
  });

  it('tells a link to nothing, and reads no socket', async () => {
    write('x/.env', GOOD);
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'x', 'broken.env'));
    expect(await run('x')).toMatchObject({ exit: 2, stderr: expect.stringContaining('broken.env') });
    rmSync(path.join(folder, 'x', 'broken.env'));
    if (process.platform === 'win32') return;
    const server = createServer().listen(path.join(folder, 'x', 'socket.env'));
    await once(server, 'listening');
    expect(await json('x')).toMatchObject({ exit: 0, files: 1 });
    server.close();
  });

  it('lints a named file whatever its name, and each file once', async () => {
    write('variables', BAD);
    write('sub/.env', BAD);
    const { findings, files } = await json('variables', 'sub', './sub/.env', path.join(folder, 'variables'));
    expect(files).toBe(2);
    expect(findings).toHaveLength(2);
  });

  it('leaves a named file of another kind alone, and says so', async () => {
    write('notes.md', 'x = 1\n');
    const { exit, stderr, stdout } = await run('notes.md', '--format', 'json');
    expect({ exit, stdout: JSON.parse(stdout) }).toEqual({ exit: 0, stdout: { findings: [], files: 0 } });
    expect(stderr).toContain('notes.md');
  });

  it.each<[string, string, string | Uint8Array | undefined, RegExp]>([
    ['a path that is not there', 'nowhere/.env', undefined, /nowhere.*\n.*path/],
    ['UTF-16', 'x.env', Buffer.from(`\ufeff${GOOD}`, 'utf16le'), /UTF-16.*x\.env\n.*UTF-8/],
    ['UTF-16 without a mark', 'x.env', Buffer.from(GOOD, 'utf16le'), /UTF-16/],
    ['Latin-1', 'x.env', Buffer.from(`${GOOD}X=caf\xe9\n`, 'latin1'), /line 3.*x\.env/],
  ])('exits 2 for %s', async (_name, file, content, words) => {
    if (content !== undefined) write(file, content);
    expect(await run(file)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringMatching(words) });
    if (content !== undefined) expect((await run('.')).exit).toBe(2);
  });

  it('lints the rest of a folder that has an unreadable file', async () => {
    write('.env', BAD);
    write('x.env', Buffer.from([0x41, 0x3d, 0xff]));
    const { exit, findings } = await json();
    expect(exit).toBe(2);
    expect(findings).toHaveLength(1);
  });

  it('fixes what is safe, changes no other byte, and reports what is left', async () => {
    const text = `\ufeff# keep  \r\n${BAD.replaceAll('\n', '\r\n')}OTHER="x"   \r\n${EXPORT_KEYS.region}=eu-west-9`;
    const file = write('.env', text);
    const { exit, findings } = await json('--fix');
    expect({ exit, codes: findings.map(finding => finding.code) }).toEqual({ exit: 0, codes: ['unknown-region'] });
    expect(readFileSync(file, 'utf8')).toBe(text.slice(1).replace('=yes', '=true'));
  });

  it('judges a named .env by the project it belongs to', async () => {
    write('p/.env', GOOD);
    write('q/.env', GOOD);
    write('p/Dockerfile', 'FROM astrocrpublic.azurecr.io/runtime:3.3-8\n');
    const named = async (...files: string[]) =>
      (await json(...files)).findings.map(({ file, code }) => `${file} ${code}`);
    expect(await named('p/.env')).toContain(`${path.join('p', '.env')} local-env-enabled`);
    expect(await named('q/.env')).toEqual([]);
    expect(await named('p/.env', 'q/.env')).toContain(`${path.join('q', '.env')} shared-log-folder`);
  });

  it('touches no file when one of the paths is wrong', async () => {
    const file = write('.env', BAD);
    expect((await run('.env', 'nowhere', '--fix')).exit).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(BAD);
  });

  it('prints text as a compiler does', async () => {
    write('.env', `\n${BAD}`);
    const { stdout, stderr } = await run();
    expect(stdout).toMatch(/^\.env:2:50 error not-boolean .+\n$/);
    expect(stderr).toMatch(/errors: 1, warnings: 0, notes: 0, files: 1/);
  });

  it('prints SARIF 2.1.0', async () => {
    write('a b/.env', BAD);
    const { exit, stdout } = await run('--format', 'sarif');
    const log = JSON.parse(stdout);
    expect(exit).toBe(1);
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'astro-log-export', rules: [{ id: 'not-boolean' }] } },
          columnKind: 'utf16CodeUnits',
        },
      ],
    });
    expect(log.runs[0].results).toEqual([
      expect.objectContaining({
        ruleId: 'not-boolean',
        ruleIndex: 0,
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a%20b/.env' },
              region: { startLine: 1, startColumn: 50, endLine: 1, endColumn: 53 },
            },
          },
        ],
      }),
    ]);
  });

  it('refuses a format and an option that it does not know', async () => {
    expect((await run('--format', 'xml')).exit).toBe(2);
    expect((await run('--fixx')).exit).toBe(2);
  });
});

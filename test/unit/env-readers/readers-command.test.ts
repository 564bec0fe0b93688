import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../../src/cli/main';

const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const folder = mkdtempSync(path.join(os.tmpdir(), 'readers-'));

async function run(content: string | Uint8Array, ...options: string[]) {
  writeFileSync(path.join(folder, 'x.env'), content);
  let out = '';
  let err = '';
  const code = await main(['readers', 'x.env', ...options], {
    stdout: async text => {
      out += String(text);
    },
    stderr: text => {
      err += text;
    },
    env: { FROM_SHELL: 'us-east-1', UNSET: undefined },
    cwd: folder,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

it('prints our values for every reader and hides the others, from its own environment', async () => {
  const { code, out } = await run(`${PREFIX}REGION=$FROM_SHELL\nPASSWORD=hunter2\n`, '--format', 'json');
  const { readers } = JSON.parse(out);
  expect(code).toBe(0);
  expect(Object.keys(readers)).toEqual(['load', 'from-file', 'compose', 'standalone', 'docker', 'podman']);
  const variables = (region: string) => ({ [`${PREFIX}REGION`]: region, PASSWORD: '***' });
  expect(readers.load).toEqual({ rejected: false, exit: 0, variables: variables('$FROM_SHELL'), message: null });
  expect(readers.compose).toEqual({ rejected: false, exit: 0, variables: variables('us-east-1'), message: null });
});

it.each([
  'PASSWORD hunter2\n',
  'PASSWORD="hunter2\n',
  'PASSWORD="a","hunter2"\n',
  'A=${hunter2\n',
  'A=\x24{B:?hunter2}\n',
  '=hunter2\n',
  `${PREFIX}REGION\rhunter2 x\n`,
  new Uint8Array([...Buffer.from('A=hunter2'), 0xff, 10]),
])('%#: never repeats a value that is not ours in a message', async content => {
  for (const format of ['json', 'text']) {
    const { code, out } = await run(content, '--format', format);
    expect(code).toBe(0);
    expect(out).not.toContain('hunter2');
    expect(out).not.toContain([...Buffer.from('hunter2')].join(' '));
  }
});

it('shows all with --show-values', async () => {
  const { out } = await run('PASSWORD=hunter2\nleft over\n', '--show-values', '--format', 'json');
  const { readers } = JSON.parse(out);
  expect(readers.load).toMatchObject({ exit: 1, variables: { PASSWORD: 'hunter2' } });
  expect(readers.docker).toMatchObject({ rejected: true, message: "variable 'left over' contains whitespaces" });
  expect((await run('PASSWORD=hunter2\n', '--show-values')).out).toContain('hunter2');
});

it('names our key where a reader refuses its line', async () => {
  const { out } = await run(`export ${PREFIX}REGION=us-east-1\n`);
  expect(out).toContain(`variable 'export ${PREFIX}REGION' contains whitespaces`);
});

it.each(['missing.env', '.'])('exits 2 for %s', async name => {
  const io = { stdout: async () => {}, stderr: () => {}, env: {}, cwd: folder, signal: new AbortController().signal };
  expect(await main(['readers', name], io)).toBe(2);
});

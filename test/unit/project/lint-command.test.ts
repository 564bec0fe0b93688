import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main';

const DOCKERFILE = 'FROM quay.io/astronomer/astro-runtime:12.8.0\n';
const OLD = 'pandas\nastronomer-providers-logging==1.5.1\n';
const NEW = 'pandas\nastronomer-providers-logging>=1.6.2\n';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lint-project-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

async function lint(...args: string[]) {
  let stdout = '';
  const exit = await main(['lint', ...args, '--format', 'json'], {
    stdout: async text => {
      stdout += text;
    },
    stderr: () => {},
    env: {},
    cwd: folder,
    signal: new AbortController().signal,
  });
  const { findings, files } = JSON.parse(stdout) as { findings: { file: string; code: string }[]; files: number };
  return { exit, files, found: findings.map(({ file, code }) => `${file.replaceAll('\\', '/')} ${code}`) };
}

describe('lint of a project', () => {
  it('reports a mistake in an included file, whatever it is called', async () => {
    write('Dockerfile', DOCKERFILE);
    write('requirements.txt', '-r deps/base.in\n');
    write('deps/base.in', '-r ../more/prod.in\n-r not-there.txt\n-r https://e.org/x.txt\n');
    write('more/prod.in', OLD);
    const found = ['more/prod.in logging-package-too-old'];
    expect(await lint()).toEqual({ exit: 1, files: 4, found });
    expect(await lint('requirements.txt')).toEqual({ exit: 1, files: 3, found });
    expect(await lint('Dockerfile')).toEqual({ exit: 0, files: 1, found: [] });
  });

  it('reads includes that go in circles once', async () => {
    write('Dockerfile', DOCKERFILE);
    write('requirements.txt', '-r a.in\n');
    write('a.in', '-r requirements.txt\n-r a.in\n-c a.in\nastronomer-providers-logging>=1.6.2\n');
    expect(await lint()).toEqual({ exit: 0, files: 3, found: [] });
  });

  it('judges a named file among the others of its folder', async () => {
    write('Dockerfile', 'FROM python:3.12\n');
    write('requirements.txt', OLD);
    expect((await lint('requirements.txt')).found).toEqual(['requirements.txt logging-package-too-old']);
    write('requirements.txt', 'pandas\n');
    expect((await lint('Dockerfile')).found).toEqual([]);
    write('.astro/config.yaml', 'project:\n  name: x\n');
    expect((await lint('Dockerfile')).found).toEqual(['Dockerfile runtime-unknown']);
    rmSync(path.join(folder, '.astro'), { recursive: true });
    write('.env', 'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\n');
    expect((await lint('Dockerfile')).found).toEqual(['Dockerfile runtime-unknown']);
  });

  it('fixes the file that has the mistake, and nothing else in it', async () => {
    write('Dockerfile', DOCKERFILE);
    write('requirements.txt', '-r deps/base.in\r\n');
    write('deps/base.in', OLD.replaceAll('\n', '\r\n'));
    expect(await lint('--fix')).toEqual({ exit: 0, files: 3, found: [] });
    expect(readFileSync(path.join(folder, 'deps/base.in'), 'utf8')).toBe(NEW.replaceAll('\n', '\r\n'));
    expect(readFileSync(path.join(folder, 'requirements.txt'), 'utf8')).toBe('-r deps/base.in\r\n');
  });

  it('lints deployment files in YAML and JSON', async () => {
    const list = '"environment_variables":[{"key":"AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER","value":"x"}]';
    write('deployments/prod.yaml', `{"deployment":{${list}}}\n`);
    write('deployments/deployment.json', `{"deployment":{${list}}}\n`);
    write('k8s/deployment.yaml', 'kind: Deployment\nspec: {}\n');
    const { found, exit } = await lint();
    expect(exit).toBe(1);
    expect(found.filter(each => each.endsWith('bad-s3-uri'))).toEqual([
      'deployments/deployment.json bad-s3-uri',
      'deployments/prod.yaml bad-s3-uri',
    ]);
  });
});

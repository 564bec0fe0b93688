import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, startWorld } from '../verify/world';

const LOG = (task: string) => `dag_id=orders/run_id=manual__2026-11-22T00:00:00+00:00/task_id=${task}/attempt=1.log`;
const KEY = (task: string) => `logs/${LOG(task)}`;

let world: Awaited<ReturnType<typeof startWorld>>;
let folder: string;

beforeEach(async () => {
  world = await startWorld('assume-role');
  folder = mkdtempSync(path.join(tmpdir(), 'reconcile-'));
});

afterEach(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(task: string, text: string): void {
  const file = path.join(folder, LOG(task));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function run(command: 'upload' | 'reconcile') {
  const { code, stdout, stderr } = await runCli([command, folder, '--format', 'json'], world.dir, world.env);
  return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) };
}

describe('reconcile', () => {
  it('finds a folder and the bucket the same after an upload', async () => {
    write('extract', 'one\n');
    write('größe', 'two\n');
    await run('upload');
    expect(await run('reconcile')).toMatchObject({ code: 0, same: 2, missing: [], different: [], extra: [] });
  });

  it('names what is missing, different though of the same size, and extra', async () => {
    write('extract', 'one\n');
    write('load', 'two\n');
    await run('upload');
    rmSync(path.join(folder, path.dirname(LOG('load'))), { recursive: true });
    write('extract', 'eno\n');
    write('new', 'three\n');
    expect(await run('reconcile')).toMatchObject({
      code: 1,
      same: 0,
      missing: [KEY('new')],
      different: [KEY('extract')],
      extra: [KEY('load')],
    });
  });

  it('could not run where there is no folder', async () => {
    rmSync(folder, { recursive: true });
    expect(await run('reconcile')).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no folder') });
  });
});

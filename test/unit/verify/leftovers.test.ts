import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUCKET, startWorld } from './world';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld('assume-role');
});
afterEach(() => world.stop());

const FOLDER = 'logs/.astro-log-export/';
const ID = '0b7e8a4e-58b2-4a55-9d4f-0a1b2c3d4e5f';
const OTHERS_PROBE = `Written by astro-log-export verify to prove the export; safe to delete. ${ID} (0123456789ab/77)\n`;
const HOUR = 3_600_000;

const keys = () => world.sandbox.s3.listKeys(BUCKET);
const put = (name: string, text: string) => world.sandbox.s3.putObject(BUCKET, `${FOLDER}${name}`, text);

/** The probe that a run left which ended without the time to remove it. */
async function leftByKilled(): Promise<void> {
  const { probeText } = await import('../../../src/jobs/probe-leftovers');
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  await put(ID, probeText(ID).toString().replace(`/${process.pid})`, `/${gone})`));
}

it('removes what a run left that was killed, and says so', async () => {
  await leftByKilled();
  const report = await world.report();
  expect(report).toMatchObject({ ok: true, proven: true });
  expect(report.checks.find(({ id }) => id === 'delete')?.message).toMatch(/and 1 that earlier runs had left/);
  expect(keys()).toEqual([]);
});

it("leaves another machine's probe that may be in use, and removes it when it is old", async () => {
  await put(ID, OTHERS_PROBE);
  await world.report();
  expect(keys()).toEqual([`${FOLDER}${ID}`]);
  await world.report({ now: () => Date.now() + HOUR });
  expect(keys()).toEqual([]);
});

it('touches nothing but its own probes, however old', async () => {
  await put(ID, 'a log of somebody who uses the same folder\n');
  await put('token-of-the-probe-dag.log', OTHERS_PROBE);
  await put(`${ID.slice(0, -1)}0`, OTHERS_PROBE + 'x'.repeat(2_000));
  await world.sandbox.s3.putObject(BUCKET, `logs/${ID}`, OTHERS_PROBE);
  const before = keys();
  await world.report({ now: () => Date.now() + 1_000 * HOUR });
  expect(keys()).toEqual(before);
});

it('removes nothing where nothing may be written', async () => {
  await leftByKilled();
  await world.report({ write: false });
  expect(keys()).toEqual([`${FOLDER}${ID}`]);
});

const CLI = path.join(__dirname, '../../../dist/cli.js');

it.skipIf(!existsSync(CLI))('cleans up after a command that was killed for real (needs npm run build)', async () => {
  let puts = 0;
  const second = new Promise<void>(resolve => {
    world.sandbox.faults.add({
      effect: { kind: 'latency', milliseconds: 5_000 },
      matches: ({ method }) => {
        if (method === 'PUT' && ++puts === 2) {
          resolve();
          return true;
        }
        return false;
      },
    });
  });
  const child = spawn(process.execPath, [CLI, 'verify'], {
    cwd: world.dir,
    env: { ...process.env, ...world.env } as never,
    stdio: 'ignore',
  });
  await second;
  child.kill('SIGKILL');
  await once(child, 'exit');
  world.sandbox.faults.clear();
  expect(keys()).toHaveLength(1);
  expect((await world.verify()).ok).toBe(true);
  expect(keys()).toEqual([]);
});

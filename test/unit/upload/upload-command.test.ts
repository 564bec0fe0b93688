import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, runCli, startWorld } from '../verify/world';

const LOG = 'dag_id=etl/run_id=manual__2026-11-23T06:48:54.261789+00:00/task_id=load/attempt=1.log';
let world: Awaited<ReturnType<typeof startWorld>>;

beforeAll(async () => {
  world = await startWorld('assume-role', { env: text => text.replace('ENABLED=true', 'ENABLED=false') });
  const file = path.join(world.dir, 'logs', LOG);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'a line\n');
  writeFileSync(path.join(world.dir, 'logs', '.DS_Store'), 'x');
});
beforeEach(() => world.sandbox.faults.clear());
afterAll(() => world.stop());

const upload = (...args: string[]) => runCli(['upload', ...args], world.dir, world.env);

describe('upload on the command line', () => {
  it('says what it would do, does it, and does it once, also for an export that is switched off', async () => {
    const report = async (...args: string[]) => {
      const { code, stdout, stderr } = await upload('logs', '--format', 'json', ...args);
      expect(stderr).toContain('Sandbox');
      return { code, stderr, ...(JSON.parse(stdout) as object) };
    };
    const nothing = { failed: 0, failures: [], seconds: expect.any(Number) };
    expect(await report('--dry-run')).toMatchObject({ code: 0, uploaded: 1, skipped: 0, bytes: 7, ...nothing });
    expect(world.sandbox.s3.listKeys(BUCKET)).toEqual([]);
    expect(await report()).toMatchObject({ code: 0, uploaded: 1, skipped: 0, bytes: 7, ...nothing });
    expect(world.sandbox.s3.listKeys(BUCKET)).toEqual([`logs/${LOG}`]);
    const { stdout } = await upload('logs', '--format', 'json');
    expect(Object.keys(JSON.parse(stdout))).toEqual(['uploaded', 'skipped', 'failed', 'bytes', 'seconds', 'failures']);
    expect(await report('--concurrency', '1')).toMatchObject({
      code: 0,
      uploaded: 0,
      skipped: 1,
      bytes: 0,
      ...nothing,
    });
    expect((await upload('.')).stdout).toContain('0 uploaded');
  });

  it('exits with 1 and names the key where one fails', async () => {
    await world.sandbox.s3.putObject(BUCKET, `logs/${LOG}`, 'the text of somebody else');
    const { code, stdout } = await upload('logs', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      failed: 1,
      failures: [{ key: `logs/${LOG}`, code: 'different', message: expect.any(String) }],
    });
    expect((await upload('logs')).stdout).toContain(`different  logs/${LOG}`);
  });

  it.each([
    [[], 'one folder'],
    [['a', 'b'], 'one folder'],
    [['none'], 'none'],
    [['.env'], '.env'],
    [['logs', '--env', 'none.env'], 'none.env'],
    [['logs', '--concurrency', '0'], '--concurrency'],
    [['logs', '--concurrency', 'many'], '--concurrency'],
    [['logs', '--watch', '--dry-run'], '--watch'],
    [['logs', '--no-such-option'], '--no-such-option'],
  ])('cannot run with %j', async (args, said) => {
    const { code, stdout, stderr } = await upload(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });
});

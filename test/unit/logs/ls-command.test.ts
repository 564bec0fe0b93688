import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, runCli, startWorld } from '../verify/world';
import { type StoredLog, storedLogs } from './airflow-logs';

const PREFIX = 'logs/';
/** Of one version old and new keys beside one another, as in a bucket that has seen an upgrade. */
const logs = storedLogs().filter(({ version }) => version === '2.10.5' || version === '2.11.2');
const placed = (log: StoredLog) => `${PREFIX}${log.version === '2.10.5' ? '' : 'x'}${log.key.slice(log.prefix.length)}`;
const own = logs.filter(({ version }) => version === '2.10.5');

let world: Awaited<ReturnType<typeof startWorld>>;

beforeAll(async () => {
  world = await startWorld('assume-role');
  for (const log of logs) await world.sandbox.s3.putObject(BUCKET, placed(log), log.body);
  await world.sandbox.s3.putObject(BUCKET, `${PREFIX}.astro-log-export/probe`, 'x');
  await world.sandbox.s3.putObject(BUCKET, `${PREFIX}dag_id=d/run_id=what if`, 'x');
  await world.sandbox.s3.putObject(BUCKET, 'elsewhere/dag_id=d/run_id=r/task_id=t/attempt=1.log', 'x');
});
beforeEach(() => world.sandbox.faults.clear());
afterAll(() => world.stop());

const ls = (...args: string[]) => runCli(['ls', ...args], world.dir, world.env);

async function rows(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout } = await ls('--format', 'json', ...args);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('ls --format json', () => {
  it('lists what the database of Airflow knows, and shows the rest without ids', async () => {
    const all = await rows();
    const keys = all.map(({ key }) => String(key));
    expect(keys).toEqual([...logs.map(placed), `${PREFIX}dag_id=d/run_id=what if`].sort(byBytes));
    for (const log of own) {
      const row = all.find(({ key }) => key === placed(log));
      const { truth } = log;
      const isOld = log.prefix === 'old-template/';
      expect(row).toEqual({
        key: placed(log),
        size: log.body.length,
        lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        dagId: truth.dag_id,
        runId: isOld ? truth.run_id.replace('manual__', '') : truth.run_id,
        taskId: truth.task_id,
        mapIndex: isOld || truth.map_index < 0 ? null : truth.map_index,
        attempt: truth.try_number,
        triggerJobId: truth.kind === 'trigger' ? expect.any(Number) : null,
      });
    }
    const nulls = { dagId: null, runId: null, taskId: null, mapIndex: null, attempt: null, triggerJobId: null };
    expect(all.find(({ key }) => key === `${PREFIX}dag_id=d/run_id=what if`)).toMatchObject(nulls);
  });

  const manual = 'manual__2026-11-23T07:11:53+00:00';
  it.each([
    [['--dag', 'exports_deferred'], (log: StoredLog) => log.truth.dag_id === 'exports_deferred'],
    [['--dag', 'exports'], () => false],
    [
      ['--dag', 'exports_deferred', '--run', manual],
      ({ truth }: StoredLog) => truth.dag_id === 'exports_deferred' && truth.run_id === manual,
    ],
    [['--run', manual], ({ truth }: StoredLog) => truth.run_id === manual],
    [
      ['--dag', 'exports_deferred', '--run', manual, '--task', 'wait_many'],
      ({ key, prefix }: StoredLog) => key.includes('wait_many') && prefix === 'some/prefix/',
    ],
    [['--task', 'wait_many', '--dag', 'exports_deferred'], ({ truth }: StoredLog) => truth.task_id === 'wait_many'],
    [
      ['--run', 'manual__2026-11-23T07:33:09+00:00', '--dag', 'orders_daily'],
      ({ truth, prefix }: StoredLog) => truth.dag_id === 'orders_daily' && prefix === 'old-template/',
    ],
    [
      ['--run', '2026-11-23T07:33:09+00:00', '--task', 'pull'],
      ({ truth, prefix }: StoredLog) => truth.task_id === 'pull' && prefix === 'old-template/',
    ],
  ])('%j lists just those', async (args, fits) => {
    const found = await rows(...args);
    expect(found.map(({ key }) => key)).toEqual(own.filter(fits).map(placed).sort(byBytes));
  });

  it('asks S3 only for what lies under the ids', async () => {
    const prefixes: string[] = [];
    world.sandbox.faults.add({
      effect: { kind: 'reset' },
      matches: ({ query }) => {
        const prefix = query.find(([name]) => name === 'prefix')?.[1];
        if (prefix !== undefined) prefixes.push(prefix);
        return false;
      },
    });
    await rows('--dag', 'd', '--run', 'r+1', '--task', 't');
    expect(prefixes.sort()).toEqual(['logs/d/t/', 'logs/dag_id=d/run_id=r+1/task_id=t/']);
  });

  it('judges since and until by when an object was written', async () => {
    const [row] = await rows('--dag', 'exports_deferred', '--task', 'until');
    const time = String(row?.lastModified);
    const count = async (...args: string[]) => (await rows('--dag', 'exports_deferred', ...args)).length;
    const all = own.filter(({ truth }) => truth.dag_id === 'exports_deferred').length;
    expect(await count('--since', '2020-01-01')).toBe(all);
    expect(await count('--since', '2999-01-01T00:00')).toBe(0);
    expect(await count('--until', '2020-01-01 00:00:00Z')).toBe(0);
    expect(await count('--task', 'until', '--since', time, '--until', time)).toBeGreaterThan(0);
  });

  it('prints valid JSON where there is nothing', async () => {
    expect((await ls('--format', 'json', '--dag', 'none')).stdout).toBe('[]\n');
  });
});

describe('ls', () => {
  it('prints a table with whole keys, and says whose bucket it is', async () => {
    const { code, stdout, stderr } = await ls('--dag', 'd', '--run', 'none');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('Sandbox');
    const table = (await ls('--dag', 'orders_daily')).stdout.split('\n');
    expect(table[0]).toMatch(/^LAST MODIFIED +SIZE +KEY$/);
    expect(table[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +\d+ {2}logs\/dag_id=orders_daily\/run_id=manual__/);
  });

  it.each([
    [['x'], 'takes no argument'],
    [['--since', 'yesterday'], '--since'],
    [['--until', '2026-13-01'], '--until'],
    [['--env', 'none.env'], 'none.env'],
    [['--format', 'xml'], '--format'],
  ])('cannot run with %j', async (args, said) => {
    const { code, stdout, stderr } = await ls(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('exits with 2 and a next step where S3 refuses', async () => {
    world.sandbox.faults.add({ effect: { kind: 'error', code: 'AccessDenied', status: 403 } });
    const { code, stdout, stderr } = await ls('--format', 'json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n').length).toBeGreaterThan(1);
  });
});

/** S3's order. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BucketClient, ListedObject } from '../../../src/aws/session';
import { parseLogKey, printLogKey } from '../../../src/core/logs/log-key';
import { compileTemplate } from '../../../src/core/logs/log-key-template';
import { listDags, listOther, listRuns, listTasks, type OtherLevel, type RunRow } from '../../../src/jobs/browse-logs';
import { type LogBucket, logsByVersion, startLogBucket } from './log-bucket';

const NOW = new Date('2026-11-23T10:00:00Z');
const versions = logsByVersion();
let place: LogBucket;
let bucket: BucketClient;

beforeAll(async () => {
  place = await startLogBucket();
  bucket = place.session.bucket;
  for (const { prefix, logs } of versions) {
    for (const { placed, body } of logs) await place.put(placed, body);
    await place.put(`${prefix}.astro-log-export/probe`, 'x');
  }
});
afterAll(() => place.stop());

/** Opens everything, as a person could, and says what was seen. */
async function walk(prefix: string) {
  const rows: string[] = [];
  const logs: string[] = [];
  const others: string[] = [];
  const open = async ({ folders, objects }: OtherLevel) => {
    others.push(...objects.map(({ key }) => key));
    for (const folder of folders) await open(await listOther(bucket, prefix, folder));
  };
  const { dags, other } = await listDags(bucket, prefix);
  await open(other);
  for (const dag of dags) {
    const level = await listRuns(bucket, prefix, dag, { now: NOW });
    expect(level.isComplete).toBe(true);
    await open(level.other);
    for (const run of level.runs) {
      rows.push(`${dag.dagId} ${run.runId}`);
      const { tasks, isComplete, otherRuns, other } = await listTasks(bucket, prefix, dag.dagId, run);
      expect({ isComplete, otherRuns }).toEqual({ isComplete: true, otherRuns: [] });
      await open(other);
      for (const { attempts } of tasks) for (const { objects } of attempts) logs.push(...objects.map(({ key }) => key));
    }
  }
  return { rows, logs, others };
}

describe('browsing the logs of real Airflow', () => {
  it.each(versions)('shows every object of $prefix once, and no other', async ({ prefix, logs }) => {
    const seen = await walk(prefix);
    const [fit, unfit] = [true, false].map(fits =>
      logs.map(({ placed }) => placed).filter(key => (parseLogKey(key, prefix) !== undefined) === fits),
    );
    expect(seen.logs.sort()).toEqual(fit?.sort());
    expect(seen.others.sort()).toEqual(unfit?.sort());
    expect(new Set(seen.rows).size).toBe(seen.rows.length);
  });

  it('finds run ids with slashes, and ones made to confuse', async () => {
    const ids = async (dagId: string) =>
      (await listRuns(bucket, '2.11.2/', { dagId, layout: 'default' }, { now: NOW })).runs.map(({ runId }) => runId);
    expect(await ids('prices_consumer')).toContain('adhoc/2026/11');
    const runs = await ids('timetable_reader');
    expect(runs).toEqual(expect.arrayContaining(['a/c', 'run_id=x/task_id=y', 'запуск 7']));
    expect(runs).not.toContain('run_id=x');
  });

  it('puts the newest run first, and dates those with a name of their own by their objects', async () => {
    const { runs } = await listRuns(bucket, '2.11.2/', { dagId: 'orders_daily', layout: 'default' }, { now: NOW });
    expect(runs.map(({ runId }) => runId)).toEqual([
      // Written by the test, just now.
      'release-4.2~rc1+build:7',
      'manual__2026-11-23T07:08:14+00:00',
      'manual__2026-11-22T00:00:00+00:00',
      'scheduled__2026-11-20T00:00:00+00:00',
    ]);
  });

  it('puts an attempt with its trigger logs in one row, a mapped task in one for each index', async () => {
    const run = { runId: 'manual__2026-11-23T07:11:53+00:00', layout: 'default' } as const;
    const { tasks } = await listTasks(bucket, '2.10.5/', 'exports_deferred', run);
    const rows = tasks.map(({ taskId, mapIndex, attempts }) => [
      taskId,
      mapIndex,
      attempts.map(({ attempt, objects, size }) => [attempt, objects.map(({ log }) => log?.triggerJobId), size]),
    ]);
    expect(rows.filter(([taskId]) => taskId === 'wait_many' || taskId === 'event_error')).toEqual([
      [
        'event_error',
        undefined,
        [
          [1, [undefined, 1], 8934 + 536],
          [2, [undefined, 1], 9048 + 537],
        ],
      ],
      ['wait_many', 0, [[1, [undefined, 1], 4834 + 525]]],
      ['wait_many', 1, [[1, [undefined, 1], 4835 + 525]]],
    ]);
  });

  it('shows keys from before Airflow 2.3 as DAGs of their own', async () => {
    const { dags } = await listDags(bucket, '2.10.5/');
    expect(dags.filter(({ layout }) => layout === 'old').map(({ dagId }) => dagId)).toEqual([
      'exports_deferred',
      'fanout_regions',
      'orders_daily',
    ]);
    const dag = { dagId: 'fanout_regions', layout: 'old' } as const;
    const { runs } = await listRuns(bucket, '2.10.5/', dag);
    expect(runs).toEqual([
      { runId: '2026-11-23T07:33:09+00:00', layout: 'old', date: new Date('2026-11-23T07:33:09Z') },
    ]);
  });

  it('opens a run with one request, and the runs of a DAG after one round trip', async () => {
    place.requests();
    await listTasks(bucket, '3.3.2/', 'orders_daily', {
      runId: 'scheduled__2026-11-20T00:00:00+00:00',
      layout: 'default',
    });
    expect(place.requests()).toEqual(['GET list']);
    await listRuns(bucket, '3.3.2/', { dagId: 'orders_daily', layout: 'default' });
    expect(place.requests().length).toBeLessThanOrEqual(6);
  });

  it('shows what a template of its own wrote, beside what the default did', async () => {
    const compiled = compileTemplate('own/{{ ti.run_id }}/{{ ti.dag_id }}:{{ ti.task_id }}/{{ try_number }}.txt');
    if ('problem' in compiled) throw new Error(compiled.problem.message);
    const { template } = compiled;
    const log = { dagId: 'd', runId: 'a/b', taskId: 't', attempt: 2 };
    const keys = [template.print(log) as string, printLogKey(log, ''), 'own/readme'].map(key => `mixed/${key}`);
    for (const key of keys) await place.put(key, 'x');
    const { dags, other } = await listDags(bucket, 'mixed/', { template });
    expect(dags.map(({ layout }) => layout)).toEqual(['custom', 'default']);
    expect(other.objects.map(({ key }) => key)).toEqual(['mixed/own/readme']);
    for (const [i, dag] of dags.entries()) {
      const { runs } = await listRuns(bucket, 'mixed/', dag, { template });
      expect(runs).toMatchObject([{ runId: 'a/b', layout: dag.layout }]);
      const { tasks } = await listTasks(bucket, 'mixed/', 'd', runs[0] as RunRow, { template });
      expect(tasks.flatMap(({ attempts }) => attempts.flatMap(({ objects }) => objects))).toMatchObject([
        { key: keys[i], log },
      ]);
    }
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(listDags(bucket, '3.3.2/', { signal })).rejects.toBeDefined();
  });
});

/** A bucket of keys alone, for numbers that would take the sandbox long. Lists as S3 does. */
function keysOnly(keys: readonly string[]): BucketClient & { pages: number } {
  const sorted = [...keys].sort();
  const client = {
    pages: 0,
    async *list({ prefix, delimiter, startAfter = '', pageSize = 1_000 }: Parameters<BucketClient['list']>[0]) {
      let objects: ListedObject[] = [];
      let folders = new Set<string>();
      const page = (isTruncated: boolean) => {
        client.pages++;
        return { objects, commonPrefixes: [...folders], isTruncated };
      };
      for (const key of sorted) {
        if (!key.startsWith(prefix) || key <= startAfter) continue;
        const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
        const folder = key.slice(0, end + 1);
        if (end >= 0 && (folders.has(folder) || folder <= startAfter)) continue;
        if (objects.length + folders.size === pageSize) {
          yield page(true);
          objects = [];
          folders = new Set();
        }
        if (end >= 0) folders.add(folder);
        else objects.push({ key, size: 1, lastModified: NOW, etag: '' });
      }
      yield page(false);
    },
  };
  return client as unknown as BucketClient & { pages: number };
}

describe('a DAG with more runs than a page', () => {
  const dag = { dagId: 'busy', layout: 'default' } as const;
  const runs = (kind: string, count: number, newest: Date, minutes: number) =>
    Array.from({ length: count }, (_, i) => {
      const date = new Date(newest.getTime() - i * minutes * 60_000).toISOString().replace('.000Z', '+00:00');
      return `logs/dag_id=busy/run_id=${kind}__${date}/task_id=t/attempt=1.log`;
    });

  it.each([
    ['runs every hour', 20_000, NOW, 60],
    ['runs every five minutes', 20_000, NOW, 5],
    ['runs every ten seconds', 20_000, NOW, 1 / 6],
    ['has been idle for two years', 5_000, new Date('2024-11-20T00:00:00Z'), 60],
    ['stopped ten days ago after a busy time', 9_000, new Date('2026-11-13T00:00:00Z'), 5],
  ])('that %s: the newest come first, without listing all', async (_, count, newest, minutes) => {
    const keys = [...runs('scheduled', count, newest, minutes), ...runs('manual', 3, newest, 100_000)];
    const bucket = keysOnly(keys);
    const level = await listRuns(bucket, 'logs/', dag, { now: NOW });
    expect(level.isComplete).toBe(false);
    expect(level.runs[0]?.date).toEqual(newest);
    expect(level.runs.map(run => run.runId.split('__')[0])).toContain('manual');
    expect(bucket.pages).toBeLessThanOrEqual(24);
    const all = await listRuns(bucket, 'logs/', dag, { now: NOW, all: true });
    expect(all).toMatchObject({ isComplete: true });
    expect(all.runs).toHaveLength(count + 3);
  });

  it('says so where a run has more objects than were looked at', async () => {
    const keys = Array.from({ length: 12_000 }, (_, i) => `dag_id=d/run_id=r/task_id=t/map_index=${i}/attempt=1.log`);
    const bucket = keysOnly(keys);
    const run = { runId: 'r', layout: 'default' } as const;
    expect(await listTasks(bucket, '', 'd', run)).toMatchObject({ isComplete: false });
    const { tasks, isComplete } = await listTasks(bucket, '', 'd', run, { all: true });
    expect(isComplete).toBe(true);
    expect(tasks.map(({ mapIndex }) => mapIndex)).toEqual(keys.map((_, i) => i));
  });

  it('names the runs that lie within another', async () => {
    const inner = 'manual__2026-11-23T07:00:00+00:00/again';
    const bucket = keysOnly([
      'dag_id=d/run_id=manual__2026-11-23T07:00:00+00:00/task_id=t/attempt=1.log',
      `dag_id=d/run_id=${inner}/task_id=t/attempt=1.log`,
    ]);
    const run = { runId: 'manual__2026-11-23T07:00:00+00:00', layout: 'default' } as const;
    const { tasks, otherRuns } = await listTasks(bucket, '', 'd', run);
    expect(tasks).toHaveLength(1);
    expect(otherRuns).toEqual([inner]);
    expect((await listTasks(bucket, '', 'd', { ...run, runId: inner })).tasks).toHaveLength(1);
  });
});

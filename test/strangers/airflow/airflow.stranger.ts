import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSandbox, runCommandLine, startSandbox } from '../../../scripts/lib/sandbox.mjs';
import { openSession } from '../../../src/aws/open-session';
import { envEntries, parseEnvDocument } from '../../../src/core/env/env-document';
import { diagnoseProbeLine, findProbeLine } from '../../../src/core/diagnosis/probe-line';
import { OUTCOME_TAIL_BYTES, outcomeOf } from '../../../src/core/logs/outcome';
import { PROBE_DAG, probeDag } from '../../../src/core/probe/probe-dag';
import { awaitProbe } from '../../../src/jobs/await-probe';
import { listDags, listRuns, listTasks } from '../../../src/jobs/browse-logs';
import { loadExport } from '../../../src/jobs/load-export';
import {
  AIRFLOW_VERSIONS,
  type AirflowDatabase,
  type AirflowVersion,
  type Attempt,
  installedAirflow,
  startAirflow,
} from './airflow';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/astro-task-logs';
const ROLE = { RoleName: 'astro-task-logs', PolicyName: 'secondary-logs' };
const PREFIX = 'team/prod/';
const SCAFFOLD = [
  ...['scaffold', '--mode', 'assume-role', '--bucket', 'acme-airflow-logs', '--prefix', 'team/prod'],
  ...['--region', 'eu-central-1', '--role-arn', ROLE_ARN],
  ...['--deployment-role', 'arn:aws:iam::111122223333:role/astro-deployment-role'],
];

const ORDERS = { dagId: 'shop.orders-v2', runId: 'scheduled__2026-11-01T00:00:00+00:00' };
const WAITS = { dagId: 'shop_waits', runId: 'release-4.2~rc1+build:7' };
/** Ours, which runs by itself beside those. */
const TOKEN = 'probe-0123456789';
const isProbe = ({ dagId }: { readonly dagId: string | null }) => dagId === PROBE_DAG.dagId;

const PING = { dagId: 'shop_ping', runId: 'manual_ping' };

/** What dags/shop.py makes Airflow do. */
const ATTEMPTS: readonly (Attempt & { readonly says: readonly string[] })[] = [
  {
    ...ORDERS,
    taskId: 'book',
    mapIndex: -1,
    attempt: 1,
    state: 'failed',
    says: [
      "ValueError: invalid literal for int() with base 10: '12,50'",
      'The above exception was the direct cause of the following exception:',
      "KeyError: 'invoice 7741 has no amount'",
      'During handling of the above exception, another exception occurred:',
      'InvoiceRejected: invoice 7741 rejected:\n  - amount: not a number',
    ],
  },
  {
    ...ORDERS,
    taskId: 'intake.raw.copy_files',
    mapIndex: -1,
    attempt: 1,
    state: 'success',
    says: ['copied 3 files: größe, 日本', 'slow disk'],
  },
  { ...ORDERS, taskId: 'kick', mapIndex: -1, attempt: 1, state: 'success', says: [] },
  { ...ORDERS, taskId: 'price', mapIndex: 0, attempt: 1, state: 'success', says: ['pricing north, attempt 1'] },
  {
    ...ORDERS,
    taskId: 'price',
    mapIndex: 1,
    attempt: 1,
    state: 'failed',
    says: ['pricing south, attempt 1', 'TimeoutError: region south did not answer'],
  },
  { ...ORDERS, taskId: 'price', mapIndex: 1, attempt: 2, state: 'success', says: ['pricing south, attempt 2'] },
  {
    ...WAITS,
    taskId: 'feed',
    mapIndex: -1,
    attempt: 1,
    state: 'success',
    says: ['look number 1', 'look number 2', 'Success criteria met. Exiting.'],
  },
  { ...WAITS, taskId: 'until', mapIndex: -1, attempt: 1, state: 'success', says: ['Pausing task as DEFERRED'] },
];

/** Has no log. */
const NEVER_STARTED: Attempt = { ...ORDERS, taskId: 'report', mapIndex: -1, attempt: 0, state: 'upstream_failed' };

/** What the log of an attempt may say of its end. Airflow 3 writes no word of some ends; it must not say another. */
function outcomesOf({ state }: Attempt): readonly string[] {
  return state === 'success' ? ['success', 'unknown'] : ['failed'];
}

interface ListedLog {
  readonly key: string;
  readonly size: number;
  readonly dagId: string | null;
  readonly runId: string | null;
  readonly taskId: string | null;
  readonly mapIndex: number | null;
  readonly attempt: number | null;
  readonly triggerJobId: number | null;
}

type Ids = Pick<ListedLog, 'dagId' | 'runId' | 'taskId' | 'mapIndex' | 'attempt'>;

/** The database calls no map index −1, the command line null. */
const named = ({ dagId, runId, taskId, mapIndex, attempt }: Ids) =>
  [dagId, runId, taskId, mapIndex ?? -1, attempt].join(' | ');

const POLL = { timeout: 60_000, interval: 500 };

for (const version of AIRFLOW_VERSIONS) {
  const installed = installedAirflow(version);
  if ('skipped' in installed) it.skip(`Airflow ${version}: skipped, ${installed.skipped}`, () => {});
  else describe(`Airflow ${version}`, () => judge(version));
}

function judge(version: AirflowVersion): void {
  const dir = mkdtempSync(path.join(tmpdir(), 'strangers-airflow-'));
  const cleanUp: (() => Promise<void> | void)[] = [() => rmSync(dir, { recursive: true, force: true })];
  let sandbox: RunningSandbox;
  let airflow: Awaited<ReturnType<typeof startAirflow>>;
  let database: AirflowDatabase;
  /** Every attempt that has started. */
  let attempts: readonly Attempt[];
  let logs: readonly ListedLog[];

  const cli = (...args: readonly string[]) => runCommandLine(args, { cwd: dir, env: sandbox.env });
  const ls = async (): Promise<readonly ListedLog[]> => {
    const all: readonly ListedLog[] = JSON.parse((await cli('ls', '--format', 'json')).stdout);
    return all.filter(log => !isProbe(log));
  };
  const workerLogs = () =>
    logs
      .filter(log => log.triggerJobId === null)
      .map(named)
      .sort();
  const verify = async () => {
    const { stdout, code } = await cli('verify', '--format', 'json');
    return { code, ...(JSON.parse(stdout) as { ok: boolean; checks: { status: string; causes: string[] }[] }) };
  };

  beforeAll(async () => {
    const scaffolded = await runCommandLine(SCAFFOLD, { cwd: dir });
    if (scaffolded.code !== 0) throw new Error(scaffolded.stderr);
    sandbox = await startSandbox(dir);
    cleanUp.push(sandbox.stop);
    const { target, text } = await loadExport(path.join(dir, '.env'));
    const variables = envEntries(parseEnvDocument(text)).map(({ key, value }) => [key, value]);
    const shop = readFileSync(path.join(import.meta.dirname, 'dags/shop.py'), 'utf8');
    airflow = await startAirflow(version, {
      dags: { 'shop.py': shop, [PROBE_DAG.file]: probeDag(TOKEN) },
      logFolder: `s3://${target.bucket}/${target.prefix.replace(/\/$/, '')}`,
      connection: { roleArn: target.roleArn, region: target.region ?? 'us-east-1' },
      env: { ...sandbox.env, ...Object.fromEntries(variables), SHOP_STATE: dir },
    });
    cleanUp.push(() => airflow.stop());
    await airflow.whenEnded(ORDERS.dagId, ORDERS.runId);
    await airflow.whenEnded(WAITS.dagId, WAITS.runId);
    const all = await airflow.database();
    database = { ...all, attempts: all.attempts.filter(attempt => !isProbe(attempt)) };
    attempts = database.attempts.filter(({ attempt }) => attempt > 0);
    // The last logs arrive a moment after Airflow has noted the end of their tasks.
    await airflow.until('the logs have arrived', async () => {
      logs = await ls();
      return workerLogs().length >= attempts.length;
    });
  });

  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
  });

  it('ran the DAGs as they are written', () => {
    const states = (rows: readonly Attempt[]) => rows.map(row => `${named(row)} | ${row.state}`).sort();
    expect(states(database.attempts), airflow.output()).toEqual(states([...ATTEMPTS, NEVER_STARTED]));
  });

  it('has written a log for every attempt in its database, and ls reads it back', () => {
    expect(workerLogs()).toEqual(attempts.map(named).sort());
  });

  it('has written trigger logs that ls gives to its triggerer', () => {
    const triggerLogs = logs.filter(log => log.triggerJobId !== null);
    // The handler of Airflow 2.11 writes none.
    expect(triggerLogs.map(log => `${log.dagId} ${log.taskId}`)).toEqual(
      version === '3.3.2' ? ['shop_waits until'] : [],
    );
    for (const log of triggerLogs) expect(database.triggererJobs).toContain(log.triggerJobId);
  });

  it.each(ATTEMPTS)('wrote what cat shows: $dagId $taskId $mapIndex attempt $attempt', async attempt => {
    const key = logs.find(log => log.triggerJobId === null && named(log) === named(attempt))?.key ?? 'none';
    let lines: { time: string | null; level: string | null; message: string }[] = [];
    // What a resumed task adds may arrive a moment after its end, too.
    const missing = async () => {
      lines = JSON.parse((await cli('cat', key, '--format', 'json')).stdout || '{"lines":[]}').lines;
      const text = lines.map(line => line.message).join('\n');
      return text === '' ? ['everything'] : attempt.says.filter(words => !text.includes(words));
    };
    await expect.poll(missing, POLL).toEqual([]);
    expect(lines.some(line => line.level === 'error')).toBe(attempt.state === 'failed');
    expect(Number.isNaN(Date.parse(lines[0]?.time ?? ''))).toBe(false);
  });

  it('has DAGs, runs, tasks, attempts and ends that the tree shows', async () => {
    const { target } = await loadExport(path.join(dir, '.env'));
    const session = await openSession({ target, env: sandbox.env });
    const { bucket } = session;
    const tree = async () => {
      const rows: { attempt: Ids; outcome: string }[] = [];
      for (const dag of (await listDags(bucket, PREFIX)).dags.filter(dag => !isProbe(dag))) {
        for (const run of (await listRuns(bucket, PREFIX, dag)).runs) {
          for (const { taskId, mapIndex = -1, attempts: rowsOfTask } of (
            await listTasks(bucket, PREFIX, dag.dagId, run)
          ).tasks) {
            for (const { attempt, objects } of rowsOfTask) {
              const { body } = await bucket.get(objects[0]?.key ?? '', { suffix: OUTCOME_TAIL_BYTES });
              const ids = { dagId: dag.dagId, runId: run.runId, taskId, mapIndex, attempt };
              rows.push({ attempt: ids, outcome: outcomeOf(body.toString('utf8')) });
            }
          }
        }
      }
      return rows;
    };
    /** What the tree says and the database doesn't, and the other way round. */
    const differences = async () => {
      const rows = new Map((await tree()).map(row => [named(row.attempt), row.outcome]));
      return [
        ...[...rows.keys()].filter(row => !attempts.some(attempt => named(attempt) === row)),
        ...attempts
          .filter(attempt => !outcomesOf(attempt).includes(rows.get(named(attempt)) ?? 'missing'))
          .map(attempt => `${named(attempt)}: ${attempt.state}, shown as ${rows.get(named(attempt))}`),
      ];
    };
    try {
      await expect.poll(differences, POLL).toEqual([]);
    } finally {
      session.close();
    }
  });

  it('runs the probe DAG by itself, whose token arrives, and whose line tells of every step', async () => {
    const { target, settings } = await loadExport(path.join(dir, '.env'));
    const session = await openSession({ target, env: sandbox.env });
    const { bucket } = session;
    try {
      const { found } = await awaitProbe({ bucket, prefix: PREFIX, token: TOKEN, interval: 1_000, timeout: 120_000 });
      const { stdout } = await cli('cat', found?.key ?? 'none', '--format', 'json');
      const lines: { message: string }[] = JSON.parse(stdout).lines;
      const probe = findProbeLine(lines.map(line => line.message).join('\n'));
      expect(probe).toMatchObject({
        token: TOKEN,
        airflow: version,
        settings: { S3_BUCKET_ENABLED: 'true', S3_BASE_LOG_FOLDER: settings.baseLogFolder, ROLE_ARN: ROLE_ARN },
        package: null,
        identity: expect.stringContaining('assumed-role/astro-deployment-role/'),
        role: expect.stringContaining('assumed-role/astro-task-logs/'),
        head: { ok: true, status: 404 },
        put: { ok: true },
        get: { ok: true },
      });
      // Astro's own package is in Astro's images alone.
      expect(probe && diagnoseProbeLine(probe)?.causes).toEqual(['bad-settings']);
    } finally {
      session.close();
    }
  });

  it.runIf(process.platform === 'linux')('listens on loopback alone', () => {
    expect(airflow.listening()).toEqual(version === '3.3.2' ? ['loopback'] : []);
  });

  it('does what verify says while the export works', async () => {
    expect(await verify()).toMatchObject({ code: 0, ok: true });
  });

  it('writes nothing without s3:ListBucket while its tasks succeed, as verify and diagnose say', async () => {
    const iam = new IAMClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: keysOf(sandbox.admin) });
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(ROLE));
    const policy = decodeURIComponent(PolicyDocument);
    const without = policy.replace(/\s*"s3:ListBucket",/, '');
    expect(without).not.toBe(policy);
    await iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyDocument: without }));

    await airflow.trigger(PING.dagId, PING.runId);
    expect(await airflow.whenEnded(PING.dagId, PING.runId)).toBe('success');
    await airflow.until('Airflow has failed to write the log', async () =>
      airflow.output().includes('(403) when calling the HeadObject operation'),
    );
    writeFileSync(path.join(dir, 'worker.log'), airflow.output());
    const { matches } = JSON.parse((await cli('diagnose', 'worker.log', '--format', 'json')).stdout);
    expect(matches.flatMap((match: { causes: string[] }) => match.causes)).toContain('missing-list-bucket');
    const { code, checks } = await verify();
    expect(code).toBe(1);
    expect(checks.filter(check => check.status === 'fail').flatMap(check => check.causes)).toContain(
      'missing-list-bucket',
    );

    await iam.send(new PutRolePolicyCommand({ ...ROLE, PolicyDocument: policy }));
    expect((await ls()).filter(log => log.dagId === PING.dagId)).toEqual([]);
    expect(await verify()).toMatchObject({ code: 0, ok: true });
  });
}

function keysOf(keys: RunningSandbox['admin']) {
  return { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY };
}

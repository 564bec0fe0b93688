import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/aws/open-session';
import type { AwsSession } from '../../../src/aws/session';
import { isExportError } from '../../../src/core/export-error';
import { parseLogKey, printLogKey } from '../../../src/core/logs/log-key';
import type { TaskLog } from '../../../src/core/logs/task-log';
import { findTaskLogs } from '../../../src/jobs/log-folder';
import { type UploadInput, uploadLogs, watchLogs } from '../../../src/jobs/upload';
import { BUCKET, startS3 } from '../aws/s3-server';

let server: Awaited<ReturnType<typeof startS3>>;
let session: AwsSession;
let root: string;

beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'upload-'));
  session = await open();
});
afterEach(async () => {
  session.close();
  server.faults.clear();
  server.state.policy = { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } };
  const cleaner = await open();
  for (const key of server.s3.listKeys(BUCKET)) await cleaner.bucket.delete(key);
  cleaner.close();
  rmSync(root, { recursive: true, force: true });
});

function open(bucket = BUCKET): Promise<AwsSession> {
  return openSession({
    target: { bucket, prefix: 'logs/', accessMode: 'workload-identity', region: 'us-east-1' },
    endpoint: server.endpoint,
    credentials: server.keys,
    env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  });
}

function write(name: string, text: string | Buffer = `text of ${name}\n`): void {
  const file = path.join(root, ...name.split('/'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const upload = (more: Partial<UploadInput> = {}) => uploadLogs({ session, folder: root, ...more });
const keys = () => server.s3.listKeys(BUCKET);
const content = async (key: string) => (await server.s3.readObject(BUCKET, key))?.toString();

const RUN = 'run_id=scheduled__2026-11-20T00:00:00+00:00';
const one = `dag_id=etl/${RUN}/task_id=group.load/attempt=1.log`;

describe('findTaskLogs', () => {
  const found = async (folder: string) => (await findTaskLogs(folder, 'logs/')).logs.map(log => log.key);
  const names = [
    one,
    `dag_id=etl/${RUN}/task_id=pull/map_index=3/attempt=2.log`,
    `dag_id=etl/${RUN}/task_id=wait/attempt=1.log.trigger.15.log`,
    'dag_id=größe_日本/run_id=release-4.2~rc1+build:7/task_id=a.log.trigger.5.log/attempt=1.log',
    'old/load/2021-01-01T00:00:00+00:00/1.log',
  ];
  const others = [
    '.DS_Store',
    'scheduler/2026-11-20/etl.py.log',
    'scheduler/latest/etl.py.log',
    'dag_processor_manager/dag_processor_manager.log',
    'dag_processor/2026-11-20/dags-folder/etl.py.log',
    `dag_id=etl/${RUN}/task_id=load/attempt=1.log.swp`,
    `dag_id=etl/${RUN}/task_id=load/.DS_Store`,
  ];
  const expected = names.map(name => `logs/${name}`).sort();

  it.each(['', 'airflow/logs/', 'a/dag=x/b/'])('finds exactly the task logs when the base is DIR/%s', async above => {
    for (const name of [...names, ...others]) write(above + name);
    const { logs, ignored } = await findTaskLogs(root, 'logs/');
    expect(logs.map(log => log.key)).toEqual(expected);
    expect(ignored).toBe(others.length);
  });

  it('finds all sample logs at the keys that their paths spell', async () => {
    const samples = path.resolve('test/projects/sample-logs');
    const { logs, ignored } = await findTaskLogs(samples, 'some/prefix/');
    expect(ignored).toBe(0);
    expect(logs.length).toBeGreaterThan(50);
    for (const { key, path: file } of logs) {
      expect(key).toBe(`some/prefix/${path.relative(samples, file).split(path.sep).join('/')}`);
      expect(printLogKey(parseLogKey(key, 'some/prefix/') as TaskLog, 'some/prefix/')).toBe(key);
    }
  });

  it('finds them from inside the base', async () => {
    for (const name of names) write(name);
    expect(await found(path.join(root, 'dag_id=etl', RUN, 'task_id=pull'))).toEqual([
      `logs/dag_id=etl/${RUN}/task_id=pull/map_index=3/attempt=2.log`,
    ]);
  });

  it('follows links, but not in circles', async () => {
    write(`there/${one}`);
    symlinkSync(path.join(root, 'there', 'dag_id=etl'), path.join(root, 'dag_id=alias'));
    symlinkSync(root, path.join(root, 'there', 'dag_id=etl', 'up'));
    expect(await found(root)).toEqual([`logs/${one.replace('etl', 'alias')}`, `logs/${one}`].sort());
  });

  it.each(['none', 'file'])('says that %s is no folder', async name => {
    write('file', 'x');
    await expect(findTaskLogs(path.join(root, name), '')).rejects.toMatchObject({
      name: 'ExportError',
      code: 'unreadable',
    });
  });
});

describe('uploadLogs', () => {
  it('uploads once, then finds everything there, with one listing', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `dag_id=etl/${RUN}/task_id=t${i}/attempt=1.log`);
    for (const name of names) write(name);
    write('scheduler/latest.log');
    write(`dag_id=etl/${RUN}/task_id=empty/attempt=1.log`, '');
    expect(await upload()).toMatchObject({
      uploaded: 41,
      skipped: 0,
      failed: 0,
      ignored: 1,
      notTried: 0,
      failures: [],
    });
    expect(keys()).toHaveLength(41);
    for (const name of names) expect(await content(`logs/${name}`)).toBe(`text of ${name}\n`);

    let asked = 0;
    server.faults.add({ effect: { kind: 'latency', milliseconds: 0 }, matches: () => ++asked > 0 });
    expect(await upload()).toMatchObject({ uploaded: 0, skipped: 41, failed: 0, bytes: 0 });
    expect(asked).toBe(1);
  });

  it('writes nothing in a dry run, and says what it would', async () => {
    write(one, 'some text');
    expect(await upload({ dryRun: true })).toMatchObject({ uploaded: 1, skipped: 0, bytes: 9 });
    expect(keys()).toEqual([]);
  });

  it('streams a large file', async () => {
    const big = Buffer.alloc(3_000_000, 'all work and no play\n');
    write(one, big);
    expect(await upload()).toMatchObject({ uploaded: 1, bytes: big.length });
    expect((await server.s3.readObject(BUCKET, `logs/${one}`))?.equals(big)).toBe(true);
    expect(await upload()).toMatchObject({ uploaded: 0, skipped: 1 });
    appendFileSync(path.join(root, one), 'one line more\n');
    expect(await upload()).toMatchObject({ uploaded: 1, skipped: 0 });
  });

  it.each([
    ['the file grew', 'old\n', 'old\nnew\n', { uploaded: 1, failed: 0 }, 'old\nnew\n'],
    ['the object is empty', '', 'new\n', { uploaded: 1, failed: 0 }, 'new\n'],
    ['the object has more', 'old\nnew\n', 'old\n', { skipped: 1, failed: 0 }, 'old\nnew\n'],
    ["Airflow's append repeated the start", 'a\n\na\nb\n', 'a\nb\n', { skipped: 1, failed: 0 }, 'a\n\na\nb\n'],
    ['the object holds other text', 'theirs\n', 'ours, longer\n', { uploaded: 0, failed: 1 }, 'theirs\n'],
    ['other text of the same length', 'aaaa\n', 'bbbb\n', { uploaded: 0, failed: 1 }, 'aaaa\n'],
  ])('loses nothing that is there: %s', async (_, remote, local, expected, after) => {
    await server.s3.putObject(BUCKET, `logs/${one}`, remote);
    write(one, local);
    const report = await upload();
    expect(report).toMatchObject(expected);
    if (report.failed > 0) expect(report.failures[0]).toMatchObject({ key: `logs/${one}`, code: 'different' });
    expect(await content(`logs/${one}`)).toBe(after);
  });

  it('loses nothing that another writes meanwhile', async () => {
    write(one, 'ours\n');
    server.faults.add({
      effect: { kind: 'latency', milliseconds: 0 },
      times: 1,
      matches: ({ method }) => {
        if (method === 'PUT') void server.s3.putObject(BUCKET, `logs/${one}`, 'theirs\n');
        return method === 'PUT';
      },
    });
    expect(await upload()).toMatchObject({ uploaded: 0, failed: 1, failures: [{ code: 'different' }] });
    expect(await content(`logs/${one}`)).toBe('theirs\n');
  });

  it('knows equal content whose ETag is not its MD5', async () => {
    const text = 'x'.repeat(1000);
    await server.s3.putObject(BUCKET, `logs/${one}`, text);
    write(one, text);
    server.faults.add({ effect: { kind: 'latency', milliseconds: 0 } });
    const listed = session.bucket.list.bind(session.bucket);
    const multipart = {
      ...session,
      bucket: {
        ...session.bucket,
        list: async function* (o: Parameters<typeof listed>[0]) {
          for await (const page of listed(o))
            yield { ...page, objects: page.objects.map(x => ({ ...x, etag: 'abc-2' })) };
        },
      },
    };
    expect(await upload({ session: multipart })).toMatchObject({ skipped: 1, failed: 0 });
  });

  it('goes on after a file that fails, and names it', async () => {
    write(one);
    write(`dag_id=denied/${RUN}/task_id=t/attempt=1.log`);
    symlinkSync('/nowhere', path.join(root, `dag_id=etl/${RUN}/task_id=group.load/attempt=2.log`));
    server.state.policy = {
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/*/dag_id=denied/*` },
      ],
    };
    const report = await upload();
    expect(report).toMatchObject({ uploaded: 1, failed: 2 });
    expect(report.failures.map(({ key, code }) => [key, code])).toEqual([
      [`logs/dag_id=denied/${RUN}/task_id=t/attempt=1.log`, 'explicit-deny'],
      [`logs/${one.replace('attempt=1', 'attempt=2')}`, 'unreadable'],
    ]);
  });

  it('uploads neither of two files with one key', async () => {
    write(`logs/${one}`, 'one');
    write(`backup/${one}`, 'other');
    write(`logs/${one.replace('etl', 'other')}`);
    const report = await upload();
    expect(report).toMatchObject({ uploaded: 1, failed: 1, failures: [{ key: `logs/${one}`, code: 'ambiguous' }] });
  });

  it.each<[string, () => Promise<AwsSession>, string]>([
    ['the bucket does not exist', () => open('not-there-at-all'), 'no-such-bucket'],
    [
      'writing is denied',
      async () => {
        server.state.policy = {
          Statement: { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetObject'], Resource: '*' },
        };
        return open();
      },
      'missing-put-object',
    ],
  ])('does not try hundreds of times where %s', async (_, openOther, code) => {
    for (let i = 0; i < 300; i++) write(`dag_id=d/${RUN}/task_id=t${i}/attempt=1.log`);
    let asked = 0;
    server.faults.add({ effect: { kind: 'latency', milliseconds: 0 }, matches: () => ++asked > 0 });
    const other = await openOther();
    const report = await upload({ session: other, concurrency: 8 });
    other.close();
    expect(report).toMatchObject({ uploaded: 0, failed: 300 });
    expect(new Set(report.failures.map(failure => failure.code))).toEqual(new Set([code]));
    expect(asked).toBeLessThan(30);
  });

  it('leaves only whole objects when it is stopped half way, and says how far it came', async () => {
    const body = 'x'.repeat(50_000);
    for (let i = 0; i < 200; i++) write(`dag_id=d/${RUN}/task_id=t${i}/attempt=1.log`, body);
    const controller = new AbortController();
    const report = await uploadLogs(
      { session, folder: root, concurrency: 8 },
      { signal: controller.signal, onProgress: ({ done }) => done === 50 && controller.abort() },
    );
    expect(report.uploaded + report.notTried).toBe(200);
    expect(report.failed).toBe(0);
    expect(report.uploaded).toBeGreaterThanOrEqual(50);
    expect(report.uploaded).toBeLessThan(200);
    const md5 = createHash('md5').update(body).digest('hex');
    for await (const page of session.bucket.list({ prefix: 'logs/' })) {
      for (const object of page.objects) expect(object.etag).toBe(md5);
    }
    expect(await upload()).toMatchObject({ failed: 0 });
    expect(keys()).toHaveLength(200);
  });
});

describe('watchLogs', () => {
  it('uploads what comes and what grows until it is stopped', async () => {
    write(one, 'first\n');
    const controller = new AbortController();
    const seen: string[] = [];
    const report = await watchLogs(
      { session, folder: root },
      {
        signal: controller.signal,
        onProgress: ({ key, what }) => {
          seen.push(`${what} ${key.slice(-13)}`);
          if (seen.length === 1) {
            appendFileSync(path.join(root, one), 'second\n');
            write(one.replace('attempt=1', 'attempt=2'), 'retry\n');
          }
          if (seen.length === 3) controller.abort();
        },
      },
    );
    expect(seen.sort()).toEqual(['uploaded attempt=1.log', 'uploaded attempt=1.log', 'uploaded attempt=2.log']);
    expect(report).toMatchObject({ uploaded: 3, failed: 0 });
    expect(await content(`logs/${one}`)).toBe('first\nsecond\n');
  });

  it('ends at once where the folder is none', async () => {
    const running = watchLogs({ session, folder: path.join(root, 'none') }, { signal: new AbortController().signal });
    await expect(running.catch(error => isExportError(error) && error.code)).resolves.toBe('unreadable');
  });
});

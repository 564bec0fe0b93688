import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/aws/open-session';
import type { AwsSession } from '../../../src/aws/session';
import { PROBE_DAG, probeDag, tokenOf } from '../../../src/core/probe/probe-dag';
import { awaitProbe } from '../../../src/jobs/await-probe';
import { BUCKET, startS3 } from '../aws/s3-server';

const TOKEN = 'probe-1234-5678';
const PREFIX = 'logs/';
const keyOf = (run: string) =>
  `${PREFIX}dag_id=${PROBE_DAG.dagId}/run_id=${run}/task_id=${PROBE_DAG.taskId}/attempt=1.log`;

let server: Awaited<ReturnType<typeof startS3>>;
let session: AwsSession;

async function start(): Promise<AwsSession> {
  server = await startS3();
  session = await openSession({
    target: { bucket: BUCKET, prefix: PREFIX, region: 'us-east-1', accessMode: 'workload-identity' },
    endpoint: server.endpoint,
    credentials: server.keys,
    env: {},
  });
  return session;
}

describe('waiting for a probe', () => {
  afterEach(async () => {
    session.close();
    await server.close();
  });

  const wait = (options: Parameters<typeof awaitProbe>[1] = {}, timeout = 20_000) =>
    awaitProbe({ bucket: session.bucket, prefix: PREFIX, token: TOKEN, interval: 10, timeout }, options);

  it('finds the log that comes while it waits', async () => {
    const { bucket } = await start();
    await bucket.put(keyOf('manual__1'), Buffer.from('another token'));
    const looks: string[] = [];
    const outcome = await wait({
      onProgress: (_waited, words) => {
        looks.push(words);
        if (looks.length === 1) void bucket.put(keyOf('manual__2'), Buffer.from(`… "token": "${TOKEN}" …`));
      },
    });
    expect(outcome.found).toMatchObject({ key: keyOf('manual__2'), text: `… "token": "${TOKEN}" …` });
    expect(outcome.others).toEqual([keyOf('manual__1')]);
    expect(looks[0]).toContain('1');
  });

  it('reads a log again that has grown since', async () => {
    const { bucket } = await start();
    await bucket.put(keyOf('manual__1'), Buffer.from('Task started'));
    const outcome = await wait({
      onProgress: () => void bucket.put(keyOf('manual__1'), Buffer.from(`Task started\n${TOKEN}`)),
    });
    expect(outcome.found?.key).toBe(keyOf('manual__1'));
  });

  it('says after its time that none came, and which others are there', async () => {
    const { bucket } = await start();
    await bucket.put(keyOf('manual__1'), Buffer.from('another token'));
    await bucket.put(`${PREFIX}dag_id=orders/run_id=a/task_id=b/attempt=1.log`, Buffer.from(TOKEN));
    expect(await wait({}, 50)).toMatchObject({ others: [keyOf('manual__1')] });
  });

  it('stops when it is told to', async () => {
    await start();
    const controller = new AbortController();
    const waiting = wait({ signal: controller.signal, onProgress: () => controller.abort(new Error('stopped')) });
    await expect(waiting).rejects.toThrow();
  });
});

describe('the probe DAG', () => {
  it('holds its token, and is known by it', () => {
    expect(tokenOf(probeDag(TOKEN))).toBe(TOKEN);
    expect(tokenOf('TOKEN = "probe-1234-5678"')).toBeUndefined();
    expect(() => probeDag('"; import os')).toThrow(RangeError);
  });
});

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultEffect } from '../../../../src/sandbox/faults';
import { type Actor, BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let ada: Actor;

beforeEach(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await sandbox.s3.putObject(BUCKET, 'a', '0123456789');
  ada = sandbox.user('ada', [EVERYTHING]);
});
afterEach(() => sandbox.stop());

const read = () => sandbox.client(ada).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));

it.each<[FaultEffect, object]>([
  [
    { kind: 'error', code: 'SlowDown', status: 503 },
    { name: 'SlowDown', $metadata: { httpStatusCode: 503 } },
  ],
  [{ kind: 'error', code: 'InternalError', status: 500 }, { name: 'InternalError' }],
  [{ kind: 'reset' }, { code: 'ECONNRESET' }],
  [{ kind: 'wrong-region', region: 'us-west-2' }, { name: 'PermanentRedirect' }],
])('%j hits as many requests as it is told to', async (effect, error) => {
  sandbox.faults.add({ effect, times: 2 });
  await expect(read()).rejects.toMatchObject(error);
  await expect(read()).rejects.toMatchObject(error);
  expect((await read()).ContentLength).toBe(10);
});

it('a body can break off half way', async () => {
  sandbox.faults.add({ effect: { kind: 'truncate', bytes: 4 }, times: 1 });
  const { Body, ContentLength } = await read();
  expect(ContentLength).toBe(10);
  await expect(Body!.transformToString()).rejects.toThrow();
  expect(await (await read()).Body!.transformToString()).toBe('0123456789');
});

it('an answer can be late', async () => {
  sandbox.faults.add({ effect: { kind: 'latency', milliseconds: 60 } });
  const begun = performance.now();
  await read();
  expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
});

it('hits only what it is meant for, until it is taken away', async () => {
  const stop = sandbox.faults.add({
    effect: { kind: 'error', code: 'SlowDown', status: 503 },
    matches: ({ method, path }) => method === 'PUT' && path === `/${BUCKET}/ü b`,
  });
  const put = (Key: string) => sandbox.client(ada).send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
  await read();
  await put('other');
  await expect(put('ü b')).rejects.toMatchObject({ name: 'SlowDown' });
  stop();
  await put('ü b');
  expect((await sandbox.client(ada).send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount).toBe(3);
});

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
});
afterAll(() => sandbox.stop());

describe('an object', () => {
  it.each([
    'plain.log',
    'dag_id=orders/run_id=scheduled__2026-11-20T00:00:00+00:00/task_id=a.b/attempt=1.log',
    'run_id=release-4.2~rc1+build:7',
    'two  blanks and % 100%25 & ? # "quotes" <>',
    'größe_日本/🙂',
    'a//b/',
    'a/../b/./c',
    "it's (really) *this* !",
    'é'.repeat(512),
    'back\\slash|pipe',
    'line\nbreak\ttab',
  ])('keeps the key %j and its bytes', async Key => {
    const put = await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: `bytes of ${Key}` }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    const get = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }));
    expect(await get.Body!.transformToString()).toBe(`bytes of ${Key}`);
    expect(head.ETag).toBe(put.ETag);
    expect(head.ContentType).toBe('application/octet-stream');
    const list = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: Key }));
    expect(list.Contents?.map(one => one.Key)).toEqual([Key]);
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    await expect(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });
});

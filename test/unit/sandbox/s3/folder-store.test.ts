import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from '../../../../src/sandbox/s3/folder-store';
import { BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let dir: string;
let sandbox: TestSandbox;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-'));
  await start();
});
afterEach(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start() {
  sandbox = await TestSandbox.start({ store: await openFolderStore(dir) });
}

async function restart() {
  await sandbox.stop();
  await start();
}

const client = () => sandbox.client(sandbox.user('ada', [EVERYTHING]));

const HOSTILE = [
  'con',
  'a/',
  'a//b',
  'a/../b',
  'a:b|c?d*e<f>g"h\\i',
  'trailing. ',
  'run=2026-11-20T00:00:00+00:00/ü 🙂',
  'Case',
  'case',
  'x'.repeat(1024),
  '日'.repeat(341),
];

it('keeps every key, with all that is said of it, over a restart', async () => {
  await sandbox.s3.createBucket({ name: 'con', region: 'us-east-1', ownerAccount: OWNER });
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await client().send(new PutBucketTaggingCommand({ Bucket: BUCKET, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
  for (const Key of HOSTILE) {
    const Metadata = { length: String(Key.length) };
    await client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key, Metadata, ContentType: 'text/x' }));
  }
  const before = await client().send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'con' }));
  await restart();
  expect(sandbox.s3.listKeys(BUCKET)).toEqual(
    [...HOSTILE].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  expect(sandbox.s3.describeBucket(BUCKET)).toMatchObject({ region: REGION, ownerAccount: OWNER, tags: [['a', 'b']] });
  expect(sandbox.s3.hasBucket('con')).toBe(true);
  for (const Key of HOSTILE) {
    const get = await client().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(await get.Body!.transformToString()).toBe(Key);
    expect(get).toMatchObject({ ContentType: 'text/x', Metadata: { length: String(Key.length) } });
  }
  const after = await client().send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'con' }));
  expect([after.ETag, after.LastModified]).toEqual([before.ETag, before.LastModified]);
});

it('goes on with an upload in parts after a restart', async () => {
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  const { UploadId } = await client().send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'k' }));
  const upload = { Bucket: BUCKET, Key: 'k', UploadId };
  const one = await client().send(
    new UploadPartCommand({ ...upload, PartNumber: 1, Body: Buffer.alloc(5 << 20, 'a') }),
  );
  await restart();
  const two = await client().send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: 'b' }));
  const Parts = [one, two].map(({ ETag }, i) => ({ PartNumber: i + 1, ETag }));
  await client().send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  await restart();
  expect((await sandbox.s3.readObject(BUCKET, 'k'))!.length).toBe((5 << 20) + 1);
});

it('leaves no bytes behind: not of what was replaced, deleted or torn', async () => {
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  for (const Body of ['a', 'b']) await client().send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body }));
  expect(await blobs()).toHaveLength(1);
  await client().send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
  expect(await blobs()).toEqual([]);
  await client().send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'c' }));
  const [kept] = await blobs();
  await writeFile(join(dir, 'blobs', kept!.slice(0, 2), 'left-by-a-crash'), 'x');
  await restart();
  expect(await blobs()).toEqual([kept]);
});

async function blobs(): Promise<string[]> {
  const names = await readdir(join(dir, 'blobs'), { recursive: true, withFileTypes: true });
  return names.filter(one => one.isFile()).map(one => one.name);
}

it('says which of its files is damaged', async () => {
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await writeFile(join(dir, 'buckets', `b-${BUCKET}`, 'bucket.json'), '{');
  await expect(openFolderStore(dir)).rejects.toThrow(/bucket\.json is damaged/);
});

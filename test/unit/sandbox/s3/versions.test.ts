import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allow, BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let client: S3Client;
let now: Date;
const here = { Bucket: BUCKET };

beforeEach(async () => {
  now = new Date();
  sandbox = await TestSandbox.start({ clock: () => now });
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER, versioning: 'Enabled' });
  client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
});
afterEach(() => sandbox.stop());

const put = (Key: string, Body: string, more = {}) =>
  client.send(new PutObjectCommand({ ...here, Key, Body, ...more }));
const read = async (Key: string, VersionId?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ ...here, Key, VersionId }));
  return Body!.transformToString();
};
const remove = (Key: string, more = {}) => client.send(new DeleteObjectCommand({ ...here, Key, ...more }));

describe('a versioned bucket', () => {
  it('keeps what was overwritten and what was deleted', async () => {
    const first = (await put('k', 'one')).VersionId!;
    const second = (await put('k', 'two')).VersionId!;
    const marker = await remove('k');
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    await expect(read('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(
      client.send(new HeadObjectCommand({ ...here, Key: 'k', VersionId: marker.VersionId })),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 405 },
    });
    expect([await read('k', first), await read('k', second)]).toEqual(['one', 'two']);
    expect((await client.send(new ListObjectsV2Command(here))).KeyCount).toBe(0);
    const listed = await client.send(new ListObjectVersionsCommand(here));
    expect(listed.Versions!.map(one => [one.VersionId, one.IsLatest])).toEqual([
      [second, false],
      [first, false],
    ]);
    expect(listed.DeleteMarkers!.map(one => [one.VersionId, one.IsLatest])).toEqual([[marker.VersionId, true]]);

    await remove('k', { VersionId: marker.VersionId });
    expect(await read('k')).toBe('two');
    await remove('k', { VersionId: second });
    expect(await read('k')).toBe('one');
    await expect(read('k', second)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    await expect(read('k', 'no-version')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('lists its versions in pages', async () => {
    for (const body of ['1', '2', '3']) for (const key of ['a', 'b']) await put(key, body);
    const bodies: string[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (markers) {
      const page: Awaited<ReturnType<typeof listPage>> = await listPage(markers);
      for (const { Key, VersionId } of page.Versions!) bodies.push(Key! + (await read(Key!, VersionId)));
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker!, VersionIdMarker: page.NextVersionIdMarker! }
        : undefined;
    }
    expect(bodies).toEqual(['a3', 'a2', 'a1', 'b3', 'b2', 'b1']);
  });

  const listPage = (markers: object) => client.send(new ListObjectVersionsCommand({ ...here, MaxKeys: 2, ...markers }));

  it('suspended writes over the null version alone', async () => {
    const kept = (await put('k', 'kept')).VersionId!;
    await client.send(new PutBucketVersioningCommand({ ...here, VersioningConfiguration: { Status: 'Suspended' } }));
    expect((await put('k', 'a')).VersionId).toBe('null');
    await put('k', 'b');
    expect([await read('k'), await read('k', 'null'), await read('k', kept)]).toEqual(['b', 'b', 'kept']);
    await remove('k');
    await expect(read('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await read('k', kept)).toBe('kept');
  });

  it('has its own actions for its versions', async () => {
    const { VersionId } = await put('k', 'x');
    const plain = sandbox.client(sandbox.user('plain', [allow('s3:GetObject', '*')]));
    await plain.send(new GetObjectCommand({ ...here, Key: 'k' }));
    const asked = plain.send(new GetObjectCommand({ ...here, Key: 'k', VersionId }));
    await expect(asked).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('Object Lock', () => {
  const later = (days: number) => new Date(Math.floor(now.getTime() / 1000) * 1000 + days * 24 * 3600 * 1000);
  const lock = (Rule?: object) =>
    client.send(
      new PutObjectLockConfigurationCommand({
        ...here,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(Rule && { Rule }) },
      }),
    );

  it('is there from the start where a bucket is made with it', async () => {
    const east = sandbox.client(sandbox.user('ada', [EVERYTHING]), 'us-east-1');
    await east.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
    const { ObjectLockConfiguration } = await east.send(new GetObjectLockConfigurationCommand({ Bucket: 'locked' }));
    expect(ObjectLockConfiguration).toEqual({ ObjectLockEnabled: 'Enabled' });
    const unlocked = client.send(new GetObjectLockConfigurationCommand(here));
    await expect(unlocked).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
  });

  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)('in %s keeps a version by default', async Mode => {
    await lock({ DefaultRetention: { Mode, Days: 2 } });
    const { VersionId } = await put('k', 'x');
    const head = await client.send(new HeadObjectCommand({ ...here, Key: 'k' }));
    expect(head).toMatchObject({ ObjectLockMode: Mode, ObjectLockRetainUntilDate: expect.any(Date) });
    await expect(remove('k', { VersionId })).rejects.toMatchObject({ name: 'AccessDenied' });
    const many = await client.send(
      new DeleteObjectsCommand({ ...here, Delete: { Objects: [{ Key: 'k', VersionId }] } }),
    );
    expect(many.Errors).toMatchObject([{ Key: 'k', Code: 'AccessDenied' }]);
    await remove('k');
    const bypass = remove('k', { VersionId, BypassGovernanceRetention: true });
    if (Mode === 'COMPLIANCE') {
      await expect(bypass).rejects.toMatchObject({ name: 'AccessDenied' });
      now = later(3);
      client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
      client.config.systemClockOffset = now.getTime() - Date.now();
      await remove('k', { VersionId });
    } else await bypass;
  });

  it('wants a checksum with every write', async () => {
    await lock({ DefaultRetention: { Mode: 'GOVERNANCE', Years: 1 } });
    const ada = sandbox.user('ada', [EVERYTHING]);
    const answer = await sandbox.signed(ada, 'PUT', `/${BUCKET}/k`, { headers: { 'content-length': '0' } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Content-MD5 OR x-amz-checksum- HTTP header is required');
  });

  it('by retention and by legal hold is set, told and lifted', async () => {
    await lock();
    const { VersionId } = await put('k', 'x', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: later(1) });
    const retention = await client.send(new GetObjectRetentionCommand({ ...here, Key: 'k' }));
    expect(retention.Retention).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: later(1) });
    const extend = (days: number, more = {}) =>
      client.send(
        new PutObjectRetentionCommand({
          ...here,
          Key: 'k',
          Retention: { Mode: 'GOVERNANCE', RetainUntilDate: later(days) },
          ...more,
        }),
      );
    await extend(3);
    await expect(extend(2)).rejects.toMatchObject({ name: 'AccessDenied' });
    await extend(2, { BypassGovernanceRetention: true });
    const hold = (Status: 'ON' | 'OFF') =>
      client.send(new PutObjectLegalHoldCommand({ ...here, Key: 'k', LegalHold: { Status } }));
    await hold('ON');
    expect((await client.send(new GetObjectLegalHoldCommand({ ...here, Key: 'k' }))).LegalHold).toEqual({
      Status: 'ON',
    });
    await expect(remove('k', { VersionId, BypassGovernanceRetention: true })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await hold('OFF');
    await remove('k', { VersionId, BypassGovernanceRetention: true });
  });

  it('needs a versioned bucket that stays one', async () => {
    await lock();
    const suspend = client.send(
      new PutBucketVersioningCommand({ ...here, VersioningConfiguration: { Status: 'Suspended' } }),
    );
    await expect(suspend).rejects.toMatchObject({ name: 'InvalidBucketState' });
  });
});

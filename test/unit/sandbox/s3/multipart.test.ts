import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

const MIB = 1024 * 1024;
const FIRST = Buffer.alloc(5 * MIB, 'a');
const LAST = Buffer.from('the rest');

let sandbox: TestSandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
});
afterAll(() => sandbox.stop());

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...more }));
  const upload = { Bucket: BUCKET, Key, UploadId };
  return {
    upload,
    part: async (PartNumber: number, Body: Buffer) => {
      const answer = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: more.ChecksumAlgorithm }),
      );
      const { ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME } = answer;
      return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME };
    },
    complete: (Parts: object[], input = {}) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...input })),
  };
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

describe('an object in parts', () => {
  it('has the bytes of its parts, and an ETag that says how many they were', async () => {
    const { part, complete } = await begin('whole', { ContentType: 'text/x', Metadata: { a: '1' } });
    const second = await part(7, LAST);
    const first = await part(2, FIRST);
    const done = await complete([first, second]);
    expect(done.ETag).toBe(`"${md5(Buffer.concat([md5(FIRST), md5(LAST)])).toString('hex')}-2"`);
    const get = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'whole' }));
    expect(get).toMatchObject({ ETag: done.ETag, ContentType: 'text/x', Metadata: { a: '1' } });
    expect(md5(Buffer.from(await get.Body!.transformToByteArray()))).toEqual(md5(Buffer.concat([FIRST, LAST])));
    const across = await client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'whole', Range: `bytes=${5 * MIB - 2}-${5 * MIB + 2}` }),
    );
    expect(await across.Body!.transformToString()).toBe('aathe');
    const one = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'whole', PartNumber: 7 }));
    expect([await one.Body!.transformToString(), one.PartsCount]).toEqual(['the rest', 2]);
  });

  it.each([
    ['CRC32', undefined, 'COMPOSITE'],
    ['SHA256', undefined, 'COMPOSITE'],
    ['CRC64NVME', undefined, 'FULL_OBJECT'],
    ['CRC32', 'FULL_OBJECT', 'FULL_OBJECT'],
  ] as const)('with the checksum %s (%s) has one that is %s', async (ChecksumAlgorithm, ChecksumType, kind) => {
    const { part, complete } = await begin('summed', { ChecksumAlgorithm, ChecksumType });
    const done = await complete([await part(1, FIRST), await part(2, LAST)]);
    expect(done.ChecksumType).toBe(kind);
    const value = done[`Checksum${ChecksumAlgorithm}`]!;
    expect(value).toMatch(kind === 'COMPOSITE' ? /-2$/ : /=$/);
    const { Checksum, ObjectParts } = await client.send(
      new GetObjectAttributesCommand({ Bucket: BUCKET, Key: 'summed', ObjectAttributes: ['Checksum', 'ObjectParts'] }),
    );
    expect(Checksum?.[`Checksum${ChecksumAlgorithm}`]).toBe(value.replace(/-2$/, ''));
    expect(ObjectParts).toMatchObject({ TotalPartsCount: 2 });
  });

  it('can be put together only as it came', async () => {
    const { upload, part, complete } = await begin('picky');
    const [first, second, third] = [await part(1, FIRST), await part(2, LAST), await part(3, LAST)];
    const bad: [object[], string][] = [
      [[second, first], 'InvalidPartOrder'],
      [[first, first], 'InvalidPartOrder'],
      [[first, { ...second, ETag: '"00000000000000000000000000000000"' }], 'InvalidPart'],
      [[first, { ...second, PartNumber: 9 }], 'InvalidPart'],
      [[first, second, third], 'EntityTooSmall'],
      [[], 'MalformedXML'],
    ];
    for (const [parts, name] of bad) await expect(complete(parts)).rejects.toMatchObject({ name });
    await expect(complete([first], { MpuObjectSize: 1 })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await complete([first, third]);
    await expect(client.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is written on a condition, too', async () => {
    await sandbox.s3.putObject(BUCKET, 'taken', 'x');
    const { part, complete } = await begin('taken');
    const parts = [await part(1, LAST)];
    await expect(complete(parts, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await complete(parts);
  });

  it('may be copied together', async () => {
    await sandbox.s3.putObject(BUCKET, 'source', '0123456789');
    const { upload, complete } = await begin('copied');
    const copy = (range?: string) =>
      client.send(
        new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${BUCKET}/source`, CopySourceRange: range }),
      );
    await expect(copy('bytes=5-10')).rejects.toMatchObject({ name: 'InvalidArgument' });
    const { CopyPartResult } = await copy('bytes=2-4');
    await complete([{ PartNumber: 1, ETag: CopyPartResult!.ETag }]);
    expect((await sandbox.s3.readObject(BUCKET, 'copied'))!.toString()).toBe('234');
  });
});

describe('an unfinished upload', () => {
  it('is listed with its parts, in pages, until it is given up', async () => {
    const { upload, part } = await begin('open/a');
    await begin('open/b');
    await begin('open/a');
    for (const number of [3, 1, 2]) await part(number, LAST);
    const page = await client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
    expect([page.Parts!.map(one => one.PartNumber), page.IsTruncated, page.NextPartNumberMarker]).toEqual([
      [1, 2],
      true,
      '2',
    ]);
    const rest = await client.send(new ListPartsCommand({ ...upload, PartNumberMarker: page.NextPartNumberMarker }));
    expect(rest.Parts!.map(one => one.PartNumber)).toEqual([3]);

    const keys: string[] = [];
    let markers: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (markers) {
      const uploads: Awaited<ReturnType<typeof listUploads>> = await listUploads({ MaxUploads: 1, ...markers });
      keys.push(...uploads.Uploads!.map(one => one.Key!));
      markers = uploads.IsTruncated
        ? { KeyMarker: uploads.NextKeyMarker!, UploadIdMarker: uploads.NextUploadIdMarker! }
        : undefined;
    }
    expect(keys).toEqual(['open/a', 'open/a', 'open/b']);
    expect((await listUploads({ Delimiter: '/' })).CommonPrefixes).toEqual([{ Prefix: 'open/' }]);

    await client.send(new AbortMultipartUploadCommand(upload));
    await expect(part(4, LAST)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  const listUploads = (more: Partial<ListMultipartUploadsCommandInput>) =>
    client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, ...more }));

  it('is no object', async () => {
    await begin('never');
    expect(sandbox.s3.listKeys(BUCKET)).not.toContain('never');
  });
});

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let ada: Actor;
let client: S3Client;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  ada = sandbox.user('ada', [EVERYTHING]);
  client = sandbox.client(ada);
});
afterAll(() => sandbox.stop());

const put = (Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
const codeOf = (text: string) => text.match(/<Code>(.*?)<\/Code>/)?.[1];

describe('a key', () => {
  it.each([
    'plain.log',
    'dag_id=orders/run_id=scheduled__2026-11-20T00:00:00+00:00/task_id=a.b/attempt=1.log',
    'run_id=release-4.2~rc1+build:7',
    'two  blanks and % 100%25 & ? # "quotes" <>',
    'größe_日本/🙂',
    'a//b/',
    '/leading',
    'a/../b/./c',
    "it's (really) *this* !",
    'é'.repeat(512),
    'back\\slash|pipe',
    'line\nbreak\ttab\u0001',
    'con',
  ])('%j keeps its name and its bytes', async Key => {
    const answer = await put(Key, `bytes of ${Key}`);
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    const get = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: 'ENABLED' }));
    expect(await get.Body!.transformToString()).toBe(`bytes of ${Key}`);
    expect(head.ETag).toBe(answer.ETag);
    const list = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: Key, EncodingType: 'url' }));
    expect(list.Contents?.map(one => decodeURIComponent(one.Key!.replaceAll('+', ' ')))).toEqual([Key]);
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    const gone = client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    await expect(gone).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
  });

  it.each([
    ['of 1,025 bytes', `/${BUCKET}/${'%C3%A9'.repeat(512)}x`, 'KeyTooLongError'],
    ['that climbs above its beginning', `/${BUCKET}/../x`, 'InvalidURI'],
    ['that is no UTF-8', `/${BUCKET}/%ff`, 'InvalidURI'],
    ['with a broken escape', `/${BUCKET}/%2`, 'InvalidURI'],
  ])('%s is refused', async (_what, path, code) => {
    const answer = await sandbox.raw('PUT', path, { 'content-length': '0' });
    expect([answer.status, codeOf(answer.text)]).toEqual([400, code]);
  });
});

describe('what is said of an object', () => {
  it('comes back with it', async () => {
    await put('described', 'x', {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { origin: 'airflow', 'mixed-Case': 'Value' },
      Tagging: 'team=data&stage=a%20b',
    });
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'described' }));
    expect(head).toMatchObject({
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { origin: 'airflow', 'mixed-case': 'Value' },
      ServerSideEncryption: 'AES256',
      ContentLength: 1,
      AcceptRanges: 'bytes',
      TagCount: 2,
    });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: 'described' }));
    expect(TagSet).toEqual([
      { Key: 'team', Value: 'data' },
      { Key: 'stage', Value: 'a b' },
    ]);
  });

  it('defaults to binary/octet-stream, and may be overridden by the reader', async () => {
    const answer = await sandbox.signed(ada, 'PUT', `/${BUCKET}/bare`, {
      headers: { 'content-length': '1' },
      body: 'x',
    });
    expect(answer.status).toBe(200);
    const plain = await sandbox.signed(ada, 'GET', `/${BUCKET}/bare`);
    expect(plain.headers['content-type']).toBe('binary/octet-stream');
    const other = await client.send(
      new GetObjectCommand({
        Bucket: BUCKET,
        Key: 'bare',
        ResponseContentType: 'text/html',
        ResponseCacheControl: 'x',
      }),
    );
    expect(other).toMatchObject({ ContentType: 'text/html', CacheControl: 'x' });
  });

  it('has its own tags to be changed', async () => {
    await put('tagged', 'x');
    const Tagging = { TagSet: [{ Key: 'k', Value: 'v = w/ü' }] };
    await client.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key: 'tagged', Tagging }));
    expect(await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: 'tagged' }))).toMatchObject(Tagging);
  });
});

describe('a range', () => {
  beforeAll(() => put('ten', '0123456789').then(() => put('empty', '')));

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-0,5-6', 200, '0123456789', undefined],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('%s', async (range, status, text, contentRange) => {
    const answer = await sandbox.signed(ada, 'GET', `/${BUCKET}/ten`, { headers: { range } });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange]);
  });

  it.each([
    ['ten', 'bytes=10-'],
    ['ten', 'bytes=-0'],
    ['empty', 'bytes=0-0'],
    ['empty', 'bytes=-1'],
  ])('of %s, %s can not be satisfied', async (key, range) => {
    const answer = await sandbox.signed(ada, 'GET', `/${BUCKET}/${key}`, { headers: { range } });
    expect([answer.status, codeOf(answer.text)]).toEqual([416, 'InvalidRange']);
    expect(answer.headers['content-range']).toBe(`bytes */${key === 'ten' ? 10 : 0}`);
  });

  it('of a HEAD has no body', async () => {
    const answer = await sandbox.signed(ada, 'HEAD', `/${BUCKET}/ten`, { headers: { range: 'bytes=2-4' } });
    expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([206, '', '3']);
  });
});

describe('a condition on reading', () => {
  let etag: string;
  const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
  const future = 'Fri, 01 Jan 2100 00:00:00 GMT';
  beforeAll(async () => {
    etag = (await put('conditional', 'x')).ETag!;
  });

  it.each<[Record<string, string>, number]>([
    [{ 'if-match': 'ETAG' }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': '*' }, 200],
    [{ 'if-none-match': 'ETAG' }, 304],
    [{ 'if-none-match': '"other", ETAG' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': future }, 304],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-unmodified-since': past }, 412],
    [{ 'if-unmodified-since': future }, 200],
    [{ 'if-match': 'ETAG', 'if-unmodified-since': past }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': future }, 200],
    [{ 'if-none-match': 'ETAG', 'if-modified-since': past }, 304],
  ])('%j → %d', async (conditions, status) => {
    const headers = Object.fromEntries(Object.entries(conditions).map(([k, v]) => [k, v.replace('ETAG', etag)]));
    for (const method of ['GET', 'HEAD']) {
      const answer = await sandbox.signed(ada, method, `/${BUCKET}/conditional`, { headers });
      expect(answer.status).toBe(status);
      if (status === 304) expect([answer.text, answer.headers.etag]).toEqual(['', etag]);
    }
  });
});

describe('a condition on writing', () => {
  it('If-None-Match: * writes once', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await sandbox.s3.readObject(BUCKET, 'once'))!.toString()).toBe('first');
  });

  it('of two at once lets one through', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map(n => put('race', `${n}`, { IfNoneMatch: '*' })));
    expect(results.filter(one => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('If-Match writes over the version it names', async () => {
    const { ETag } = await put('versioned', 'a');
    await put('versioned', 'b', { IfMatch: ETag });
    await expect(put('versioned', 'c', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('absent', 'c', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a checksum', () => {
  it.each(Object.values(ChecksumAlgorithm).filter(one => /CRC32|CRC64|SHA1|SHA256/.test(one)))(
    'of the kind %s is checked as the SDK sends it, kept and told',
    async algorithm => {
      await put(`sum-${algorithm}`, 'some bytes', { ChecksumAlgorithm: algorithm });
      const { Checksum } = await client.send(
        new GetObjectAttributesCommand({
          Bucket: BUCKET,
          Key: `sum-${algorithm}`,
          ObjectAttributes: ['Checksum', 'ObjectSize', 'ETag'],
        }),
      );
      expect(Checksum).toMatchObject({ [`Checksum${algorithm}`]: expect.any(String), ChecksumType: 'FULL_OBJECT' });
    },
  );

  const body = '123456789';
  const md5 = createHash('md5').update(body).digest('base64');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  it.each<[Record<string, string>, number, string | undefined]>([
    [{ 'content-md5': md5 }, 200, undefined],
    [{ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400, 'BadDigest'],
    [{ 'content-md5': 'nonsense' }, 400, 'InvalidDigest'],
    [{ 'x-amz-checksum-crc32': crc.toString('base64') }, 200, undefined],
    [{ 'x-amz-checksum-crc32c': '4waSgw==' }, 200, undefined],
    [{ 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=' }, 200, undefined],
    [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 400, 'BadDigest'],
    [{ 'x-amz-checksum-crc32': 'AA==' }, 400, 'InvalidRequest'],
    [{ 'x-amz-checksum-crc32': crc.toString('base64'), 'x-amz-checksum-sha1': 'x' }, 400, 'InvalidRequest'],
    [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 400, 'InvalidRequest'],
  ])('%j → %d %s', async (headers, status, code) => {
    const answer = await sandbox.signed(ada, 'PUT', `/${BUCKET}/summed`, {
      headers: { ...headers, 'content-length': '9' },
      body,
    });
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it('that nobody gave is a CRC64NVME', async () => {
    await sandbox.s3.putObject(BUCKET, 'given', body);
    const answer = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'given', ChecksumMode: 'ENABLED' }));
    expect(answer.ChecksumCRC64NVME).toBe('rosUhgp5mIg=');
  });
});

describe('a body of unknown length', () => {
  it('is refused as S3 refuses it', async () => {
    const chunked = await sandbox.signed(ada, 'PUT', `/${BUCKET}/x`, {
      headers: { 'transfer-encoding': 'chunked' },
      body: 'x',
    });
    expect([chunked.status, codeOf(chunked.text)]).toEqual([501, 'NotImplemented']);
  });
});

describe('Expect: 100-continue', () => {
  it('asks for the body only once the policies allow it', async () => {
    const nobody = sandbox.user('nobody', []);
    const answers = await Promise.all(
      [ada, nobody].map(actor => sandbox.expectContinue(actor, `/${BUCKET}/expected`, 'hello')),
    );
    expect(answers).toEqual([
      { status: 200, wasAskedFor: true },
      { status: 403, wasAskedFor: false },
    ]);
  });
});

describe('a copy', () => {
  beforeAll(() => put('from/ä +?', 'copied', { Metadata: { a: '1' }, ContentType: 'text/x', Tagging: 't=1' }));
  const source = `${BUCKET}/from/${encodeURIComponent('ä +?')}`;

  it('takes bytes, metadata and tags along', async () => {
    await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'to', CopySource: source }));
    const get = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'to' }));
    expect(await get.Body!.transformToString()).toBe('copied');
    expect(get).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/x', TagCount: 1 });
  });

  it('may replace them', async () => {
    const replaced = { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, ContentType: 'text/y' } as const;
    await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'to', CopySource: `/${source}`, ...replaced }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'to' }));
    expect(head).toMatchObject({ Metadata: { b: '2' }, ContentType: 'text/y' });
  });

  it.each([
    ['to itself', { Key: 'to', CopySource: `${BUCKET}/to` }, 'InvalidRequest'],
    ['of nothing', { Key: 'to', CopySource: `${BUCKET}/absent` }, 'NoSuchKey'],
    ['from no bucket', { Key: 'to', CopySource: 'no-such-bucket/x' }, 'NoSuchBucket'],
    ['against its condition', { Key: 'to', CopySource: source, CopySourceIfMatch: '"x"' }, 'PreconditionFailed'],
  ])('%s is refused', async (_what, input, name) => {
    await expect(client.send(new CopyObjectCommand({ Bucket: BUCKET, ...input }))).rejects.toMatchObject({ name });
  });
});

describe('deleting', () => {
  it('is done alike for what is there and what is not', async () => {
    await put('gone', 'x');
    for (let i = 0; i < 2; i++) {
      const answer = await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }));
      expect(answer.$metadata.httpStatusCode).toBe(204);
    }
  });

  it.each([false, true])('many at once tells what went (quiet: %s)', async Quiet => {
    await put('d/1', 'x');
    await put('d/ä&<', 'x');
    const Objects = ['d/1', 'd/ä&<', 'd/never'].map(Key => ({ Key }));
    const answer = await client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects, Quiet } }));
    expect(answer.Deleted?.map(one => one.Key) ?? []).toEqual(Quiet ? [] : ['d/1', 'd/ä&<', 'd/never']);
    expect(answer.Errors).toBeUndefined();
    expect(sandbox.s3.listKeys(BUCKET).filter(key => key.startsWith('d/'))).toEqual([]);
  });

  it('many at once needs a checksum and a sound document', async () => {
    const send = (body: string, headers = {}) =>
      sandbox.signed(ada, 'POST', `/${BUCKET}?delete=`, {
        body,
        headers: { 'content-length': String(body.length), ...headers },
      });
    expect(codeOf((await send('<Delete/>')).text)).toBe('InvalidRequest');
    for (const body of ['<Delete></Delete>', '<Delete><Object>', 'x', '<Other/>']) {
      const md5 = createHash('md5').update(body).digest('base64');
      expect(codeOf((await send(body, { 'content-md5': md5 })).text)).toBe('MalformedXML');
    }
  });
});

it('remembers no version of a body that broke off', async () => {
  await put('torn', 'before');
  await sandbox.tearUpload(ada, `/${BUCKET}/torn`);
  expect((await sandbox.s3.readObject(BUCKET, 'torn'))!.toString()).toBe('before');
});

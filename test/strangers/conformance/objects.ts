import {
  CopyObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import type { World } from './world';

const GET = s3Api('API_GetObject');
const RANGES = s3Guide('range-get-olap');
const TEXT = '0123456789';

/** What a ranged GET of `0123456789` brings. */
function range(id: string, Range: string, expected: unknown, text = TEXT): Behaviour {
  return {
    id: `ranges: ${id}`,
    docs: RANGES,
    async run(world) {
      const Bucket = await world.bucketWith({ a: text });
      const answer = await world.s3().send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
      const { ContentRange, ContentLength, $metadata } = answer;
      const body = await answer.Body!.transformToString();
      return { status: $metadata.httpStatusCode, ContentRange, ContentLength, body };
    },
    expected,
  };
}

const part = (ContentRange: string, body: string) => ({
  status: 206,
  ContentRange,
  ContentLength: body.length,
  body,
});

async function head(world: World, Bucket: string, Key: string) {
  return world.s3().send(new HeadObjectCommand({ Bucket, Key }));
}

export const RANGED_READS: readonly Behaviour[] = [
  range('the first bytes', 'bytes=0-3', part('bytes 0-3/10', '0123')),
  range('from the middle', 'bytes=4-5', part('bytes 4-5/10', '45')),
  range('an open end', 'bytes=7-', part('bytes 7-9/10', '789')),
  range('an end beyond the last byte', 'bytes=8-99', part('bytes 8-9/10', '89')),
  range('the last bytes', 'bytes=-3', part('bytes 7-9/10', '789')),
  range('a suffix longer than the object', 'bytes=-99', part('bytes 0-9/10', TEXT)),
  range('a suffix of nothing', 'bytes=-0', '416 InvalidRange'),
  range('a start beyond the last byte', 'bytes=10-', '416 InvalidRange'),
  range('an empty object has none', 'bytes=0-0', '416 InvalidRange', ''),
  range('one that is malformed is passed over', 'bytes=5-2', {
    status: 200,
    ContentRange: undefined,
    ContentLength: 10,
    body: TEXT,
  }),
  {
    id: 'ranges: a HEAD answers with one too',
    docs: s3Api('API_HeadObject'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: TEXT });
      const answer = await world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a', Range: 'bytes=2-4' }));
      return { status: answer.$metadata.httpStatusCode, length: answer.ContentLength };
    },
    expected: { status: 206, length: 3 },
  },
  {
    id: 'ranges: 416 says how long the object is',
    docs: RANGES,
    async run(world) {
      const path = `/${await world.bucketWith({ a: TEXT })}/a`;
      const { text } = await world.wire.signed('GET', path, { headers: { range: 'bytes=10-' } });
      return /<ActualObjectSize>(\d+)</.exec(text)?.[1];
    },
    expected: '10',
  },
];

export const OBJECTS: readonly Behaviour[] = [
  {
    id: 'objects: bytes come back as they were',
    docs: s3Api('API_PutObject'),
    async run(world) {
      const bytes = Uint8Array.from({ length: 100_000 }, (_none, place) => (place * 7) % 256);
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a', bytes);
      const { Body } = await world.s3().send(new GetObjectCommand({ Bucket, Key: 'a' }));
      return Buffer.from(await Body!.transformToByteArray()).equals(bytes);
    },
    expected: true,
  },
  {
    id: 'objects: the ETag of a plain PUT is the MD5 in hex',
    docs: s3Api('API_Object'),
    async run(world) {
      const Bucket = await world.bucket();
      const { ETag } = await world.put(Bucket, 'a', 'hello');
      return [ETag, (await head(world, Bucket, 'a')).ETag];
    },
    expected: ['"5d41402abc4b2a76b9719d911017c592"', '"5d41402abc4b2a76b9719d911017c592"'],
  },
  {
    id: 'objects: one of no bytes',
    docs: s3Api('API_PutObject'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: '' });
      const { ContentLength, ETag } = await head(world, Bucket, 'a');
      return { ContentLength, ETag, text: await world.text(Bucket, 'a') };
    },
    expected: { ContentLength: 0, ETag: '"d41d8cd98f00b204e9800998ecf8427e"', text: '' },
  },
  {
    id: 'objects: a second PUT takes the place of the first',
    docs: s3Api('API_PutObject'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'first' });
      await world.put(Bucket, 'a', 'second one');
      return world.text(Bucket, 'a');
    },
    expected: 'second one',
  },
  {
    id: 'objects: their headers and metadata come back',
    docs: s3Guide('UsingMetadata'),
    async run(world) {
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a', 'x', {
        ContentType: 'text/plain; charset=utf-8',
        CacheControl: 'no-store',
        ContentDisposition: 'attachment; filename="a.log"',
        ContentEncoding: 'gzip',
        ContentLanguage: 'de',
        Metadata: { run: 'manual__1', empty: '' },
      });
      const found = await head(world, Bucket, 'a');
      const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, Metadata } = found;
      return { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, Metadata };
    },
    expected: {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-store',
      ContentDisposition: 'attachment; filename="a.log"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { run: 'manual__1', empty: '' },
    },
  },
  {
    id: 'objects: without a Content-Type it is binary/octet-stream',
    docs: s3Guide('UsingMetadata'),
    async run(world) {
      const Bucket = await world.bucket();
      await world.wire.signed('PUT', `/${Bucket}/a`, { body: 'x' });
      return (await head(world, Bucket, 'a')).ContentType;
    },
    expected: 'binary/octet-stream',
  },
  {
    id: 'objects: the time of the last change is a whole second in GMT',
    docs: GET,
    async run(world) {
      const { headers } = await world.wire.signed('HEAD', `/${await world.bucketWith({ a: 'x' })}/a`);
      return /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(headers['last-modified'] ?? '');
    },
    expected: true,
  },
  {
    id: 'objects: a GET can ask for other headers in its answer',
    docs: GET,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const more = { ResponseContentType: 'text/html', ResponseContentDisposition: 'inline' };
      const answer = await world.s3().send(new GetObjectCommand({ Bucket, Key: 'a', ...more }));
      return [answer.ContentType, answer.ContentDisposition];
    },
    expected: ['text/html', 'inline'],
  },
  {
    id: 'objects: they are encrypted with AES256 unless asked otherwise',
    docs: s3Guide('default-bucket-encryption'),
    async run(world) {
      const Bucket = await world.bucket();
      const { ServerSideEncryption } = await world.put(Bucket, 'a');
      return [ServerSideEncryption, (await head(world, Bucket, 'a')).ServerSideEncryption];
    },
    expected: ['AES256', 'AES256'],
  },
  {
    id: 'objects: the encryption asked for is told again',
    docs: s3Guide('specifying-s3-encryption'),
    async run(world) {
      const Bucket = await world.bucket();
      const { ServerSideEncryption } = await world.put(Bucket, 'a', 'x', { ServerSideEncryption: 'AES256' });
      return [ServerSideEncryption, await world.text(Bucket, 'a')];
    },
    expected: ['AES256', 'x'],
  },
  {
    id: 'objects: encrypted with a KMS key that may be used',
    docs: s3Guide('UsingKMSEncryption'),
    async run(world) {
      const Bucket = await world.bucket();
      const SSEKMSKeyId = `arn:aws:kms:us-east-1:${world.backend.account}:key/11112222-3333-4444-5555-666677778888`;
      world.backend.createKmsKey?.(SSEKMSKeyId, 'Enabled');
      const answer = await world.put(Bucket, 'a', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
      return [answer.ServerSideEncryption, answer.SSEKMSKeyId === SSEKMSKeyId, await world.text(Bucket, 'a')];
    },
    expected: ['aws:kms', true, 'x'],
  },
  {
    id: 'objects: encrypted with a KMS key that is switched off',
    docs: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html',
    async run(world) {
      const Bucket = await world.bucket();
      const SSEKMSKeyId = `arn:aws:kms:us-east-1:${world.backend.account}:key/99992222-3333-4444-5555-666677778888`;
      world.backend.createKmsKey?.(SSEKMSKeyId, 'Disabled');
      return refusal(world.put(Bucket, 'a', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId }));
    },
    expected: '400 KMS.DisabledException',
  },
  {
    id: 'objects: a copy has the bytes and the metadata',
    docs: s3Api('API_CopyObject'),
    async run(world) {
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a b+c', 'copied', { Metadata: { run: '1' } });
      const CopySource = `${Bucket}/${encodeURIComponent('a b+c')}`;
      const { CopyObjectResult } = await world.s3().send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
      const { Metadata, ETag } = await head(world, Bucket, 'copy');
      return { text: await world.text(Bucket, 'copy'), Metadata, isSame: ETag === CopyObjectResult?.ETag };
    },
    expected: { text: 'copied', Metadata: { run: '1' }, isSame: true },
  },
  {
    id: 'objects: a copy can have metadata of its own',
    docs: s3Api('API_CopyObject'),
    async run(world) {
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a', 'copied', { Metadata: { run: '1' } });
      const more = { MetadataDirective: 'REPLACE', Metadata: { other: '2' } } as const;
      await world.s3().send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/a`, ...more }));
      return (await head(world, Bucket, 'copy')).Metadata;
    },
    expected: { other: '2' },
  },
  {
    id: 'objects: a copy onto itself that changes nothing is refused',
    docs: s3Api('API_CopyObject'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      return refusal(world.s3().send(new CopyObjectCommand({ Bucket, Key: 'a', CopySource: `${Bucket}/a` })));
    },
    expected: '400 InvalidRequest',
  },
  {
    id: 'objects: a copy of a missing key is NoSuchKey',
    docs: s3Api('API_CopyObject'),
    async run(world) {
      const Bucket = await world.bucket();
      return refusal(world.s3().send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/none` })));
    },
    expected: '404 NoSuchKey',
  },
  {
    id: 'objects: tags are kept beside them',
    docs: s3Guide('object-tagging'),
    async run(world) {
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a', 'x', { Tagging: 'team=data&env=a%20b' });
      const first = (await world.s3().send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet;
      const Tagging = { TagSet: [{ Key: 'kept', Value: 'yes' }] };
      await world.s3().send(new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging }));
      const second = (await world.s3().send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet;
      return [first?.map(({ Key, Value }) => `${Key}=${Value}`).sort(), second];
    },
    expected: [['env=a b', 'team=data'], [{ Key: 'kept', Value: 'yes' }]],
  },
  {
    id: 'objects: their attributes in one request',
    docs: s3Api('API_GetObjectAttributes'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'hello' });
      const ObjectAttributes = ['ETag', 'ObjectSize', 'StorageClass'] as const;
      const command = new GetObjectAttributesCommand({ Bucket, Key: 'a', ObjectAttributes: [...ObjectAttributes] });
      const { ETag, ObjectSize, StorageClass } = await world.s3().send(command);
      return { ETag, ObjectSize, StorageClass };
    },
    expected: { ETag: '5d41402abc4b2a76b9719d911017c592', ObjectSize: 5, StorageClass: 'STANDARD' },
  },
  {
    id: 'objects: the account that is expected to own the bucket',
    docs: s3Guide('bucket-owner-condition'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const asking = (ExpectedBucketOwner: string) =>
        refusal(world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a', ExpectedBucketOwner })));
      const put = new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', ExpectedBucketOwner: '999999999999' });
      return [await asking(world.backend.account), await refusal(world.s3().send(put))];
    },
    expected: ['not refused', '403 AccessDenied'],
  },
];

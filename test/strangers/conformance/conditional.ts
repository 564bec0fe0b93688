import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Guide } from './docs';
import type { World } from './world';

const READS = s3Guide('conditional-reads');
const WRITES = s3Guide('conditional-writes');
const DELETES = s3Guide('conditional-deletes');
const HELLO = '"5d41402abc4b2a76b9719d911017c592"';
const OTHER = '"00000000000000000000000000000000"';
const DAY = 86_400_000;
const past = () => new Date(Date.now() - DAY);
const yesterdayAnd = (more: object) => ({ ...more, IfUnmodifiedSince: past() });

type ReadConditions = Partial<
  Pick<GetObjectCommand['input'], 'IfMatch' | 'IfNoneMatch' | 'IfModifiedSince' | 'IfUnmodifiedSince'>
>;

/** A GET of `hello` under conditions; what it came to. */
function read(id: string, conditions: () => ReadConditions, expected: unknown, isHead = false): Behaviour {
  return {
    id: `conditional reads: ${id}`,
    docs: READS,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'hello' });
      const input = { Bucket, Key: 'a', ...conditions() };
      if (isHead) return refusal(world.s3().send(new HeadObjectCommand(input)));
      const { Body } = await world.s3().send(new GetObjectCommand(input));
      return Body!.transformToString();
    },
    expected,
  };
}

/** A PUT over `hello`, or where nothing is, under conditions; what it came to and what is there afterwards. */
function write(id: string, key: 'there' | 'absent', conditions: object, expected: unknown): Behaviour {
  return {
    id: `conditional writes: ${id}`,
    docs: WRITES,
    async run(world) {
      const Bucket = await world.bucketWith({ there: 'hello' });
      return [await refusal(world.put(Bucket, key, 'new', conditions)), await textOrNone(world, Bucket, key)];
    },
    expected,
  };
}

async function textOrNone(world: World, Bucket: string, Key: string): Promise<string> {
  const got = await refusal(world.s3().send(new HeadObjectCommand({ Bucket, Key })));
  return got === 'not refused' ? world.text(Bucket, Key) : got;
}

export const CONDITIONAL: readonly Behaviour[] = [
  read('If-Match of the object', () => ({ IfMatch: HELLO }), 'hello'),
  read('If-Match of another', () => ({ IfMatch: OTHER }), '412 PreconditionFailed'),
  read('If-Match of another, by HEAD', () => ({ IfMatch: OTHER }), '412 Unknown', true),
  read('If-None-Match of another', () => ({ IfNoneMatch: OTHER }), 'hello'),
  read('If-None-Match of the object', () => ({ IfNoneMatch: HELLO }), '304 Unknown'),
  read('If-Modified-Since of yesterday', () => ({ IfModifiedSince: past() }), 'hello'),
  read('If-Unmodified-Since of yesterday', () => ({ IfUnmodifiedSince: past() }), '412 PreconditionFailed'),
  read('If-Match outweighs If-Unmodified-Since', () => yesterdayAnd({ IfMatch: HELLO }), 'hello'),
  read(
    'If-None-Match outweighs If-Modified-Since',
    () => ({ IfNoneMatch: HELLO, IfModifiedSince: past() }),
    '304 Unknown',
  ),
  {
    id: 'conditional reads: 304 has the ETag and no body',
    docs: READS,
    async run(world) {
      const path = `/${await world.bucketWith({ a: 'hello' })}/a`;
      const { status, headers, text } = await world.wire.signed('GET', path, { headers: { 'if-none-match': HELLO } });
      return { status, etag: headers.etag, text };
    },
    expected: { status: 304, etag: HELLO, text: '' },
  },
  write('If-None-Match: * where nothing is', 'absent', { IfNoneMatch: '*' }, ['not refused', 'new']),
  write('If-None-Match: * where an object is', 'there', { IfNoneMatch: '*' }, ['412 PreconditionFailed', 'hello']),
  write('If-Match of the object', 'there', { IfMatch: HELLO }, ['not refused', 'new']),
  write('If-Match of another', 'there', { IfMatch: OTHER }, ['412 PreconditionFailed', 'hello']),
  write('If-Match where nothing is', 'absent', { IfMatch: HELLO }, ['404 NoSuchKey', '404 NotFound']),
  {
    id: 'conditional writes: of many at once exactly one succeeds',
    docs: WRITES,
    async run(world) {
      const Bucket = await world.bucket();
      const each = Array.from({ length: 6 }, (_none, place) =>
        refusal(world.put(Bucket, 'a', `writer ${place}`, { IfNoneMatch: '*' })),
      );
      const results = await Promise.all(each);
      return {
        wrote: results.filter(one => one === 'not refused').length,
        others: [...new Set(results.filter(one => one !== 'not refused'))].filter(
          one => one !== '412 PreconditionFailed' && one !== '409 ConditionalRequestConflict',
        ),
      };
    },
    expected: { wrote: 1, others: [] },
  },
  {
    id: 'conditional deletes: If-Match of another',
    docs: DELETES,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'hello' });
      const got = await refusal(world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: OTHER })));
      return [got, await textOrNone(world, Bucket, 'a')];
    },
    expected: ['412 PreconditionFailed', 'hello'],
  },
  {
    id: 'conditional deletes: If-Match of the object',
    docs: DELETES,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'hello' });
      const got = await refusal(world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: HELLO })));
      return [got, await textOrNone(world, Bucket, 'a')];
    },
    expected: ['not refused', '404 NotFound'],
  },
  ...(
    [
      ['of the source', { CopySourceIfMatch: HELLO }, 'not refused'],
      ['of another', { CopySourceIfMatch: OTHER }, '412 PreconditionFailed'],
      ['none of the source', { CopySourceIfNoneMatch: HELLO }, '412 PreconditionFailed'],
    ] as const
  ).map(
    ([what, condition, expected]): Behaviour => ({
      id: `conditional copies: x-amz-copy-source-if-match ${what}`,
      docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html',
      async run(world) {
        const Bucket = await world.bucketWith({ a: 'hello' });
        const command = new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, ...condition });
        return refusal(world.s3().send(command));
      },
      expected,
    }),
  ),
];

import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  type ListObjectsCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import { told } from './wire';
import type { World } from './world';

const LIST = s3Api('API_ListObjectsV2');
const LIST_V1 = s3Api('API_ListObjects');
const KEYS = s3Guide('object-keys');
const TREE = ['a.log', 'dag/1.log', 'dag/2.log', 'dag/sub/3.log', 'run/1.log', 'z.log'];

/** Keys that need care, by what is special about them. */
const SPECIAL_KEYS: Readonly<Record<string, string>> = {
  'a plus': 'a+b',
  'a colon': 'run_id=scheduled__2026-11-20T00:00:00',
  'an equals sign': 'dag_id=orders/task_id=load',
  'a tilde': '~a~b',
  'a percent sign': '100%/%2F%25/100%25',
  blanks: 'two  blanks and one ',
  'letters of other scripts': 'größe/日本語/запуск/🙂',
  '1,024 bytes': 'é'.repeat(512),
  'XML’s own characters': `<a>&amp;"b"'c'</a>`,
  'question and number signs': 'what?#here&there',
  'two slashes and one at the end': 'a//b/',
  'dots as segments': 'a/../b/./c',
  brackets: `(it's) [really] {this} *a* !`,
};

async function tree(world: World, keys: readonly string[] = TREE): Promise<string> {
  return world.bucketWith(Object.fromEntries(keys.map(key => [key, 'x'])));
}

/** What a listing of the tree holds. */
function listing(id: string, input: Partial<ListObjectsV2CommandInput>, expected: object, keys = TREE): Behaviour {
  return {
    id: `listings: ${id}`,
    docs: LIST,
    async run(world) {
      const Bucket = await tree(world, keys);
      const answer = await world.s3().send(new ListObjectsV2Command({ Bucket, ...input }));
      return {
        keys: answer.Contents?.map(({ Key }) => Key) ?? [],
        folders: answer.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
        count: answer.KeyCount,
        isCut: answer.IsTruncated,
      };
    },
    expected,
  };
}

/** A page of the older listing. */
function listingV1(id: string, input: Partial<ListObjectsCommandInput>, expected: object): Behaviour {
  return {
    id: `listings: version 1, ${id}`,
    docs: LIST_V1,
    async run(world) {
      const Bucket = await tree(world);
      const answer = await world.s3().send(new ListObjectsCommand({ Bucket, ...input }));
      return {
        keys: answer.Contents?.map(({ Key }) => Key) ?? [],
        folders: answer.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
        isCut: answer.IsTruncated,
        next: answer.NextMarker,
      };
    },
    expected,
  };
}

async function pages(world: World, input: ListObjectsV2CommandInput): Promise<string[][]> {
  const found: string[][] = [];
  for (let token: string | undefined, more = true; more; ) {
    const command = new ListObjectsV2Command({ ...input, ...(token !== undefined && { ContinuationToken: token }) });
    const answer = await world.s3().send(command);
    found.push([
      ...(answer.Contents ?? []).map(({ Key }) => Key!),
      ...(answer.CommonPrefixes ?? []).map(one => one.Prefix!),
    ]);
    token = answer.NextContinuationToken;
    more = answer.IsTruncated === true;
  }
  return found;
}

/** A key of a listing that was asked for URL-encoded; what can't be decoded stays. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

export const LISTINGS: readonly Behaviour[] = [
  ...Object.entries(SPECIAL_KEYS).map(
    ([what, Key]): Behaviour => ({
      id: `keys: ${what}: written, listed both ways, read, deleted`,
      docs: KEYS,
      async run(world) {
        const Bucket = await world.bucket();
        await world.put(Bucket, Key, `text of ${Key}`);
        const plain = await world.s3().send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
        const encoded = await world.s3().send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
        const text = await world.text(Bucket, Key);
        await world.s3().send(new DeleteObjectCommand({ Bucket, Key }));
        return {
          plain: plain.Contents?.map(one => one.Key === Key),
          encoded: encoded.Contents?.map(one => decoded(one.Key!) === Key),
          text: text === `text of ${Key}`,
          gone: await refusal(world.s3().send(new GetObjectCommand({ Bucket, Key }))),
        };
      },
      expected: { plain: [true], encoded: [true], text: true, gone: '404 NoSuchKey' },
    }),
  ),
  {
    id: 'keys: a control character, listed URL-encoded',
    docs: KEYS,
    async run(world) {
      const Bucket = await world.bucketWith({ 'a\u0001b': 'x' });
      const { Contents } = await world.s3().send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
      return Contents?.map(({ Key }) => Key);
    },
    expected: ['a%01b'],
  },
  listing('all keys, in order', {}, { keys: TREE, folders: [], count: 6, isCut: false }),
  listing('a prefix', { Prefix: 'dag/' }, { keys: TREE.slice(1, 4), folders: [], count: 3, isCut: false }),
  listing(
    'a prefix that is half a name',
    { Prefix: 'ru' },
    { keys: ['run/1.log'], folders: [], count: 1, isCut: false },
  ),
  listing('a prefix that nothing has', { Prefix: 'none' }, { keys: [], folders: [], count: 0, isCut: false }),
  listing(
    'a delimiter',
    { Delimiter: '/' },
    { keys: ['a.log', 'z.log'], folders: ['dag/', 'run/'], count: 4, isCut: false },
  ),
  listing(
    'a delimiter below a prefix',
    { Delimiter: '/', Prefix: 'dag/' },
    { keys: ['dag/1.log', 'dag/2.log'], folders: ['dag/sub/'], count: 3, isCut: false },
  ),
  listing(
    'a delimiter of several letters',
    { Delimiter: '/1' },
    {
      keys: ['a.log', 'dag/2.log', 'dag/sub/3.log', 'z.log'],
      folders: ['dag/1', 'run/1'],
      count: 6,
      isCut: false,
    },
  ),
  listing('start-after', { StartAfter: 'dag/2.log' }, { keys: TREE.slice(3), folders: [], count: 3, isCut: false }),
  listing(
    'start-after a key that isn’t there',
    { StartAfter: 'dag/2' },
    { keys: TREE.slice(2), folders: [], count: 4, isCut: false },
  ),
  listing(
    'start-after outweighed by a prefix behind it',
    { StartAfter: 'a', Prefix: 'run/' },
    { keys: ['run/1.log'], folders: [], count: 1, isCut: false },
  ),
  listing(
    'folders count as keys',
    { Delimiter: '/', MaxKeys: 2 },
    { keys: ['a.log'], folders: ['dag/'], count: 2, isCut: true },
  ),
  listing('max-keys that all keys just fit', { MaxKeys: 6 }, { keys: TREE, folders: [], count: 6, isCut: false }),
  listing('max-keys of 0', { MaxKeys: 0 }, { keys: [], folders: [], count: 0, isCut: false }),
  listing(
    'the order is that of UTF-8’s bytes',
    {},
    { keys: ['A', 'Z', 'a', 'é', '\uFF5E', '🙂'], folders: [], count: 6, isCut: false },
    ['🙂', 'a', '\uFF5E', 'é', 'Z', 'A'],
  ),
  listingV1('a marker', { Marker: 'dag/2.log' }, { keys: TREE.slice(3), folders: [], isCut: false, next: undefined }),
  listingV1(
    'NextMarker comes with a delimiter',
    { Delimiter: '/', MaxKeys: 2 },
    { keys: ['a.log'], folders: ['dag/'], isCut: true, next: 'dag/' },
  ),
  listingV1(
    'no NextMarker without one',
    { MaxKeys: 2 },
    { keys: ['a.log', 'dag/1.log'], folders: [], isCut: true, next: undefined },
  ),
  {
    id: 'listings: page after page, with folders',
    docs: LIST,
    run: async world => pages(world, { Bucket: await tree(world), Delimiter: '/', MaxKeys: 1 }),
    expected: [['a.log'], ['dag/'], ['run/'], ['z.log']],
  },
  {
    id: 'listings: 10,000 keys in pages of 1,000',
    docs: LIST,
    async run(world) {
      const Bucket = await world.bucket();
      const keys = Array.from({ length: 10_000 }, (_none, place) => `k/${String(place).padStart(5, '0')}`);
      await world.fill(Bucket, keys);
      const found = await pages(world, { Bucket });
      return { sizes: found.map(page => page.length), isSame: found.flat().join() === keys.join() };
    },
    expected: { sizes: Array.from({ length: 10 }, () => 1000), isSame: true },
  },
  {
    id: 'listings: more than 1,000 keys are never given at once',
    docs: LIST,
    async run(world) {
      const answer = await world.s3().send(new ListObjectsV2Command({ Bucket: await tree(world), MaxKeys: 5000 }));
      return [answer.MaxKeys, answer.KeyCount];
    },
    expected: [1000, 6],
  },
  {
    id: 'listings: a negative max-keys',
    docs: LIST,
    run: async world => told(await world.wire.signed('GET', `/${await world.bucket()}?list-type=2&max-keys=-1`)),
    expected: '400 InvalidArgument',
  },
  {
    id: 'listings: a continuation token that is none',
    docs: LIST,
    run: async world =>
      refusal(world.s3().send(new ListObjectsV2Command({ Bucket: await tree(world), ContinuationToken: 'no token' }))),
    expected: '400 InvalidArgument',
  },
  {
    id: 'listings: an encoding that is unknown',
    docs: LIST,
    run: async world =>
      told(await world.wire.signed('GET', `/${await world.bucket()}?encoding-type=base64&list-type=2`)),
    expected: '400 InvalidArgument',
  },
  {
    id: 'listings: url-encoding leaves slashes and writes blanks as plus',
    docs: LIST,
    async run(world) {
      const Bucket = await world.bucketWith({ 'a b/test_file(3)+é.png': 'x' });
      const input = { Bucket, EncodingType: 'url', Prefix: 'a b', Delimiter: '/' } as const;
      const folders = await world.s3().send(new ListObjectsV2Command(input));
      const all = await world.s3().send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
      return {
        folder: folders.CommonPrefixes?.[0]?.Prefix,
        prefix: folders.Prefix,
        key: all.Contents?.[0]?.Key,
      };
    },
    expected: { folder: 'a+b/', prefix: 'a+b', key: 'a+b/test_file%283%29%2B%C3%A9.png' },
  },
  {
    id: 'listings: a row has size, ETag, time and class, and no owner unless asked',
    docs: LIST,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'hello' });
      const row = async (FetchOwner: boolean) =>
        (await world.s3().send(new ListObjectsV2Command({ Bucket, FetchOwner }))).Contents![0]!;
      const { Size, ETag, LastModified, StorageClass, Owner } = await row(false);
      const isNow = Math.abs(LastModified!.getTime() - Date.now()) < 60_000;
      const isOwned = Boolean((await row(true)).Owner?.ID);
      return { Size, ETag, isNow, StorageClass, Owner, isOwned };
    },
    expected: {
      Size: 5,
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      isNow: true,
      StorageClass: 'STANDARD',
      Owner: undefined,
      isOwned: true,
    },
  },
  {
    id: 'listings: a key is there as soon as it was written, and gone as soon as it was deleted',
    docs: s3Guide('Welcome'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const count = async () => (await world.s3().send(new ListObjectsV2Command({ Bucket }))).KeyCount;
      const before = await count();
      await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      return [before, await count()];
    },
    expected: [1, 0],
  },
  {
    id: 'listings: of buckets names one’s own',
    docs: s3Api('API_ListBuckets'),
    async run(world) {
      const Bucket = await world.bucket();
      const { Buckets } = await world.s3().send(new ListBucketsCommand({}));
      const mine = Buckets?.find(({ Name }) => Name === Bucket);
      return { isThere: mine !== undefined, hasDate: mine?.CreationDate instanceof Date };
    },
    expected: { isThere: true, hasDate: true },
  },
];

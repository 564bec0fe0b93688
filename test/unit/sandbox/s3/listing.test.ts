import {
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, BUCKET, EVERYTHING, OWNER, REGION, TestSandbox } from './harness';

let sandbox: TestSandbox;
let ada: Actor;
let client: S3Client;

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  ada = sandbox.user('ada', [EVERYTHING]);
  client = sandbox.client(ada);
});
afterAll(() => sandbox.stop());

async function bucketOf(name: string, keys: readonly string[]): Promise<string> {
  await sandbox.s3.createBucket({ name, region: REGION, ownerAccount: OWNER });
  for (const key of keys) await sandbox.s3.putObject(name, key, key);
  return name;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What a listing without pages has to be, said as simply as it can be said. */
function expected(keys: readonly string[], prefix: string, delimiter: string, after = '') {
  const found = keys.filter(key => key.startsWith(prefix) && byBytes(key, after) > 0).sort(byBytes);
  const objects: string[] = [];
  const groups = new Set<string>();
  for (const key of found) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) objects.push(key);
    else groups.add(key.slice(0, end + delimiter.length));
  }
  return { objects, groups: [...groups] };
}

async function listAll(
  Bucket: string,
  pageSize: number,
  input: { Prefix?: string; Delimiter?: string; StartAfter?: string },
) {
  const objects: string[] = [];
  const groups: string[] = [];
  const sizes: number[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize }, { Bucket, ...input })) {
    objects.push(...(page.Contents ?? []).map(one => one.Key!));
    groups.push(...(page.CommonPrefixes ?? []).map(one => one.Prefix!));
    sizes.push(page.KeyCount!);
  }
  return { objects, groups, sizes };
}

describe('a listing', () => {
  const KEYS = [
    'a',
    'a/1',
    'a/2/x',
    'a/2/y',
    'a b/c',
    'a+b',
    'a//d',
    'b',
    'é',
    'z/日本',
    '\uffee',
    '🙂/1',
    '🙂',
    'run=2026-11-20T00:00:00+00:00/~x',
    '100%/x?y#z',
  ];
  beforeAll(() => bucketOf(BUCKET, KEYS));

  it.each([
    ['', ''],
    ['', '/'],
    ['a', '/'],
    ['a/', '/'],
    ['a', ''],
    ['', 'b'],
    ['nothing', '/'],
    ['🙂', '/'],
  ])('of prefix %j by %j is the same whatever the size of its pages', async (Prefix, Delimiter) => {
    const all = expected(KEYS, Prefix, Delimiter);
    for (const size of [1, 2, 3, 1000]) {
      const { objects, groups, sizes } = await listAll(BUCKET, size, { Prefix, Delimiter });
      expect({ objects, groups }).toEqual(all);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(size);
    }
  });

  it.each(['a', 'a/1', 'a/2', 'zzz', '', '\uffee'])('goes on after %j', async StartAfter => {
    for (const Delimiter of ['', '/']) {
      const { objects, groups } = await listAll(BUCKET, 2, { StartAfter, Delimiter });
      expect({ objects, groups }).toEqual(expected(KEYS, '', Delimiter, StartAfter));
    }
  });

  it('of the first version goes on by its marker', async () => {
    for (const Delimiter of [undefined, '/']) {
      const names: string[] = [];
      let Marker: string | undefined;
      do {
        const page = await client.send(new ListObjectsCommand({ Bucket: BUCKET, MaxKeys: 2, Marker, Delimiter }));
        const rows = [
          ...(page.Contents ?? []).map(one => one.Key!),
          ...(page.CommonPrefixes ?? []).map(one => one.Prefix!),
        ].sort(byBytes);
        names.push(...rows);
        // Without a delimiter S3 names no next marker: the last key is it.
        expect(page.NextMarker !== undefined).toBe(Delimiter !== undefined && page.IsTruncated);
        Marker = page.IsTruncated ? (page.NextMarker ?? rows.at(-1)) : undefined;
      } while (Marker !== undefined);
      const all = expected(KEYS, '', Delimiter ?? '');
      expect(names).toEqual([...all.objects, ...all.groups].sort(byBytes));
    }
  });

  it('encodes what XML could not carry', async () => {
    const { text } = await sandbox.signed(ada, 'GET', `/${BUCKET}?list-type=2&encoding-type=url&prefix=1`);
    expect(text).toContain('<Key>100%25/x%3Fy%23z</Key>');
    const runs = await sandbox.signed(ada, 'GET', `/${BUCKET}?list-type=2&encoding-type=url&prefix=run`);
    expect(runs.text).toContain('<Key>run%3D2026-11-20T00%3A00%3A00%2B00%3A00/%7Ex</Key>');
    const blank = await sandbox.signed(
      ada,
      'GET',
      `/${BUCKET}?list-type=2&encoding-type=url&delimiter=%2F&prefix=a%20`,
    );
    expect(blank.text).toContain('<Prefix>a+b/</Prefix>');
  });

  it('names owners only when asked', async () => {
    for (const FetchOwner of [true, false]) {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 1, FetchOwner }));
      expect(Contents![0]!.Owner !== undefined).toBe(FetchOwner);
    }
  });

  it.each([
    ['max-keys=0', 200, '<IsTruncated>false</IsTruncated>'],
    ['max-keys=5000', 200, '<MaxKeys>1000</MaxKeys>'],
    ['max-keys=-1', 400, 'InvalidArgument'],
    ['max-keys=x', 400, 'InvalidArgument'],
    ['continuation-token=x', 400, 'InvalidArgument'],
    ['encoding-type=base64', 400, 'InvalidArgument'],
    ['list-type=3', 400, 'InvalidArgument'],
    ['metadata=true', 501, 'NotImplemented'],
  ])('with %s → %d %s', async (query, status, text) => {
    const type = query.startsWith('list-type') ? '' : 'list-type=2&';
    const answer = await sandbox.signed(ada, 'GET', `/${BUCKET}?${type}${query}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });
});

describe('by law', () => {
  const key = fc
    .array(fc.constantFrom('a', 'b', '/', '//', '.', 'é', '🙂', '\ue000', '0', '-'), { minLength: 1, maxLength: 5 })
    .map(parts => parts.join(''))
    .filter(text => !text.split('/').includes('..'));

  it('pages of any size, any prefix and any delimiter give what one look gives', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom('', 'a', 'a/', '/', 'é', '🙂'),
        fc.constantFrom('', '/', 'a', '//', '0'),
        fc.integer({ min: 1, max: 4 }),
        async (keys, Prefix, Delimiter, size) => {
          const name = await bucketOf(`law-${count++}`, keys);
          const { objects, groups } = await listAll(name, size, { Prefix, Delimiter });
          expect({ objects, groups }).toEqual(expected(keys, Prefix, Delimiter));
          const versions = await client.send(new ListObjectVersionsCommand({ Bucket: name, Prefix, Delimiter }));
          expect((versions.Versions ?? []).map(one => one.Key)).toEqual(objects);
          expect((versions.CommonPrefixes ?? []).map(one => one.Prefix)).toEqual(groups);
        },
      ),
      { numRuns: 40 },
    );
  });
});

it('of 2,500 keys comes in three pages', async () => {
  const keys = Array.from({ length: 2500 }, (_none, i) => `k${String(i).padStart(5, '0')}`);
  const name = await bucketOf('many-keys', keys);
  const { objects, sizes } = await listAll(name, 1000, {});
  expect(sizes).toEqual([1000, 1000, 500]);
  expect(objects).toEqual(keys);
});

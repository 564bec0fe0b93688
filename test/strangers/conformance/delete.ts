import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import { told } from './wire';
import { allow, deny, type World } from './world';

const MANY = s3Api('API_DeleteObjects');
const VERSIONS = s3Guide('DeleteMarker');

async function versionedBucket(world: World): Promise<string> {
  const Bucket = await world.bucket();
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await world.s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  return Bucket;
}

const objects = (...keys: string[]) => keys.map(Key => ({ Key }));

export const DELETES: readonly Behaviour[] = [
  {
    id: 'delete: a key that is there, and again: 204 both times',
    docs: s3Api('API_DeleteObject'),
    async run(world) {
      const path = `/${await world.bucketWith({ a: 'x' })}/a`;
      const twice = [await world.wire.signed('DELETE', path), await world.wire.signed('DELETE', path)];
      return twice.map(({ status, text }) => [status, text]);
    },
    expected: [
      [204, ''],
      [204, ''],
    ],
  },
  {
    id: 'delete: many, some of them missing: all are told as deleted',
    docs: MANY,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x', 'b +~%': 'x', keep: 'x' });
      const Delete = { Objects: objects('a', 'b +~%', 'none') };
      const { Deleted, Errors } = await world.s3().send(new DeleteObjectsCommand({ Bucket, Delete }));
      const { Contents } = await world.s3().send(new ListObjectsV2Command({ Bucket }));
      return { deleted: Deleted?.map(({ Key }) => Key).sort(), Errors, left: Contents?.map(({ Key }) => Key) };
    },
    expected: { deleted: ['a', 'b +~%', 'none'], Errors: undefined, left: ['keep'] },
  },
  {
    id: 'delete: many, quietly: only errors are told',
    docs: MANY,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const Delete = { Objects: objects('a', 'none'), Quiet: true };
      const { Deleted, Errors } = await world.s3().send(new DeleteObjectsCommand({ Bucket, Delete }));
      return { Deleted, Errors };
    },
    expected: { Deleted: undefined, Errors: undefined },
  },
  {
    id: 'delete: many, one of them denied: the others go, and that one is an error of its own',
    docs: MANY,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x', kept: 'x' });
      const arn = `arn:aws:s3:::${Bucket}`;
      const { keys } = await world.principal(
        allow(['s3:DeleteObject', 's3:ListBucket'], [arn, `${arn}/*`]),
        deny('s3:DeleteObject', `${arn}/kept`),
      );
      const Delete = { Objects: objects('a', 'kept') };
      const { Deleted, Errors } = await world.s3(keys).send(new DeleteObjectsCommand({ Bucket, Delete }));
      return { deleted: Deleted?.map(({ Key }) => Key), errors: Errors?.map(({ Key, Code }) => [Key, Code]) };
    },
    expected: { deleted: ['a'], errors: [['kept', 'AccessDenied']] },
  },
  {
    id: 'delete: more than 1,000 at once',
    docs: MANY,
    async run(world) {
      const Delete = { Objects: Array.from({ length: 1001 }, (_none, place) => ({ Key: `k${place}` })) };
      return refusal(world.s3().send(new DeleteObjectsCommand({ Bucket: await world.bucket(), Delete })));
    },
    expected: '400 MalformedXML',
  },
  {
    id: 'delete: many, without MD5 or checksum',
    docs: MANY,
    async run(world) {
      const body = '<Delete><Object><Key>a</Key></Object></Delete>';
      return told(await world.wire.signed('POST', `/${await world.bucket()}?delete=`, { body }));
    },
    expected: '400 InvalidRequest',
  },
  {
    id: 'delete: many, from a document that is none',
    docs: MANY,
    async run(world) {
      const headers = { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' };
      return told(await world.wire.signed('POST', `/${await world.bucket()}?delete=`, { body: 'hello', headers }));
    },
    expected: '400 MalformedXML',
  },
  {
    id: 'delete: with versions a marker is laid over the object',
    docs: VERSIONS,
    async run(world) {
      const Bucket = await versionedBucket(world);
      const { VersionId } = await world.put(Bucket, 'a', 'kept');
      const { DeleteMarker } = await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      const gone = await refusal(world.s3().send(new GetObjectCommand({ Bucket, Key: 'a' })));
      const { headers } = await world.wire.signed('HEAD', `/${Bucket}/a`);
      const { Body } = await world.s3().send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }));
      return { DeleteMarker, gone, header: headers['x-amz-delete-marker'], old: await Body!.transformToString() };
    },
    expected: { DeleteMarker: true, gone: '404 NoSuchKey', header: 'true', old: 'kept' },
  },
  {
    id: 'delete: with the marker deleted the object is back',
    docs: s3Guide('ManagingDelMarkers'),
    async run(world) {
      const Bucket = await versionedBucket(world);
      await world.put(Bucket, 'a', 'kept');
      const { VersionId } = await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
      return world.text(Bucket, 'a');
    },
    expected: 'kept',
  },
  {
    id: 'delete: the marker itself can’t be read',
    docs: VERSIONS,
    async run(world) {
      const Bucket = await versionedBucket(world);
      await world.put(Bucket, 'a', 'kept');
      const { VersionId } = await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      return refusal(world.s3().send(new GetObjectCommand({ Bucket, Key: 'a', VersionId })));
    },
    expected: '405 MethodNotAllowed',
  },
  {
    id: 'delete: versions and markers are listed, newest first',
    docs: s3Api('API_ListObjectVersions'),
    async run(world) {
      const Bucket = await versionedBucket(world);
      await world.put(Bucket, 'a', 'one');
      await world.put(Bucket, 'a', 'three');
      await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      const { Versions, DeleteMarkers } = await world.s3().send(new ListObjectVersionsCommand({ Bucket }));
      return {
        versions: Versions?.map(({ Size, IsLatest }) => [Size, IsLatest]),
        markers: DeleteMarkers?.map(({ IsLatest }) => IsLatest),
      };
    },
    expected: {
      versions: [
        [5, false],
        [3, false],
      ],
      markers: [true],
    },
  },
  {
    id: 'delete: one version for good',
    docs: s3Guide('DeletingObjectVersions'),
    async run(world) {
      const Bucket = await versionedBucket(world);
      await world.put(Bucket, 'a', 'old');
      const { VersionId } = await world.put(Bucket, 'a', 'new');
      await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
      const gone = await refusal(world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId })));
      return [await world.text(Bucket, 'a'), gone];
    },
    expected: ['old', '404 NotFound'],
  },
];

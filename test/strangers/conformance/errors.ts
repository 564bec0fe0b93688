import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NoSuchUpload,
  NotFound,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { S3_ERRORS, s3Api, s3Guide } from './docs';
import { told } from './wire';

/** Whether the SDK made its own class of an error, and what it holds. */
async function thrown(call: Promise<unknown>, kind: abstract new (...args: never[]) => Error): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const { name, $metadata, $fault } = error;
    return { isNamed: error instanceof kind, name, status: $metadata.httpStatusCode, fault: $fault };
  }
  return 'not refused';
}

const named = (status: number, name: string) => ({ isNamed: true, name, status, fault: 'client' });

/** The elements of an error document, in the order in which they come. */
const elementNames = (text: string) => [...text.matchAll(/<(\w+)>[^<]*<\/\w+>/g)].map(([, name]) => name);

/** Errors by code, status and body, and the SDK's named exceptions. */
export const ERRORS: readonly Behaviour[] = [
  {
    id: 'errors: GET of a missing key is the exception NoSuchKey',
    docs: s3Api('API_GetObject'),
    run: async world =>
      thrown(world.s3().send(new GetObjectCommand({ Bucket: await world.bucket(), Key: 'none' })), NoSuchKey),
    expected: named(404, 'NoSuchKey'),
  },
  {
    id: 'errors: HEAD of a missing key is the exception NotFound',
    docs: s3Api('API_HeadObject'),
    run: async world =>
      thrown(world.s3().send(new HeadObjectCommand({ Bucket: await world.bucket(), Key: 'none' })), NotFound),
    expected: named(404, 'NotFound'),
  },
  {
    id: 'errors: HEAD of a missing bucket is the exception NotFound',
    docs: s3Api('API_HeadBucket'),
    run: world => thrown(world.s3().send(new HeadBucketCommand({ Bucket: world.name() })), NotFound),
    expected: named(404, 'NotFound'),
  },
  {
    id: 'errors: listing a missing bucket is the exception NoSuchBucket',
    docs: s3Api('API_ListObjectsV2'),
    run: world => thrown(world.s3().send(new ListObjectsV2Command({ Bucket: world.name() })), NoSuchBucket),
    expected: named(404, 'NoSuchBucket'),
  },
  {
    id: 'errors: a GET from a missing bucket is NoSuchBucket',
    docs: S3_ERRORS,
    run: world => refusal(world.s3().send(new GetObjectCommand({ Bucket: world.name(), Key: 'k' }))),
    expected: '404 NoSuchBucket',
  },
  {
    id: 'errors: completing an unknown upload is the exception NoSuchUpload',
    docs: s3Api('API_CompleteMultipartUpload'),
    async run(world) {
      const Bucket = await world.bucket();
      const { UploadId } = await world.s3().send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: '"0123456789abcdef0123456789abcdef"' }] };
      const unknown = UploadId!.replace(/[A-Za-z](?=[^A-Za-z]*$)/, letter => (letter === 'a' ? 'b' : 'a'));
      const command = new CompleteMultipartUploadCommand({ Bucket, Key: 'a', UploadId: unknown, MultipartUpload });
      return thrown(world.s3().send(command), NoSuchUpload);
    },
    expected: named(404, 'NoSuchUpload'),
  },
  {
    id: 'errors: creating a bucket of one’s own again succeeds in us-east-1',
    docs: s3Api('API_CreateBucket'),
    run: async world =>
      thrown(world.s3().send(new CreateBucketCommand({ Bucket: await world.bucket() })), BucketAlreadyOwnedByYou),
    expected: 'not refused',
  },
  {
    id: 'errors: creating somebody else’s bucket is the exception BucketAlreadyExists',
    docs: s3Api('API_CreateBucket'),
    async run(world) {
      const Bucket = await world.bucket();
      const theirs = world.s3(world.backend.other.keys).send(new CreateBucketCommand({ Bucket }));
      return thrown(theirs, BucketAlreadyExists);
    },
    expected: named(409, 'BucketAlreadyExists'),
  },
  {
    id: 'errors: a bucket with objects is not deleted',
    docs: s3Api('API_DeleteBucket'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      return refusal(world.s3().send(new DeleteBucketCommand({ Bucket })));
    },
    expected: '409 BucketNotEmpty',
  },
  {
    id: 'errors: a bucket name with capitals is InvalidBucketName',
    docs: s3Guide('bucketnamingrules'),
    run: async world => told(await world.wire.signed('PUT', `/Capitals-${world.name()}`)),
    expected: '400 InvalidBucketName',
  },
  {
    id: 'errors: a bucket without a policy is NoSuchBucketPolicy',
    docs: s3Api('API_GetBucketPolicy'),
    run: async world => refusal(world.s3().send(new GetBucketPolicyCommand({ Bucket: await world.bucket() }))),
    expected: '404 NoSuchBucketPolicy',
  },
  {
    id: 'errors: a bucket without tags is NoSuchTagSet',
    docs: s3Api('API_GetBucketTagging'),
    run: async world => refusal(world.s3().send(new GetBucketTaggingCommand({ Bucket: await world.bucket() }))),
    expected: '404 NoSuchTagSet',
  },
  {
    id: 'errors: a bucket without lifecycle rules is NoSuchLifecycleConfiguration',
    docs: s3Api('API_GetBucketLifecycleConfiguration'),
    run: async world =>
      refusal(world.s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket: await world.bucket() }))),
    expected: '404 NoSuchLifecycleConfiguration',
  },
  {
    id: 'errors: a bucket without Object Lock is ObjectLockConfigurationNotFoundError',
    docs: S3_ERRORS,
    run: async world =>
      refusal(world.s3().send(new GetObjectLockConfigurationCommand({ Bucket: await world.bucket() }))),
    expected: '404 ObjectLockConfigurationNotFoundError',
  },
  {
    id: 'errors: a new bucket blocks public access',
    docs: s3Guide('access-control-block-public-access'),
    async run(world) {
      const Bucket = await world.bucket();
      const answer = await world.s3().send(new GetPublicAccessBlockCommand({ Bucket }));
      return answer.PublicAccessBlockConfiguration;
    },
    expected: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  },
  {
    id: 'errors: the document names code, message and request',
    docs: s3Api('RESTErrorResponses'),
    async run(world) {
      const { status, text, headers } = await world.wire.signed('GET', `/${await world.bucket()}/none`);
      const all = elementNames(text);
      const wanted = ['Code', 'Message', 'RequestId'];
      const isXml = headers['content-type']?.startsWith('application/xml');
      return { status, isXml, missing: wanted.filter(name => !all.includes(name)) };
    },
    expected: { status: 404, isXml: true, missing: [] },
  },
  {
    id: 'errors: the document of a missing bucket names it',
    docs: s3Api('RESTErrorResponses'),
    async run(world) {
      const name = world.name();
      const { text } = await world.wire.signed('GET', `/${name}`);
      return { told: /<BucketName>([^<]*)</.exec(text)?.[1] === name };
    },
    expected: { told: true },
  },
  {
    id: 'errors: the answer to a HEAD has no body',
    docs: s3Api('API_HeadObject'),
    async run(world) {
      const { status, text } = await world.wire.signed('HEAD', `/${await world.bucket()}/none`);
      return { status, text };
    },
    expected: { status: 404, text: '' },
  },
  {
    id: 'errors: every answer carries x-amz-request-id',
    docs: s3Api('RESTCommonResponseHeaders'),
    async run(world) {
      const Bucket = await world.bucket();
      const good = await world.wire.signed('GET', `/${Bucket}`);
      const bad = await world.wire.signed('GET', `/${Bucket}/none`);
      return [good, bad].map(({ headers }) => Boolean(headers['x-amz-request-id']));
    },
    expected: [true, true],
  },
  {
    id: 'errors: a PUT without Content-Length is MissingContentLength',
    docs: S3_ERRORS,
    async run(world) {
      const path = `/${await world.bucket()}/a`;
      const headers = await world.wire.headers('PUT', path, { hash: 'UNSIGNED-PAYLOAD' });
      return told(await world.wire.sendWithoutLength('PUT', path, headers));
    },
    expected: '411 MissingContentLength',
  },
  {
    id: 'errors: a key of 1,025 bytes is KeyTooLongError',
    docs: s3Guide('object-keys'),
    run: async world => refusal(world.put(await world.bucket(), 'k'.repeat(1025))),
    expected: '400 KeyTooLongError',
  },
  {
    id: 'errors: POST to an object that asks for nothing is MethodNotAllowed',
    docs: S3_ERRORS,
    run: async world => told(await world.wire.signed('POST', `/${await world.bucketWith({ a: 'x' })}/a`)),
    expected: '405 MethodNotAllowed',
  },
  {
    id: 'errors: a bucket of another region answers where it is',
    docs: s3Guide('Redirects'),
    async run(world) {
      const Bucket = await world.bucket({ CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
      const answer = await world.wire.signed('GET', `/${Bucket}`);
      return { told: told(answer), region: answer.headers['x-amz-bucket-region'] };
    },
    expected: { told: '301 PermanentRedirect', region: 'eu-west-1' },
  },
];

import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type Behaviour, refusal, verdict } from './behaviour';
import { S3_ERRORS, s3Api, s3Guide, stsApi } from './docs';
import { told } from './wire';
import { allow, type Keys, type World } from './world';

const SIGNING = s3Api('sig-v4-authenticating-requests');
const PRESIGNING = s3Api('sigv4-query-string-auth');
const MINUTE = 60_000;
const forged = (keys: Keys): Keys => ({ ...keys, secretAccessKey: `${keys.secretAccessKey.slice(0, -1)}#` });
const minutes = (count: number) => new Date(Date.now() + count * MINUTE);

async function readerOf(world: World) {
  const Bucket = await world.bucketWith({ a: 'text' });
  const { keys } = await world.principal(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`));
  return { Bucket, keys };
}

/** Wrong, expired, forged and foreign signatures, the clock, anonymous and presigned requests. */
export const SIGNATURES: readonly Behaviour[] = [
  {
    id: 'signatures: a wrong secret is SignatureDoesNotMatch',
    docs: S3_ERRORS,
    run: async world =>
      refusal(world.s3(forged(world.backend.admin)).send(new ListObjectsV2Command({ Bucket: await world.bucket() }))),
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'signatures: an unknown access key is InvalidAccessKeyId',
    docs: S3_ERRORS,
    async run(world) {
      const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) };
      return refusal(world.s3(keys).send(new ListObjectsV2Command({ Bucket: await world.bucket() })));
    },
    expected: '403 InvalidAccessKeyId',
  },
  {
    id: 'signatures: HEAD with a wrong secret is 403 without words',
    docs: s3Api('API_HeadObject'),
    async run(world) {
      const path = `/${await world.bucketWith({ a: 'x' })}/a`;
      const { status, text } = await world.wire.signed('HEAD', path, { keys: forged(world.backend.admin) });
      return { status, text };
    },
    expected: { status: 403, text: '' },
  },
  {
    id: 'signatures: a path that was changed on the way',
    docs: SIGNING,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x', b: 'y' });
      return told(await world.wire.send('GET', `/${Bucket}/b`, await world.wire.headers('GET', `/${Bucket}/a`)));
    },
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'signatures: a query that was changed on the way',
    docs: SIGNING,
    async run(world) {
      const Bucket = await world.bucket();
      const headers = await world.wire.headers('GET', `/${Bucket}?list-type=2`);
      return told(await world.wire.send('GET', `/${Bucket}?list-type=2&prefix=x`, headers));
    },
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'signatures: a body that was changed on the way',
    docs: S3_ERRORS,
    async run(world) {
      const path = `/${await world.bucket()}/a`;
      const headers = await world.wire.headers('PUT', path, { body: 'right' });
      return told(await world.wire.send('PUT', path, { ...headers, 'content-length': 5 }, 'wrong'));
    },
    expected: '400 XAmzContentSHA256Mismatch',
  },
  {
    id: 'signatures: an x-amz header that was not signed',
    docs: SIGNING,
    async run(world) {
      const path = `/${await world.bucket()}/a`;
      const headers = await world.wire.headers('PUT', path);
      return told(await world.wire.send('PUT', path, { ...headers, 'content-length': 0, 'x-amz-meta-a': 'b' }));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: UNSIGNED-PAYLOAD leaves the body out of the signature',
    docs: SIGNING,
    async run(world) {
      const path = `/${await world.bucket()}/a`;
      const body = 'anything';
      return told(await world.wire.signed('PUT', path, { hash: 'UNSIGNED-PAYLOAD', body }));
    },
    expected: '200',
  },
  {
    id: 'signatures: a scope of another service',
    docs: S3_ERRORS,
    run: async world => told(await world.wire.signed('GET', `/${await world.bucket()}`, { service: 'execute-api' })),
    expected: '400 AuthorizationHeaderMalformed',
  },
  {
    // An endpoint of AWS belongs to one region; the one that a request is signed for stands for it here.
    id: 'signatures: a request for another region is sent to the bucket’s own',
    docs: s3Guide('Redirects'),
    async run(world) {
      const answer = await world.wire.signed('GET', `/${await world.bucket()}`, { region: 'ap-south-1' });
      return [told(answer), answer.headers['x-amz-bucket-region']];
    },
    expected: ['301 PermanentRedirect', 'us-east-1'],
  },
  {
    id: 'signatures: an Authorization header that is none',
    docs: S3_ERRORS,
    async run(world) {
      const path = `/${await world.bucket()}`;
      const headers = await world.wire.headers('GET', path);
      return told(await world.wire.send('GET', path, { ...headers, authorization: 'AWS4-HMAC-SHA256 nothing' }));
    },
    expected: '400 AuthorizationHeaderMalformed',
  },
  {
    id: 'signatures: signature version 2 is refused',
    docs: s3Guide('UsingAWSSDK'),
    async run(world) {
      const authorization = `AWS ${world.backend.admin.accessKeyId}:bm90aGluZw==`;
      const date = new Date().toUTCString();
      return told(await world.wire.send('GET', `/${await world.bucket()}`, { authorization, date }));
    },
    expected: '400 InvalidRequest',
  },
  ...[16, -16].map(
    (shift): Behaviour => ({
      id: `signatures: a clock that is ${Math.abs(shift)} minutes ${shift > 0 ? 'ahead' : 'behind'}`,
      docs: S3_ERRORS,
      run: async world => told(await world.wire.signed('GET', `/${await world.bucket()}`, { date: minutes(shift) })),
      expected: '403 RequestTimeTooSkewed',
    }),
  ),
  {
    id: 'signatures: a clock that is 14 minutes behind is good enough',
    docs: S3_ERRORS,
    run: async world => told(await world.wire.signed('GET', `/${await world.bucket()}`, { date: minutes(-14) })),
    expected: '200',
  },
  {
    id: 'signatures: a request without a date',
    docs: SIGNING,
    async run(world) {
      const path = `/${await world.bucket()}`;
      const { 'x-amz-date': _date, ...headers } = await world.wire.headers('GET', path);
      return told(await world.wire.send('GET', path, headers));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: a session’s keys without their token',
    docs: stsApi('API_AssumeRole'),
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const { sessionToken: _token, ...bare } = keys;
      return refusal(world.s3(bare).send(new GetObjectCommand({ Bucket, Key: 'a' })));
    },
    expected: '403 InvalidAccessKeyId',
  },
  {
    id: 'signatures: a session token that was forged',
    docs: S3_ERRORS,
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const sessionToken = `${keys.sessionToken!.slice(0, 20)}AAAA${keys.sessionToken!.slice(24)}`;
      return refusal(world.s3({ ...keys, sessionToken }).send(new GetObjectCommand({ Bucket, Key: 'a' })));
    },
    expected: '400 InvalidToken',
  },
  {
    id: 'signatures: the session token of another session',
    docs: S3_ERRORS,
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const { keys: others } = await readerOf(world);
      const mixed = { ...keys, sessionToken: others.sessionToken! };
      return refusal(world.s3(mixed).send(new GetObjectCommand({ Bucket, Key: 'a' })));
    },
    expected: '400 InvalidToken',
  },
  {
    id: 'signatures: a token beside the keys of a user',
    docs: S3_ERRORS,
    async run(world) {
      const keys = { ...world.backend.admin, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE' };
      return refusal(world.s3(keys).send(new ListObjectsV2Command({ Bucket: await world.bucket() })));
    },
    expected: '400 InvalidToken',
  },
  {
    id: 'signatures: an anonymous GET is AccessDenied',
    docs: S3_ERRORS,
    run: async world => told(await world.wire.send('GET', `/${await world.bucketWith({ a: 'x' })}/a`)),
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: an anonymous listing is AccessDenied',
    docs: S3_ERRORS,
    run: async world => told(await world.wire.send('GET', `/${await world.bucket()}?list-type=2`)),
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: an anonymous PUT is AccessDenied and writes nothing',
    docs: S3_ERRORS,
    async run(world) {
      const Bucket = await world.bucket();
      const answer = await world.wire.send('PUT', `/${Bucket}/a`, { 'content-length': 1 }, 'x');
      return [told(answer), await refusal(world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a' })))];
    },
    expected: ['403 AccessDenied', '404 NotFound'],
  },
  {
    id: 'signatures: a presigned GET',
    docs: PRESIGNING,
    async run(world) {
      const path = await world.wire.presign('GET', `/${await world.bucketWith({ a: 'text' })}/a`);
      const { status, text } = await world.wire.send('GET', path);
      return { status, text };
    },
    expected: { status: 200, text: 'text' },
  },
  {
    id: 'signatures: a presigned PUT',
    docs: PRESIGNING,
    async run(world) {
      const Bucket = await world.bucket();
      const path = await world.wire.presign('PUT', `/${Bucket}/a`);
      const { status } = await world.wire.send('PUT', path, { 'content-length': 4 }, 'text');
      return { status, text: await world.text(Bucket, 'a') };
    },
    expected: { status: 200, text: 'text' },
  },
  {
    id: 'signatures: a presigned GET of a role’s session',
    docs: PRESIGNING,
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const { status, text } = await world.wire.send('GET', await world.wire.presign('GET', `/${Bucket}/a`, { keys }));
      return { status, text };
    },
    expected: { status: 200, text: 'text' },
  },
  {
    id: 'signatures: a presigned request asks the policies of who signed it',
    docs: PRESIGNING,
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const path = await world.wire.presign('PUT', `/${Bucket}/a`, { keys });
      return told(await world.wire.send('PUT', path, { 'content-length': 1 }, 'x'));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: a presigned GET that has run out',
    docs: PRESIGNING,
    async run(world) {
      const path = `/${await world.bucketWith({ a: 'x' })}/a`;
      return told(await world.wire.send('GET', await world.wire.presign('GET', path, { date: minutes(-5) })));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'signatures: a presigned GET used for another key',
    docs: PRESIGNING,
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x', b: 'y' });
      const path = await world.wire.presign('GET', `/${Bucket}/a`);
      return told(await world.wire.send('GET', path.replace(`/${Bucket}/a`, `/${Bucket}/b`)));
    },
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'signatures: a presigned GET used for a DELETE',
    docs: PRESIGNING,
    async run(world) {
      const path = await world.wire.presign('GET', `/${await world.bucketWith({ a: 'x' })}/a`);
      return told(await world.wire.send('DELETE', path));
    },
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'signatures: a presigned GET that lasts over a week',
    docs: PRESIGNING,
    async run(world) {
      const path = `/${await world.bucketWith({ a: 'x' })}/a`;
      const presigned = await world.wire.presign('GET', path, { expiresIn: 604_800 });
      return told(await world.wire.send('GET', presigned.replace('604800', '604801')));
    },
    expected: '400 AuthorizationQueryParametersError',
  },
  {
    id: 'signatures: in the header and in the query at once',
    docs: S3_ERRORS,
    async run(world) {
      const path = await world.wire.presign('GET', `/${await world.bucketWith({ a: 'x' })}/a`);
      const { authorization = '' } = await world.wire.headers('GET', path);
      return told(await world.wire.send('GET', path, { authorization }));
    },
    expected: '400 InvalidArgument',
  },
  {
    id: 'signatures: a path with + : = ~ and blanks is signed as it is sent',
    docs: SIGNING,
    async run(world) {
      const { Bucket, keys } = await readerOf(world);
      const Key = 'a +:=~ (b)!.log';
      await world.put(Bucket, Key, 'x');
      return verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key })));
    },
    expected: 'allowed',
  },
];

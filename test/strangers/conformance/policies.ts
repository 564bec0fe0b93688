import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal, verdict } from './behaviour';
import { iamGuide, s3Api, s3Guide } from './docs';
import { allow, deny, type Keys, type Statement, type World } from './world';

const LOGIC = iamGuide('reference_policies_evaluation-logic');
const CONDITIONS = iamGuide('reference_policies_elements_condition_operators');
const CONTEXT_KEYS = iamGuide('reference_policies_condition-keys');
const RESOURCES = iamGuide('reference_policies_elements_resource');
const S3_CONDITIONS = s3Guide('amazon-s3-policy-keys');

type Does = 'get' | 'put' | 'delete' | 'list' | 'head' | 'head-missing' | 'get-missing';

/** One request, in one word. */
function act(
  world: World,
  keys: Keys,
  Bucket: string,
  does: Does,
  Key = 'logs/a',
  list: Partial<ListObjectsV2CommandInput> = {},
) {
  const client = world.s3(keys);
  switch (does) {
    case 'get':
      return verdict(client.send(new GetObjectCommand({ Bucket, Key })));
    case 'put':
      return verdict(client.send(new PutObjectCommand({ Bucket, Key, Body: 'new' })));
    case 'delete':
      return verdict(client.send(new DeleteObjectCommand({ Bucket, Key })));
    case 'list':
      return verdict(client.send(new ListObjectsV2Command({ Bucket, ...list })));
    case 'head':
      return verdict(client.send(new HeadObjectCommand({ Bucket, Key })));
    case 'head-missing':
      return verdict(client.send(new HeadObjectCommand({ Bucket, Key: 'logs/none' })));
    case 'get-missing':
      return verdict(client.send(new GetObjectCommand({ Bucket, Key: 'logs/none' })));
  }
}

const bucketWithLog = (world: World) => world.bucketWith({ 'logs/a': 'x', 'other/b': 'x' });
const ALLOWED = 'allowed';
const DENIED = '403 AccessDenied';
/** A HEAD's answer has no body to take a name from. */
const DENIED_HEAD = '403 Unknown';

interface Case {
  readonly id: string;
  readonly docs?: string;
  statements(arn: string): readonly Statement[];
  readonly does: readonly (Does | readonly [Does, string])[];
  readonly expected: readonly string[];
}

/** What somebody with these statements alone may do in a bucket of their own account that holds `logs/a` and `other/b`. */
function judged({ id, docs = LOGIC, statements, does, expected }: Case): Behaviour {
  return {
    id: `policies: ${id}`,
    docs,
    async run(world) {
      const Bucket = await bucketWithLog(world);
      const { keys } = await world.principal(...statements(`arn:aws:s3:::${Bucket}`));
      const verdicts: string[] = [];
      for (const one of does) {
        const [what, key] = typeof one === 'string' ? [one] : one;
        verdicts.push(await act(world, keys, Bucket, what, key));
      }
      return verdicts;
    },
    expected,
  };
}

/** What listings with these parameters come to, where only this condition allows listing. */
function listCondition(
  id: string,
  condition: object,
  cases: readonly (readonly [Partial<ListObjectsV2CommandInput>, string])[],
): Behaviour {
  return {
    id: `policies: ${id}`,
    docs: S3_CONDITIONS,
    async run(world) {
      const Bucket = await bucketWithLog(world);
      const statement = allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`, { Condition: condition });
      const { keys } = await world.principal(statement);
      const verdicts: string[] = [];
      for (const [input] of cases) verdicts.push(await act(world, keys, Bucket, 'list', '', input));
      return verdicts;
    },
    expected: cases.map(([, expected]) => expected),
  };
}

/** Whether a GET is allowed under a condition. */
function getCondition(id: string, condition: object, expected: string, docs = CONTEXT_KEYS): Behaviour {
  return judged({
    id,
    docs,
    statements: arn => [allow('s3:GetObject', `${arn}/*`, { Condition: condition })],
    does: ['get'],
    expected: [expected],
  });
}

/** What a bucket's policy makes of somebody; `own` are their own statements. */
function bucketPolicy(
  id: string,
  {
    own = () => [],
    statements,
    does,
    expected,
    docs = s3Guide('example-bucket-policies'),
  }: {
    own?(arn: string): readonly Statement[];
    statements(arn: string, principal: string): readonly Statement[];
    does: readonly Does[];
    expected: readonly string[];
    docs?: string;
  },
): Behaviour {
  return {
    id: `bucket policies: ${id}`,
    docs,
    async run(world) {
      const Bucket = await bucketWithLog(world);
      const arn = `arn:aws:s3:::${Bucket}`;
      const somebody = await world.principal(...own(arn));
      await world.putBucketPolicy(Bucket, ...statements(arn, somebody.arn));
      const verdicts: string[] = [];
      for (const one of does) verdicts.push(await act(world, somebody.keys, Bucket, one));
      return verdicts;
    },
    expected,
  };
}

/** What a bucket policy that is wrong is refused with. */
function badBucketPolicy(id: string, text: (bucket: string) => string): Behaviour {
  return {
    id: `bucket policies: ${id}`,
    docs: s3Api('API_PutBucketPolicy'),
    async run(world) {
      const Bucket = await world.bucket();
      return refusal(world.s3().send(new PutBucketPolicyCommand({ Bucket, Policy: text(Bucket) })));
    },
    expected: '400 MalformedPolicy',
  };
}

const everything = (arn: string) => allow('s3:*', [arn, `${arn}/*`]);
const statementOf = (bucket: string, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*`, ...more },
    ],
  });

export const POLICIES: readonly Behaviour[] = [
  judged({
    id: 'nothing is allowed by default',
    statements: () => [],
    does: ['get', 'put', 'list'],
    expected: [DENIED, DENIED, DENIED],
  }),
  judged({
    id: 'what is allowed, and nothing else',
    statements: arn => [allow('s3:GetObject', `${arn}/logs/*`)],
    does: ['get', ['get', 'other/b'], 'put', 'delete'],
    expected: [ALLOWED, DENIED, DENIED, DENIED],
  }),
  judged({
    id: 'an explicit Deny outweighs every Allow',
    statements: arn => [everything(arn), deny('s3:PutObject', `${arn}/*`)],
    does: ['get', 'put', 'delete'],
    expected: [ALLOWED, DENIED, ALLOWED],
  }),
  judged({
    id: 'a Deny of one folder leaves the others',
    statements: arn => [everything(arn), deny('s3:*', `${arn}/other/*`)],
    does: ['get', ['get', 'other/b']],
    expected: [ALLOWED, DENIED],
  }),
  judged({
    id: '* and ? in resources',
    docs: RESOURCES,
    statements: arn => [allow('s3:GetObject', `${arn}/l?gs/*`), allow('s3:DeleteObject', `${arn}/*/?`)],
    does: ['get', ['get', 'other/b'], ['delete', 'other/b'], ['delete', 'other/bb']],
    expected: [ALLOWED, DENIED, ALLOWED, DENIED],
  }),
  judged({
    id: '* in actions',
    docs: iamGuide('reference_policies_elements_action'),
    statements: arn => [allow('s3:Get*', `${arn}/*`)],
    does: ['get', 'put'],
    expected: [ALLOWED, DENIED],
  }),
  judged({
    id: 'actions are matched in any case',
    docs: iamGuide('reference_policies_elements_action'),
    statements: arn => [allow('S3:getobject', `${arn}/*`)],
    does: ['get'],
    expected: [ALLOWED],
  }),
  judged({
    id: 'resources are matched in their own case',
    docs: RESOURCES,
    statements: arn => [allow('s3:GetObject', `${arn}/LOGS/*`)],
    does: ['get'],
    expected: [DENIED],
  }),
  judged({
    id: 'the bucket’s ARN is not that of its objects',
    docs: s3Guide('security_iam_service-with-iam'),
    statements: arn => [allow('s3:*', arn)],
    does: ['list', 'get', 'put'],
    expected: [ALLOWED, DENIED, DENIED],
  }),
  judged({
    id: 'the objects’ ARN is not that of the bucket',
    docs: s3Guide('security_iam_service-with-iam'),
    statements: arn => [allow('s3:*', `${arn}/*`)],
    does: ['list', 'get', 'put'],
    expected: [DENIED, ALLOWED, ALLOWED],
  }),
  judged({
    id: 'NotAction allows everything else',
    docs: iamGuide('reference_policies_elements_notaction'),
    statements: arn => [
      { Effect: 'Allow', NotAction: ['s3:DeleteObject', 's3:PutObject'], Resource: [arn, `${arn}/*`] },
    ],
    does: ['get', 'list', 'put', 'delete'],
    expected: [ALLOWED, ALLOWED, DENIED, DENIED],
  }),
  judged({
    id: 'NotResource denies everything else',
    docs: iamGuide('reference_policies_elements_notresource'),
    statements: arn => [everything(arn), { Effect: 'Deny', Action: 's3:*', NotResource: [arn, `${arn}/logs/*`] }],
    does: ['get', 'list', ['get', 'other/b']],
    expected: [ALLOWED, ALLOWED, DENIED],
  }),
  judged({
    id: 'with s3:ListBucket a missing key is 404',
    docs: s3Api('API_HeadObject'),
    statements: arn => [allow('s3:GetObject', `${arn}/*`), allow('s3:ListBucket', arn)],
    does: ['head-missing', 'get-missing'],
    expected: ['404 NotFound', '404 NoSuchKey'],
  }),
  judged({
    id: 'without s3:ListBucket a missing key is 403',
    docs: s3Api('API_HeadObject'),
    statements: arn => [allow('s3:GetObject', `${arn}/*`)],
    does: ['head-missing', 'get-missing', 'head'],
    expected: [DENIED_HEAD, DENIED, ALLOWED],
  }),
  judged({
    id: 's3:ListBucket under an s3:prefix condition covers a missing key in the folder',
    docs: S3_CONDITIONS,
    statements: arn => [
      allow('s3:GetObject', `${arn}/*`),
      allow('s3:ListBucket', arn, { Condition: { StringLike: { 's3:prefix': 'logs/*' } } }),
    ],
    does: ['head-missing', 'get-missing'],
    expected: ['404 NotFound', '404 NoSuchKey'],
  }),
  judged({
    id: 'without s3:GetObject a HEAD is 403',
    docs: s3Api('API_HeadObject'),
    statements: arn => [allow('s3:ListBucket', arn)],
    does: ['head', 'get'],
    expected: [DENIED_HEAD, DENIED],
  }),
  judged({
    id: 'deleting a missing key needs the right to delete',
    docs: s3Api('API_DeleteObject'),
    statements: arn => [allow('s3:DeleteObject', `${arn}/logs/*`)],
    does: [
      ['delete', 'logs/none'],
      ['delete', 'other/none'],
    ],
    expected: [ALLOWED, DENIED],
  }),
  listCondition('s3:prefix, exactly', { StringEquals: { 's3:prefix': 'logs/' } }, [
    [{ Prefix: 'logs/' }, ALLOWED],
    [{ Prefix: 'logs/a' }, DENIED],
    [{}, DENIED],
  ]),
  listCondition('s3:prefix, with wildcards', { StringLike: { 's3:prefix': ['logs/*', 'other'] } }, [
    [{ Prefix: 'logs/2026' }, ALLOWED],
    [{ Prefix: 'other' }, ALLOWED],
    [{ Prefix: 'other/' }, DENIED],
    [{ Prefix: '' }, DENIED],
  ]),
  listCondition('s3:delimiter', { StringEquals: { 's3:delimiter': '/' } }, [
    [{ Delimiter: '/' }, ALLOWED],
    [{}, DENIED],
  ]),
  listCondition('s3:max-keys', { NumericLessThanEquals: { 's3:max-keys': '10' } }, [
    [{ MaxKeys: 10 }, ALLOWED],
    [{ MaxKeys: 11 }, DENIED],
  ]),
  listCondition(
    'two operators have to hold both',
    {
      StringEquals: { 's3:prefix': 'logs/' },
      NumericLessThan: { 's3:max-keys': '5' },
    },
    [
      [{ Prefix: 'logs/', MaxKeys: 4 }, ALLOWED],
      [{ Prefix: 'logs/', MaxKeys: 5 }, DENIED],
      [{ MaxKeys: 4 }, DENIED],
    ],
  ),
  getCondition('aws:SourceIp in range', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, ALLOWED),
  getCondition('aws:SourceIp out of range', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, DENIED),
  getCondition('NotIpAddress', { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, DENIED),
  getCondition('aws:SecureTransport is false over HTTP', { Bool: { 'aws:SecureTransport': 'false' } }, ALLOWED),
  getCondition('aws:SecureTransport is not true over HTTP', { Bool: { 'aws:SecureTransport': 'true' } }, DENIED),
  getCondition(
    'aws:CurrentTime later than',
    { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
    ALLOWED,
  ),
  getCondition('aws:CurrentTime earlier than', { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, DENIED),
  getCondition(
    'a key that isn’t there does not match',
    { StringEquals: { 'aws:PrincipalTag/team': 'data' } },
    DENIED,
    CONDITIONS,
  ),
  getCondition(
    'a key that isn’t there matches with IfExists',
    { StringEqualsIfExists: { 'aws:PrincipalTag/team': 'data' } },
    ALLOWED,
    CONDITIONS,
  ),
  getCondition(
    'Null: true where a key isn’t there',
    { Null: { 'aws:PrincipalTag/team': 'true' } },
    ALLOWED,
    CONDITIONS,
  ),
  getCondition(
    'StringNotEquals matches where a key isn’t there',
    { StringNotEquals: { 'aws:PrincipalTag/team': 'data' } },
    ALLOWED,
    CONDITIONS,
  ),
  bucketPolicy('an Allow is enough within one account', {
    statements: (arn, AWS) => [allow('s3:GetObject', `${arn}/*`, { Principal: { AWS } })],
    does: ['get', 'put'],
    expected: [ALLOWED, DENIED],
  }),
  bucketPolicy('a Deny outweighs one’s own Allow', {
    own: arn => [everything(arn)],
    statements: (arn, AWS) => [deny('s3:PutObject', `${arn}/*`, { Principal: { AWS } })],
    does: ['get', 'put'],
    expected: [ALLOWED, DENIED],
  }),
  bucketPolicy('a Deny of everybody hits everybody', {
    own: arn => [everything(arn)],
    statements: arn => [deny('s3:DeleteObject', `${arn}/*`, { Principal: '*' })],
    does: ['get', 'delete'],
    expected: [ALLOWED, DENIED],
  }),
  bucketPolicy('a Deny of somebody else hits nobody here', {
    own: arn => [everything(arn)],
    statements: arn => [
      deny('s3:*', `${arn}/*`, { Principal: '*', Condition: { StringEquals: { 'aws:UserAgent': 'nobody' } } }),
    ],
    does: ['get', 'put'],
    expected: [ALLOWED, ALLOWED],
  }),
  bucketPolicy('an Allow of listing under a prefix', {
    statements: (arn, AWS) => [
      allow('s3:ListBucket', arn, { Principal: { AWS }, Condition: { StringLike: { 's3:prefix': 'logs/*' } } }),
    ],
    does: ['list'],
    expected: [DENIED],
  }),
  {
    id: 'policies: a bucket that isn’t there is 404 before any policy is asked',
    docs: s3Api('ErrorResponses'),
    async run(world) {
      const { keys } = await world.principal();
      return act(world, keys, world.name(), 'list');
    },
    expected: '404 NoSuchBucket',
  },
  {
    id: 'policies: a copy needs the right to read its source',
    docs: s3Api('API_CopyObject'),
    async run(world) {
      const Bucket = await bucketWithLog(world);
      const arn = `arn:aws:s3:::${Bucket}`;
      const copy = async (...statements: Statement[]) => {
        const { keys } = await world.principal(allow('s3:PutObject', `${arn}/*`), ...statements);
        const command = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/logs/a` });
        return verdict(world.s3(keys).send(command));
      };
      return [await copy(), await copy(allow('s3:GetObject', `${arn}/logs/*`))];
    },
    expected: [DENIED, ALLOWED],
  },
  {
    id: 'policies: an upload in parts needs s3:PutObject and nothing else',
    docs: s3Guide('mpuoverview'),
    async run(world) {
      const Bucket = await world.bucket();
      const arn = `arn:aws:s3:::${Bucket}/*`;
      // To read it back afterwards: there are systems in which the bucket's owner may not.
      const { keys } = await world.principal(allow('s3:PutObject', arn), allow('s3:GetObject', arn));
      const client = world.s3(keys);
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
      const names = { Bucket, Key: 'a', UploadId };
      const { ETag } = await client.send(new UploadPartCommand({ ...names, PartNumber: 1, Body: 'text' }));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      await client.send(new CompleteMultipartUploadCommand({ ...names, MultipartUpload }));
      return world.text(Bucket, 'a', keys);
    },
    expected: 'text',
  },
  {
    id: 'policies: a Deny of writing without encryption, by a header of the request',
    docs: S3_CONDITIONS,
    async run(world) {
      const Bucket = await world.bucket();
      const arn = `arn:aws:s3:::${Bucket}/*`;
      const Condition = { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } };
      const { keys } = await world.principal(allow('s3:PutObject', arn, { Condition }));
      const put = (more: object) =>
        verdict(world.s3(keys).send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ...more })));
      return [await put({}), await put({ ServerSideEncryption: 'AES256' })];
    },
    expected: [DENIED, ALLOWED],
  },
  {
    id: 'bucket policies: somebody of another account or user needs to be let in',
    docs: iamGuide('access_policies-cross-account-resource-access'),
    async run(world) {
      const Bucket = await bucketWithLog(world);
      const { keys, arn: AWS } = world.backend.other;
      const before = await act(world, keys, Bucket, 'get');
      await world.putBucketPolicy(Bucket, allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`, { Principal: { AWS } }));
      return [before, await act(world, keys, Bucket, 'get'), await act(world, keys, Bucket, 'put')];
    },
    expected: [DENIED, ALLOWED, DENIED],
  },
  {
    id: 'bucket policies: come back as they were put',
    docs: s3Api('API_GetBucketPolicy'),
    async run(world) {
      const Bucket = await world.bucket();
      const Policy = statementOf(Bucket, { Sid: 'NoReading' });
      await world.s3().send(new PutBucketPolicyCommand({ Bucket, Policy }));
      return JSON.parse((await world.s3().send(new GetBucketPolicyCommand({ Bucket }))).Policy!).Statement[0].Sid;
    },
    expected: 'NoReading',
  },
  badBucketPolicy('that are no JSON', () => '{ "Version": "2012-10-17", '),
  badBucketPolicy('with a trailing comma', bucket => statementOf(bucket).replace(/\}\]\}$/, '},]}')),
  badBucketPolicy('with another version', bucket => statementOf(bucket).replace('2012-10-17', '2026-01-01')),
  badBucketPolicy('for another bucket', () => statementOf('somebody-elses-bucket')),
  badBucketPolicy('without a principal', bucket => statementOf(bucket, { Principal: undefined })),
  badBucketPolicy('with an unknown effect', bucket => statementOf(bucket, { Effect: 'Maybe' })),
  badBucketPolicy('with an action that S3 hasn’t', bucket => statementOf(bucket, { Action: 's3:FetchObject' })),
  badBucketPolicy('with an action that fits none of its resources', bucket =>
    statementOf(bucket, { Action: ['s3:GetObject', 's3:ListBucket'] }),
  ),
  badBucketPolicy('that name a role which isn’t there', bucket =>
    statementOf(bucket, { Principal: { AWS: 'arn:aws:iam::123456789012:role/nobody-of-this-name' } }),
  ),
];

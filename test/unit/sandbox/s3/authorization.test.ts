import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../../../src/core/iam/policy';
import { allow, BUCKET, EVERYTHING, OWNER, REGION, STRANGER, TestSandbox } from './harness';

let sandbox: TestSandbox;
const ARN = `arn:aws:s3:::${BUCKET}`;
const OBJECTS = `${ARN}/*`;

beforeEach(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await sandbox.s3.putObject(BUCKET, 'logs/a.log', 'hello');
});
afterEach(() => sandbox.stop());

const deny = (Action: string, Resource: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny' as const, Action, Resource, ...more }],
});
const to = (principal: string | object, document: PolicyDocument): PolicyDocument => ({
  ...document,
  Statement: [document.Statement].flat().map(one => ({ ...one, Principal: principal as never })),
});

const operations = {
  get: (client: S3Client, Key = 'logs/a.log') => client.send(new GetObjectCommand({ Bucket: BUCKET, Key })),
  head: (client: S3Client, Key = 'logs/a.log') => client.send(new HeadObjectCommand({ Bucket: BUCKET, Key })),
  put: (client: S3Client, Key = 'logs/b.log', more = {}) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x', ...more })),
  list: (client: S3Client, Prefix?: string) => client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix })),
};

/** `ok`, or the status and the message of the refusal. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return `${$metadata.httpStatusCode} ${name}: ${message}`;
  }
}

describe('an identity policy', () => {
  it.each([
    ['get', [allow('s3:GetObject', OBJECTS)], 'ok'],
    ['get', [allow('s3:GetObject', `${ARN}/other/*`)], '403 AccessDenied'],
    ['put', [allow('s3:Put*', OBJECTS)], 'ok'],
    ['put', [allow('s3:GetObject', OBJECTS)], '403 AccessDenied'],
    ['put', [EVERYTHING, deny('s3:PutObject', OBJECTS)], '403 AccessDenied'],
    ['list', [allow('s3:ListBucket', ARN)], 'ok'],
    ['list', [allow('s3:ListBucket', OBJECTS)], '403 AccessDenied'],
  ] as const)('%s under %j → %s', async (operation, policies, expected) => {
    const client = sandbox.client(sandbox.user('ada', policies));
    expect(await outcome(operations[operation](client))).toContain(expected);
  });

  it.each([
    ['logs/', 'ok'],
    ['logs/x', 'ok'],
    ['', '403'],
    [undefined, '403'],
    ['other/', '403'],
  ])('that looks at s3:prefix, with the prefix %j → %s', async (prefix, expected) => {
    const policy = allow('s3:ListBucket', ARN, { Condition: { StringLike: { 's3:prefix': 'logs/*' } } });
    const client = sandbox.client(sandbox.user('ada', [policy]));
    expect(await outcome(operations.list(client, prefix))).toContain(expected);
  });

  it.each([
    [{ Bool: { 'aws:SecureTransport': 'true' } }, 'ok'],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, 'ok'],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, '403'],
    [{ StringEquals: { 'aws:PrincipalAccount': OWNER, 'aws:PrincipalType': 'User', 'aws:username': 'ada' } }, 'ok'],
    [{ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWNER}:user/a*` } }, 'ok'],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2100-01-01T00:00:00Z' } }, '403'],
    [{ StringEquals: { 's3:authType': 'REST-HEADER', 's3:ResourceAccount': OWNER } }, 'ok'],
    [{ StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } }, 'ok'],
    [{ StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } }, '403'],
  ])('that demands %j of a read → %s', async (Condition, expected) => {
    const client = sandbox.client(sandbox.user('ada', [allow('s3:GetObject', OBJECTS, { Condition })]));
    expect(await outcome(operations.get(client))).toContain(expected);
  });

  it('can demand a conditional write, or encryption', async () => {
    const needs = (Condition: object) =>
      sandbox.client(sandbox.user('ada', [allow('s3:PutObject', OBJECTS, { Condition })]));
    const once = needs({ StringEquals: { 's3:if-none-match': '*' } });
    expect(await outcome(operations.put(once))).toContain('403');
    expect(await outcome(operations.put(once, 'x', { IfNoneMatch: '*' }))).toBe('ok');
    const encrypted = needs({ StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } });
    expect(await outcome(operations.put(encrypted))).toContain('403');
    expect(await outcome(operations.put(encrypted, 'y', { ServerSideEncryption: 'AES256' }))).toBe('ok');
  });

  it('sees TLS only where the sandbox is told that there is none', async () => {
    const plain = await TestSandbox.start({ secureTransport: false });
    await plain.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
    const demand = deny('s3:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(await outcome(operations.put(plain.client(plain.user('ada', [EVERYTHING, demand]))))).toContain('403');
    expect(await outcome(operations.put(sandbox.client(sandbox.user('ada', [EVERYTHING, demand]))))).toBe('ok');
    await plain.stop();
  });
});

describe('a missing key', () => {
  it.each([
    ['with s3:ListBucket', [allow('s3:GetObject', OBJECTS), allow('s3:ListBucket', ARN)], 404],
    ['without it', [allow('s3:GetObject', OBJECTS)], 403],
    ['with it for another prefix', [allow('s3:GetObject', OBJECTS), listUnder('other/*')], 403],
    ['with it for the key itself', [allow('s3:GetObject', OBJECTS), listUnder('logs/*')], 404],
  ])('%s', async (_what, policies, status) => {
    const client = sandbox.client(sandbox.user('ada', policies));
    for (const read of [operations.get, operations.head]) {
      expect(await outcome(read(client, 'logs/absent'))).toMatch(new RegExp(`^${status} `));
    }
  });

  function listUnder(prefix: string) {
    return allow('s3:ListBucket', ARN, { Condition: { StringLike: { 's3:prefix': prefix } } });
  }

  it('in a missing bucket is NoSuchBucket, whoever asks', async () => {
    const nobody = sandbox.client(sandbox.user('nobody', []));
    const asked = nobody.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' }));
    await expect(asked).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect((await sandbox.raw('GET', '/no-such-bucket/x')).text).toContain('<Code>NoSuchBucket</Code>');
  });
});

describe('the words of a refusal', () => {
  const user = `User: arn:aws:iam::${OWNER}:user/ada is not authorized to perform: s3:PutObject on resource: "${ARN}/logs/b.log"`;
  it.each<[string, readonly PolicyDocument[], object, string]>([
    ['no policy', [], {}, `${user} because no identity-based policy allows the s3:PutObject action`],
    ['a deny', [EVERYTHING, deny('s3:*', '*')], {}, `${user} with an explicit deny in an identity-based policy`],
    [
      'a boundary',
      [EVERYTHING],
      { boundary: allow('s3:Get*', '*') },
      `${user} because no permissions boundary allows the s3:PutObject action`,
    ],
    [
      'a session policy',
      [EVERYTHING],
      { sessionPolicies: [allow('s3:Get*', '*')] },
      `${user} because no session policy allows the s3:PutObject action`,
    ],
    [
      'a denying boundary',
      [EVERYTHING],
      { boundary: deny('s3:*', '*') },
      `${user} with an explicit deny in a permissions boundary`,
    ],
  ])('name %s', async (_what, policies, more, message) => {
    const client = sandbox.client(sandbox.user('ada', policies, more));
    expect(await outcome(operations.put(client))).toBe(`403 AccessDenied: ${message}`);
  });

  it('name the bucket policy', async () => {
    await sandbox.s3.setBucketPolicy(BUCKET, to('*', deny('s3:PutObject', OBJECTS)));
    const client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    expect(await outcome(operations.put(client))).toBe(
      `403 AccessDenied: ${user} with an explicit deny in a resource-based policy`,
    );
  });

  it('are bare for another account, for nobody, and missing from a HEAD', async () => {
    const foreign = sandbox.client(sandbox.user('eve', [EVERYTHING], { account: STRANGER }));
    expect(await outcome(operations.put(foreign))).toBe('403 AccessDenied: Access Denied');
    expect((await sandbox.raw('GET', `/${BUCKET}/logs/a.log`)).text).toContain('<Message>Access Denied</Message>');
    const head = await sandbox.raw('HEAD', `/${BUCKET}/logs/a.log`);
    expect([head.status, head.text]).toEqual([403, '']);
  });

  it('call a session by its own name', async () => {
    const callerArn = `arn:aws:sts::${OWNER}:assumed-role/astro/session`;
    const session = sandbox.user('astro', [], {
      kind: 'role-session',
      sessionToken: 't',
      arn: `arn:aws:iam::${OWNER}:role/astro`,
      callerArn,
    });
    expect(await outcome(operations.get(sandbox.client(session)))).toContain(`User: ${callerArn} is not authorized`);
  });
});

describe('a bucket policy', () => {
  const foreigner = (policies: readonly PolicyDocument[]) =>
    sandbox.client(sandbox.user('eve', policies, { account: STRANGER }));
  const EVE = { AWS: `arn:aws:iam::${STRANGER}:user/eve` };

  it('suffices within the account', async () => {
    await sandbox.s3.setBucketPolicy(
      BUCKET,
      to({ AWS: `arn:aws:iam::${OWNER}:user/ada` }, allow('s3:GetObject', OBJECTS)),
    );
    expect(await outcome(operations.get(sandbox.client(sandbox.user('ada', []))))).toBe('ok');
  });

  it('and the identity policy are both needed across accounts', async () => {
    expect(await outcome(operations.get(foreigner([EVERYTHING])))).toContain('403');
    await sandbox.s3.setBucketPolicy(BUCKET, to(EVE, allow('s3:GetObject', OBJECTS)));
    expect(await outcome(operations.get(foreigner([])))).toContain('403');
    expect(await outcome(operations.get(foreigner([EVERYTHING])))).toBe('ok');
  });

  it('for everybody opens nothing while public access is blocked', async () => {
    await sandbox.s3.setBucketPolicy(BUCKET, to('*', allow('s3:GetObject', OBJECTS)));
    const read = () => sandbox.raw('GET', `/${BUCKET}/logs/a.log`);
    expect((await read()).status).toBe(403);
    await sandbox.s3.changeBucket(BUCKET, { publicAccessBlock: undefined });
    expect(await read()).toMatchObject({ status: 200, text: 'hello' });
    const overridden = await sandbox.raw('GET', `/${BUCKET}/logs/a.log?response-content-type=a`);
    expect(overridden.status).toBe(400);
  });

  it('for everybody is refused while public policies are blocked', async () => {
    const client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    const set = (policy: PolicyDocument) =>
      client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(policy) }));
    const open = to('*', allow('s3:GetObject', OBJECTS));
    expect(await outcome(set(open))).toContain('public policies are prevented by the BlockPublicPolicy setting');
    const narrowed = to(
      '*',
      allow('s3:GetObject', OBJECTS, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    );
    expect(await outcome(set(narrowed))).toBe('ok');
    expect(await outcome(set(to('*', deny('s3:GetObject', OBJECTS))))).toBe('ok');
  });

  it.each([
    ['{', 'Policies must be valid JSON'],
    ['{"Version":"2012-10-17"}', 'Missing required field Statement'],
    [JSON.stringify(allow('s3:GetObject', OBJECTS)), 'Missing required field Principal'],
    [JSON.stringify(to('*', allow('s3:GetObject', 'arn:aws:s3:::other/*'))), 'Policy has invalid resource'],
    [JSON.stringify(to('*', allow('ec2:Run', OBJECTS))), 'Policy has invalid action'],
  ])('%s is malformed: %s', async (Policy, message) => {
    const client = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    const set = client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    await expect(set).rejects.toMatchObject({ name: 'MalformedPolicy', message: expect.stringContaining(message) });
  });

  it('that locks everybody out can be removed by the root of the account', async () => {
    await sandbox.s3.setBucketPolicy(BUCKET, to('*', deny('s3:*', ARN)));
    const put = (actor: ReturnType<TestSandbox['user']>) =>
      sandbox.signed(actor, 'DELETE', `/${BUCKET}?policy=`).then(answer => answer.status);
    expect(await put(sandbox.user('ada', [EVERYTHING]))).toBe(403);
    expect(await put(sandbox.user('root', [], { kind: 'root', arn: `arn:aws:iam::${OWNER}:root` }))).toBe(204);
  });
});

describe('a key in KMS', () => {
  const KEY = `arn:aws:kms:${REGION}:${OWNER}:key/12345678-1234-1234-1234-123456789012`;
  const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY } as const;

  it('is used only by whom a policy lets use it', async () => {
    const writer = sandbox.client(sandbox.user('writer', [EVERYTHING, allow('kms:GenerateDataKey', KEY)]));
    const plain = sandbox.client(sandbox.user('plain', [EVERYTHING]));
    expect(await outcome(operations.put(plain, 'k', kms))).toMatch(
      /is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:.* because no identity-based policy allows/,
    );
    const { ETag, SSEKMSKeyId, ServerSideEncryption } = await operations.put(writer, 'k', kms);
    expect([SSEKMSKeyId, ServerSideEncryption]).toEqual([KEY, 'aws:kms']);
    expect(ETag).not.toBe('"9dd4e461268c8034f5c8564e155c67a6"');
    expect(await outcome(operations.get(writer, 'k'))).toContain('kms:Decrypt');
    const reader = sandbox.client(sandbox.user('reader', [EVERYTHING, allow('kms:Decrypt', KEY)]));
    expect(await outcome(operations.get(reader, 'k'))).toBe('ok');
  });

  it('can be the default of the bucket', async () => {
    await sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } });
    expect(await outcome(operations.put(sandbox.client(sandbox.user('plain', [EVERYTHING]))))).toContain(
      'kms:GenerateDataKey',
    );
  });

  it.each([
    [{ policy: to({ AWS: `arn:aws:iam::${OWNER}:user/ada` }, allow('kms:*', '*')) }, 'ok'],
    [{ policy: to({ AWS: `arn:aws:iam::${OWNER}:user/bob` }, allow('kms:*', '*')) }, '403 AccessDenied'],
    [{ policy: to({ AWS: `arn:aws:iam::${OWNER}:root` }, allow('kms:*', '*')) }, 'ok'],
    [{ state: 'Disabled' as const }, '400 KMS.DisabledException'],
    [{ state: 'Missing' as const }, '400 KMS.NotFoundException'],
  ])('that is %j → %s', async (key, expected) => {
    sandbox.s3.setKmsKey({ arn: KEY, ...key });
    const client = sandbox.client(sandbox.user('ada', [EVERYTHING, allow('kms:*', '*')]));
    expect(await outcome(operations.put(client, 'k', kms))).toContain(expected);
  });
});

describe('who owns what', () => {
  it('buckets are listed by account, and made in one', async () => {
    const ada = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    const eve = sandbox.client(sandbox.user('eve', [EVERYTHING], { account: STRANGER }), 'us-east-1');
    expect((await ada.send(new ListBucketsCommand({}))).Buckets?.map(one => one.Name)).toEqual([BUCKET]);
    expect((await eve.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
    expect(await outcome(eve.send(new CreateBucketCommand({ Bucket: BUCKET })))).toContain('409 BucketAlreadyExists');
  });

  it('an object of another account is out of the owner’s reach, unless they were given control', async () => {
    await sandbox.s3.changeBucket(BUCKET, { ownership: 'ObjectWriter' });
    await sandbox.s3.setBucketPolicy(
      BUCKET,
      to({ AWS: STRANGER }, allow(['s3:PutObject', 's3:PutObjectAcl'], OBJECTS)),
    );
    const eve = sandbox.client(sandbox.user('eve', [EVERYTHING], { account: STRANGER }));
    const ada = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    await operations.put(eve, 'theirs');
    await operations.put(eve, 'shared', { ACL: 'bucket-owner-full-control' });
    expect(await outcome(operations.get(ada, 'theirs'))).toBe('403 AccessDenied: Access Denied');
    expect(await outcome(operations.get(ada, 'shared'))).toBe('ok');
  });

  it('an ACL is refused where the bucket enforces its owner', async () => {
    const ada = sandbox.client(sandbox.user('ada', [EVERYTHING]));
    expect(await outcome(operations.put(ada, 'x', { ACL: 'authenticated-read' }))).toContain(
      '400 AccessControlListNotSupported',
    );
    expect(await outcome(operations.put(ada, 'x', { ACL: 'private' }))).toBe('ok');
    expect(await outcome(operations.put(ada, 'x', { ACL: 'bucket-owner-full-control' }))).toBe('ok');
    expect(await outcome(operations.put(ada, 'x', { ExpectedBucketOwner: STRANGER }))).toContain('403');
  });

  it('the admin key may do everything', async () => {
    await sandbox.s3.setBucketPolicy(BUCKET, to('*', deny('s3:*', '*')));
    expect(await outcome(operations.put(sandbox.client(sandbox.admin())))).toBe('ok');
  });
});

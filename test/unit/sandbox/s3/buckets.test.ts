import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, allow, BUCKET, EVERYTHING, OWNER, REGION, STRANGER, TestSandbox } from './harness';

let sandbox: TestSandbox;
let ada: Actor;
let client: S3Client;
const here = { Bucket: BUCKET };

beforeAll(async () => {
  sandbox = await TestSandbox.start();
  await sandbox.s3.createBucket({ name: BUCKET, region: REGION, ownerAccount: OWNER });
  await sandbox.s3.putObject(BUCKET, 'a', 'x');
  ada = sandbox.user('ada', [EVERYTHING]);
  client = sandbox.client(ada);
});
afterAll(() => sandbox.stop());

const codeOf = (text: string) => text.match(/<Code>(.*?)<\/Code>/)?.[1];

describe('making a bucket', () => {
  const create = (region: string, input: CreateBucketCommandInput) =>
    sandbox.client(ada, region).send(new CreateBucketCommand(input));

  it.each([
    ['us-east-1', undefined, undefined],
    ['us-east-1', 'eu-west-3', 'eu-west-3'],
    ['eu-west-3', 'eu-west-3', 'eu-west-3'],
    ['us-east-1', 'EU', 'eu-west-1'],
  ] as const)('as %s with the constraint %s puts it there', async (region, LocationConstraint, expected) => {
    const Bucket = `made-${region}-${LocationConstraint ?? 'none'}`.toLowerCase();
    await create(region, { Bucket, ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }) });
    const where = await sandbox.client(ada, 'us-east-1').send(new GetBucketLocationCommand({ Bucket }));
    expect(where.LocationConstraint).toBe(expected);
    await sandbox.client(ada, expected ?? 'us-east-1').send(new DeleteBucketCommand({ Bucket }));
    expect(sandbox.s3.hasBucket(Bucket)).toBe(false);
  });

  it.each([
    ['Upper', 'InvalidBucketName'],
    ['ab', 'InvalidBucketName'],
    ['my..bucket', 'InvalidBucketName'],
    ['192.168.0.1', 'InvalidBucketName'],
    ['under_score', 'InvalidBucketName'],
    ['xn--bucket', 'InvalidBucketName'],
    ['non%E2%80%91ascii', 'InvalidBucketName'],
  ])('called %s is refused', async (name, code) => {
    const answer = await sandbox.signed(ada, 'PUT', `/${name}`, {
      region: 'us-east-1',
      headers: { 'content-length': '0' },
    });
    expect([answer.status, codeOf(answer.text)]).toEqual([400, code]);
  });

  it('elsewhere than the endpoint is refused', async () => {
    const body = (region: string) =>
      `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
    const send = (region: string, text: string) =>
      sandbox.signed(ada, 'PUT', '/elsewhere', {
        region,
        body: text,
        headers: { 'content-length': String(text.length) },
      });
    expect(codeOf((await send('eu-west-1', body('eu-west-3'))).text)).toBe('IllegalLocationConstraintException');
    expect(codeOf((await send('eu-west-1', '')).text)).toBe('IllegalLocationConstraintException');
    expect(codeOf((await send('us-east-1', body('mars-1'))).text)).toBe('InvalidLocationConstraint');
  });

  it('again is an error, except in us-east-1', async () => {
    const twice = { Bucket: 'made-twice' };
    await create('us-east-1', twice);
    await create('us-east-1', twice);
    const again = create(REGION, { ...here, CreateBucketConfiguration: { LocationConstraint: REGION } });
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
  });

  it('needs the right to', async () => {
    const nobody = sandbox.client(sandbox.user('nobody', [allow('s3:PutObject', '*')]), 'us-east-1');
    await expect(nobody.send(new CreateBucketCommand({ Bucket: 'not-mine' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

it('a bucket that holds something stays', async () => {
  await expect(client.send(new DeleteBucketCommand(here))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
});

describe('a bucket in another region', () => {
  it('is named by the redirect, with its region', async () => {
    const elsewhere = sandbox.client(ada, 'us-west-2');
    const asked = elsewhere.send(new GetObjectCommand({ ...here, Key: 'a' }));
    await expect(asked).rejects.toMatchObject({ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } });
    const raw = await sandbox.signed(ada, 'GET', `/${BUCKET}/a`, { region: 'us-west-2' });
    expect(raw.headers['x-amz-bucket-region']).toBe(REGION);
    expect(raw.text).toContain(`<Endpoint>s3.${REGION}.amazonaws.com</Endpoint>`);
  });

  it('is told by a HEAD in its header alone', async () => {
    const head = await sandbox.signed(ada, 'HEAD', `/${BUCKET}`, { region: 'us-west-2' });
    expect([head.status, head.text, head.headers['x-amz-bucket-region']]).toEqual([301, '', REGION]);
  });

  it('is reached by an SDK that follows', async () => {
    const follower = new S3Client({
      endpoint: sandbox.endpoint,
      region: 'us-west-2',
      forcePathStyle: true,
      followRegionRedirects: true,
      credentials: ada,
    });
    expect((await follower.send(new ListObjectsV2Command(here))).KeyCount).toBe(1);
    follower.destroy();
  });

  it('asked for by its host name is a wrong signature', async () => {
    const answer = await sandbox.signed(ada, 'GET', '/a', {
      region: 'us-west-2',
      headers: { host: `${BUCKET}.localhost` },
    });
    expect([answer.status, codeOf(answer.text)]).toEqual([400, 'AuthorizationHeaderMalformed']);
    expect(answer.text).toContain(`<Region>${REGION}</Region>`);
  });

  it('is told to whoever may not enter', async () => {
    const nobody = await sandbox.signed(sandbox.user('nobody', []), 'HEAD', `/${BUCKET}`);
    expect([nobody.status, nobody.headers['x-amz-bucket-region']]).toEqual([403, REGION]);
    expect((await client.send(new HeadBucketCommand(here))).BucketRegion).toBe(REGION);
  });
});

describe('a setting of a bucket', () => {
  it('its public access block', async () => {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    await client.send(new PutPublicAccessBlockCommand({ ...here, PublicAccessBlockConfiguration }));
    expect(await client.send(new GetPublicAccessBlockCommand(here))).toMatchObject({ PublicAccessBlockConfiguration });
    await client.send(new DeletePublicAccessBlockCommand(here));
    await expect(client.send(new GetPublicAccessBlockCommand(here))).rejects.toMatchObject({
      name: 'NoSuchPublicAccessBlockConfiguration',
    });
  });

  it('its ownership controls', async () => {
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
    await client.send(new PutBucketOwnershipControlsCommand({ ...here, OwnershipControls }));
    expect(await client.send(new GetBucketOwnershipControlsCommand(here))).toMatchObject({ OwnershipControls });
    await client.send(new DeleteBucketOwnershipControlsCommand(here));
    await expect(client.send(new GetBucketOwnershipControlsCommand(here))).rejects.toMatchObject({
      name: 'OwnershipControlsNotFoundError',
    });
    await client.send(new PutBucketOwnershipControlsCommand({ ...here, OwnershipControls }));
  });

  it('its encryption', async () => {
    const rule = (SSEAlgorithm: 'AES256' | 'aws:kms') => ({
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }],
    });
    const read = () => client.send(new GetBucketEncryptionCommand(here));
    expect(await read()).toMatchObject({ ServerSideEncryptionConfiguration: rule('AES256') });
    await client.send(new PutBucketEncryptionCommand({ ...here, ServerSideEncryptionConfiguration: rule('aws:kms') }));
    expect(await read()).toMatchObject({ ServerSideEncryptionConfiguration: rule('aws:kms') });
    await client.send(new DeleteBucketEncryptionCommand(here));
    expect(await read()).toMatchObject({ ServerSideEncryptionConfiguration: rule('AES256') });
  });

  it('its lifecycle', async () => {
    const LifecycleConfiguration = {
      Rules: [
        {
          ID: 'logs',
          Status: 'Enabled' as const,
          Filter: { Prefix: 'logs/' },
          Expiration: { Days: 30 },
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    };
    const read = () => client.send(new GetBucketLifecycleConfigurationCommand(here));
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
    await client.send(new PutBucketLifecycleConfigurationCommand({ ...here, LifecycleConfiguration }));
    expect(await read()).toMatchObject(LifecycleConfiguration);
    const never = { Rules: [{ Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 0 } }] };
    const refused = client.send(new PutBucketLifecycleConfigurationCommand({ ...here, LifecycleConfiguration: never }));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidArgument' });
    await client.send(new DeleteBucketLifecycleCommand(here));
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
  });

  it('its tags', async () => {
    const Tagging = { TagSet: [{ Key: 'team', Value: 'data' }] };
    await client.send(new PutBucketTaggingCommand({ ...here, Tagging }));
    expect(await client.send(new GetBucketTaggingCommand(here))).toMatchObject(Tagging);
    await client.send(new DeleteBucketTaggingCommand(here));
    await expect(client.send(new GetBucketTaggingCommand(here))).rejects.toMatchObject({ name: 'NoSuchTagSet' });
  });

  it('its policy', async () => {
    const Policy = `{ "Version": "2012-10-17",\n "Statement": {"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::${BUCKET}/*"} }`;
    const read = () => client.send(new GetBucketPolicyCommand(here));
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
    await client.send(new PutBucketPolicyCommand({ ...here, Policy }));
    expect((await read()).Policy).toBe(Policy);
    expect((await client.send(new GetBucketPolicyStatusCommand(here))).PolicyStatus?.IsPublic).toBe(false);
    await client.send(new DeleteBucketPolicyCommand(here));
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  it('its versioning, off at first', async () => {
    expect((await client.send(new GetBucketVersioningCommand(here))).Status).toBeUndefined();
  });

  it('who pays: a stranger has to say so', async () => {
    const payer = (Payer: 'Requester' | 'BucketOwner') =>
      client.send(new PutBucketRequestPaymentCommand({ ...here, RequestPaymentConfiguration: { Payer } }));
    await payer('Requester');
    await sandbox.s3.setBucketPolicy(BUCKET, {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: STRANGER },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${BUCKET}/*`,
      },
    });
    const eve = sandbox.user('eve', [EVERYTHING], { account: STRANGER });
    const read = (headers = {}) =>
      sandbox.signed(eve, 'GET', `/${BUCKET}/a`, { headers }).then(answer => answer.status);
    expect(await read()).toBe(403);
    expect(await read({ 'x-amz-request-payer': 'requester' })).toBe(200);
    await payer('BucketOwner');
    expect(await read()).toBe(200);
    await sandbox.s3.setBucketPolicy(BUCKET, undefined);
  });
});

describe('what the sandbox does not know', () => {
  it.each([
    ['GET', `/${BUCKET}?acl`],
    ['PUT', `/${BUCKET}/a?acl`],
    ['GET', `/${BUCKET}?website`],
    ['GET', `/${BUCKET}?cors`],
    ['GET', `/${BUCKET}?replication`],
    ['GET', `/${BUCKET}?notification`],
    ['PUT', `/${BUCKET}?logging`],
    ['GET', `/${BUCKET}/a?torrent`],
    ['POST', `/${BUCKET}/a?select&select-type=2`],
    ['POST', `/${BUCKET}/a?restore`],
    ['PUT', `/${BUCKET}/a?append&position=1`],
    ['DELETE', `/${BUCKET}?website`],
    ['GET', `/${BUCKET}?x-new-feature=1`],
    ['PUT', '/new-bucket?acl'],
    ['POST', `/${BUCKET}`],
    ['OPTIONS', `/${BUCKET}/a`],
  ])('%s %s is NotImplemented', async (method, path) => {
    const answer = await sandbox.signed(ada, method, path, { headers: { 'content-length': '0' } });
    expect([answer.status, codeOf(answer.text)]).toEqual([501, 'NotImplemented']);
    expect((await sandbox.s3.readObject(BUCKET, 'a'))!.toString()).toBe('x');
  });

  it.each([
    { 'x-amz-website-redirect-location': '/x' },
    { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' },
    { 'x-amz-write-offset-bytes': '1' },
    { 'x-amz-storage-class': 'GLACIER' },
    { 'if-none-match': '"etag"' },
  ])('a PUT with %j is NotImplemented', async headers => {
    const answer = await sandbox.signed(ada, 'PUT', `/${BUCKET}/a`, {
      headers: { 'content-length': '0', ...headers } as never,
    });
    expect([answer.status, codeOf(answer.text)]).toEqual([501, 'NotImplemented']);
  });

  it.each([
    ['PATCH', `/${BUCKET}/a`],
    ['DELETE', '/'],
    ['POST', '/'],
    ['POST', `/${BUCKET}/a`],
  ])('%s %s is not allowed', async (method, path) => {
    const answer = await sandbox.signed(ada, method, path, { headers: { 'content-length': '0' } });
    expect([answer.status, codeOf(answer.text)]).toEqual([405, 'MethodNotAllowed']);
  });
});

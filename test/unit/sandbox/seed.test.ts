import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateRoleCommand, GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketLocationCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../../src/sandbox/start-sandbox';
import { allow, DEPLOYMENT_ROLE, policy, Running, refusal, temporaryFolder, trusting } from './running';

const BUCKET = 'acme-airflow-logs';
const ROLE = 'arn:aws:iam::222233334444:role/data/astro-task-logs';
const ENV = '.env';
const POLICY = 'secondary-logs-policy.json';
const TRUST = 'secondary-logs-trust-policy.json';
const OBJECTS = policy(allow(['s3:PutObject', 's3:GetObject'], `arn:aws:s3:::${BUCKET}/*`));
const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';

let folder: ReturnType<typeof temporaryFolder>;
let running: Running | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  folder.remove();
});

const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder.dir, name), text);
};
const env = (...lines: readonly string[]) =>
  [`${PREFIX}S3_BUCKET_ENABLED=true`, `${PREFIX}S3_BASE_LOG_FOLDER=s3://${BUCKET}/logs`, ...lines, ''].join('\n');
const assumeRoleFiles = (more: Readonly<Record<string, string>> = {}) => ({
  [ENV]: env(`${PREFIX}ROLE_ARN=${ROLE}`, `${PREFIX}REGION=eu-west-1`),
  [POLICY]: OBJECTS,
  [TRUST]: trusting(DEPLOYMENT_ROLE),
  ...more,
});
const start = async (options: SandboxOptions = {}) => {
  running = await Running.start({ seedFrom: folder.dir, ...options });
  return running;
};
const put = (Key: string) => new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' });

describe('an export with a role of its own', () => {
  it('gets its bucket, its role with policy and trust, and the Deployment that may assume it', async () => {
    write(assumeRoleFiles());
    const { sandbox } = await start();
    expect(sandbox.s3.describeBucket(BUCKET)).toMatchObject({ region: 'eu-west-1', ownerAccount: '222233334444' });
    expect(sandbox.env).toMatchObject({ AWS_ENDPOINT_URL: sandbox.endpoint, AWS_REGION: 'eu-west-1' });
    expect(sandbox.admin.account).toBe('222233334444');
    await running!.s3(await running!.assume(sandbox.deployment, ROLE), 'eu-west-1').send(put('logs/a'));
    const direct = running!.s3(sandbox.deployment, 'eu-west-1').send(put('logs/b'));
    expect(await refusal(direct)).toMatchObject({ name: 'AccessDenied' });

    const iam = running!.iam();
    const RoleName = 'astro-task-logs';
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({ Arn: ROLE, Path: '/data/' });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trusting(DEPLOYMENT_ROLE));
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'secondary-logs' }));
    expect(decodeURIComponent(PolicyDocument!)).toBe(OBJECTS);
  });

  it.each([
    ['somebody else', trusting('arn:aws:iam::111122223333:role/astro-other-role')],
    ['an account of nine digits', trusting('arn:aws:iam::111122223:role/astro-deployment-role')],
    ['a session', trusting('arn:aws:sts::111122223333:assumed-role/astro-deployment-role/other')],
    ['another action', trusting(DEPLOYMENT_ROLE, { Action: 'sts:TagSession' })],
    ['an external id', trusting(DEPLOYMENT_ROLE, { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } })],
  ])('keeps a trust that names %s, and so denies', async (_who, trust) => {
    write(assumeRoleFiles({ [TRUST]: trust }));
    const { sandbox } = await start();
    expect(await refusal(running!.assume(sandbox.deployment, ROLE))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    const { Role } = await running!.iam().send(new GetRoleCommand({ RoleName: 'astro-task-logs' }));
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust);
  });

  it('trusts somebody whom the trust names and who only comes later', async () => {
    write(assumeRoleFiles({ [TRUST]: trusting('arn:aws:iam::222233334444:role/late') }));
    const { sandbox } = await start();
    const AssumeRolePolicyDocument = trusting(DEPLOYMENT_ROLE);
    await running!.iam().send(new CreateRoleCommand({ RoleName: 'late', AssumeRolePolicyDocument }));
    const late = await running!.assume(sandbox.deployment, 'arn:aws:iam::222233334444:role/late');
    await running!.assume(late, ROLE);
  });

  it('may be the Deployment itself, or lie in another partition', async () => {
    write(assumeRoleFiles({ [ENV]: env(`${PREFIX}ROLE_ARN=${DEPLOYMENT_ROLE}`) }));
    await start();
    await running!.assume(running!.sandbox.deployment, DEPLOYMENT_ROLE);
    await running!.s3(running!.sandbox.deployment).send(put('logs/a'));
    await running!.stop();

    const china = (text: string) => text.replaceAll('arn:aws:', 'arn:aws-cn:');
    const lines = env(`${PREFIX}ROLE_ARN=${china(ROLE)}`, `${PREFIX}REGION=cn-north-1`);
    write(assumeRoleFiles({ [ENV]: lines, [POLICY]: china(OBJECTS), [TRUST]: china(trusting(DEPLOYMENT_ROLE)) }));
    await start();
    expect(running!.sandbox.deployment.roleArn).toBe(china(DEPLOYMENT_ROLE));
    const keys = await running!.assume(running!.sandbox.deployment, china(ROLE));
    await running!.s3(keys, 'cn-north-1').send(put('logs/a'));
  });
});

describe("an export through the Deployment's own identity", () => {
  it('gets its bucket in the account of that identity, with the policy attached', async () => {
    write({ [ENV]: env(), [POLICY]: OBJECTS });
    const { sandbox } = await start();
    expect(sandbox.s3.describeBucket(BUCKET)).toMatchObject({ region: 'us-east-1', ownerAccount: '111122223333' });
    const s3 = running!.s3(sandbox.deployment);
    await s3.send(put('logs/a'));
    const where = running!.s3(sandbox.admin).send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect((await where).LocationConstraint).toBeUndefined();
    const [attached] = sandbox.identities.findRoleByArn(DEPLOYMENT_ROLE)!.attached;
    expect(attached).toBe('arn:aws:iam::111122223333:policy/secondary-logs');
  });

  it('takes the policy as it stands: another bucket, a missing action', async () => {
    write({ [ENV]: env(), [POLICY]: OBJECTS.replace('"s3:PutObject",', '').replace(BUCKET, 'other-logs') });
    await start();
    const s3 = running!.s3(running!.sandbox.deployment);
    expect(await refusal(s3.send(put('logs/a')))).toMatchObject({ name: 'AccessDenied' });
    const get = s3.send(new GetObjectCommand({ Bucket: 'other-logs', Key: 'a' }));
    expect(await refusal(get)).toMatchObject({ name: 'NoSuchBucket' });
  });

  it('takes an OIDC trust, whose provider then is there', async () => {
    const issuer = 'oidc.eks.us-east-1.amazonaws.com/id/ABC';
    const trust = policy({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:ns:*' } },
    });
    write({ [ENV]: env(), [POLICY]: OBJECTS, [TRUST]: trust });
    const { sandbox } = await start();
    const { AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts');
    const token = sandbox.webIdentities.createToken({ issuer, subject: 'system:serviceaccount:ns:worker' });
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: DEPLOYMENT_ROLE,
      RoleSessionName: 'pod',
      WebIdentityToken: token,
    });
    await running!.sts({ accessKeyId: '', secretAccessKey: '' }).send(command);
  });

  it('asks the bucket policy too', async () => {
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${BUCKET}/logs/*`,
    };
    write({ [ENV]: env(), [POLICY]: OBJECTS, 'secondary-logs-bucket-policy.json': policy(statement) });
    await start();
    expect(await refusal(running!.s3(running!.sandbox.deployment).send(put('logs/a')))).toMatchObject({
      message: expect.stringContaining('explicit deny in a resource-based policy'),
    });
  });
});

it.each([
  ['export KEY, quotes, blanks, CRLF', `export ${PREFIX}S3_BASE_LOG_FOLDER = "s3://${BUCKET}/x"\r\nOTHER='a\r\n`],
  ['a byte order mark', `\ufeff${PREFIX}S3_BASE_LOG_FOLDER='s3://${BUCKET}/x' # logs\n`],
  [
    'the last of several',
    `${PREFIX}S3_BASE_LOG_FOLDER=s3://first-logs/x\n${PREFIX}S3_BASE_LOG_FOLDER=s3://${BUCKET}\n`,
  ],
])('reads %s', async (_what, text) => {
  write({ [ENV]: text, [POLICY]: OBJECTS });
  const { sandbox } = await start();
  expect(sandbox.s3.hasBucket(BUCKET)).toBe(true);
});

it.each([
  [{ [POLICY]: '{ "Version": ' }, POLICY, /Syntax errors in policy\. \(line 1\)$/],
  [{ [TRUST]: trusting(DEPLOYMENT_ROLE).replace(']}', ',]}') }, TRUST, /Syntax errors in policy/],
  [{ [POLICY]: policy({ Action: 's3:*', Resource: '*' }) }, POLICY, /Missing required field Effect/],
  [{ [ENV]: 'A=1\n' }, ENV, /S3_BASE_LOG_FOLDER is missing/],
  [{ [ENV]: `${PREFIX}S3_BASE_LOG_FOLDER=https://x/y\n` }, ENV, /must be s3:\/\/bucket\/folder: https:\/\/x\/y$/],
  [{ [ENV]: `${PREFIX}S3_BASE_LOG_FOLDER=s3://My_Logs/y\n` }, ENV, /names no bucket that S3 would create/],
  [{ [ENV]: env(`${PREFIX}ROLE_ARN=arn:aws:iam::123:role/x`) }, ENV, /ROLE_ARN .*is no role's ARN/],
  [{ [ENV]: env(`${PREFIX}REGION=us‑east‑1`) }, ENV, /REGION .*is no AWS region/],
  [{ [POLICY]: undefined }, POLICY, /does not exist/],
  [{ [TRUST]: undefined }, TRUST, /does not exist/],
])('names the file that it can not use: %j', async (change, file, message) => {
  write(assumeRoleFiles());
  for (const [name, text] of Object.entries(change)) {
    if (text === undefined) rmSync(path.join(folder.dir, name));
    else write({ [name]: text });
  }
  const error = await startSandbox({ seedFrom: folder.dir }).then(
    sandbox => sandbox.close(),
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: 'SandboxError', code: 'bad-seed', message: expect.stringMatching(message) });
  expect((error as Error).message).toContain(path.join(folder.dir, file));
});

describe('with a folder', () => {
  it('keeps objects, principals and keys from one run to the next, and takes up what the files now say', async () => {
    write(assumeRoleFiles({ [ENV]: env(`${PREFIX}ROLE_ARN=${ROLE}`) }));
    const dir = path.join(folder.dir, 'state', 'deep');
    const first = await start({ dir });
    const user = await first.user('ann', allow('s3:GetObject'));
    const session = await first.assume(first.sandbox.deployment, ROLE);
    await first.s3(session).send(put('logs/a'));
    const { admin, deployment } = first.sandbox;
    await first.stop();
    if (process.platform !== 'win32') expect(statSync(path.join(dir, 'identities.json')).mode & 0o777).toBe(0o600);

    write({ [POLICY]: OBJECTS.replace('"s3:PutObject",', '') });
    const second = await start({ dir });
    expect(second.sandbox.admin).toEqual(admin);
    expect(second.sandbox.deployment).toEqual(deployment);
    const got = await second.s3(user).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'logs/a' }));
    expect(await got.Body!.transformToString()).toBe('x');
    await second.sts(session).send(new GetCallerIdentityCommand({}));
    expect(await refusal(second.s3(session).send(put('logs/b')))).toMatchObject({ name: 'AccessDenied' });
  });

  it('without one leaves nothing behind', async () => {
    write(assumeRoleFiles());
    await start();
    expect(existsSync(path.join(folder.dir, 'identities.json'))).toBe(false);
  });

  it('says which file of it is broken', async () => {
    write({ 'identities.json': '{' });
    await expect(startSandbox({ dir: folder.dir })).rejects.toMatchObject({
      code: 'bad-folder',
      message: expect.stringContaining(path.join(folder.dir, 'identities.json')),
    });
    expect(readFileSync(path.join(folder.dir, 'identities.json'), 'utf8')).toBe('{');
  });
});

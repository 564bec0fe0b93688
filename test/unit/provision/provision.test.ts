import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBucketPolicy, formatPolicy } from '../../../src/core/iam/build';
import { applyProvision, prepareProvision } from '../../../src/jobs/provision/provision';
import type { ProvisionInput } from '../../../src/jobs/provision/provision-input';
import { changesOf } from '../../../src/jobs/provision/provision-plan';
import { removeCreated } from '../../../src/jobs/provision/remove-created';
import type { SandboxKeys } from '../../../src/sandbox/start-sandbox';
import { ACCOUNT, allow, deny, policy, trusting } from '../sandbox/running';
import { Account, BOUNDARY, BUCKET, INPUT, LEAST, quickClock, ROLE, ROLE_ARN } from './account';

let account: Account;
beforeEach(async () => {
  account = await Account.open();
});
afterEach(() => account.close());

async function prepare(input: ProvisionInput, keys: SandboxKeys = account.running.sandbox.admin) {
  const session = await account.session(keys, input.target);
  return { session, input, ...(await prepareProvision({ session, input })) };
}

const effects = ({ plan }: { plan: { steps: readonly { id: string; effect: string }[] } }) =>
  Object.fromEntries(plan.steps.map(step => [step.id, step.effect]));

async function provision(input: ProvisionInput) {
  const prepared = await prepare(input);
  return applyProvision({ ...prepared, clock: quickClock() });
}

const s3 = () => account.running.s3(account.running.sandbox.admin, 'eu-west-1');
const iam = () => account.running.iam();

describe('an account that has nothing', () => {
  it('is told everything before anything is changed', async () => {
    const { plan, needed } = await prepare(INPUT);
    expect(changesOf(plan)).toHaveLength(plan.steps.length);
    expect(effects({ plan })).toEqual({
      role: 'create',
      'role-policy': 'create',
      bucket: 'create',
      'bucket-tags': 'create',
      'public-access': 'create',
      ownership: 'create',
      encryption: 'create',
      lifecycle: 'create',
      'bucket-policy': 'create',
    });
    expect(needed).toMatchObject({ denied: [], isKnown: true });
    expect(needed.all).toEqual(
      expect.arrayContaining([
        'iam:CreateRole',
        'iam:TagRole',
        'iam:PutRolePolicy',
        's3:CreateBucket',
        's3:PutBucketPolicy',
      ]),
    );
    await expect(iam().send(new GetRoleCommand({ RoleName: ROLE }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('gets a role and a closed, encrypted bucket, and a second run changes nothing', async () => {
    const result = await provision(INPUT);
    expect(result.failed).toBeUndefined();
    expect(result.remaining).toEqual([]);
    expect(result.effect?.isInEffect).toBe(true);

    const { Role } = await iam().send(new GetRoleCommand({ RoleName: ROLE }));
    expect(Role).toMatchObject({
      Arn: ROLE_ARN,
      Path: '/logs/',
      Tags: [{ Key: 'astro-log-export', Value: 'created' }],
    });
    const own = await iam().send(new GetRolePolicyCommand({ RoleName: ROLE, PolicyName: 'secondary-logs' }));
    expect(JSON.parse(decodeURIComponent(own.PolicyDocument!))).toEqual(JSON.parse(INPUT.policy));

    const Bucket = BUCKET;
    const blocked = await s3().send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(blocked.PublicAccessBlockConfiguration!)).toEqual([true, true, true, true]);
    const owner = await s3().send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(owner.OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced');
    const encryption = await s3().send(new GetBucketEncryptionCommand({ Bucket }));
    expect(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).toBe('AES256');
    const { Policy } = await s3().send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy!).Statement).toMatchObject([
      { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
    const life = await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(life.Rules).toMatchObject([{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }]);

    const again = await prepare(INPUT);
    expect(changesOf(again.plan)).toEqual([]);
    expect(again.plan.created).toEqual({ role: true, bucket: true });
    expect(await applyProvision({ ...again, clock: quickClock() })).toEqual({ done: [], remaining: [] });
  });

  it('gets what an organisation demands: boundary, tags, a key, versions, and days after which logs go', async () => {
    const limit = policy(allow('*'));
    await iam().send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: limit }));
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    const input: ProvisionInput = {
      ...INPUT,
      bucket: { region: 'eu-west-1', kmsKeyArn, versioning: true, expireDays: 90, noncurrentDays: 3 },
      boundaryArn: BOUNDARY,
      tags: { team: 'data', 'cost center': '42' },
    };
    expect(await provision(input)).toMatchObject({ remaining: [], effect: { isInEffect: true } });
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: ROLE }));
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(BOUNDARY);
    expect(Object.fromEntries(Role!.Tags!.map(tag => [tag.Key, tag.Value]))).toEqual({
      team: 'data',
      'cost center': '42',
      'astro-log-export': 'created',
    });
    const Bucket = BUCKET;
    const { TagSet } = await s3().send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toHaveLength(3);
    expect((await s3().send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const [rule] = (await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules!;
    expect([rule?.Expiration?.Days, rule?.NoncurrentVersionExpiration?.NoncurrentDays]).toEqual([90, 3]);
    const byDefault = (await s3().send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration!
      .Rules![0]!.ApplyServerSideEncryptionByDefault;
    expect([byDefault?.SSEAlgorithm, byDefault?.KMSMasterKeyID]).toEqual(['aws:kms', kmsKeyArn]);
    expect(changesOf((await prepare(input)).plan)).toEqual([]);
  });
});

describe('what is there already', () => {
  beforeEach(async () => {
    await provision(INPUT);
  });

  it('is compared by what it says, not by how it is written', async () => {
    const reordered = JSON.parse(INPUT.policy);
    reordered.Statement[0].Action.reverse();
    await iam().send(
      new PutRolePolicyCommand({
        RoleName: ROLE,
        PolicyName: 'secondary-logs',
        PolicyDocument: JSON.stringify({ Statement: reordered.Statement[0], Version: '2012-10-17' }),
      }),
    );
    expect(changesOf((await prepare(INPUT)).plan)).toEqual([]);
  });

  it('drifted to less is named, and brought back', async () => {
    const { Statement } = JSON.parse(INPUT.policy);
    const less = { ...Statement[0], Action: ['s3:PutObject', 's3:ListBucket'] };
    await iam().send(
      new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'secondary-logs', PolicyDocument: policy(less) }),
    );
    const prepared = await prepare(INPUT);
    const [step] = changesOf(prepared.plan);
    expect(step).toMatchObject({ id: 'role-policy', effect: 'change' });
    expect(step?.drift).toEqual({ missing: ['s3:GetObject', 's3:DeleteObject'], extra: [] });
    expect(JSON.parse(step!.before!)).toEqual(JSON.parse(policy(less)));
    expect(await applyProvision({ ...prepared, clock: quickClock() })).toMatchObject({
      done: ['role-policy'],
      remaining: [],
    });
  });

  it('drifted to more is named too', async () => {
    const PolicyDocument = policy(allow('s3:*'));
    await iam().send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'secondary-logs', PolicyDocument }));
    const [step] = changesOf((await prepare({ ...INPUT, policy: LEAST })).plan);
    expect(step?.drift).toMatchObject({
      missing: [],
      extra: expect.arrayContaining(['s3:DeleteBucket', 's3:PutObjectAcl']),
    });
  });

  it('under another name is left', async () => {
    const { Policy } = await iam().send(new CreatePolicyCommand({ PolicyName: 'logs', PolicyDocument: LEAST }));
    const RoleName = 'by-hand';
    await iam().send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(`arn:aws:iam::${ACCOUNT}:root`) }),
    );
    await iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
    const { plan } = await prepare({ ...INPUT, roleArn, policy: LEAST, trust: undefined });
    expect(effects({ plan })['role-policy']).toBe('leave');
    expect(plan.created.role).toBe(false);
  });

  it('trusts what the file says again, also where a principal was made anew', async () => {
    await iam().send(
      new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument: trusting(`arn:aws:iam::${ACCOUNT}:root`) }),
    );
    const prepared = await prepare(INPUT);
    expect(changesOf(prepared.plan).map(step => step.id)).toEqual(['trust']);
    expect((await applyProvision({ ...prepared, clock: quickClock() })).remaining).toEqual([]);
  });

  it('keeps statements and lifecycle rules of others', async () => {
    const theirs = { Sid: 'Theirs', ...deny('s3:DeleteBucket', `arn:aws:s3:::${BUCKET}`), Principal: '*' };
    await s3().send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: policy(theirs) }));
    const rule = { ID: 'theirs', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } };
    await s3().send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules: [rule] } }),
    );
    const prepared = await prepare(INPUT);
    expect(changesOf(prepared.plan).map(step => step.id)).toEqual(['lifecycle', 'bucket-policy']);
    expect((await applyProvision({ ...prepared, clock: quickClock() })).remaining).toEqual([]);
    const { Policy } = await s3().send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
    expect(JSON.parse(Policy!).Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual(['Theirs', 'TlsOnly']);
    const { Rules } = await s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    expect(Rules?.map(({ ID }) => ID).sort()).toEqual(['secondary-logs', 'theirs']);
  });

  it('is left alone where no bucket was asked for', async () => {
    const { plan } = await prepare({ ...INPUT, bucket: undefined });
    expect(Object.keys(effects({ plan }))).toEqual(['trust', 'role-policy']);
  });
});

describe('what this caller may not do', () => {
  it('is found before trying, by asking the simulator', async () => {
    const keys = await account.running.user(
      'reader',
      allow(['iam:Get*', 'iam:List*', 'iam:SimulatePrincipalPolicy', 's3:*']),
    );
    const { needed } = await prepare(INPUT, keys);
    expect(needed.isKnown).toBe(true);
    expect(needed.denied).toEqual(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:TagRole']);
  });

  it('is not known where the simulator may not be asked; the step that fails is named, and the rest is not tried', async () => {
    const keys = await account.running.user(
      'half',
      allow('iam:*'),
      deny(['iam:SimulatePrincipalPolicy', 'iam:PutRolePolicy']),
      allow('s3:*'),
    );
    const prepared = await prepare(INPUT, keys);
    expect(prepared.needed).toMatchObject({ isKnown: false, denied: [] });
    const result = await applyProvision({ ...prepared, clock: quickClock() });
    expect(result.done).toEqual(['role']);
    expect(result.failed?.step.id).toBe('role-policy');
    expect(result.failed?.error.message).toContain('iam:PutRolePolicy');
    expect((await prepare(INPUT)).plan.steps.find(step => step.id === 'bucket')?.effect).toBe('create');
    // The rest, by somebody who may.
    expect(await provision(INPUT)).toMatchObject({ remaining: [] });
  });

  it('a role of another account is left to that account', async () => {
    const foreign = 'arn:aws:iam::999999999999:role/logs';
    const { plan } = await prepare({ ...INPUT, roleArn: foreign });
    expect(Object.keys(effects({ plan }))).not.toContain('role');
    expect(plan.notes.join()).toContain('999999999999');
  });

  it('a bucket of another account is left to that account', async () => {
    await account.running.sandbox.s3.createBucket({ name: BUCKET, region: 'eu-west-1', ownerAccount: '999999999999' });
    const { plan } = await prepare(INPUT);
    expect(Object.keys(effects({ plan }))).toEqual(['role', 'role-policy']);
    expect(plan.notes.join()).toContain('another account');
  });

  it('a policy that IAM refuses is not sent', async () => {
    await expect(prepare({ ...INPUT, policy: '{"Version":"2012-10-17",}' })).rejects.toMatchObject({
      code: 'unreadable',
    });
    await expect(prepare({ ...INPUT, trust: policy(allow('s3:GetObject')) })).rejects.toMatchObject({
      code: 'unreadable',
    });
  });
});

it('stops between two steps', async () => {
  const prepared = await prepare(INPUT);
  const controller = new AbortController();
  const stopping = applyProvision(
    { ...prepared, clock: quickClock() },
    {
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step?.id === 'bucket') controller.abort(new Error('stop'));
      },
    },
  );
  await expect(stopping).rejects.toBeDefined();
  expect(effects(await prepare(INPUT))).toMatchObject({ 'role-policy': 'leave', bucket: 'create' });
});

it('lets in the bucket policy for another account’s role, on that side alone', async () => {
  const roleArn = 'arn:aws:iam::999999999999:role/logs';
  const bucketPolicy = formatPolicy(buildBucketPolicy({ bucket: BUCKET, prefix: 'logs', roles: [roleArn] }));
  account.running.sandbox.identities.createRole({
    account: '999999999999',
    name: 'logs',
    trust: JSON.parse(trusting('*')),
  });
  const result = await provision({ ...INPUT, roleArn, bucketPolicy });
  expect(result).toMatchObject({ remaining: [] });
  const { Policy } = await s3().send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
  expect(JSON.parse(Policy!).Statement).toHaveLength(2);
});

describe('deleting', () => {
  it('takes away what was created here, and nothing is left of it', async () => {
    await provision(INPUT);
    const session = await account.session();
    expect(await removeCreated({ session, input: INPUT })).toEqual({ role: true, bucket: true, kept: [] });
    expect(effects(await prepare(INPUT))).toMatchObject({ role: 'create', bucket: 'create' });
  });

  it('keeps a bucket that holds logs, and a role that was given more', async () => {
    await provision(INPUT);
    await s3().send(new PutObjectCommand({ Bucket: BUCKET, Key: 'logs/a', Body: 'x' }));
    await iam().send(
      new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'theirs', PolicyDocument: policy(allow('s3:GetObject')) }),
    );
    const { role, bucket, kept } = await removeCreated({ session: await account.session(), input: INPUT });
    expect([role, bucket]).toEqual([false, false]);
    expect(kept.join()).toContain('theirs');
    expect(kept.join()).toContain('not empty');
  });

  it('never touches what somebody else made', async () => {
    await iam().send(new CreateRoleCommand({ RoleName: ROLE, Path: '/logs/', AssumeRolePolicyDocument: INPUT.trust! }));
    await s3().send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    await provision(INPUT);
    await expect(removeCreated({ session: await account.session(), input: INPUT })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await iam().send(new GetRoleCommand({ RoleName: ROLE }))).Role?.Arn).toBe(ROLE_ARN);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { CheckId } from '../../../src/core/check';
import type { Cause } from '../../../src/core/diagnosis/cause';
import type { PolicyDocument } from '../../../src/core/iam/policy';
import { BUCKET, type Edits, startWorld } from './world';

type World = Awaited<ReturnType<typeof startWorld>>;

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const ARN = `arn:aws:s3:::${BUCKET}`;
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/11112222-3333-4444-5555-666677778888';

function deny(action: string, resource: string, condition?: object): PolicyDocument {
  const statement = { Effect: 'Deny', Principal: '*', Action: action, Resource: resource, Condition: condition };
  return { Version: '2012-10-17', Statement: [statement as never] };
}

interface Fault {
  readonly name: string;
  readonly edits?: Edits;
  readonly breaks?: (world: World) => unknown;
  readonly fails: CheckId;
  /** The most likely cause, or all that are left open. */
  readonly causes: Cause | readonly Cause[];
  readonly nextStep: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a Deny in the bucket policy',
    breaks: ({ sandbox }) => sandbox.s3.setBucketPolicy(BUCKET, deny('s3:PutObject', `${ARN}/*`)),
    fails: 'put',
    causes: 'bucket-policy-denies',
    nextStep: /Except role astro-task-logs from the Deny of s3:PutObject in the policy of the bucket/,
  },
  {
    name: 'a bucket policy that lets in one VPC endpoint alone',
    breaks: ({ sandbox }) => {
      const condition = { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } };
      return sandbox.s3.setBucketPolicy(BUCKET, deny('s3:*', `${ARN}/*`, condition));
    },
    fails: 'put',
    causes: 'bucket-policy-denies',
    nextStep: /policy of the bucket/,
  },
  {
    name: 'a Deny in the role’s own policy',
    edits: {
      policy: text => {
        const policy = JSON.parse(text) as { Statement: object[] };
        policy.Statement.push({ Effect: 'Deny', Action: 's3:GetObject', Resource: `${ARN}/*` });
        return JSON.stringify(policy);
      },
    },
    fails: 'get',
    causes: 'explicit-deny',
    nextStep: /Remove the Deny that hits s3:GetObject/,
  },
  {
    name: 'ListBucket on the objects instead of the bucket',
    edits: { policy: text => text.replace(`"${ARN}",`, '') },
    fails: 'list',
    causes: 'missing-list-bucket',
    nextStep: new RegExp(`Add s3:ListBucket on ${ARN} to`),
  },
  {
    name: 'the objects of another folder',
    edits: { policy: text => text.replace(`${ARN}/*`, `${ARN}/other/*`) },
    fails: 'put',
    causes: 'missing-put-object',
    nextStep: new RegExp(`Add s3:PutObject on ${ARN}/logs/\\* to`),
  },
  {
    name: 'an s3:prefix condition that matches the folder alone',
    edits: {
      policy: text => {
        const policy = JSON.parse(text) as { Statement: { Action: string[] }[] };
        const [first] = policy.Statement as [{ Action: string[] }];
        const others = first.Action.filter(action => action !== 's3:ListBucket');
        const list = {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: ARN,
          Condition: { StringEquals: { 's3:prefix': 'logs/' } },
        };
        return JSON.stringify({ ...policy, Statement: [{ ...first, Action: others }, list] });
      },
    },
    fails: 'head',
    causes: 'missing-list-bucket',
    nextStep: /s3:prefix condition .* logs\/\*$/,
  },
  {
    name: 'a bucket of another account, without a bucket policy',
    edits: {
      env: text => text.replace(BUCKET, 'their-bucket'),
      policy: text => text.replaceAll(BUCKET, 'their-bucket'),
    },
    breaks: ({ sandbox }) =>
      sandbox.s3.createBucket({ name: 'their-bucket', region: 'us-east-1', ownerAccount: '999999999999' }),
    fails: 'put',
    causes: [
      'missing-put-object',
      'bucket-policy-denies',
      'other-account-bucket',
      'explicit-deny',
      'kms-denied',
      'requester-pays',
    ],
    nextStep: /s3:PutObject/,
  },
  {
    name: 'a KMS key that the role may not use',
    breaks: ({ sandbox }) => sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } }),
    fails: 'put',
    causes: 'kms-denied',
    nextStep: /kms:GenerateDataKey and kms:Decrypt on arn:aws:kms:/,
  },
  {
    name: 'a KMS key that is switched off',
    breaks: async ({ sandbox }) => {
      sandbox.s3.setKmsKey({ arn: KEY, state: 'Disabled' });
      await sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } });
    },
    fails: 'put',
    causes: 'kms-denied',
    nextStep: /kms:/,
  },
  {
    name: 'S3 that keeps asking to slow down',
    breaks: ({ sandbox }) =>
      sandbox.faults.add({
        effect: { kind: 'error', code: 'SlowDown', status: 503 },
        matches: ({ service, method }) => service === 's3' && method === 'PUT',
      }),
    fails: 'put',
    causes: 'throttled',
    nextStep: /fewer requests/,
  },
  {
    name: 'a clock that is wrong',
    breaks: ({ sandbox }) =>
      sandbox.faults.add({ effect: { kind: 'error', code: 'RequestTimeTooSkewed', status: 403 } }),
    fails: 'identity',
    causes: 'clock-skew',
    nextStep: /clock/,
  },
  {
    name: 'a trust policy that wants an ExternalId',
    edits: {
      trust: text => {
        const trust = JSON.parse(text) as { Statement: object[] };
        const Condition = { StringEquals: { 'sts:ExternalId': 'secret-handshake' } };
        return JSON.stringify({ ...trust, Statement: trust.Statement.map(one => ({ ...one, Condition })) });
      },
    },
    fails: 'assume-role',
    causes: ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    nextStep: /trust policy of role astro-task-logs/,
  },
];

describe('verify names what is broken', () => {
  it.each(FAULTS)('$name', async ({ edits, breaks, fails, causes, nextStep }) => {
    world = await startWorld('assume-role', edits);
    await breaks?.(world);
    const run = await world.verify();
    expect(run).toMatchObject({ code: 1, ok: false, proven: false });
    const check = run.check(fails);
    expect(check.status).toBe('fail');
    if (typeof causes === 'string') expect(check.causes[0]).toBe(causes);
    else expect(check.causes).toEqual(causes);
    expect(check.nextStep).toMatch(nextStep);
    world.sandbox.faults.clear();
    expect(world.sandbox.s3.listKeys(BUCKET)).toEqual([]);
  });

  it('says what a bucket with versions keeps of the probe', async () => {
    world = await startWorld('assume-role');
    await world.sandbox.s3.changeBucket(BUCKET, { versioning: 'Enabled' });
    const run = await world.verify();
    expect(run).toMatchObject({ ok: true, proven: true });
    expect(run.check('delete').message).toMatch(/noncurrent .*logs\/\.astro-log-export\//);
  });
});

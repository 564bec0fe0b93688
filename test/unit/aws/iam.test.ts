import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../../src/aws/open-session';
import type { AwsSession } from '../../../src/aws/session';
import type { SandboxKeys } from '../../../src/sandbox/start-sandbox';
import { ACCOUNT, allow, DEPLOYMENT_ROLE, deny, policy, Running, trusting } from '../sandbox/running';

const BUCKET = 'acme-airflow-logs';
const ROLE = 'astro-task-logs';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/logs/${ROLE}`;
const MANAGED = `arn:aws:iam::${ACCOUNT}:policy/exports`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/limit`;

let running: Running;
const sessions: AwsSession[] = [];

async function sessionOf(keys: SandboxKeys, endpoint = running.sandbox.endpoint): Promise<AwsSession> {
  const session = await openSession({
    target: { bucket: BUCKET, prefix: 'logs/', region: 'us-east-1', accessMode: 'assume-role', roleArn: ROLE_ARN },
    endpoint,
    credentials: keys,
    env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  });
  sessions.push(session);
  return session;
}

beforeAll(async () => {
  running = await Running.start();
  const iam = running.iam();
  const limit = policy(allow('s3:GetObject'), allow('s3:ListBucket'));
  await iam.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: limit }));
  await iam.send(
    new CreateRoleCommand({
      RoleName: ROLE,
      Path: '/logs/',
      AssumeRolePolicyDocument: trusting(DEPLOYMENT_ROLE),
      MaxSessionDuration: 7200,
      PermissionsBoundary: BOUNDARY,
      Tags: [{ Key: 'team', Value: 'données +=' }],
    }),
  );
  for (let i = 0; i < 105; i++) {
    // Small ones: all together a role holds 10,240 characters.
    const PolicyDocument = JSON.stringify({ Statement: allow('s3:GetObject', `arn:aws:s3:::b/${i}/*`) });
    await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: `own-${i}`, PolicyDocument }));
  }
  await iam.send(new CreatePolicyCommand({ PolicyName: 'exports', PolicyDocument: policy(allow('s3:GetObject')) }));
  const second = policy(allow('s3:PutObject'), deny('s3:DeleteObject'));
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn: MANAGED, PolicyDocument: second, SetAsDefault: true }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: MANAGED }));
  const s3 = running.s3(running.sandbox.admin);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  for (const session of sessions) session.close();
  await running.stop();
});

it('reads a role whole: trust, every page of its policies, the default version of attached ones, boundary and tags', async () => {
  const { iam } = await sessionOf(running.sandbox.admin);
  const reading = await iam.readRole(ROLE);
  expect(reading?.role).toMatchObject({
    arn: ROLE_ARN,
    id: expect.stringMatching(/^AROA/),
    path: '/logs/',
    maxSessionDuration: 7200,
    tags: { team: 'données +=' },
    boundaryArn: BOUNDARY,
  });
  expect(JSON.parse(reading!.role!.trust)).toEqual(JSON.parse(trusting(DEPLOYMENT_ROLE)));
  expect(reading!.inline.map(one => one.name).sort()).toEqual(Array.from({ length: 105 }, (_, i) => `own-${i}`).sort());
  expect(reading!.inline.find(one => one.name === 'own-7')?.text).toContain('arn:aws:s3:::b/7/*');
  expect(reading!.attached).toEqual([
    { arn: MANAGED, name: 'exports', text: policy(allow('s3:PutObject'), deny('s3:DeleteObject')) },
  ]);
  expect(reading!.boundary).toMatchObject({
    arn: BOUNDARY,
    name: 'limit',
    text: expect.stringContaining('s3:ListBucket'),
  });
  expect(reading!.unreadable).toEqual([]);
});

it('answers nothing for a role that is not there', async () => {
  const { iam } = await sessionOf(running.sandbox.admin);
  expect(await iam.readRole('nobody')).toBeUndefined();
});

it('says each part that the caller may not read, and reads the rest', async () => {
  const keys = await running.user('half', allow('iam:*'), deny(['iam:GetRolePolicy', 'iam:GetPolicyVersion']));
  const reading = await (await sessionOf(keys)).iam.readRole(ROLE);
  expect(reading?.role?.arn).toBe(ROLE_ARN);
  expect(reading?.inline).toEqual([]);
  expect(reading?.attached).toEqual([{ arn: MANAGED, name: 'exports' }]);
  const count = (what: string) => reading?.unreadable.filter(one => one.what === what).length;
  expect([count('inline-policy'), count('attached-policy'), count('boundary')]).toEqual([105, 1, 1]);
  const first = reading?.unreadable.find(one => one.name === 'own-3');
  expect(first?.error.message).toContain('may not call iam:GetRolePolicy');
  expect(first?.error.code).toBe('explicit-deny');
});

it('reads the policies of a role that itself may not be read', async () => {
  const keys = await running.user('blind', allow(['iam:List*', 'iam:GetPolicy*', 'iam:GetRolePolicy']));
  const reading = await (await sessionOf(keys)).iam.readRole(ROLE);
  expect(reading?.role).toBeUndefined();
  expect(reading?.inline).toHaveLength(105);
  expect(reading?.unreadable.map(one => one.what)).toEqual(['role']);
  expect(reading?.unreadable[0]?.error.nextStep).toContain('allow iam:GetRole');
});

it('throws where nothing answers, instead of calling it a denial', async () => {
  const { iam } = await sessionOf(running.sandbox.admin, 'http://127.0.0.1:9');
  await expect(iam.readRole(ROLE)).rejects.toMatchObject({ code: 'endpoint-unreachable' });
});

it("reads the bucket's policy, and says that there is none", async () => {
  const { iam } = await sessionOf(running.sandbox.admin);
  expect(await iam.readBucketPolicy(BUCKET)).toBeUndefined();
  const text = policy({ ...allow('s3:GetObject', `arn:aws:s3:::${BUCKET}/*`), Principal: { AWS: ROLE_ARN } });
  await running.s3(running.sandbox.admin).send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: text }));
  expect(JSON.parse((await iam.readBucketPolicy(BUCKET))!)).toEqual(JSON.parse(text));
  await expect(iam.readBucketPolicy('acme-no-such-bucket')).rejects.toMatchObject({ code: 'no-such-bucket' });
});

it('simulates each action on each resource, with the boundary as a cause of its own', async () => {
  const { iam } = await sessionOf(running.sandbox.admin);
  const object = `arn:aws:s3:::${BUCKET}/logs/x`;
  const other = `arn:aws:s3:::b/5/x`;
  const results = await iam.simulatePrincipalPolicy({
    principalArn: ROLE_ARN,
    actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
    resources: [object, other],
  });
  const shown = results.map(({ action, resource, decision, allowedByBoundary }) => [
    action,
    resource === object ? 'object' : 'other',
    decision,
    allowedByBoundary,
  ]);
  expect(shown).toEqual([
    ['s3:PutObject', 'object', 'implicitDeny', false],
    ['s3:PutObject', 'other', 'implicitDeny', false],
    ['s3:GetObject', 'object', 'implicitDeny', true],
    ['s3:GetObject', 'other', 'allowed', true],
    ['s3:DeleteObject', 'object', 'explicitDeny', false],
    ['s3:DeleteObject', 'other', 'explicitDeny', false],
  ]);
  expect(results[3]?.decidedBy).toContain(`role_${ROLE}_own-5`);
});

it('hides nothing but keys: a denied simulation names the action that is missing', async () => {
  const keys = await running.user('nosim', allow('iam:GetRole'));
  const { iam } = await sessionOf(keys);
  const asked = iam.simulatePrincipalPolicy({ principalArn: ROLE_ARN, actions: ['s3:GetObject'], resources: ['*'] });
  await expect(asked).rejects.toMatchObject({ nextStep: expect.stringContaining('iam:SimulatePrincipalPolicy') });
});

it('stops at a signal', async () => {
  const { iam } = await sessionOf(running.sandbox.admin);
  await expect(iam.readRole(ROLE, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});

import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  type EvaluationResult,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, allow, DEPLOYMENT_ROLE, deny, policy, Running, refusal, trusting } from './running';

const RoleName = 'writer';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
const OBJECT = 'arn:aws:s3:::logs/a';

let running: Running;

beforeEach(async () => {
  running = await Running.start();
  await running.iam().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(DEPLOYMENT_ROLE) }));
});
afterEach(() => running.stop());

const createPolicy = async (PolicyName: string, PolicyDocument: string) =>
  (await running.iam().send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy!.Arn!;

const simulate = async (more: Partial<SimulatePrincipalPolicyCommandInput> = {}): Promise<EvaluationResult[]> => {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: ROLE,
    ActionNames: ['s3:PutObject'],
    ResourceArns: [OBJECT],
    ...more,
  });
  return (await running.iam().send(command)).EvaluationResults!;
};

describe('SimulatePrincipalPolicy', () => {
  it('answers for each action and resource, by which statement', async () => {
    const iam = running.iam();
    const inline = policy(allow('s3:GetObject'), allow('s3:PutObject', 'arn:aws:s3:::logs/*'));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: inline }));
    const PolicyArn = await createPolicy(
      'no-b',
      JSON.stringify(JSON.parse(policy(deny('s3:*', 'arn:aws:s3:::logs/b'))), null, 2),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const results = await simulate({
      ActionNames: ['s3:PutObject', 's3:DeleteObject'],
      ResourceArns: [OBJECT, 'arn:aws:s3:::logs/b'],
    });
    expect(results.map(one => [one.EvalActionName, one.EvalResourceName, one.EvalDecision])).toEqual([
      ['s3:PutObject', OBJECT, 'allowed'],
      ['s3:PutObject', 'arn:aws:s3:::logs/b', 'explicitDeny'],
      ['s3:DeleteObject', OBJECT, 'implicitDeny'],
      ['s3:DeleteObject', 'arn:aws:s3:::logs/b', 'explicitDeny'],
    ]);
    const [allowed, denied, implicit] = results;
    expect(allowed!.MatchedStatements).toMatchObject([
      { SourcePolicyId: 'role_writer_own', SourcePolicyType: 'IAM Policy', StartPosition: { Line: 1 } },
    ]);
    const { StartPosition, EndPosition } = allowed!.MatchedStatements![0]!;
    expect(inline.slice(StartPosition!.Column! - 1, EndPosition!.Column! - 1)).toBe(
      JSON.stringify(allow('s3:PutObject', 'arn:aws:s3:::logs/*')),
    );
    expect(denied!.MatchedStatements).toMatchObject([
      { SourcePolicyId: 'no-b', StartPosition: { Line: 4, Column: 5 }, EndPosition: { Line: 8 } },
    ]);
    expect(implicit!.MatchedStatements).toEqual([]);
    expect(implicit!.PermissionsBoundaryDecisionDetail).toBeUndefined();
  });

  it('tells what a boundary says on its own', async () => {
    const iam = running.iam();
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy(allow('s3:*')) }));
    const PermissionsBoundary = await createPolicy('bound', policy(allow('s3:GetObject')));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    const results = await simulate({ ActionNames: ['s3:PutObject', 's3:GetObject'] });
    expect(results.map(one => [one.EvalDecision, one.PermissionsBoundaryDecisionDetail])).toEqual([
      ['implicitDeny', { AllowedByPermissionsBoundary: false }],
      ['allowed', { AllowedByPermissionsBoundary: true }],
    ]);
    const [other] = await simulate({ PermissionsBoundaryPolicyInputList: [policy(allow('s3:PutObject'))] });
    expect(other!.EvalDecision).toBe('allowed');
  });

  it('takes context, and names what is missing', async () => {
    const Condition = { StringLike: { 's3:prefix': 'logs/*' } };
    const PolicyDocument = policy(allow('s3:ListBucket', '*', { Condition }));
    await running.iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    const ask = async (value?: string) => {
      const entry = { ContextKeyName: 's3:prefix', ContextKeyType: 'string' as const, ContextKeyValues: [value!] };
      const [result] = await simulate({
        ActionNames: ['s3:ListBucket'],
        ResourceArns: ['arn:aws:s3:::logs'],
        ...(value !== undefined && { ContextEntries: [entry] }),
      });
      return [result!.EvalDecision, result!.MissingContextValues];
    };
    expect(await ask('logs/a')).toEqual(['allowed', []]);
    expect(await ask('other')).toEqual(['implicitDeny', []]);
    expect(await ask()).toEqual(['implicitDeny', ['s3:prefix']]);
  });

  it('is authorised, finds only its own account, and takes no bucket policy for a role', async () => {
    const bob = await running.user('bob');
    const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn: ROLE, ActionNames: ['s3:GetObject'] });
    expect(await refusal(running.iam(bob).send(command))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`iam:SimulatePrincipalPolicy on resource: ${ROLE}`),
    });
    expect(await refusal(simulate({ PolicySourceArn: `${ROLE}-none` }))).toMatchObject({
      name: 'NoSuchEntityException',
    });
    expect(await refusal(simulate({ PolicySourceArn: DEPLOYMENT_ROLE }))).toMatchObject({
      name: 'InvalidInputException',
    });
    const ResourcePolicy = policy({ ...allow('s3:*'), Principal: '*' });
    expect(await refusal(simulate({ ResourcePolicy }))).toMatchObject({ name: 'InvalidInputException' });
    const [user] = await simulate({ PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/bob`, ResourcePolicy });
    expect(user!.EvalDecision).toBe('allowed');
  });

  it('comes in pages', async () => {
    const iam = running.iam();
    const ask = (Marker?: string) =>
      iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: ROLE,
          ActionNames: ['s3:a', 's3:b', 's3:c'],
          MaxItems: 2,
          Marker,
        }),
      );
    const first = await ask();
    const second = await ask(first.Marker);
    expect([first, second].map(page => page.EvaluationResults!.map(one => one.EvalActionName))).toEqual([
      ['s3:a', 's3:b'],
      ['s3:c'],
    ]);
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
  });
});

it('SimulateCustomPolicy asks the given policies alone', async () => {
  const command = new SimulateCustomPolicyCommand({
    PolicyInputList: [policy(allow('s3:*')), policy(deny('s3:PutObject'))],
    ActionNames: ['s3:PutObject', 's3:GetObject'],
    ResourceArns: [OBJECT],
  });
  const { EvaluationResults } = await running.iam().send(command);
  expect(EvaluationResults!.map(one => [one.EvalDecision, one.MatchedStatements!.map(s => s.SourcePolicyId)])).toEqual([
    ['explicitDeny', ['PolicyInputList.2']],
    ['allowed', ['PolicyInputList.1']],
  ]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainCommand } from '../../../src/cli/explain';
import { runCommand } from './run-command';

const OBJECT = 'arn:aws:s3:::my-bucket/logs/a';
const ROLE = 'arn:aws:iam::123456789012:role/logs';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/logs/one';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'explain-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runCommand(explainCommand, args, cwd);

function policy(name: string, ...statements: object[]) {
  const Statement = statements.map(statement => ({ Effect: 'Allow', Action: 's3:PutObject', ...statement }));
  writeFileSync(path.join(cwd, name), JSON.stringify({ Version: '2012-10-17', Statement }));
}

async function decide(...args: string[]) {
  const { code, stdout } = await run(
    '--policy',
    'p.json',
    '--action',
    's3:PutObject',
    '--resource',
    OBJECT,
    '--format',
    'json',
    ...args,
  );
  return { code, ...JSON.parse(stdout) };
}

describe('a bucket in another account', () => {
  const across = async (...args: string[]) => {
    const all = ['--policy', 'p.json', '--action', 's3:PutObject', '--resource', OBJECT, '--principal', ROLE];
    return run(...all, '--resource-account', '999999999999', ...args);
  };
  const BUCKET_POLICY = { Principal: { AWS: ROLE }, Resource: '*' };

  it('names the side that does not allow it', async () => {
    policy('p.json', { Resource: '*' });
    policy('none.json', { Resource: 'arn:aws:s3:::other/*' });
    policy('b.json', BUCKET_POLICY);
    const resourceSide = await across();
    expect(resourceSide.code).toBe(1);
    expect(resourceSide.stderr).toBe(
      `Missing on the resource's side: the policy of ${OBJECT} in account 999999999999 has to allow s3:PutObject to ${ROLE}.\n`,
    );
    const callerSide = await across('--policy', 'none.json', '--resource-policy', 'b.json');
    expect(callerSide.stderr).toBe(
      `Missing on the caller's side: the permission policy of ${ROLE} has to allow s3:PutObject on ${OBJECT}.\n`,
    );
    const both = await across('--policy', 'none.json');
    expect(both.stderr.split('\n')).toHaveLength(3);
  });

  it('is allowed where both sides do, and within one account needs none', async () => {
    policy('p.json', { Resource: '*' });
    policy('b.json', BUCKET_POLICY);
    expect(await across('--resource-policy', 'b.json')).toMatchObject({ code: 0, stderr: '' });
    expect(await across('--resource-account', '123456789012')).toMatchObject({ code: 0, stderr: '' });
  });

  it('names a boundary, and nothing after an explicit deny', async () => {
    policy('p.json', { Resource: '*' });
    policy('b.json', BUCKET_POLICY);
    policy('limit.json', { Action: 's3:GetObject', Resource: '*' });
    const limited = await across('--resource-policy', 'b.json', '--boundary', 'limit.json');
    expect(limited.stderr).toContain("Missing on the caller's side: the permissions boundary");
    policy('p.json', { Effect: 'Deny', Resource: '*' });
    expect(await across()).toMatchObject({ code: 1, stderr: '' });
  });

  it('needs an account that is one, and a principal', async () => {
    policy('p.json', { Resource: '*' });
    expect(await across('--resource-account', '12')).toMatchObject({ code: 2 });
    const nobody = ['--policy', 'p.json', '--action', 's3:PutObject', '--resource', OBJECT];
    expect(await run(...nobody, '--resource-account', '999999999999')).toMatchObject({ code: 2 });
  });
});

describe('explain --policy', () => {
  it('says what is decided, and why, of every statement', async () => {
    policy('p.json', { Sid: 'Logs', Resource: 'arn:aws:s3:::my-bucket/*' }, { Action: 's3:GetObject', Resource: '*' });
    expect(await decide()).toEqual({
      code: 0,
      decision: 'allowed',
      statements: [
        { sid: 'Logs', index: 0, effect: 'Allow', matched: true, why: `It allows s3:PutObject on ${OBJECT}.` },
        { sid: null, index: 1, effect: 'Allow', matched: false, why: 'Action does not cover s3:PutObject.' },
      ],
    });
  });

  it.each([
    ['allowed', 0, { Resource: '*' }],
    ['implicitDeny', 1, { Resource: 'arn:aws:s3:::my-bucket' }],
    ['explicitDeny', 1, { Effect: 'Deny', Resource: '*' }],
  ])('%s exits %i', async (decision, code, statement) => {
    policy('p.json', statement);
    expect(await decide()).toMatchObject({ decision, code });
  });

  it.each<[string, object, string[], string]>([
    ["the principal's ARN", { ArnLike: { 'aws:PrincipalArn': ROLE } }, ['--principal', ROLE], 'allowed'],
    ["a session's role", { ArnLike: { 'aws:PrincipalArn': ROLE } }, ['--principal', SESSION], 'allowed'],
    ['the account', { StringEquals: { 'aws:PrincipalAccount': '123456789012' } }, ['--principal', SESSION], 'allowed'],
    ['no principal', { Null: { 'aws:PrincipalArn': 'true', 'aws:PrincipalAccount': 'true' } }, [], 'allowed'],
    ['the time', { DateGreaterThan: { 'aws:CurrentTime': '2024-01-01T00:00:00Z' } }, [], 'allowed'],
    [
      'the time of --context',
      { DateGreaterThan: { 'aws:CurrentTime': '2024-01-01T00:00:00Z' } },
      ['--context', 'AWS:currenttime=2023-01-01'],
      'implicitDeny',
    ],
    [
      'a principal of --context',
      { ArnLike: { 'aws:PrincipalArn': ROLE } },
      ['--principal', ROLE, '--context', 'aws:PrincipalArn=arn:aws:iam::1:role/x'],
      'implicitDeny',
    ],
    [
      'no other key',
      { Null: { 'aws:SecureTransport': 'true', 'aws:SourceIp': 'true', 'aws:username': 'true' } },
      ['--principal', ROLE],
      'allowed',
    ],
    ['a value with = in it', { StringEquals: { k: 'a=b' } }, ['--context', 'k=a=b'], 'allowed'],
    ['an empty value', { StringEquals: { 's3:prefix': '' } }, ['--context', 's3:prefix='], 'allowed'],
    [
      'a key given twice',
      { 'ForAllValues:StringEquals': { k: ['a', 'b'] } },
      ['--context', 'k=a', '--context', 'K=b'],
      'allowed',
    ],
    [
      'one of which does not fit',
      { 'ForAllValues:StringEquals': { k: ['a', 'b'] } },
      ['--context', 'k=a', '--context', 'k=c'],
      'implicitDeny',
    ],
  ])('supplies %s', async (_name, Condition, args, decision) => {
    policy('p.json', { Resource: '*', Condition });
    expect((await decide(...args)).decision).toBe(decision);
  });

  it('takes the other policies into account, and says which one a statement is of', async () => {
    policy('p.json', { Resource: '*' });
    policy('none.json', { Action: 's3:GetObject', Resource: '*' });
    policy('deny.json', { Effect: 'Deny', Principal: { AWS: ROLE }, Resource: '*' });
    policy('role.json', { Principal: { AWS: ROLE }, Resource: '*' });
    expect(await decide('--boundary', 'none.json')).toMatchObject({
      decision: 'implicitDeny',
      statements: [{ policy: 'identity' }, { policy: 'boundary' }],
    });
    expect((await decide('--boundary', 'p.json', '--session-policy', 'none.json')).decision).toBe('implicitDeny');
    expect((await decide('--session-policy', 'p.json')).decision).toBe('allowed');
    expect((await decide('--resource-policy', 'deny.json', '--principal', ROLE)).decision).toBe('explicitDeny');
    expect((await decide('--resource-policy', 'deny.json')).decision).toBe('allowed');
    policy('p.json', { Action: 's3:GetObject', Resource: '*' });
    expect((await decide('--resource-policy', 'role.json', '--principal', SESSION)).decision).toBe('allowed');
    expect((await decide('--resource-policy', 'role.json')).decision).toBe('implicitDeny');
  });

  it("takes a role's trust for its resource policy", async () => {
    policy('p.json', { Action: 's3:*', Resource: '*' });
    policy('t.json', { Action: 'sts:AssumeRole', Principal: { AWS: ROLE } });
    const args = [
      '--policy',
      'p.json',
      '--action',
      'sts:AssumeRole',
      '--resource',
      'arn:aws:iam::123456789012:role/other',
    ];
    expect((await run(...args, '--resource-policy', 't.json', '--principal', ROLE)).code).toBe(0);
    expect((await run(...args, '--resource-policy', 't.json', '--principal', ROLE.replace('logs', 'x'))).code).toBe(1);
  });

  it('as text', async () => {
    policy('p.json', { Sid: 'Logs', Resource: '*' });
    const { stdout } = await run('--policy', 'p.json', '--action', 's3:PutObject', '--resource', OBJECT);
    expect(stdout).toBe(`allowed (identity)\n* identity 0 Logs Allow: It allows s3:PutObject on ${OBJECT}.\n`);
  });

  it('goes on with a policy whose meaning is clear, and says that IAM refuses it', async () => {
    policy('p.json', { Sid: 'A', Resource: '*' }, { Sid: 'A', Resource: '*' });
    const { code, stderr } = await run('--policy', 'p.json', '--action', 's3:PutObject', '--resource', OBJECT);
    expect(code).toBe(0);
    expect(stderr).toContain('must be unique');
  });
});

describe('explain --trust', () => {
  const provider = 'arn:aws:iam::123456789012:oidc-provider/oidc.example.com';
  it.each<[string, object, string, string]>([
    ['the role', { Principal: { AWS: ROLE } }, ROLE, 'allowed'],
    ['a session of the role', { Principal: { AWS: ROLE } }, SESSION, 'allowed'],
    ['the account, as if its own policy allowed it', { Principal: { AWS: '123456789012' } }, ROLE, 'allowed'],
    ['somebody else', { Principal: { AWS: 'arn:aws:iam::999999999999:root' } }, ROLE, 'implicitDeny'],
    ['a deny', { Effect: 'Deny', Principal: '*' }, ROLE, 'explicitDeny'],
    [
      'an external id',
      { Principal: { AWS: ROLE }, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } },
      ROLE,
      'implicitDeny',
    ],
    [
      'a web identity',
      { Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: provider } },
      provider,
      'allowed',
    ],
    [
      'a role where only web identities may',
      { Action: 'sts:AssumeRoleWithWebIdentity', Principal: '*' },
      ROLE,
      'implicitDeny',
    ],
    ['a service', { Principal: { Service: 'ec2.amazonaws.com' } }, 'ec2.amazonaws.com', 'allowed'],
  ])('%s', async (_name, statement, principal, decision) => {
    policy('t.json', { Action: 'sts:AssumeRole', ...statement });
    const { code, stdout } = await run('--trust', 't.json', '--principal', principal, '--format', 'json');
    expect({ code, decision: JSON.parse(stdout).decision }).toEqual({ code: decision === 'allowed' ? 0 : 1, decision });
  });

  it('an external id that is sent', async () => {
    policy('t.json', {
      Action: 'sts:AssumeRole',
      Principal: { AWS: ROLE },
      Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
    });
    expect((await run('--trust', 't.json', '--principal', ROLE, '--context', 'sts:ExternalId=x')).code).toBe(0);
  });
});

describe('what it cannot run', () => {
  const asked = ['--action', 's3:PutObject', '--resource', OBJECT];
  it.each<[string, string[], string]>([
    ['no policy', asked, '--policy'],
    ['policy and trust', ['--policy', 'p.json', '--trust', 'p.json', ...asked], '--trust'],
    ['no action', ['--policy', 'p.json', '--resource', OBJECT], '--action'],
    ['no resource', ['--policy', 'p.json', '--action', 's3:PutObject'], '--resource'],
    ['an action without service', ['--policy', 'p.json', '--action', 'PutObject', '--resource', OBJECT], '--action'],
    [
      'a resource that is no ARN',
      ['--policy', 'p.json', '--action', 's3:PutObject', '--resource', 'my-bucket'],
      '--resource',
    ],
    ['a context without =', ['--policy', 'p.json', ...asked, '--context', 'k'], '--context'],
    ['a principal that is none', ['--policy', 'p.json', ...asked, '--principal', 'jane'], '--principal'],
    ['a trust without principal', ['--trust', 'p.json'], '--principal'],
    ['a boundary beside a trust', ['--trust', 'p.json', '--principal', ROLE, '--boundary', 'p.json'], '--boundary'],
    ['a missing file', ['--policy', 'none.json', ...asked], 'none.json'],
    ['a folder', ['--policy', '.', ...asked], 'folder'],
    ['what is not JSON', ['--policy', 'broken.json', ...asked], 'broken.json:1:14'],
    ['a trust for a policy', ['--policy', 'trust.json', ...asked], 'Policy document should not specify a principal.'],
    ['a policy for a trust', ['--trust', 'p.json', '--principal', ROLE], 'Has prohibited field Resource'],
    [
      'a policy for a bucket policy',
      ['--policy', 'p.json', ...asked, '--resource-policy', 'p.json'],
      'Missing required field Principal',
    ],
  ])('%s', async (_name, args, named) => {
    policy('p.json', { Resource: '*' });
    policy('trust.json', { Action: 'sts:AssumeRole', Principal: '*', Resource: '*' });
    writeFileSync(path.join(cwd, 'broken.json'), '{"Statement":,}');
    const { code, stdout, stderr } = await run(...args, '--format', 'json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(named);
  });
});

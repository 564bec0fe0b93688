import { generateKeyPairSync, sign } from 'node:crypto';
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxKeys } from '../../../src/sandbox/start-sandbox';
import { ACCOUNT, allow, DEPLOYMENT_ROLE, deny, policy, Running, refusal, trusting } from './running';

const BUCKET = 'airflow-logs';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/logs/writer`;

let running: Running;
let deployment: SandboxKeys;

beforeEach(async () => {
  running = await Running.start();
  deployment = running.sandbox.deployment;
  await running.sandbox.s3.createBucket({ name: BUCKET, region: 'us-east-1', ownerAccount: ACCOUNT });
});
afterEach(() => running.stop());

const createRole = async (trust: string, ...statements: readonly object[]) => {
  const iam = running.iam();
  await iam.send(new CreateRoleCommand({ RoleName: 'writer', Path: '/logs/', AssumeRolePolicyDocument: trust }));
  const PolicyDocument = policy(...(statements.length > 0 ? statements : [allow('s3:*')]));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'writer', PolicyName: 'logs', PolicyDocument }));
};
const put = (keys: SandboxKeys, Key = 'logs/a.log') =>
  running.s3(keys).send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'line' }));
const notAuthorized = (who: string, action = 'sts:AssumeRole') =>
  `User: ${who} is not authorized to perform: ${action} on resource: ${ROLE}`;
const DEPLOYMENT_SESSION = 'arn:aws:sts::111122223333:assumed-role/astro-deployment-role/airflow-worker';

describe('GetCallerIdentity', () => {
  it('names a user, a session and a session of a session', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE));
    const session = await running.assume(deployment, ROLE);
    const who = async (keys: SandboxKeys) => {
      const { Arn, Account, UserId } = await running.sts(keys).send(new GetCallerIdentityCommand({}));
      return [Arn, Account, UserId];
    };
    expect(await who(running.sandbox.admin)).toEqual([
      `arn:aws:iam::${ACCOUNT}:user/sandbox-admin`,
      ACCOUNT,
      expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    ]);
    expect(await who(deployment)).toEqual([
      DEPLOYMENT_SESSION,
      '111122223333',
      expect.stringMatching(/^AROA[A-Z2-7]{17}:airflow-worker$/),
    ]);
    expect(await who(session)).toEqual([
      `arn:aws:sts::${ACCOUNT}:assumed-role/writer/test`,
      ACCOUNT,
      expect.stringMatching(/^AROA[A-Z2-7]{17}:test$/),
    ]);
  });

  it('refuses keys that are unknown, wrong, forged, expired or switched off', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE));
    const session = await running.assume(deployment, ROLE, { DurationSeconds: 900 });
    const { admin } = running.sandbox;
    const ask = (keys: SandboxKeys) => refusal(running.sts(keys).send(new GetCallerIdentityCommand({})));
    const invalid = { name: 'InvalidClientTokenId', status: 403 };
    expect(await ask({ ...admin, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' })).toMatchObject(invalid);
    expect(await ask({ ...admin, secretAccessKey: 'wrong' })).toMatchObject({ name: 'SignatureDoesNotMatch' });
    expect(await ask({ ...session, sessionToken: `${session.sessionToken}x` })).toMatchObject(invalid);
    expect(await ask({ ...session, sessionToken: deployment.sessionToken! })).toMatchObject(invalid);
    const { sessionToken: _none, ...bare } = session;
    expect(await ask(bare)).toMatchObject(invalid);
    running.pass(901);
    expect(await ask(session)).toMatchObject({ name: 'ExpiredToken', status: 403 });
    expect(await refusal(put(session))).toMatchObject({ name: 'ExpiredToken', status: 400 });

    const user = await running.user('ann');
    const change = { UserName: 'ann', AccessKeyId: user.accessKeyId };
    await running.iam().send(new UpdateAccessKeyCommand({ ...change, Status: 'Inactive' }));
    expect(await ask(user)).toMatchObject(invalid);
    await running.iam().send(new UpdateAccessKeyCommand({ ...change, Status: 'Active' }));
    await running.sts(user).send(new GetCallerIdentityCommand({}));
  });

  it('answers nobody who does not sign, and has no quiet success', async () => {
    const post = (body: string) =>
      fetch(running.sandbox.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    const answer = await post('Action=GetCallerIdentity&Version=2011-06-15');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    const sts = running.sts(running.sandbox.admin);
    expect(await refusal(sts.send(new GetFederationTokenCommand({ Name: 'ann' })))).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
    const mfa = { SerialNumber: 'arn:aws:iam::123456789012:mfa/x', TokenCode: '123456' };
    const command = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'test', ...mfa });
    expect(await refusal(sts.send(command))).toMatchObject({ name: 'NotImplemented', status: 501 });
  });
});

describe('AssumeRole', () => {
  it('works across accounts where both sides agree, and the session may do what the role may', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE), allow('s3:PutObject', `arn:aws:s3:::${BUCKET}/logs/*`));
    const session = await running.assume(deployment, ROLE);
    expect(session.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Math.round((session.expiration.getTime() - Date.now()) / 60_000)).toBe(60);
    await put(session);
    expect(await refusal(put(session, 'other/a.log'))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('is denied by a trust that names somebody else, at once when the trust changes', async () => {
    const iam = running.iam();
    await running.user('bob');
    await createRole(trusting(`arn:aws:iam::${ACCOUNT}:user/bob`));
    const denied = { name: 'AccessDenied', status: 403, message: notAuthorized(DEPLOYMENT_SESSION) };
    expect(await refusal(running.assume(deployment, ROLE))).toEqual(denied);
    const change = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'writer', PolicyDocument }));
    await change(trusting('arn:aws:iam::111122223333:root'));
    await running.assume(deployment, ROLE);
    await change(trusting('*', { Condition: { StringEquals: { 'aws:PrincipalArn': DEPLOYMENT_ROLE } } }));
    await running.assume(deployment, ROLE);
    await change(
      policy(JSON.parse(trusting('*')).Statement[0], {
        ...deny('sts:AssumeRole'),
        Resource: undefined,
        Principal: { AWS: DEPLOYMENT_ROLE },
      }),
    );
    expect(await refusal(running.assume(deployment, ROLE))).toEqual(denied);
  });

  it('tells a role that does not exist from none, as little as AWS does', async () => {
    expect(await refusal(running.assume(deployment, ROLE))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: notAuthorized(DEPLOYMENT_SESSION),
    });
    await createRole(trusting(DEPLOYMENT_ROLE));
    const withoutPath = ROLE.replace('logs/', '');
    expect(await refusal(running.assume(deployment, withoutPath))).toMatchObject({ name: 'AccessDenied' });
  });

  it('needs the identity policy across accounts, and within one where the trust names the account', async () => {
    const role = running.sandbox.identities.findRoleByArn(DEPLOYMENT_ROLE)!;
    await createRole(trusting(DEPLOYMENT_ROLE));
    role.inline.clear();
    expect(await refusal(running.assume(deployment, ROLE))).toMatchObject({
      message: notAuthorized(DEPLOYMENT_SESSION),
    });

    const bob = await running.user('bob');
    const iam = running.iam();
    const trust = (PolicyDocument: string) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'writer', PolicyDocument }));
    const arn = `arn:aws:iam::${ACCOUNT}:user/bob`;
    await trust(trusting(arn));
    await running.assume(bob, ROLE);
    await trust(trusting(`arn:aws:iam::${ACCOUNT}:root`));
    expect(await refusal(running.assume(bob, ROLE))).toMatchObject({
      message: `${notAuthorized(arn)} because no identity-based policy allows the sts:AssumeRole action`,
    });
    const carl = await running.user('carl', allow('sts:AssumeRole', ROLE));
    await running.assume(carl, ROLE);
    await trust(trusting(arn));
    expect(await refusal(running.assume(carl, ROLE))).toMatchObject({
      message: `${notAuthorized(arn.replace('bob', 'carl'))} because no role trust policy allows the sts:AssumeRole action`,
    });
  });

  it('compares the external id', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE, { Condition: { StringEquals: { 'sts:ExternalId': 'acme-42' } } }));
    await running.assume(deployment, ROLE, { ExternalId: 'acme-42' });
    for (const ExternalId of ['acme-43', undefined]) {
      expect(await refusal(running.assume(deployment, ROLE, { ExternalId }))).toMatchObject({ name: 'AccessDenied' });
    }
  });

  it.each([
    [{ DurationSeconds: 899 }, /'899' at 'durationSeconds'.*greater than or equal to 900/],
    [{ DurationSeconds: 43_201 }, /'43201' at 'durationSeconds'.*less than or equal to 43200/],
    [
      { DurationSeconds: 3601 },
      /^The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining\.$/,
    ],
    [{ RoleSessionName: 'a b' }, /'a b' at 'roleSessionName'.*regular expression pattern: \[\\w\+=,\.@-\]\*$/],
    [{ RoleSessionName: 'a' }, /'a' at 'roleSessionName'.*length greater than or equal to 2/],
    [{ RoleSessionName: 'a'.repeat(65) }, /at 'roleSessionName'.*length less than or equal to 64/],
    [{ ExternalId: 'a' }, /at 'externalId'/],
    [{ RoleArn: 'arn:aws:iam::123:role/writer' }, /invalid/],
    [{ RoleArn: 'writer' }, /'writer' at 'roleArn'.*length greater than or equal to 20/],
    [{ RoleSessionName: 'a', DurationSeconds: 1 }, /^2 validation errors detected: .*; /],
  ])('refuses %j', async (input, message) => {
    await createRole(trusting(DEPLOYMENT_ROLE));
    expect(await refusal(running.assume(deployment, ROLE, input))).toEqual({
      name: 'ValidationError',
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  it("lasts as long as the role's MaxSessionDuration for a user, and an hour in a chain", async () => {
    await createRole(trusting([`arn:aws:iam::${ACCOUNT}:root`, DEPLOYMENT_ROLE]));
    const { admin } = running.sandbox;
    expect(await refusal(running.assume(admin, ROLE, { DurationSeconds: 7200 }))).toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
    await running.iam().send(new UpdateRoleCommand({ RoleName: 'writer', MaxSessionDuration: 7200 }));
    const session = await running.assume(admin, ROLE, { DurationSeconds: 7200 });
    running.pass(7100);
    await put(session);
    expect(await refusal(running.assume(deployment, ROLE, { DurationSeconds: 7200 }))).toMatchObject({
      message: expect.stringContaining('role chaining'),
    });
  });

  it('narrows a session by its policies, together with the role', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE), allow('s3:PutObject'));
    const { Policy } = await running.iam().send(
      new CreatePolicyCommand({
        PolicyName: 'only-b',
        PolicyDocument: policy(allow('s3:PutObject', `arn:aws:s3:::${BUCKET}/b/*`)),
      }),
    );
    const session = await running.assume(deployment, ROLE, {
      Policy: policy(allow('s3:*', `arn:aws:s3:::${BUCKET}/a/*`)),
      PolicyArns: [{ arn: Policy!.Arn! }],
    });
    await put(session, 'a/1');
    await put(session, 'b/1');
    expect(await refusal(put(session, 'c/1'))).toMatchObject({
      message: expect.stringContaining('because no session policy allows the s3:PutObject action'),
    });
    const get = running.s3(session).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a/1' }));
    expect(await refusal(get)).toMatchObject({ name: 'AccessDenied' });
    const wrong = (more: object) => refusal(running.assume(deployment, ROLE, more));
    expect(await wrong({ Policy: '{"Version":' })).toMatchObject({ name: 'MalformedPolicyDocumentException' });
    expect(await wrong({ Policy: ' '.repeat(2049) })).toMatchObject({ name: 'ValidationError' });
    expect(await wrong({ PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/none` }] })).toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
  });

  it('is bounded by the boundary of the role', async () => {
    await createRole(trusting(DEPLOYMENT_ROLE));
    const iam = running.iam();
    const PolicyDocument = policy(allow('s3:GetObject'));
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument }));
    const session = await running.assume(deployment, ROLE);
    await put(session);
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'writer', PermissionsBoundary: Policy!.Arn }));
    expect(await refusal(put(session))).toMatchObject({
      message: expect.stringContaining('because no permissions boundary allows the s3:PutObject action'),
    });
    await running.s3(session).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'logs/a.log' }));
  });

  it('ends sessions with their role, and trusts nobody who takes over a name', async () => {
    const iam = running.iam();
    await createRole(trusting(DEPLOYMENT_ROLE));
    await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trusting(ROLE) }));
    const reader = `arn:aws:iam::${ACCOUNT}:role/reader`;
    const session = await running.assume(deployment, ROLE);
    await running.assume(session, reader);
    const trustOf = async () => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'reader' }));
      return JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement[0].Principal.AWS;
    };
    expect(await trustOf()).toBe(ROLE);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'writer' }));

    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'writer', PolicyName: 'logs' }));
    await iam.send(new DeleteRoleCommand({ RoleName: 'writer' }));
    expect(await refusal(running.sts(session).send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
    });
    expect(await trustOf()).toBe(Role!.RoleId);

    await createRole(trusting(DEPLOYMENT_ROLE));
    const again = await running.assume(deployment, ROLE);
    expect(await trustOf()).toBe(Role!.RoleId);
    expect(await refusal(running.assume(again, reader))).toMatchObject({ name: 'AccessDenied' });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'reader', PolicyDocument: trusting(ROLE) }));
    await running.assume(again, reader);
  });

  it('takes tags and a source identity where the trust lets them in, and policies see them', async () => {
    await createRole(
      trusting(DEPLOYMENT_ROLE, { Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      allow('s3:PutObject', `arn:aws:s3:::${BUCKET}/\${aws:PrincipalTag/team}/*`),
    );
    running.sandbox.identities
      .findRoleByArn(DEPLOYMENT_ROLE)!
      .attached.add('arn:aws:iam::aws:policy/AdministratorAccess');
    const Tags = [{ Key: 'team', Value: 'data' }];
    const session = await running.assume(deployment, ROLE, { Tags });
    await put(session, 'data/1');
    expect(await refusal(put(session, 'other/1'))).toMatchObject({ name: 'AccessDenied' });
    expect(await refusal(running.assume(deployment, ROLE, { SourceIdentity: 'ann' }))).toMatchObject({
      name: 'AccessDenied',
      message: notAuthorized(DEPLOYMENT_SESSION, 'sts:SetSourceIdentity'),
    });
  });

  it('lets the admin act in any other account through its organization role, and nobody else', async () => {
    const role = (account: string) => `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
    const keys = await running.assume(running.sandbox.admin, role('999988887777'));
    await running
      .iam(keys)
      .send(new CreateRoleCommand({ RoleName: 'there', AssumeRolePolicyDocument: trusting(DEPLOYMENT_ROLE) }));
    await running.assume(deployment, 'arn:aws:iam::999988887777:role/there');
    expect(await refusal(running.assume(deployment, role('999988887776')))).toMatchObject({ name: 'AccessDenied' });
  });
});

describe('AssumeRoleWithWebIdentity', () => {
  const ISSUER = 'oidc.eks.us-east-1.amazonaws.com/id/ABC';
  const SUBJECT = 'system:serviceaccount:ns:ns-worker-serviceaccount';
  const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
  const trust = policy({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: [SUBJECT] } },
  });
  const assume = (token: string, more = {}) =>
    running.sts({ accessKeyId: '', secretAccessKey: '' }).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: ROLE,
        RoleSessionName: 'pod',
        WebIdentityToken: token,
        ...more,
      }),
    );

  beforeEach(async () => {
    running.sandbox.identities.createOidcProvider({
      account: ACCOUNT,
      issuer: ISSUER,
      clientIds: ['sts.amazonaws.com'],
    });
    await createRole(trust);
  });

  it('takes a token whose issuer, audience and subject the trust names', async () => {
    const token = running.sandbox.webIdentities.createToken({ issuer: ISSUER, subject: SUBJECT });
    const { Credentials, ...rest } = await assume(token);
    expect(rest).toMatchObject({
      SubjectFromWebIdentityToken: SUBJECT,
      Audience: 'sts.amazonaws.com',
      Provider: provider,
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/writer/pod` },
    });
    await put({
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    });
  });

  it("takes a token that an issuer's own key signed, once the sandbox knows that key", async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: `https://${ISSUER}`, sub: SUBJECT, aud: ['other', 'sts.amazonaws.com'], exp: 4e9 };
    const text = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}`;
    const token = `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    expect(await refusal(assume(token))).toMatchObject({ name: 'InvalidIdentityTokenException' });
    const jwk = publicKey.export({ format: 'jwk' });
    running.sandbox.webIdentities.trust(`https://${ISSUER}`, { keys: [{ ...jwk, kid: 'k1' }] });
    expect((await assume(token)).Audience).toBe('sts.amazonaws.com');
    running.sandbox.webIdentities.trust(`https://${ISSUER}`, { keys: [{ ...jwk, kid: 'k2' }] });
    expect(await refusal(assume(token))).toMatchObject({ name: 'InvalidIdentityTokenException' });
  });

  it('refuses every other token with its own exception', async () => {
    const { webIdentities } = running.sandbox;
    const token = (more = {}) => webIdentities.createToken({ issuer: ISSUER, subject: SUBJECT, ...more });
    const denied = { name: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' };
    expect(await refusal(assume(token({ subject: 'system:serviceaccount:ns:default' })))).toMatchObject(denied);
    expect(await refusal(assume(token(), { RoleArn: ROLE.replace('writer', 'none') }))).toMatchObject(denied);
    expect(await refusal(assume(token({ expiresIn: -1 })))).toMatchObject({
      name: 'ExpiredTokenException',
      status: 400,
    });
    const [head, , signature] = token().split('.');
    const body = Buffer.from(
      JSON.stringify({ iss: `https://${ISSUER}`, sub: SUBJECT, aud: 'sts.amazonaws.com', exp: 4e9 }),
    );
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const wrong of [
      'nonsense',
      token({ audience: 'someone.else' }),
      token({ issuer: 'oidc.example.com' }),
      `${head}.${body.toString('base64url')}.${signature}`,
      `${unsigned}.${body.toString('base64url')}.`,
    ]) {
      expect(await refusal(assume(wrong))).toMatchObject({ name: 'InvalidIdentityTokenException', status: 400 });
    }
  });
});

describe('other calls', () => {
  it('GetSessionToken speaks for the user, but not to IAM', async () => {
    const ann = await running.user('ann', allow(['s3:PutObject', 'iam:GetUser']));
    const { Credentials } = await running.sts(ann).send(new GetSessionTokenCommand({}));
    const keys = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    await put(keys);
    const { GetUserCommand } = await import('@aws-sdk/client-iam');
    expect(await refusal(running.iam(keys).send(new GetUserCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
    });
    expect(await refusal(running.sts(deployment).send(new GetSessionTokenCommand({})))).toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('GetAccessKeyInfo tells the account of a key', async () => {
    const { admin } = running.sandbox;
    const ask = (AccessKeyId: string) => running.sts(admin).send(new GetAccessKeyInfoCommand({ AccessKeyId }));
    expect((await ask(deployment.accessKeyId)).Account).toBe('111122223333');
    expect((await ask(admin.accessKeyId)).Account).toBe(ACCOUNT);
  });
});

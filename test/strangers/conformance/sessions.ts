import { DeleteRoleCommand, DeleteRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  ExpiredTokenException,
  GetCallerIdentityCommand,
  MalformedPolicyDocumentException,
  STSServiceException,
} from '@aws-sdk/client-sts';
import { type Behaviour, decision, refusal, verdict } from './behaviour';
import { iamGuide, stsApi } from './docs';
import { told } from './wire';
import { allow, deny, type Keys, policy, type Statement, trusting, type World } from './world';

const ASSUME = stsApi('API_AssumeRole');
const IDENTITY = stsApi('API_GetCallerIdentity');
const SESSION_POLICIES = iamGuide('access_policies');
const EXTERNAL_ID = iamGuide('id_roles_common-scenarios_third-party');
const CHAINING = iamGuide('id_roles');
const TRUST = iamGuide('reference_policies_elements_principal');
const ERRORS = stsApi('CommonErrors');

/** Whether the caller may assume a role with this trust. */
function trust(
  id: string,
  document: (world: World) => string,
  expected: string,
  {
    more = {},
    docs = TRUST,
    as = backend => backend.caller.keys,
  }: {
    more?: Partial<AssumeRoleCommandInput>;
    docs?: string;
    as?(backend: World['backend']): Keys;
  } = {},
): Behaviour {
  return {
    id: `trust: ${id}`,
    docs,
    async run(world) {
      const { arn } = await world.role(document(world));
      return decision(world.assume(arn, more, as(world.backend)));
    },
    expected,
  };
}

/** What a session may do with a log of its bucket, with these statements of its role and this session policy. */
function session(
  id: string,
  { role, session }: { role(arn: string): readonly Statement[]; session?(arn: string): readonly Statement[] },
  expected: readonly string[],
): Behaviour {
  return {
    id: `session policies: ${id}`,
    docs: SESSION_POLICIES,
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const arn = `arn:aws:s3:::${Bucket}`;
      const made = await world.role();
      await world.putRolePolicy(made.name, policy(...role(arn)));
      const keys = await world.assume(made.arn, session && { Policy: policy(...session(arn)) });
      return getPutList(world, keys, Bucket);
    },
    expected,
  };
}

async function getPutList(world: World, keys: Keys, Bucket: string): Promise<string[]> {
  const client = world.s3(keys);
  return [
    await verdict(client.send(new GetObjectCommand({ Bucket, Key: 'logs/a' }))),
    await verdict(client.send(new PutObjectCommand({ Bucket, Key: 'logs/a', Body: 'y' }))),
    await verdict(client.send(new ListObjectsV2Command({ Bucket }))),
  ];
}

/** What AssumeRole says to one parameter that is wrong. */
function badParameter(id: string, more: Partial<AssumeRoleCommandInput>, expected: string, docs = ASSUME): Behaviour {
  return {
    id: `sts: ${id}`,
    docs,
    async run(world) {
      const { arn } = await world.role();
      return refusal(world.assume(arn, more));
    },
    expected,
  };
}

const objects = (arn: string) => `${arn}/*`;
const OK = 'allowed';
const DENIED = '403 AccessDenied';
/** Where the decision counts and not its words. */
const NO = 'denied';
const trustedIf = (Condition: object) => (world: World) => trusting(world.backend.caller.arn, { Condition });
const ISSUER = 'oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF';

/** STS: who somebody is, whom a role trusts, and what its sessions may do. */
export const SESSIONS: readonly Behaviour[] = [
  {
    id: 'sts: GetCallerIdentity of a user',
    docs: IDENTITY,
    async run(world) {
      const { Arn, Account, UserId } = await world.sts().send(new GetCallerIdentityCommand({}));
      return {
        isSame: Arn === world.backend.caller.arn,
        Account: Account === world.backend.account,
        hasId: Boolean(UserId),
      };
    },
    expected: { isSame: true, Account: true, hasId: true },
  },
  {
    id: 'sts: GetCallerIdentity of a role’s session',
    docs: IDENTITY,
    async run(world) {
      const { name, arn } = await world.role();
      const keys = await world.assume(arn, { RoleSessionName: 'worker-1' });
      const { Arn, UserId } = await world.sts(keys).send(new GetCallerIdentityCommand({}));
      const wanted = `arn:aws:sts::${world.backend.account}:assumed-role/${name}/worker-1`;
      return { isSame: Arn === wanted, hasSessionName: /^AROA\w+:worker-1$/.test(UserId ?? '') };
    },
    expected: { isSame: true, hasSessionName: true },
  },
  {
    id: 'sts: GetCallerIdentity can’t be denied',
    docs: IDENTITY,
    async run(world) {
      const { keys } = await world.principal(deny('*'));
      return verdict(world.sts(keys).send(new GetCallerIdentityCommand({})));
    },
    expected: OK,
  },
  {
    id: 'sts: AssumeRole gives keys, their end and who they are',
    docs: ASSUME,
    async run(world) {
      const { name, arn } = await world.role();
      const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'worker-1', DurationSeconds: 900 });
      const { Credentials, AssumedRoleUser } = await world.sts().send(command);
      const seconds = (Credentials!.Expiration!.getTime() - Date.now()) / 1000;
      return {
        keys: Boolean(Credentials!.SecretAccessKey && Credentials!.SessionToken),
        arn: AssumedRoleUser?.Arn === `arn:aws:sts::${world.backend.account}:assumed-role/${name}/worker-1`,
        id: AssumedRoleUser?.AssumedRoleId?.endsWith(':worker-1'),
        lasts: seconds > 840 && seconds <= 901,
      };
    },
    expected: { keys: true, arn: true, id: true, lasts: true },
  },
  {
    id: 'sts: a session’s access key says that it is one',
    docs: iamGuide('reference_identifiers'),
    async run(world) {
      const { arn } = await world.role();
      return (await world.assume(arn)).accessKeyId.startsWith('ASIA');
    },
    expected: true,
  },
  badParameter('a session name with blanks', { RoleSessionName: 'no blanks' }, '400 ValidationError'),
  badParameter('a session name of one letter', { RoleSessionName: 'a' }, '400 ValidationError'),
  badParameter('a session of under 15 minutes', { DurationSeconds: 899 }, '400 ValidationError'),
  badParameter('a session longer than its role allows', { DurationSeconds: 3601 }, '400 ValidationError'),
  badParameter('a session policy that is no JSON', { Policy: '{' }, '400 MalformedPolicyDocumentException'),
  badParameter('an ExternalId of one letter', { ExternalId: 'x' }, '400 ValidationError'),
  {
    id: 'sts: a session as long as its role allows',
    docs: iamGuide('id_roles_manage_sessions'),
    async run(world) {
      const { arn } = await world.role(undefined, { MaxSessionDuration: 7200 });
      return [
        await verdict(world.assume(arn, { DurationSeconds: 7200 })),
        await verdict(world.assume(arn, { DurationSeconds: 7201 })),
      ];
    },
    expected: [OK, '400 ValidationError'],
  },
  {
    id: 'sts: a role ARN that is none',
    docs: ASSUME,
    run: world => refusal(world.assume('arn:aws:iam::123456789012:user/not-a-role')),
    expected: '400 ValidationError',
  },
  {
    id: 'sts: a role that isn’t there is AccessDenied',
    docs: iamGuide('troubleshoot_roles'),
    run: world => refusal(world.assume(`arn:aws:iam::${world.backend.account}:role/${world.name()}`)),
    expected: DENIED,
  },
  {
    id: 'sts: a role that trusts somebody else is AccessDenied',
    docs: ASSUME,
    async run(world) {
      const { arn } = await world.role(trusting(world.backend.other.arn));
      return refusal(world.assume(arn));
    },
    expected: DENIED,
  },
  {
    id: 'sts: a malformed session policy is the exception MalformedPolicyDocumentException',
    docs: ASSUME,
    async run(world) {
      const { arn } = await world.role();
      try {
        await world.assume(arn, { Policy: policy({ Effect: 'Allow', Action: 's3:GetObject' }) });
      } catch (error) {
        return error instanceof MalformedPolicyDocumentException;
      }
      return 'not refused';
    },
    expected: true,
  },
  {
    id: 'sts: a wrong secret',
    docs: ERRORS,
    run: world =>
      refusal(
        world.sts({ ...world.backend.caller.keys, secretAccessKey: 'wrong' }).send(new GetCallerIdentityCommand({})),
      ),
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'sts: an unknown access key',
    docs: ERRORS,
    run: world =>
      refusal(
        world.sts({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }).send(new GetCallerIdentityCommand({})),
      ),
    expected: '403 InvalidClientTokenId',
  },
  {
    id: 'sts: a clock that is 16 minutes behind',
    docs: ERRORS,
    async run(world) {
      const body = 'Action=GetCallerIdentity&Version=2011-06-15';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const date = new Date(Date.now() - 16 * 60_000);
      return told(await world.wire.signed('POST', '/', { service: 'sts', body, headers, date }));
    },
    expected: '403 SignatureDoesNotMatch',
  },
  {
    id: 'sts: an unsigned request',
    docs: ERRORS,
    async run(world) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return told(await world.wire.send('POST', '/', headers, 'Action=GetCallerIdentity&Version=2011-06-15'));
    },
    expected: '403 MissingAuthenticationToken',
  },
  {
    id: 'sts: an error has the shape of a query service’s',
    docs: ERRORS,
    async run(world) {
      const { arn } = await world.role(trusting(world.backend.other.arn));
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const body = new URLSearchParams({
        Action: 'AssumeRole',
        Version: '2011-06-15',
        RoleArn: arn,
        RoleSessionName: 'one',
      });
      const keys = world.backend.caller.keys;
      const answer = await world.wire.signed('POST', '/', { service: 'sts', keys, headers, body: `${body}` });
      const { text } = answer;
      const hasParts = ['<ErrorResponse', '<Type>Sender</Type>', '<RequestId>'].every(part => text.includes(part));
      return [told(answer), hasParts];
    },
    expected: [DENIED, true],
  },
  {
    id: 'sts: a session that has run out',
    docs: iamGuide('id_credentials_temp_use-resources'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const { arn } = await world.role();
      const keys = await world.backend.expiredSession!(arn);
      return refusal(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'a' })));
    },
    expected: '400 ExpiredToken',
  },
  {
    id: 'sts: with a session that has run out no role is assumed',
    docs: ERRORS,
    async run(world) {
      const { arn } = await world.role();
      const keys = await world.backend.expiredSession!(arn);
      const got = await world.assume(arn, {}, keys).catch((error: unknown) => error);
      if (!(got instanceof STSServiceException)) throw got;
      return [got.$metadata.httpStatusCode, got instanceof ExpiredTokenException || got.name];
    },
    expected: [403, 'ExpiredToken'],
  },
  trust('the user by name', world => trusting(world.backend.caller.arn), OK),
  trust('somebody else', world => trusting(world.backend.other.arn), NO),
  trust('one of several', world => trusting([world.backend.other.arn, world.backend.caller.arn]), OK),
  trust('everybody', () => trusting('*'), OK),
  trust(
    'a Deny outweighs the Allow',
    ({ backend }) =>
      policy(
        { Effect: 'Allow', Principal: { AWS: backend.caller.arn }, Action: 'sts:AssumeRole' },
        { Effect: 'Deny', Principal: { AWS: backend.caller.arn }, Action: 'sts:AssumeRole' },
      ),
    NO,
  ),
  trust(
    'another action',
    ({ backend }) =>
      policy({ Effect: 'Allow', Principal: { AWS: backend.caller.arn }, Action: 'sts:AssumeRoleWithWebIdentity' }),
    NO,
  ),
  trust(
    'a service',
    () => policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    NO,
  ),
  trust('somebody whose keys are wrong', world => trusting(world.backend.other.arn), NO, {
    as: ({ other }) => ({ ...other.keys, secretAccessKey: 'wrong' }),
  }),
  trust(
    'without an ExternalId where one is wanted',
    trustedIf({ StringEquals: { 'sts:ExternalId': 'handshake' } }),
    NO,
    {
      docs: EXTERNAL_ID,
    },
  ),
  trust('with the wrong ExternalId', trustedIf({ StringEquals: { 'sts:ExternalId': 'handshake' } }), NO, {
    docs: EXTERNAL_ID,
    more: { ExternalId: 'wrong' },
  }),
  trust('with the right ExternalId', trustedIf({ StringEquals: { 'sts:ExternalId': 'handshake' } }), OK, {
    docs: EXTERNAL_ID,
    more: { ExternalId: 'handshake' },
  }),
  trust('with an ExternalId that nobody asked for', world => trusting(world.backend.caller.arn), OK, {
    docs: EXTERNAL_ID,
    more: { ExternalId: 'handshake' },
  }),
  {
    id: 'trust: taken away, no new session begins, and the old one goes on',
    docs: iamGuide('id_roles_use_revoke-sessions'),
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const { name, arn } = await world.role();
      await world.putRolePolicy(name, policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`)));
      const keys = await world.assume(arn);
      const PolicyDocument = trusting(world.backend.other.arn);
      await world.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }));
      const old = await verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'logs/a' })));
      return [await decision(world.assume(arn)), old];
    },
    expected: [NO, OK],
  },
  {
    id: 'chaining: a role that another role’s session may assume',
    docs: CHAINING,
    async run(world) {
      const first = await world.role();
      const second = await world.role(trusting(first.arn));
      await world.putRolePolicy(first.name, policy(allow('sts:AssumeRole', second.arn)));
      return decision(world.assume(second.arn, {}, await world.assume(first.arn)));
    },
    expected: OK,
  },
  {
    id: 'chaining: the session’s keys don’t do what the first role may',
    docs: CHAINING,
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const first = await world.role();
      const second = await world.role(trusting(first.arn));
      const read = allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`);
      await world.putRolePolicy(first.name, policy(read, allow('sts:AssumeRole', second.arn)));
      const one = await world.assume(first.arn);
      const two = await world.assume(second.arn, {}, one);
      return [(await getPutList(world, one, Bucket))[0], (await getPutList(world, two, Bucket))[0]];
    },
    expected: [OK, DENIED],
  },
  {
    id: 'chaining: one hour at most',
    docs: CHAINING,
    async run(world) {
      const first = await world.role();
      const second = await world.role(trusting(first.arn), { MaxSessionDuration: 7200 });
      await world.putRolePolicy(first.name, policy(allow('sts:AssumeRole', second.arn)));
      return refusal(world.assume(second.arn, { DurationSeconds: 7200 }, await world.assume(first.arn)));
    },
    expected: '400 ValidationError',
  },
  {
    id: 'chaining: a role that trusts another session’s role only',
    docs: CHAINING,
    async run(world) {
      const first = await world.role();
      const other = await world.role();
      const second = await world.role(trusting(other.arn));
      await world.putRolePolicy(first.name, policy(allow('sts:AssumeRole', second.arn)));
      return decision(world.assume(second.arn, {}, await world.assume(first.arn)));
    },
    expected: NO,
  },
  session('none: what the role may', { role: arn => [allow('s3:GetObject', objects(arn))] }, [OK, DENIED, DENIED]),
  session(
    'narrows what the role may',
    {
      role: arn => [allow('s3:*', [arn, objects(arn)])],
      session: arn => [allow(['s3:GetObject', 's3:ListBucket'], [arn, objects(arn)])],
    },
    [OK, DENIED, OK],
  ),
  session(
    'gives nothing that the role may not',
    {
      role: arn => [allow('s3:GetObject', objects(arn))],
      session: arn => [allow('s3:*', [arn, objects(arn)])],
    },
    [OK, DENIED, DENIED],
  ),
  session(
    'a Deny in it counts',
    {
      role: arn => [allow('s3:*', [arn, objects(arn)])],
      session: arn => [allow('s3:*', '*'), deny('s3:PutObject', objects(arn))],
    },
    [OK, DENIED, OK],
  ),
  {
    id: 'sessions: a change of the role’s policy counts at once for sessions that run',
    docs: iamGuide('id_roles_manage_modify'),
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const { name, arn } = await world.role();
      const keys = await world.assume(arn);
      const read = () => verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'logs/a' })));
      const before = await read();
      await world.putRolePolicy(name, policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`)));
      const during = await read();
      await world.iam().send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: 'own' }));
      return [before, during, await read()];
    },
    expected: [DENIED, OK, DENIED],
  },
  {
    id: 'sessions: of a role that was deleted may do nothing',
    docs: iamGuide('id_roles_manage_delete'),
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const { name, arn } = await world.role();
      const keys = await world.assume(arn);
      await world.iam().send(new DeleteRoleCommand({ RoleName: name }));
      const got = await verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'logs/a' })));
      return got.startsWith('403') ? 'refused' : got;
    },
    expected: 'refused',
  },
  {
    id: 'sessions: aws:userid in a policy is the role’s id and the session’s name',
    docs: iamGuide('reference_policies_variables'),
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const { name, arn } = await world.role();
      const Condition = { StringLike: { 'aws:userid': '*:worker-1' } };
      await world.putRolePolicy(name, policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`, { Condition })));
      const read = async (RoleSessionName: string) => {
        const keys = await world.assume(arn, { RoleSessionName });
        return verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'logs/a' })));
      };
      return [await read('worker-1'), await read('worker-2')];
    },
    expected: [OK, DENIED],
  },
  {
    id: 'sessions: tags become aws:PrincipalTag',
    docs: iamGuide('id_session-tags'),
    async run(world) {
      const Bucket = await world.bucketWith({ 'logs/a': 'x' });
      const { name, arn } = await world.role(
        trusting(world.backend.caller.arn, { Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      );
      const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'data' } };
      await world.putRolePolicy(name, policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`, { Condition })));
      const read = async (Value: string) => {
        const keys = await world.assume(arn, { Tags: [{ Key: 'team', Value }] });
        return verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'logs/a' })));
      };
      return [await read('data'), await read('other')];
    },
    expected: [OK, DENIED],
  },
  {
    id: 'sts: a web identity that the role trusts',
    docs: stsApi('API_AssumeRoleWithWebIdentity'),
    async run(world) {
      return assumeWithWebIdentity(world, 'system:serviceaccount:ns:worker');
    },
    expected: OK,
  },
  {
    id: 'sts: a web identity that the role doesn’t trust',
    docs: stsApi('API_AssumeRoleWithWebIdentity'),
    async run(world) {
      return assumeWithWebIdentity(world, 'system:serviceaccount:ns:somebody-else');
    },
    expected: NO,
  },
];

async function assumeWithWebIdentity(world: World, subject: string): Promise<string> {
  const provider = await world.oidcProvider(ISSUER);
  const { arn } = await world.role(
    policy({
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:ns:worker' } },
    }),
  );
  const WebIdentityToken = world.backend.createToken?.(`https://${ISSUER}`, subject) ?? UNSIGNED_TOKEN;
  const command = new AssumeRoleWithWebIdentityCommand({ RoleArn: arn, RoleSessionName: 'worker-1', WebIdentityToken });
  return decision(world.sts().send(command));
}

/** The shape of a token, for systems whose issuer's keys we can't give them. */
const UNSIGNED_TOKEN = [
  '{"alg":"RS256"}',
  `{"iss":"https://${ISSUER}","sub":"x","aud":"sts.amazonaws.com","exp":4102444800}`,
  'x',
]
  .map(part => Buffer.from(part).toString('base64url'))
  .join('.');

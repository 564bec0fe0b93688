import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteConflictException,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMServiceException,
  LimitExceededException,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  PutRolePermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Behaviour, decision, refusal, verdict } from './behaviour';
import { iamApi, iamGuide } from './docs';
import { allow, deny, policy, trusting, type World } from './world';

/** Whether the SDK made its own class of IAM's error, and its status. */
async function thrown(call: Promise<unknown>, kind: abstract new (...args: never[]) => Error): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof IAMServiceException)) throw error;
    return { isNamed: error instanceof kind, status: error.$metadata.httpStatusCode };
  }
  return 'not refused';
}

const named = (status: number) => ({ isNamed: true, status });

/** What a trust policy that is wrong is refused with. */
function badTrust(id: string, document: (world: World) => string): Behaviour {
  return {
    id: `iam: a trust policy ${id}`,
    docs: iamApi('API_CreateRole'),
    run: world => refusal(world.role(document(world))),
    expected: '400 MalformedPolicyDocumentException',
  };
}

const getObject = (world: World, keys: Parameters<World['s3']>[0], Bucket: string) =>
  verdict(world.s3(keys).send(new GetObjectCommand({ Bucket, Key: 'a' })));

async function simulate(world: World, PolicySourceArn: string, bucket: string) {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn,
    ActionNames: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    ResourceArns: [`arn:aws:s3:::${bucket}/a`],
  });
  const { EvaluationResults } = await world.iam().send(command);
  return EvaluationResults?.map(one => [one.EvalActionName, one.EvalDecision, one.MatchedStatements?.length ?? 0]);
}

/** IAM: roles, users, their keys and policies. */
export const IAM: readonly Behaviour[] = [
  {
    id: 'iam: a role is told with id, ARN, path, trust and duration',
    docs: iamApi('API_GetRole'),
    async run(world) {
      const trust = trusting(world.backend.caller.arn);
      const { name } = await world.role(trust, { Path: '/data/', Description: 'for logs', MaxSessionDuration: 7200 });
      const { Role } = await world.iam().send(new GetRoleCommand({ RoleName: name }));
      return {
        arn: Role!.Arn === `arn:aws:iam::${world.backend.account}:role/data/${name}`,
        id: /^AROA[A-Z0-9]{10,}$/.test(Role!.RoleId!),
        path: Role!.Path,
        trust: JSON.stringify(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!))) === trust,
        description: Role!.Description,
        duration: Role!.MaxSessionDuration,
      };
    },
    expected: { arn: true, id: true, path: '/data/', trust: true, description: 'for logs', duration: 7200 },
  },
  {
    id: 'iam: a missing role is the exception NoSuchEntityException',
    docs: iamApi('API_GetRole'),
    run: world => thrown(world.iam().send(new GetRoleCommand({ RoleName: world.name() })), NoSuchEntityException),
    expected: named(404),
  },
  {
    id: 'iam: a second role of the same name is the exception EntityAlreadyExistsException',
    docs: iamApi('API_CreateRole'),
    async run(world) {
      const { name } = await world.role();
      const input = { RoleName: name, AssumeRolePolicyDocument: trusting(world.backend.caller.arn) };
      return thrown(world.iam().send(new CreateRoleCommand(input)), EntityAlreadyExistsException);
    },
    expected: named(409),
  },
  {
    id: 'iam: a role with policies isn’t deleted: DeleteConflictException',
    docs: iamApi('API_DeleteRole'),
    async run(world) {
      const { name } = await world.role();
      await world.putRolePolicy(name, policy(allow('s3:GetObject')));
      return thrown(world.iam().send(new DeleteRoleCommand({ RoleName: name })), DeleteConflictException);
    },
    expected: named(409),
  },
  {
    id: 'iam: a malformed policy is the exception MalformedPolicyDocumentException',
    docs: iamApi('API_PutRolePolicy'),
    async run(world) {
      const { name } = await world.role();
      return thrown(world.putRolePolicy(name, '{"Version": "2012-10-17",}'), MalformedPolicyDocumentException);
    },
    expected: named(400),
  },
  badTrust('that is no JSON', () => '{'),
  badTrust('with a resource', world =>
    trusting(world.backend.caller.arn, { Resource: 'arn:aws:iam::123456789012:role/x' }),
  ),
  badTrust('without a principal', () => policy({ Effect: 'Allow', Action: 'sts:AssumeRole' })),
  badTrust('that names a user who isn’t there', world =>
    trusting(`arn:aws:iam::${world.backend.account}:user/nobody-of-this-name`),
  ),
  badTrust('that names a role which isn’t there', world =>
    trusting(`arn:aws:iam::${world.backend.account}:role/nobody-of-this-name`),
  ),
  badTrust('with an action of S3', world => trusting(world.backend.caller.arn, { Action: 's3:GetObject' })),
  badTrust('with another version', world => trusting(world.backend.caller.arn).replace('2012-10-17', '2026-01-01')),
  {
    id: 'iam: a trust policy is replaced as a whole',
    docs: iamApi('API_UpdateAssumeRolePolicy'),
    async run(world) {
      const { name, arn } = await world.role(trusting(world.backend.other.arn));
      const before = await decision(world.assume(arn));
      const PolicyDocument = trusting(world.backend.caller.arn);
      await world.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }));
      return [before, await decision(world.assume(arn))];
    },
    expected: ['denied', 'allowed'],
  },
  {
    id: 'iam: a role’s inline policies are put, listed, read and deleted',
    docs: iamApi('API_PutRolePolicy'),
    async run(world) {
      const { name: RoleName } = await world.role();
      const text = policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'));
      await world.putRolePolicy(RoleName, text);
      const { PolicyNames } = await world.iam().send(new ListRolePoliciesCommand({ RoleName }));
      const found = await world.iam().send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' }));
      await world.iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
      const gone = world.iam().send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' }));
      const document = JSON.stringify(JSON.parse(decodeURIComponent(found.PolicyDocument!)));
      return { PolicyNames, isSame: document === text, gone: await refusal(gone) };
    },
    expected: { PolicyNames: ['own'], isSame: true, gone: '404 NoSuchEntityException' },
  },
  {
    id: 'iam: the document of a policy is told percent-encoded',
    docs: iamApi('API_GetRolePolicy'),
    async run(world) {
      const { name: RoleName } = await world.role();
      await world.putRolePolicy(RoleName, policy(allow('s3:GetObject')));
      const found = await world.iam().send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' }));
      return found.PolicyDocument!.startsWith('%7B%22Version%22%3A');
    },
    expected: true,
  },
  {
    id: 'iam: roles are listed by path, in pages',
    docs: iamApi('API_ListRoles'),
    async run(world) {
      const Path = `/${world.name('p')}/`;
      const names = [];
      for (let count = 0; count < 3; count++) names.push((await world.role(undefined, { Path })).name);
      const first = await world.iam().send(new ListRolesCommand({ PathPrefix: Path, MaxItems: 2 }));
      const rest = await world.iam().send(new ListRolesCommand({ PathPrefix: Path, Marker: first.Marker }));
      const found = [...first.Roles!, ...rest.Roles!].map(({ RoleName }) => RoleName!);
      return { isCut: first.IsTruncated, isSame: found.sort().join() === names.sort().join() };
    },
    expected: { isCut: true, isSame: true },
  },
  {
    id: 'iam: a role’s tags',
    docs: iamApi('API_TagRole'),
    async run(world) {
      const { name: RoleName } = await world.role();
      await world.iam().send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'data' }] }));
      return (await world.iam().send(new ListRoleTagsCommand({ RoleName }))).Tags;
    },
    expected: [{ Key: 'team', Value: 'data' }],
  },
  {
    id: 'iam: who may not manage roles is denied',
    docs: iamGuide('access_policies-cross-account-resource-access'),
    async run(world) {
      const { keys } = await world.principal(allow('s3:*'));
      const input = { RoleName: world.name(), AssumeRolePolicyDocument: trusting(world.backend.caller.arn) };
      return refusal(world.iam(keys).send(new CreateRoleCommand(input)));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'iam: a user with an inline policy and an access key',
    docs: iamApi('API_CreateUser'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const UserName = world.name('user');
      const { User } = await world.iam().send(new CreateUserCommand({ UserName }));
      const PolicyDocument = policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`));
      await world.iam().send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
      const { AccessKey } = await world.iam().send(new CreateAccessKeyCommand({ UserName }));
      const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
      const before = await getObject(world, keys, Bucket);
      const more = { UserName, AccessKeyId: keys.accessKeyId, Status: 'Inactive' } as const;
      await world.iam().send(new UpdateAccessKeyCommand(more));
      return [
        /^AIDA/.test(User!.UserId!),
        /^AKIA/.test(keys.accessKeyId),
        before,
        await getObject(world, keys, Bucket),
      ];
    },
    expected: [true, true, 'allowed', '403 InvalidAccessKeyId'],
  },
  {
    id: 'iam: a user has two access keys at most: LimitExceededException',
    docs: iamGuide('reference_iam-quotas'),
    async run(world) {
      const UserName = world.name('user');
      await world.iam().send(new CreateUserCommand({ UserName }));
      for (let count = 0; count < 2; count++) await world.iam().send(new CreateAccessKeyCommand({ UserName }));
      return thrown(world.iam().send(new CreateAccessKeyCommand({ UserName })), LimitExceededException);
    },
    expected: named(409),
  },
  {
    id: 'iam: a missing user is the exception NoSuchEntityException',
    docs: iamApi('API_GetUser'),
    run: world => thrown(world.iam().send(new GetUserCommand({ UserName: world.name() })), NoSuchEntityException),
    expected: named(404),
  },
  {
    id: 'iam: a managed policy, attached, counts, and detached it doesn’t',
    docs: iamApi('API_AttachRolePolicy'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const PolicyDocument = policy(allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`));
      const { Policy } = await world
        .iam()
        .send(new CreatePolicyCommand({ PolicyName: world.name('p'), PolicyDocument }));
      const { name: RoleName, arn } = await world.role();
      const both = { RoleName, PolicyArn: Policy!.Arn! };
      await world.iam().send(new AttachRolePolicyCommand(both));
      const { AttachedPolicies } = await world.iam().send(new ListAttachedRolePoliciesCommand({ RoleName }));
      const keys = await world.assume(arn);
      const attached = await getObject(world, keys, Bucket);
      await world.iam().send(new DetachRolePolicyCommand(both));
      return [AttachedPolicies?.length, attached, await getObject(world, keys, Bucket)];
    },
    expected: [1, 'allowed', '403 AccessDenied'],
  },
  {
    id: 'iam: the default version of a managed policy is what counts',
    docs: iamGuide('access_policies_managed-versioning'),
    async run(world) {
      const PolicyDocument = policy(allow('s3:GetObject'));
      const { Policy } = await world
        .iam()
        .send(new CreatePolicyCommand({ PolicyName: world.name('p'), PolicyDocument }));
      const next = { PolicyArn: Policy!.Arn!, PolicyDocument: policy(allow('s3:PutObject')), SetAsDefault: true };
      const { PolicyVersion } = await world.iam().send(new CreatePolicyVersionCommand(next));
      const VersionId = PolicyVersion!.VersionId!;
      const found = await world.iam().send(new GetPolicyVersionCommand({ PolicyArn: Policy!.Arn!, VersionId }));
      return [VersionId, decodeURIComponent(found.PolicyVersion!.Document!).includes('s3:PutObject')];
    },
    expected: ['v2', true],
  },
  {
    id: 'iam: a boundary limits what the role’s policy allows',
    docs: iamGuide('access_policies_boundaries'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      const PolicyDocument = policy(allow('s3:GetObject'));
      const { Policy } = await world
        .iam()
        .send(new CreatePolicyCommand({ PolicyName: world.name('p'), PolicyDocument }));
      const { name: RoleName, arn } = await world.role();
      await world.putRolePolicy(RoleName, policy(allow('s3:*', `arn:aws:s3:::${Bucket}/*`)));
      const boundary = { RoleName, PermissionsBoundary: Policy!.Arn! };
      await world.iam().send(new PutRolePermissionsBoundaryCommand(boundary));
      const keys = await world.assume(arn);
      const put = verdict(world.s3(keys).send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'y' })));
      return [await getObject(world, keys, Bucket), await put];
    },
    expected: ['allowed', '403 AccessDenied'],
  },
  {
    id: 'iam: SimulatePrincipalPolicy: allowed, denied, not mentioned',
    docs: iamApi('API_SimulatePrincipalPolicy'),
    async run(world) {
      const bucket = world.name();
      const { name, arn } = await world.role();
      const object = `arn:aws:s3:::${bucket}/*`;
      await world.putRolePolicy(
        name,
        policy(allow(['s3:GetObject', 's3:PutObject'], object), deny('s3:PutObject', object)),
      );
      return simulate(world, arn, bucket);
    },
    expected: [
      ['s3:GetObject', 'allowed', 1],
      ['s3:PutObject', 'explicitDeny', 1],
      ['s3:DeleteObject', 'implicitDeny', 0],
    ],
  },
];

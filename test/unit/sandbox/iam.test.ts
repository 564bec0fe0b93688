import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  GetGroupCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, allow, DEPLOYMENT_ROLE, deny, policy, Running, refusal, trusting } from './running';

const BUCKET = 'airflow-logs';
const RoleName = 'writer';
const UserName = 'ann';
const TRUST = trusting(DEPLOYMENT_ROLE);
const arnOf = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;

let running: Running;
let iam: IAMClient;
/** Any command of IAM. */
type IamCommand = Parameters<IAMClient['send']>[0];
const send = <T>(command: T) => iam.send(command as unknown as IamCommand);

beforeEach(async () => {
  running = await Running.start();
  iam = running.iam();
});
afterEach(() => running.stop());

const createRole = (name = RoleName) =>
  iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST }));
const createPolicy = async (PolicyName: string, ...statements: readonly object[]) => {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy(...statements) }));
  return Policy!.Arn!;
};

describe('roles', () => {
  it('come back as they were made', async () => {
    const { Role: made } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        Path: '/logs/',
        AssumeRolePolicyDocument: TRUST,
        Description: 'writes <logs> & more',
        MaxSessionDuration: 7200,
        Tags: [{ Key: 'team', Value: 'data' }],
      }),
    );
    expect(made).toMatchObject({
      Arn: arnOf('role/logs/writer'),
      Path: '/logs/',
      RoleName,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Description: 'writes <logs> & more',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'team', Value: 'data' }],
    });
    expect(Math.abs(made!.CreateDate!.getTime() - Date.now())).toBeLessThan(60_000);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toEqual(made);
    expect(Role!.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22%3A%222012-10-17%22%2C/);
    expect(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!))).toEqual(JSON.parse(TRUST));
  });

  it('change, carry tags, and go', async () => {
    await createRole();
    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'new', MaxSessionDuration: 3601 }));
    await iam.send(new TagRoleCommand({ RoleName, Tags: ['a', 'b'].map(Key => ({ Key, Value: '1' })) }));
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'A', Value: '2' }] }));
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['B', 'none'] }));
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName }));
    expect(Tags).toEqual([{ Key: 'A', Value: '2' }]);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({ Description: 'new', MaxSessionDuration: 3601, Tags });
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName })))).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The role with name writer cannot be found.',
    });
  });

  it('are listed in pages, without tags, by path', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      const Path = name < 'd' ? '/x/' : '/y/';
      await iam.send(new CreateRoleCommand({ RoleName: name, Path, AssumeRolePolicyDocument: TRUST }));
    }
    const pages: (string | undefined)[][] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.send(new ListRolesCommand({ MaxItems: 2, Marker }));
      pages.push(page.Roles!.map(role => role.RoleName));
      expect(page.IsTruncated).toBe(page.Marker !== undefined);
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/y/' }));
    expect(Roles!.map(role => role.RoleName)).toEqual(['d', 'e']);
    expect(await refusal(iam.send(new ListRolesCommand({ Marker: 'made up' })))).toMatchObject({
      name: 'ValidationError',
    });
  });

  it.each([
    ['somebody who does not exist', trusting(arnOf('role/none')), `"AWS":"${arnOf('role/none')}"`],
    ['somebody of an account nobody knows', trusting('arn:aws:iam::999999999999:user/x'), '"AWS":"arn:aws:iam::9'],
    ['a role under another path', trusting('arn:aws:iam::111122223333:role/x/astro-deployment-role'), '"AWS":"arn:'],
    ['another partition', trusting(DEPLOYMENT_ROLE.replace('aws', 'aws-cn')), '"AWS":"arn:aws-cn'],
    ['a session of no role', trusting(`arn:aws:sts::${ACCOUNT}:assumed-role/none/x`), '"AWS":"arn:aws:sts'],
    ['an id of nobody', trusting('AROAAAAAAAAAAAAAAAAAA'), '"AWS":"AROA'],
    ['nine digits', trusting('123456789'), '"AWS":"123456789"'],
    ['one of several', trusting([DEPLOYMENT_ROLE, arnOf('user/none')]), 'user/none"'],
  ])('refuse a trust that names %s', async (_what, document, text) => {
    const refused = {
      name: 'MalformedPolicyDocumentException',
      status: 400,
      message: expect.stringMatching(/^Invalid principal in policy: "AWS":".*"$/),
    };
    const create = iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document }));
    const error = await refusal(create);
    expect(error).toEqual(refused);
    expect(error.message).toContain(text);
    await createRole();
    const update = iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: document }));
    expect(await refusal(update)).toEqual(refused);
  });

  it.each([
    ['{"Version":"2012-10-17",}', 'Syntax errors in policy.'],
    [TRUST.replace('"2012-10-17"', '"2024-01-01"'), 'The policy must contain a valid version string.'],
    [TRUST.replace('sts:AssumeRole', 's3:GetObject'), 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [policy({ ...JSON.parse(TRUST).Statement[0], Resource: '*' }), 'Has prohibited field Resource'],
    [policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
  ])('refuse the trust %s', async (AssumeRolePolicyDocument, message) => {
    expect(await refusal(iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })))).toEqual({
      name: 'MalformedPolicyDocumentException',
      status: 400,
      message,
    });
  });

  it.each([
    [{ RoleName: 'a b' }, /^The specified value for roleName is invalid\. It must contain only alphanumeric/],
    [{ RoleName: 'a'.repeat(65) }, /at 'roleName' failed.*length less than or equal to 64/],
    [{ Path: 'logs' }, /^The specified value for path is invalid/],
    [{ MaxSessionDuration: 60 }, /at 'maxSessionDuration' failed.*greater than or equal to 3600/],
    [{ Tags: Array.from({ length: 51 }, (_none, i) => ({ Key: `k${i}`, Value: '' })) }, /at 'tags' failed/],
  ])('refuse %j', async (input, message) => {
    const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...input });
    expect(await refusal(iam.send(command))).toEqual({
      name: 'ValidationError',
      status: 400,
      message: expect.stringMatching(message),
    });
  });
});

describe('users and access keys', () => {
  it('let a test be anybody: a user acts on S3, as its policies say at that moment', async () => {
    await running.sandbox.s3.createBucket({ name: BUCKET, region: 'us-east-1', ownerAccount: ACCOUNT });
    const keys = await running.user(UserName, allow('s3:PutObject'));
    const s3 = running.s3(keys);
    const put = () => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'a' }));
    const get = () => s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    const change = (...statements: object[]) =>
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }));
    await put();
    expect(await refusal(get())).toMatchObject({ name: 'AccessDenied', status: 403 });
    await change(allow('s3:GetObject'));
    await get();
    expect(await refusal(put())).toMatchObject({
      message: `User: ${arnOf('user/ann')} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${BUCKET}/a" because no identity-based policy allows the s3:PutObject action`,
    });
    await change(allow('s3:*'), deny('s3:PutObject'));
    expect(await refusal(put())).toMatchObject({
      message: expect.stringContaining('explicit deny in an identity-based'),
    });

    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'own' }));
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' }));
    await put();
    const bound = await createPolicy('bound', allow('s3:GetObject'));
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: bound }));
    await get();
    expect(await refusal(put())).toMatchObject({ message: expect.stringContaining('no permissions boundary allows') });
  });

  it('know who asks', async () => {
    const keys = await running.user(UserName, allow('iam:GetUser', arnOf(`user/\${aws:username}`)));
    const own = running.iam(keys);
    const { User } = await own.send(new GetUserCommand({}));
    expect(User).toMatchObject({ UserName, Arn: arnOf('user/ann'), Path: '/' });
    expect(await refusal(own.send(new GetUserCommand({ UserName: 'sandbox-admin' })))).toEqual({
      name: 'AccessDenied',
      status: 403,
      message: `User: ${arnOf('user/ann')} is not authorized to perform: iam:GetUser on resource: user sandbox-admin because no identity-based policy allows the iam:GetUser action`,
    });
    expect(await refusal(running.iam(running.sandbox.deployment).send(new GetUserCommand({})))).toMatchObject({
      name: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
    const { Users } = await iam.send(new ListUsersCommand({}));
    expect(Users!.map(user => user.UserName)).toEqual([UserName, 'sandbox-admin']);
  });

  it('have at most two keys, that can be switched off and deleted', async () => {
    const { accessKeyId: AccessKeyId } = await running.user(UserName);
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    expect(await refusal(iam.send(new CreateAccessKeyCommand({ UserName })))).toEqual({
      name: 'LimitExceededException',
      status: 409,
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    expect(AccessKeyMetadata!.map(key => [key.UserName, key.Status])).toEqual([
      [UserName, 'Inactive'],
      [UserName, 'Active'],
    ]);
    expect(await refusal(iam.send(new DeleteUserCommand({ UserName })))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete access keys first.',
    });
    for (const key of AccessKeyMetadata!) {
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.AccessKeyId }));
    }
    await iam.send(new DeleteUserCommand({ UserName }));
  });
});

describe('policies', () => {
  it('inline: come back byte for byte, and are listed', async () => {
    await createRole();
    const PolicyDocument = `{\n  "Version": "2012-10-17",\n  "Statement": [${JSON.stringify(allow('s3:*', '*'))}]\n}\n`;
    for (const PolicyName of ['b', 'a']) {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }
    const got = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'a' }));
    expect(got).toMatchObject({ RoleName, PolicyName: 'a' });
    expect(got.PolicyDocument).not.toMatch(/[\s+]/);
    expect(decodeURIComponent(got.PolicyDocument!)).toBe(PolicyDocument);
    const first = await iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 }));
    expect(first).toMatchObject({ PolicyNames: ['a'], IsTruncated: true });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'a' }));
    const { PolicyNames, IsTruncated } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    expect({ PolicyNames, IsTruncated }).toEqual({ PolicyNames: ['b'], IsTruncated: false });
  });

  it('managed: up to five versions, of which the default counts', async () => {
    await createRole();
    const PolicyArn = await createPolicy('logs', allow('s3:GetObject'));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).toEqual([{ PolicyName: 'logs', PolicyArn }]);
    const version = (action: string, SetAsDefault = false) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(allow(action)), SetAsDefault }));
    const { PolicyVersion } = await version('s3:PutObject', true);
    expect(PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    for (const action of ['s3:a', 's3:b', 's3:c']) await version(action);
    expect(await refusal(version('s3:d'))).toMatchObject({ name: 'LimitExceededException', status: 409 });
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions!.map(one => one.VersionId)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
    expect(await refusal(send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' })))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete the default version of a policy.',
    });
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }));
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await version('s3:e');
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({ DefaultVersionId: 'v3', AttachmentCount: 1, PermissionsBoundaryUsageCount: 0 });
    const got = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v6' }));
    expect(decodeURIComponent(got.PolicyVersion!.Document!)).toBe(policy(allow('s3:e')));
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
    expect([entities.PolicyRoles!.map(role => role.RoleName), entities.PolicyUsers]).toEqual([[RoleName], []]);
  });

  it("AWS's own: attached and read, never changed", async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
    await createRole();
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const got = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    expect(decodeURIComponent(got.PolicyVersion!.Document!)).toContain('s3:Get*');
    const own = await createPolicy('own', allow('s3:*'));
    const list = async (input: object) =>
      (await iam.send(new ListPoliciesCommand(input))).Policies!.map(one => one.Arn);
    expect(await list({ OnlyAttached: true, Scope: 'AWS' })).toContain(PolicyArn);
    expect(await list({ Scope: 'Local' })).toEqual([own]);
    for (const command of [
      new DeletePolicyCommand({ PolicyArn }),
      new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'a', Value: '1' }] }),
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(allow('s3:*')), SetAsDefault: true }),
    ]) {
      expect(await refusal(send(command))).toMatchObject({ name: 'NoSuchEntityException' });
    }
  });

  it('bound a role, which then shows it', async () => {
    await createRole();
    const PermissionsBoundary = await createPolicy('bound', allow('s3:GetObject'));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role!.PermissionsBoundary!.PermissionsBoundaryArn).toBe(PermissionsBoundary);
    expect(await refusal(send(new DeletePolicyCommand({ PolicyArn: PermissionsBoundary })))).toMatchObject({
      name: 'DeleteConflictException',
    });
  });

  const big = (bytes: number) => policy(allow('s3:GetObject', `arn:aws:s3:::${'b'.repeat(bytes)}`));
  it.each([
    [
      'role',
      'Maximum policy size of 10240 bytes exceeded for role writer',
      new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: big(10_200) }),
    ],
    [
      'user',
      'Maximum policy size of 2048 bytes exceeded for user ann',
      new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: big(2040) }),
    ],
    [
      'managed',
      'Cannot exceed quota for PolicySize: 6144',
      new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: big(6130) }),
    ],
    [
      'trust',
      'Cannot exceed quota for ACLSizePerRole: 2048',
      new UpdateAssumeRolePolicyCommand({
        RoleName,
        PolicyDocument: trusting('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x'.repeat(2000) } } }),
      }),
    ],
  ])('%s: have a size, white space not counted', async (_kind, message, command) => {
    await createRole();
    await running.user(UserName);
    expect(await refusal(send(command))).toEqual({ name: 'LimitExceededException', status: 409, message });
    const spaced = policy(allow('s3:GetObject')).replace(',', `,${' '.repeat(11_000)}`);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: spaced }));
  });

  it.each([
    ['"Version": "2012-10-17", "Statement": []}', 'Syntax errors in policy.'],
    [
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["a",]}]}',
      'Syntax errors in policy.',
    ],
    [policy({ ...allow('s3:*'), Principal: '*' }), 'Policy document should not specify a principal.'],
    [policy(allow('s3:*', 'bucket')), 'Resource bucket must be in ARN format or "*".'],
    [policy({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    [policy({ Effect: 'Allow', Action: 's3:*' }), 'Policy statement must contain resources.'],
  ])('refuse %s', async (PolicyDocument, message) => {
    await createRole();
    const refused = { name: 'MalformedPolicyDocumentException', status: 400, message };
    expect(await refusal(send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument })))).toEqual(
      refused,
    );
    expect(await refusal(send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument })))).toEqual(refused);
  });
});

describe('refusals', () => {
  it('EntityAlreadyExists, whatever the case of a name', async () => {
    await createRole();
    await iam.send(new CreateUserCommand({ UserName }));
    await createPolicy('logs', allow('s3:*'));
    for (const [command, message] of [
      [
        new CreateRoleCommand({ RoleName: 'Writer', AssumeRolePolicyDocument: TRUST }),
        'Role with name Writer already exists.',
      ],
      [new CreateUserCommand({ UserName: 'ANN' }), 'User with name ANN already exists.'],
      [
        new CreatePolicyCommand({ PolicyName: 'LOGS', PolicyDocument: policy(allow('s3:*')) }),
        'A policy called LOGS already exists. Duplicate names are not allowed.',
      ],
    ] as const) {
      expect(await refusal(send(command))).toEqual({ name: 'EntityAlreadyExistsException', status: 409, message });
    }
  });

  it('DeleteConflict, until everything is taken away', async () => {
    await createRole();
    const PolicyArn = await createPolicy('logs', allow('s3:*'));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: policy(allow('s3:*')) }));
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(allow('s3:*')) }));
    const conflict = async (command: unknown, message: RegExp) =>
      expect(await refusal(send(command))).toEqual({
        name: 'DeleteConflictException',
        status: 409,
        message: expect.stringMatching(message),
      });
    await conflict(new DeletePolicyCommand({ PolicyArn }), /attached to entities/);
    await conflict(new DeleteRoleCommand({ RoleName }), /must detach all policies first/);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await conflict(new DeleteRoleCommand({ RoleName }), /must delete policies first/);
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await conflict(new DeletePolicyCommand({ PolicyArn }), /more than one version/);
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
  });

  const missing = arnOf('policy/none');
  it.each([
    ['The role with name none cannot be found.', new GetRoleCommand({ RoleName: 'none' })],
    ['The user with name none cannot be found.', new CreateAccessKeyCommand({ UserName: 'none' })],
    ['The role policy with name none cannot be found.', new GetRolePolicyCommand({ RoleName, PolicyName: 'none' })],
    ['The user policy with name none cannot be found.', new GetUserPolicyCommand({ UserName, PolicyName: 'none' })],
    [`Policy ${missing} was not found.`, new GetPolicyCommand({ PolicyArn: missing })],
    [`Policy ${missing} was not found.`, new DetachRolePolicyCommand({ RoleName, PolicyArn: missing })],
    [
      `Policy ${missing} does not exist or is not attachable.`,
      new AttachRolePolicyCommand({ RoleName, PolicyArn: missing }),
    ],
    [
      `Scope ARN: ${missing} does not exist or is not attachable.`,
      new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: missing }),
    ],
    [
      'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.',
      new DeleteAccessKeyCommand({ UserName, AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }),
    ],
  ])('NoSuchEntity: %s', async (message, command) => {
    await createRole();
    await iam.send(new CreateUserCommand({ UserName }));
    expect(await refusal(send(command))).toEqual({ name: 'NoSuchEntityException', status: 404, message });
  });

  it('AccessDenied, each call by its own action and resource', async () => {
    await createRole();
    const keys = await running.user(UserName, allow('iam:GetRole', arnOf('role/writer')));
    const own = running.iam(keys);
    await own.send(new GetRoleCommand({ RoleName }));
    const denied = (action: string, resource: string) => ({
      name: 'AccessDenied',
      status: 403,
      message: `User: ${arnOf('user/ann')} is not authorized to perform: iam:${action} on resource: ${resource} because no identity-based policy allows the iam:${action} action`,
    });
    for (const [command, action, resource] of [
      [new GetRoleCommand({ RoleName: 'none' }), 'GetRole', 'role none'],
      [new ListRolePoliciesCommand({ RoleName }), 'ListRolePolicies', 'role writer'],
      [new ListRolesCommand({}), 'ListRoles', arnOf('role/')],
      [new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument: TRUST }), 'CreateRole', arnOf('role/x')],
      [new GetPolicyCommand({ PolicyArn: missing }), 'GetPolicy', `policy ${missing}`],
      [new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: TRUST }), 'UpdateAssumeRolePolicy', 'role writer'],
    ] as const) {
      expect(await refusal(own.send(command as unknown as IamCommand))).toEqual(denied(action, resource));
    }
  });

  it('names nobody in a bucket policy who does not exist', async () => {
    const s3 = running.s3(running.sandbox.admin);
    await running.sandbox.s3.createBucket({ name: BUCKET, region: 'us-east-1', ownerAccount: ACCOUNT });
    const put = (principal: string) => {
      const statement = { ...allow('s3:GetObject', `arn:aws:s3:::${BUCKET}/*`), Principal: { AWS: principal } };
      return s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: policy(statement) }));
    };
    await put(DEPLOYMENT_ROLE);
    expect(await refusal(put(arnOf('role/none')))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
  });

  it('sees no role of another account', async () => {
    const RoleName = 'astro-deployment-role';
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName })))).toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('NotImplemented, for calls and parameters that it does not act upon', async () => {
    expect(await refusal(iam.send(new GetGroupCommand({ GroupName: 'x' })))).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
  });
});

describe('OIDC providers', () => {
  it('come, change and go', async () => {
    const Url = 'https://oidc.eks.eu-west-1.amazonaws.com/id/ABC';
    const create = () => iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['sts.amazonaws.com'] }));
    const { OpenIDConnectProviderArn } = await create();
    expect(OpenIDConnectProviderArn).toBe(arnOf('oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC'));
    expect(await refusal(create())).toMatchObject({ name: 'EntityAlreadyExistsException' });
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'other' }));
    const got = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(got).toMatchObject({ Url: Url.slice(8), ClientIDList: ['sts.amazonaws.com', 'other'] });
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
    await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(await refusal(send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })))).toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

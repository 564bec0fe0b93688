// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Terraform and of the shell look like template strings
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  buildBucketPolicy,
  buildKeyPolicyStatement,
  buildPermissionPolicy,
  buildTlsOnlyStatement,
  buildTrustPolicy,
} from '../../../src/core/iam/build';
import type { PolicyDocument } from '../../../src/core/iam/policy';
import { renderAwsCli } from '../../../src/core/iam/render-aws-cli';
import { renderCloudFormation } from '../../../src/core/iam/render-cloudformation';
import type { ExportStack } from '../../../src/core/iam/render-stack';
import { renderTerraform } from '../../../src/core/iam/render-terraform';
import { at, readCloudFormation, readTerraform } from './renderings';

const ROLE = 'arn:aws:iam::123456789012:role/team/SecondaryS3LoggerRole';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';
const KEY = 'arn:aws:kms:eu-west-1:999999999999:key/1234abcd';
const BOUNDARY = 'arn:aws:iam::123456789012:policy/limit';

const permission = { bucket: 'my-bucket', prefix: 'logs', leastPrivilege: true };
const policy = buildPermissionPolicy(permission);
const trust = buildTrustPolicy({
  deploymentRoles: [DEPLOYMENT, 'arn:aws:iam::111122223333:role/second'],
  externalId: 'a+b',
  oidc: { issuer: 'https://oidc.example.com/id/A', account: '123456789012', namespace: 'ns' },
});
const bucketPolicy = buildBucketPolicy({ ...permission, roles: [ROLE] });
const tlsOnly: PolicyDocument = { Version: '2012-10-17', Statement: [buildTlsOnlyStatement('my-bucket')] };
const stacks: Readonly<Record<string, ExportStack>> = {
  'a role that is there': { bucket: 'my-bucket', roles: [ROLE], policy },
  'two roles that are there': { bucket: 'my-bucket', roles: [ROLE, DEPLOYMENT], policy },
  'a role without a name': { bucket: 'my-bucket', roles: [], policy },
  'a role to make': { bucket: 'my-bucket', roles: [ROLE], policy, trust },
  'a role to make without a name': { bucket: 'my-bucket', roles: [], policy, trust },
  'a bucket elsewhere': {
    bucket: 'my-bucket',
    bucketAccount: '999999999999',
    roles: [ROLE],
    policy: buildPermissionPolicy({ ...permission, kmsKeyArn: KEY }),
    trust,
    bucketPolicy,
    keyStatement: buildKeyPolicyStatement([ROLE]),
  },
  'a bucket to make': {
    bucket: 'my-bucket',
    bucketSettings: { region: 'us-east-1' },
    roles: [ROLE],
    policy,
    trust,
    bucketPolicy: tlsOnly,
  },
  'all that can be asked for': {
    bucket: 'my-bucket',
    bucketSettings: { region: 'eu-west-1', kmsKeyArn: KEY, versioning: true, expireDays: 90, noncurrentDays: 3 },
    roles: [ROLE],
    policy,
    trust,
    boundaryArn: BOUNDARY,
    tags: { team: 'data\'s "best"', 'cost center': '${x} 42' },
    bucketPolicy: tlsOnly,
  },
  'all that can be asked for, in two accounts': {
    bucket: 'my-bucket',
    bucketSettings: { region: 'eu-west-1', kmsKeyArn: KEY, versioning: true, expireDays: 90, noncurrentDays: 3 },
    bucketAccount: '999999999999',
    roles: [ROLE],
    policy,
    trust,
    boundaryArn: BOUNDARY,
    tags: { team: 'data' },
    bucketPolicy,
    keyStatement: buildKeyPolicyStatement([ROLE]),
  },
};
const all = Object.entries(stacks);

/** What a shell makes of the script: `aws` only prints its arguments, one call a line. */
function callsOf(stack: ExportStack, account: string): string[][] {
  const standIn = [
    'aws() {',
    '  if [ "$2" = get-caller-identity ]; then echo "$ACCOUNT"; return; fi',
    '  if [ "$2" = get-bucket-policy ]; then echo "(NoSuchBucketPolicy)" >&2; return 254; fi',
    '  local all=("$@"); printf "%s\\x01" "${all[@]}" >&3; printf "\\x02" >&3',
    '  case "$2" in get-role | head-bucket) return 254 ;; esac',
    '}',
  ].join('\n');
  const script = `${standIn}\nexec 3>&1 >/dev/null\n${renderAwsCli(stack)}`;
  const printed = execFileSync('bash', ['-c', script, 'script', 'given-name'], {
    env: { PATH: process.env.PATH, ACCOUNT: account },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return printed
    .split('\x02')
    .filter(call => call !== '')
    .map(call => call.split('\x01').slice(0, -1));
}

const argument = (call: readonly string[], name: string) => call[call.indexOf(`--${name}`) + 1];

function policiesOfCalls(calls: readonly (readonly string[])[]): unknown[] {
  const names = ['policy-document', 'assume-role-policy-document', 'policy'];
  return calls.flatMap(call =>
    names.filter(name => call.includes(`--${name}`)).map(name => JSON.parse(argument(call, name) as string)),
  );
}

const sorted = (values: readonly unknown[]) => [...new Set(values.map(value => JSON.stringify(value)))].sort();

describe('renderings', () => {
  it.each(all)('all four say the same policies of %s', async (_name, stack) => {
    const expected = sorted([stack.policy, stack.trust, stack.bucketPolicy].filter(each => each !== undefined));
    expect(sorted(readCloudFormation(renderCloudFormation(stack)).policies)).toEqual(expected);
    expect(sorted((await readTerraform(renderTerraform(stack))).policies)).toEqual(expected);
    if (process.platform === 'win32') return;
    const calls = [...callsOf(stack, '123456789012'), ...callsOf(stack, '999999999999')];
    expect(sorted(policiesOfCalls(calls))).toEqual(expected);
  });

  it.each(all)('the script of %s is one that bash takes', (_name, stack) => {
    execFileSync('bash', ['-n'], { input: renderAwsCli(stack) });
  });

  it.each(all.filter(([, stack]) => stack.bucketSettings))('all say the same bucket of %s', async (_name, stack) => {
    const { kmsKeyArn, versioning, expireDays, noncurrentDays, region } = stack.bucketSettings!;
    const template = readCloudFormation(renderCloudFormation(stack)).resources.Bucket!.Properties;
    const { resources } = await readTerraform(renderTerraform(stack));
    const one = (kind: string) => resources[kind]?.secondary_logs?.[0];
    const calls = callsOf(stack, stack.bucketAccount ?? '123456789012');
    const call = (operation: string) => calls.find(each => each[1] === operation) ?? [];
    const json = (operation: string, name: string) => {
      const text = argument(call(operation), name);
      return call(operation).length === 0 ? undefined : JSON.parse(text as string);
    };

    const blocked = [true, true, true, true];
    expect(Object.values(template.PublicAccessBlockConfiguration as object)).toEqual(blocked);
    const { bucket: _bucket, count: _count, ...blocks } = one('aws_s3_bucket_public_access_block') ?? {};
    expect(Object.values(blocks)).toEqual(blocked);
    expect(Object.values(json('put-public-access-block', 'public-access-block-configuration'))).toEqual(blocked);

    const owner = 'BucketOwnerEnforced';
    expect(at(template, 'OwnershipControls.Rules.0.ObjectOwnership')).toBe(owner);
    expect(at(one('aws_s3_bucket_ownership_controls'), 'rule.0.object_ownership')).toBe(owner);
    expect(at(json('put-bucket-ownership-controls', 'ownership-controls'), 'Rules.0.ObjectOwnership')).toBe(owner);

    const key = [kmsKeyArn === undefined ? 'AES256' : 'aws:kms', kmsKeyArn];
    const byTemplate = at(
      template,
      'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault',
    );
    expect([at(byTemplate, 'SSEAlgorithm'), at(byTemplate, 'KMSMasterKeyID')]).toEqual(key);
    const byTerraform = at(
      one('aws_s3_bucket_server_side_encryption_configuration'),
      'rule.0.apply_server_side_encryption_by_default.0',
    );
    expect([at(byTerraform, 'sse_algorithm'), at(byTerraform, 'kms_master_key_id')]).toEqual(key);
    const byCall = at(
      json('put-bucket-encryption', 'server-side-encryption-configuration'),
      'Rules.0.ApplyServerSideEncryptionByDefault',
    );
    expect([at(byCall, 'SSEAlgorithm'), at(byCall, 'KMSMasterKeyID')]).toEqual(key);

    const status = versioning ? 'Enabled' : undefined;
    expect(at(template, 'VersioningConfiguration.Status')).toBe(status);
    expect(at(one('aws_s3_bucket_versioning'), 'versioning_configuration.0.status')).toBe(status);
    expect(at(json('put-bucket-versioning', 'versioning-configuration'), 'Status')).toBe(status);

    const days = [7, expireDays, noncurrentDays];
    const of = (rule: unknown, ...paths: readonly string[]) => paths.map(path => at(rule, path));
    const life = at(template, 'LifecycleConfiguration.Rules.0');
    expect(
      of(
        life,
        'AbortIncompleteMultipartUpload.DaysAfterInitiation',
        'ExpirationInDays',
        'NoncurrentVersionExpiration.NoncurrentDays',
      ),
    ).toEqual(days);
    expect(
      of(
        at(one('aws_s3_bucket_lifecycle_configuration'), 'rule.0'),
        'abort_incomplete_multipart_upload.0.days_after_initiation',
        'expiration.0.days',
        'noncurrent_version_expiration.0.noncurrent_days',
      ),
    ).toEqual(days);
    expect(
      of(
        at(json('put-bucket-lifecycle-configuration', 'lifecycle-configuration'), 'Rules.0'),
        'AbortIncompleteMultipartUpload.DaysAfterInitiation',
        'Expiration.Days',
        'NoncurrentVersionExpiration.NoncurrentDays',
      ),
    ).toEqual(days);

    const made = call('create-bucket');
    expect(made.includes('--create-bucket-configuration')).toBe(region !== 'us-east-1');
    expect(argument(made, 'region')).toBe(region);
  });

  it('all say the same name, path, boundary and tags', async () => {
    const stack = stacks['all that can be asked for']!;
    const template = readCloudFormation(renderCloudFormation(stack)).resources.Role!.Properties;
    expect([template.RoleName, template.Path, template.PermissionsBoundary]).toEqual([
      'SecondaryS3LoggerRole',
      '/team/',
      BOUNDARY,
    ]);
    const tags = Object.entries(stack.tags!).map(([Key, Value]) => ({ Key, Value }));
    expect(template.Tags).toEqual(tags);
    const role = (await readTerraform(renderTerraform(stack))).resources.aws_iam_role?.secondary_logs?.[0];
    expect([role?.name, role?.path, role?.permissions_boundary]).toEqual(['SecondaryS3LoggerRole', '/team/', BOUNDARY]);
    expect(Object.keys(role?.tags as object).sort()).toEqual(Object.keys(stack.tags!).sort());
    expect(renderTerraform(stack)).toContain('"cost center" = "$${x} 42"');
    const made = callsOf(stack, '123456789012').find(call => call[1] === 'create-role')!;
    expect([argument(made, 'role-name'), argument(made, 'path'), argument(made, 'permissions-boundary')]).toEqual([
      'SecondaryS3LoggerRole',
      '/team/',
      BOUNDARY,
    ]);
    expect(JSON.parse(argument(made, 'tags') as string)).toEqual(tags);
  });

  it('each role gets the policy, and a name that is not known is asked for', async () => {
    const two = stacks['two roles that are there']!;
    expect(Object.keys(readCloudFormation(renderCloudFormation(two)).resources)).toEqual(['RolePolicy', 'RolePolicy2']);
    const { resources } = await readTerraform(renderTerraform(two));
    expect(Object.keys(resources.aws_iam_role_policy ?? {})).toEqual(['secondary_logs', 'secondary_logs_2']);
    const names = (stack: ExportStack) => callsOf(stack, '123456789012').map(call => argument(call, 'role-name'));
    expect(names(two)).toEqual(['SecondaryS3LoggerRole', 'astro-deployment-role']);
    expect(names(stacks['a role without a name']!)).toEqual(['given-name']);
  });

  it('a bucket elsewhere is left to its own account', async () => {
    const stack = stacks['all that can be asked for, in two accounts']!;
    const { resources } = readCloudFormation(renderCloudFormation(stack));
    expect(Object.values(resources).map(({ Type, Condition }) => [Type, Condition])).toEqual([
      ['AWS::IAM::Role', 'InRoleAccount'],
      ['AWS::IAM::RolePolicy', 'InRoleAccount'],
      ['AWS::S3::Bucket', 'InBucketAccount'],
      ['AWS::S3::BucketPolicy', 'InBucketAccount'],
    ]);
    const terraform = await readTerraform(renderTerraform(stack));
    for (const [kind, labels] of Object.entries(terraform.resources)) {
      const count = kind.startsWith('aws_iam')
        ? '${local.in_bucket_account ? 0 : 1}'
        : '${local.in_bucket_account ? 1 : 0}';
      for (const [one] of Object.values(labels)) expect([kind, one?.count]).toEqual([kind, count]);
    }
    const services = (account: string) => new Set(callsOf(stack, account).map(([service]) => service));
    expect([services('123456789012'), services('999999999999')]).toEqual([new Set(['iam']), new Set(['s3api'])]);
  });

  it("the key's own account is told its statement, as a comment", () => {
    const stack = stacks['a bucket elsewhere']!;
    for (const text of [renderTerraform(stack), renderCloudFormation(stack), renderAwsCli(stack)]) {
      const lines = text.split('\n').filter(line => line.startsWith('# '));
      const json = lines.slice(lines.indexOf('# {'), lines.lastIndexOf('# }') + 1).map(line => line.slice(2));
      expect(JSON.parse(json.join('\n'))).toEqual(stack.keyStatement);
    }
  });

  it('markers of templates and quotes stay what they are', async () => {
    const odd: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: `a\${b}%{c}'"\\: # -` }],
    };
    const stack = { bucket: 'my-bucket', roles: [ROLE], policy: odd };
    expect(renderTerraform(stack)).toContain('$${b}%%{c}');
    expect((await readTerraform(renderTerraform(stack))).policies).toEqual([odd]);
    expect(policiesOfCalls(callsOf(stack, '123456789012'))).toEqual([odd]);
    expect(readCloudFormation(renderCloudFormation(stack)).policies).toEqual([odd]);
  });
});

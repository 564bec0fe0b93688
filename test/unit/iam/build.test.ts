import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildBucketPolicy,
  buildKeyPolicyStatement,
  buildPermissionPolicy,
  buildTlsOnlyStatement,
  buildTrustPolicy,
  formatPolicy,
} from '../../../src/core/iam/build';
import type { AuthorizationRequest } from '../../../src/core/iam/decision';
import { evaluate, evaluateTrust } from '../../../src/core/iam/evaluate';
import { parsePolicyText } from '../../../src/core/iam/parse-policy';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';
import { parsePrincipal } from '../../../src/core/iam/principals';

const ROLE = 'arn:aws:iam::123456789012:role/team/SecondaryS3LoggerRole';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';
const BUCKET = 'arn:aws:s3:::my-bucket';
const principal = parsePrincipal(ROLE);

function allows(
  policy: PolicyDocument,
  action: string,
  resource: string,
  context: AuthorizationRequest['context'] = {},
) {
  return evaluate({ action, resource, principal, context }, { identity: [policy] }).decision === 'allowed';
}

describe('the permission policy', () => {
  it("is the vendor's by default", () => {
    expect(buildPermissionPolicy({ bucket: 'my-bucket', prefix: 'logs' })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ExternalS3Policy',
          Effect: 'Allow',
          Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'],
          Resource: [BUCKET, `${BUCKET}/*`],
        },
      ],
    });
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov'])('lies in the partition %s', partition => {
    for (const leastPrivilege of [true, false]) {
      const policy = buildPermissionPolicy({ bucket: 'b-1', prefix: 'p', partition, leastPrivilege });
      expect(allows(policy, 's3:PutObject', `arn:${partition}:s3:::b-1/p/x`)).toBe(true);
      expect(allows(policy, 's3:PutObject', `arn:aws-iso:s3:::b-1/p/x`)).toBe(false);
    }
  });

  const least = buildPermissionPolicy({ bucket: 'my-bucket', prefix: '/logs/team/', leastPrivilege: true });
  it.each<[string, string, string | undefined, boolean]>([
    ['s3:PutObject', `${BUCKET}/logs/team/dag_id=a/run_id=b:c+d/attempt=1.log`, undefined, true],
    ['s3:GetObject', `${BUCKET}/logs/team/x`, undefined, true],
    ['s3:DeleteObject', `${BUCKET}/logs/team/.astro-log-export/x`, undefined, true],
    ['s3:PutObject', `${BUCKET}/logs/teams/x`, undefined, false],
    ['s3:PutObject', `${BUCKET}/logs/x`, undefined, false],
    ['s3:PutObjectAcl', `${BUCKET}/logs/team/x`, undefined, false],
    ['s3:ListBucket', BUCKET, 'logs/team/', true],
    ['s3:ListBucket', BUCKET, 'logs/team/dag_id=a/attempt=1.log', true],
    ['s3:ListBucket', BUCKET, 'logs/', false],
    ['s3:ListBucket', BUCKET, undefined, false],
    ['s3:ListBucket', 'arn:aws:s3:::other', 'logs/team/', false],
  ])('least privilege: %s on %s with the prefix %s', (action, resource, prefix, expected) => {
    expect(allows(least, action, resource, prefix === undefined ? {} : { 's3:prefix': prefix })).toBe(expected);
  });

  it('with least privilege has a statement for the folder and one for its logs', () => {
    expect(buildPermissionPolicy({ bucket: 'my-bucket', prefix: '//logs/team//', leastPrivilege: true })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ListLogFolder',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: BUCKET,
          Condition: { StringLike: { 's3:prefix': 'logs/team/*' } },
        },
        {
          Sid: 'WriteLogFolder',
          Effect: 'Allow',
          Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
          Resource: `${BUCKET}/logs/team/*`,
        },
      ],
    });
  });

  it('adds what a key needs', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/abc';
    for (const leastPrivilege of [true, false]) {
      const policy = buildPermissionPolicy({ bucket: 'b-1', prefix: 'p', leastPrivilege, kmsKeyArn });
      const key = (action: string) => allows(policy, action, kmsKeyArn);
      expect(['kms:GenerateDataKey', 'kms:Decrypt', 'kms:DeleteAlias'].map(key)).toEqual([true, true, false]);
    }
  });

  it('of the whole bucket has no condition that would need a prefix', () => {
    const policy = buildPermissionPolicy({ bucket: 'my-bucket', prefix: '', leastPrivilege: true });
    expect(allows(policy, 's3:ListBucket', BUCKET)).toBe(true);
    expect(allows(policy, 's3:PutObject', `${BUCKET}/dag_id=a`)).toBe(true);
  });

  it('is JSON that IAM takes, for whatever bucket, folder and key', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        text,
        fc.string(),
        fc.boolean(),
        fc.option(text, { nil: undefined }),
        (bucket, prefix, leastPrivilege, key) => {
          const kmsKeyArn = key === undefined ? undefined : `arn:aws:kms:r:1:key/${key}`;
          const policy = buildPermissionPolicy({ bucket, prefix, leastPrivilege, kmsKeyArn });
          expect(parsePolicyText(formatPolicy(policy))).toEqual({ document: policy, problems: [] });
        },
      ),
    );
  });
});

describe('the trust policy', () => {
  const ask = (trust: PolicyDocument, arn: string, context: AuthorizationRequest['context'] = {}) => {
    const caller = parsePrincipal(arn);
    const action = caller?.federated ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole';
    return evaluateTrust({ action, resource: '*', principal: caller, context }, trust).decision === 'allowed';
  };

  it("is the vendor's for one Deployment", () => {
    expect(buildTrustPolicy({ deploymentRoles: [DEPLOYMENT] })).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: DEPLOYMENT }, Action: 'sts:AssumeRole' }],
    });
  });

  it('lets in several Deployments and nobody else, with an external id only who sends it', () => {
    const other = 'arn:aws:iam::111122223333:role/another';
    const trust = buildTrustPolicy({ deploymentRoles: [DEPLOYMENT, other, DEPLOYMENT], externalId: 'x:1' });
    const id = { 'sts:ExternalId': 'x:1' };
    expect([ask(trust, DEPLOYMENT, id), ask(trust, other, id), ask(trust, ROLE, id), ask(trust, DEPLOYMENT)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(trust.Statement).toMatchObject([{ Principal: { AWS: [DEPLOYMENT, other] } }]);
  });

  it.each(['https://oidc.example.com/id/1', 'oidc.example.com/id/1/'])('takes service accounts of %s', issuer => {
    const trust = buildTrustPolicy({
      oidc: { issuer, account: '123456789012', namespace: 'ns-1', partition: 'aws-us-gov' },
    });
    const provider = 'arn:aws-us-gov:iam::123456789012:oidc-provider/oidc.example.com/id/1';
    const token = (account: string, aud = 'sts.amazonaws.com') => ({
      'oidc.example.com/id/1:sub': `system:serviceaccount:ns-1:ns-1-${account}`,
      'oidc.example.com/id/1:aud': aud,
    });
    for (const account of ['worker-serviceaccount', 'triggerer-serviceaccount', 'scheduler-serviceaccount', 'kpo']) {
      expect(ask(trust, provider, token(account))).toBe(true);
    }
    expect(ask(trust, provider, token('other'))).toBe(false);
    expect(ask(trust, provider, token('kpo', 'other'))).toBe(false);
    expect(ask(trust, provider)).toBe(false);
    expect(formatPolicy(trust).match(/:sub"/g)).toHaveLength(1);
  });

  it('takes tokens for either name of the Chinese STS, and for the one name elsewhere', () => {
    for (const [partition, audience, expected] of [
      ['aws', 'sts.amazonaws.com', true],
      ['aws', 'sts.amazonaws.com.cn', false],
      ['aws-us-gov', 'sts.amazonaws.com', true],
      ['aws-cn', 'sts.amazonaws.com', true],
      ['aws-cn', 'sts.amazonaws.com.cn', true],
      ['aws-cn', 'other', false],
    ] as const) {
      const oidc = { issuer: 'https://oidc.example.com', account: '123456789012', namespace: 'ns', partition };
      const provider = `arn:${partition}:iam::123456789012:oidc-provider/oidc.example.com`;
      const context = {
        'oidc.example.com:aud': audience,
        'oidc.example.com:sub': 'system:serviceaccount:ns:ns-triggerer-serviceaccount',
      };
      expect(ask(buildTrustPolicy({ oidc }), provider, context)).toBe(expected);
    }
  });

  it('is JSON that IAM takes', () => {
    const oidc = { issuer: 'https://oidc.example.com', account: '123456789012', namespace: 'ns' };
    for (const options of [
      { deploymentRoles: [DEPLOYMENT] },
      { oidc },
      { deploymentRoles: [DEPLOYMENT, ROLE], externalId: 'abc', oidc },
    ]) {
      const trust = buildTrustPolicy(options);
      expect(parsePolicyText(formatPolicy(trust), 'trust')).toEqual({ document: trust, problems: [] });
    }
  });
});

describe('the TLS-only statement', () => {
  it('denies requests without TLS and allows nothing itself', () => {
    const resource = { Version: '2012-10-17', Statement: buildTlsOnlyStatement('my-bucket') };
    const identity = [buildPermissionPolicy({ bucket: 'my-bucket', prefix: 'logs' })];
    const decide = (SecureTransport: string, own = identity) =>
      evaluate(
        {
          action: 's3:PutObject',
          resource: `${BUCKET}/x`,
          principal,
          context: { 'aws:SecureTransport': SecureTransport },
        },
        { identity: own, resource },
      ).decision;
    expect([decide('true'), decide('false'), decide('true', [])]).toEqual(['allowed', 'explicitDeny', 'implicitDeny']);
    expect(parsePolicyText(JSON.stringify(resource), 'resource').problems).toEqual([]);
  });
});

describe('what another account has to say', () => {
  it('the bucket policy is the missing half', () => {
    const options = { bucket: 'my-bucket', prefix: 'logs', leastPrivilege: true };
    const identity = [buildPermissionPolicy(options)];
    const resource = buildBucketPolicy({ ...options, roles: [ROLE] });
    const request = {
      action: 's3:PutObject',
      resource: `${BUCKET}/logs/x`,
      resourceAccount: '999999999999',
      principal,
      context: {},
    };
    expect(evaluate(request, { identity }).decidedBy).toBe('resource');
    expect(evaluate(request, { identity: [], resource }).decidedBy).toBe('identity');
    expect(evaluate(request, { identity, resource }).decision).toBe('allowed');
    expect(parsePolicyText(formatPolicy(resource), 'resource')).toEqual({ document: resource, problems: [] });
  });

  it('so is the statement of the key policy', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:999999999999:key/abc';
    const identity = [buildPermissionPolicy({ bucket: 'b-1', prefix: 'p', kmsKeyArn })];
    const resource = { Version: '2012-10-17', Statement: buildKeyPolicyStatement([ROLE]) };
    const request = {
      action: 'kms:Decrypt',
      resource: kmsKeyArn,
      resourceAccount: '999999999999',
      principal,
      context: {},
    };
    expect(evaluate(request, { identity }).decision).toBe('implicitDeny');
    expect(evaluate(request, { identity, resource }).decision).toBe('allowed');
  });
});

describe('the other policies', () => {
  it('have a statement for an OIDC provider and none for Deployments that are not named', () => {
    const oidc = { issuer: 'https://oidc.example.com/https://x//', account: '123456789012', namespace: 'ns' };
    const [statement, ...others] = buildTrustPolicy({ oidc }).Statement as PolicyStatement[];
    expect(others).toEqual([]);
    expect(statement?.Principal).toEqual({
      Federated: 'arn:aws:iam::123456789012:oidc-provider/oidc.example.com/https://x',
    });
    expect(statement?.Condition?.StringLike).toMatchObject({ 'oidc.example.com/https://x:aud': 'sts.amazonaws.com' });
  });

  it('have ids that tell what they are for', () => {
    expect(buildTlsOnlyStatement('my-bucket')).toMatchObject({ Sid: 'TlsOnly', Resource: [BUCKET, `${BUCKET}/*`] });
    expect(buildKeyPolicyStatement([ROLE])).toEqual({
      Sid: 'SecondaryLogs',
      Effect: 'Allow',
      Principal: { AWS: ROLE },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: '*',
    });
    expect(buildBucketPolicy({ bucket: 'my-bucket', prefix: '', roles: [ROLE, DEPLOYMENT] }).Statement).toEqual([
      expect.objectContaining({ Sid: 'ExternalS3Policy', Principal: { AWS: [ROLE, DEPLOYMENT] } }),
    ]);
  });
});

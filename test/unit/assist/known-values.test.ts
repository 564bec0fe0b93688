import { describe, expect, it } from 'vitest';
import { knownValues } from '../../../src/core/assist/known-values';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { SourceFiles } from '../../../src/core/lint/source-files';

const policy = (...resources: string[]) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: resources }] });
const values = (files: Record<string, string>, path = '/w/orders/.env') =>
  knownValues(new SourceFiles(Object.entries(files).map(([name, text]) => ({ path: name, text }))), path);

describe('folders that policies name', () => {
  it('are the buckets with the folders that the policy is about', () => {
    const { folders } = values({
      '/w/orders/secondary-logs-policy.json': policy('arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket/logs/orders/*'),
    });
    expect(folders).toEqual([{ value: 's3://my-bucket/logs/orders', detail: 'secondary-logs-policy.json' }]);
  });

  it('are given the project’s name where the policy is about the whole bucket', () => {
    const { folders } = values({
      '/w/orders/policy.json': policy('arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket/*'),
    });
    expect(folders.map(each => each.value)).toEqual(['s3://my-bucket/logs/orders']);
  });

  it('are read from a policy that can’t be parsed, and from no other JSON', () => {
    const { folders } = values({
      '/w/orders/policy.json': '3 "Resource": ["arn:aws-cn:s3:::my-bucket/logs/*",]',
      '/w/orders/data.json': policy('arn:aws:s3:::other/logs/*'),
    });
    expect(folders.map(each => each.value)).toEqual(['s3://my-bucket/logs']);
  });

  it('leave out what is no name of a bucket', () => {
    expect(
      values({ '/w/policy.json': policy('arn:aws:s3:::*', 'arn:aws:s3:::$' + '{bucket}/x', 'arn:aws:s3:::A_b/*') })
        .folders,
    ).toEqual([]);
  });

  it('come from the nearest files first', () => {
    const { folders } = values({
      '/w/other/deep/policy.json': policy('arn:aws:s3:::far-bucket/x/*'),
      '/w/orders/policy.json': policy('arn:aws:s3:::near-bucket/x/*'),
    });
    expect(folders.map(each => each.value)).toEqual(['s3://near-bucket/x', 's3://far-bucket/x']);
  });
});

describe('roles that other files name', () => {
  const role = 'arn:aws:iam::123456789012:role/logs/writer';

  it('are those of other exports, then of bucket policies, then of trust policies', () => {
    const { roles } = values({
      '/w/orders/.env': `${EXPORT_KEYS.roleArn}=arn:aws:iam::123456789012:role/self\n`,
      '/w/prod.env': `${EXPORT_KEYS.enabled}=true\n${EXPORT_KEYS.roleArn}=${role}\n`,
      '/w/bucket-policy.json': `{"Statement":[{"Effect":"Allow","Action":"s3:PutObject","Principal":{"AWS":"${role}2"}}]}`,
      '/w/trust.json': `{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"${role}3"}}]}`,
    });
    expect(roles.map(each => each.value)).toEqual([role, `${role}2`, `${role}3`]);
    expect(roles[2]?.detail).toMatch(/Deployment itself/);
  });

  it('begin in the account of the provider that a trust policy names', () => {
    const { roles } = values({
      '/w/trust.json':
        '{"Action":"sts:AssumeRoleWithWebIdentity","Federated":"arn:aws:iam::210987654321:oidc-provider/oidc.eks"}',
    });
    expect(roles.map(each => each.value)).toEqual(['arn:aws:iam::210987654321:role/']);
  });

  it('leave out what is no role', () => {
    const { roles } = values({
      '/w/prod.env': `${EXPORT_KEYS.roleArn}=arn:aws:iam::1:user/x\n`,
      '/w/bucket-policy.json': '{"AWS":"arn:aws:iam::123456789012:root"}',
    });
    expect(roles).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { buildPermissionPolicy, formatPolicy } from '../../../src/core/iam/build';
import { policyDrift } from '../../../src/core/iam/policy-drift';
import { saysTheSame } from '../../../src/core/iam/same-policy';

const print = (Statement: unknown, more: object = {}) => JSON.stringify({ Version: '2012-10-17', ...more, Statement });
const allow = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::b/*' };

describe('two policies', () => {
  it.each<[string, string, string]>([
    ['in another order', print([allow, { ...allow, Effect: 'Deny' }]), print([{ ...allow, Effect: 'Deny' }, allow])],
    ['one statement and a list of it', print(allow), print([allow])],
    ['one value and a list of it', print(allow), print({ ...allow, Resource: ['arn:aws:s3:::b/*'] })],
    ['actions in another order and case', print(allow), print({ ...allow, Action: ['S3:putobject', 's3:getObject'] })],
    ['laid out differently', print(allow), JSON.stringify(JSON.parse(print(allow)), null, 4)],
    ['with another id', print(allow, { Id: 'x' }), print(allow)],
    [
      'an account and its root',
      print({ ...allow, Principal: { AWS: '123456789012' } }),
      print({ ...allow, Principal: { AWS: ['arn:aws:iam::123456789012:root'] } }),
    ],
    [
      'a boolean and its text',
      print({ ...allow, Condition: { Bool: { 'aws:SecureTransport': false } } }),
      print({ ...allow, Condition: { Bool: { 'aws:SecureTransport': ['false'] } } }),
    ],
  ])('say the same %s', (_name, one, other) => {
    expect(saysTheSame(one, other)).toBe(true);
  });

  it.each<[string, string, string]>([
    ['an action', print(allow), print({ ...allow, Action: 's3:GetObject' })],
    ['the case of a resource', print(allow), print({ ...allow, Resource: 'arn:aws:s3:::B/*' })],
    ['the effect', print(allow), print({ ...allow, Effect: 'Deny' })],
    ['a condition', print(allow), print({ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    ['the version', print(allow), print(allow, { Version: '2008-10-17' })],
    ['how often a statement stands there', print([allow]), print([allow, allow])],
    ['the key of a principal', print({ Principal: { AWS: 'x' } }), print({ Principal: { Service: 'x' } })],
    ['text that is no JSON', '{', '['],
  ])('differ in %s', (_name, one, other) => {
    expect(saysTheSame(one, other)).toBe(false);
    expect(saysTheSame(one, one)).toBe(true);
  });
});

describe('drift', () => {
  const place = { bucket: 'b-1', prefix: 'logs/' };
  const permission = { bucket: 'b-1', prefix: 'logs' };
  const documented = formatPolicy(buildPermissionPolicy(permission));
  const least = formatPolicy(buildPermissionPolicy({ ...permission, leastPrivilege: true }));

  it('is none between a policy and the same in parts', () => {
    const parts = JSON.parse(least).Statement.map((statement: object) => print(statement));
    expect(policyDrift(least, parts, place)).toEqual({ missing: [], extra: [] });
  });

  it('is less where AWS lacks an action, in whatever partition', () => {
    expect(policyDrift(documented, [], place).missing).toEqual([
      's3:PutObject',
      's3:GetObject',
      's3:DeleteObject',
      's3:ListBucket',
    ]);
    const china = formatPolicy(buildPermissionPolicy({ ...permission, partition: 'aws-cn' }));
    expect(policyDrift(china, [china], place)).toEqual({ missing: [], extra: [] });
    expect(policyDrift(china, [documented], place).missing).toHaveLength(4);
  });

  it('is more where AWS allows what lies beside the folder, or an action too many', () => {
    expect(policyDrift(least, [documented], place)).toEqual({
      missing: [],
      extra: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
    });
    expect(policyDrift(documented, [print({ Effect: 'Allow', Action: 's3:*', Resource: '*' })], place).extra).toEqual([
      's3:PutObjectAcl',
      's3:DeleteBucket',
    ]);
  });

  it('knows the keys that the file names', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd';
    const withKey = formatPolicy(buildPermissionPolicy({ ...permission, kmsKeyArn }));
    expect(policyDrift(withKey, [documented], place).missing).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
  });

  it('takes a text in AWS that is no policy for none', () => {
    expect(policyDrift(documented, ['{'], place).missing).toHaveLength(4);
  });
});

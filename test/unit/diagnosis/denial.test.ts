import { describe, expect, it } from 'vitest';
import { type Denial, parseDenial } from '../../../src/core/diagnosis/denial';

const user = 'arn:aws:sts::123456789012:assumed-role/logs/astro-log-export';
const put = `User: ${user} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/logs/x y"`;

/** The texts of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const TEXTS: readonly [string, Partial<Denial>][] = [
  ['because no identity-based policy allows the s3:PutObject action', { effect: 'implicit', policy: 'identity' }],
  ['because no resource-based policy allows the s3:PutObject action', { effect: 'implicit', policy: 'resource' }],
  ['because no permissions boundary allows the s3:PutObject action', { effect: 'implicit', policy: 'boundary' }],
  ['because no session policy allows the s3:PutObject action', { effect: 'implicit', policy: 'session' }],
  ['because no service control policy allows the s3:PutObject action', { effect: 'implicit', policy: 'scp' }],
  ['because no resource control policy allows the s3:PutObject action', { effect: 'implicit', policy: 'rcp' }],
  ['because no VPC endpoint policy allows the s3:PutObject action', { effect: 'implicit', policy: 'vpc-endpoint' }],
  ['with an explicit deny in an identity-based policy', { effect: 'explicit', policy: 'identity' }],
  ['with an explicit deny in a resource-based policy', { effect: 'explicit', policy: 'resource' }],
  ['with an explicit deny in a permissions boundary', { effect: 'explicit', policy: 'boundary' }],
  ['with an explicit deny in a session policy', { effect: 'explicit', policy: 'session' }],
  ['with an explicit deny in a service control policy', { effect: 'explicit', policy: 'scp' }],
  [
    'with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1',
    { effect: 'explicit', policy: 'scp' },
  ],
  ['with an explicit deny in a resource control policy', { effect: 'explicit', policy: 'rcp' }],
  ['with an explicit deny in a VPC endpoint policy', { effect: 'explicit', policy: 'vpc-endpoint' }],
  ['with an explicit deny', { effect: 'explicit', policy: undefined }],
  ['', { effect: undefined, policy: undefined }],
];

describe('parseDenial', () => {
  it.each(TEXTS)('%s', (words, expected) => {
    expect(parseDenial(`${put} ${words}`)).toMatchObject({ principal: user, action: 's3:PutObject', ...expected });
  });

  it('reads the resource with and without quotes', () => {
    const text = 'is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/x';
    expect(parseDenial(text).resource).toBe('arn:aws:iam::123456789012:role/x');
    expect(
      parseDenial('is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::b" because …').resource,
    ).toBe('arn:aws:s3:::b');
  });

  it.each(['', 'Access Denied', 'Forbidden', '因为 no policy'])('finds nothing in %j', text => {
    expect(Object.values(parseDenial(text)).filter(value => value !== undefined)).toEqual([]);
  });
});

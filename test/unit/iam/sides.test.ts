import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, PolicySet, RequestPrincipal } from '../../../src/core/iam/decision';
import { evaluate } from '../../../src/core/iam/evaluate';
import { describePermissionScope } from '../../../src/core/iam/permission-scope';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';
import { matchPrincipal, parsePrincipal, principalContext } from '../../../src/core/iam/principals';
import { missingSides } from '../../../src/core/iam/sides';

const ROLE = 'arn:aws:iam::123456789012:role/Logs';
const OBJECT = 'arn:aws:s3:::acme-logs/x';
const ASK: AuthorizationRequest = {
  action: 's3:PutObject',
  resource: OBJECT,
  principal: { arn: ROLE, account: '123456789012' },
  resourceAccount: '999988887777',
  context: {},
};

const policy = (statement: Partial<PolicyStatement> = {}): PolicyDocument => ({
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...statement }],
});
const OPEN = policy({ Principal: '*' });
const ELSEWHERE = policy({ Action: 'sqs:*' });
const OF_CALLER = `Missing on the caller's side: the permission policy of ${ROLE} has to allow s3:PutObject on ${OBJECT}.`;
const OF_RESOURCE = `Missing on the resource's side: the policy of ${OBJECT} in account 999988887777 has to allow s3:PutObject to ${ROLE}.`;

describe('missingSides', () => {
  const sides = (policies: PolicySet, request: Partial<AuthorizationRequest> = {}) => {
    const asked = { ...ASK, ...request };
    return missingSides(asked, evaluate(asked, policies));
  };

  it.each<[string, PolicySet, string[]]>([
    ['neither allows', { identity: [] }, [OF_CALLER, OF_RESOURCE]],
    ['the caller allows', { identity: [policy()] }, [OF_RESOURCE]],
    ['the resource allows', { identity: [ELSEWHERE], resource: OPEN }, [OF_CALLER]],
    ['both allow', { identity: [policy()], resource: OPEN }, []],
    ['one denies', { identity: [policy({ Effect: 'Deny' })] }, []],
    [
      'the resource’s Allow is for another action',
      { identity: [policy()], resource: policy({ Principal: '*', Action: 'sqs:*' }) },
      [OF_RESOURCE],
    ],
    [
      'a boundary limits',
      { identity: [policy()], resource: OPEN, boundary: ELSEWHERE },
      [`Missing on the caller's side: the permissions boundary of ${ROLE} has to allow s3:PutObject on ${OBJECT}.`],
    ],
    [
      'a session policy limits',
      { identity: [policy()], resource: OPEN, session: [ELSEWHERE] },
      [`Missing on the caller's side: the session policy of ${ROLE} has to allow s3:PutObject on ${OBJECT}.`],
    ],
  ])('where %s', (_name, policies, expected) => {
    expect(sides(policies)).toEqual(expected);
  });

  it('are none within one account, of nobody, and where nobody knows the account', () => {
    expect(sides({ identity: [] }, { resourceAccount: '123456789012' })).toEqual([]);
    expect(sides({ identity: [] }, { resourceAccount: undefined })).toEqual([]);
    expect(sides({ identity: [] }, { principal: undefined })).toEqual([]);
    expect(sides({ identity: [] }, { principal: { arn: '', account: '' } })).toEqual([]);
  });

  it('count a trust as the resource’s side', () => {
    const asked = { action: 'sts:AssumeRole', resource: ROLE };
    expect(sides({ identity: [], resource: OPEN }, asked)).toEqual([
      `Missing on the caller's side: the permission policy of ${ROLE} has to allow sts:AssumeRole on ${ROLE}.`,
    ]);
  });
});

describe('describePermissionScope', () => {
  it('says how far the policy reaches, and the other one', () => {
    const scope = { bucket: 'acme-logs', prefix: '//logs/team//' };
    expect(describePermissionScope({ ...scope, leastPrivilege: true })).toBe(
      "The policy lets the export list, read, write and delete only under logs/team/ of acme-logs, which is less than Astro's documentation asks for; the documented policy covers the whole bucket.",
    );
    expect(describePermissionScope(scope)).toBe(
      "The policy is the one that Astro's documentation shows, for the whole bucket acme-logs; with least privilege it would cover only logs/team/.",
    );
  });
});

describe('parsePrincipal', () => {
  it.each<[string, RequestPrincipal]>([
    ['123456789012', { arn: 'arn:aws:iam::123456789012:root', account: '123456789012' }],
    ['s3.amazonaws.com', { arn: '', account: '', service: 's3.amazonaws.com' }],
    ['logging.s3.amazonaws.com.cn', { arn: '', account: '', service: 'logging.s3.amazonaws.com.cn' }],
    [ROLE, { arn: ROLE, account: '123456789012' }],
    ['arn:aws-cn:iam::123456789012:root', { arn: 'arn:aws-cn:iam::123456789012:root', account: '123456789012' }],
    ...['oidc-provider/x.com/id/A', 'saml-provider/Okta'].map((name): [string, RequestPrincipal] => {
      const federated = `arn:aws:iam::123456789012:${name}`;
      return [federated, { arn: '', account: '123456789012', federated }];
    }),
    [
      'arn:aws-cn:sts::123456789012:assumed-role/Logs/one',
      {
        arn: 'arn:aws-cn:iam::123456789012:role/Logs',
        account: '123456789012',
        sessionArn: 'arn:aws-cn:sts::123456789012:assumed-role/Logs/one',
      },
    ],
    [
      'arn:aws:sts::123456789012:federated-user/jane',
      {
        arn: 'arn:aws:sts::123456789012:federated-user/jane',
        account: '123456789012',
        sessionArn: 'arn:aws:sts::123456789012:federated-user/jane',
      },
    ],
  ])('%s', (text, expected) => {
    expect(parsePrincipal(text)).toEqual(expected);
  });

  it.each([
    '',
    'x123456789012',
    '1234567890123',
    '12345678901',
    'amazonaws.com',
    'x s3.amazonaws.com',
    's3.amazonaws.com.cn.org',
    'S3.amazonaws.com',
    'arn:aws:iam::12345:role/Logs',
    'arn:aws:iam::x123456789012:role/Logs',
    'arn:aws:iam::1234567890123:role/Logs',
    'arn:aws:iam:us-east-1:123456789012:role/Logs',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:rootx',
    'arn:aws:iam::123456789012:xrole/Logs',
    'arn:aws:iam::123456789012:group/Logs',
    'arn:aws:iam::123456789012:oidc-provider/',
    'arn:aws:s3::123456789012:assumed-role/Logs/one',
    'arn:aws:sts::123456789012:assumed-role/Logs',
    'arn:aws:sts::123456789012:assumed-role/Logs/',
    'arn:aws:sts::123456789012:federated-user/jane/x',
    'arn:aws:sts::123456789012:xassumed-role/Logs/one',
    'arn:aws:sts::123456789012:session/x',
  ])('%j is nobody', text => {
    expect(parsePrincipal(text)).toBeUndefined();
  });

  it('tells the keys that the name alone tells', () => {
    expect(principalContext({ arn: ROLE, account: '123456789012' })).toEqual({
      'aws:PrincipalArn': ROLE,
      'aws:PrincipalAccount': '123456789012',
    });
    expect(principalContext({ arn: '', account: '', service: 's3.amazonaws.com' })).toEqual({});
  });
});

describe('matchPrincipal', () => {
  const role = { arn: ROLE, account: '123456789012' };
  const user = { arn: 'arn:aws:iam::123456789012:user/jane', account: '123456789012', canonicalId: 'abc' };
  const service = { arn: '', account: '', service: 's3.amazonaws.com' };
  const provider = { arn: '', account: '123456789012', federated: 'accounts.google.com' };

  it.each<[Parameters<typeof matchPrincipal>[0], RequestPrincipal | undefined, string]>([
    ['*', undefined, 'direct'],
    [{ AWS: '*' }, undefined, 'direct'],
    [{ AWS: ROLE }, undefined, 'none'],
    [{ AWS: ROLE }, role, 'role'],
    [{ AWS: ROLE }, { ...role, sessionArn: 'arn:aws:sts::123456789012:assumed-role/Logs/one' }, 'role'],
    [{ AWS: user.arn }, user, 'direct'],
    [{ AWS: ['x', user.arn] }, user, 'direct'],
    [{ AWS: ['123456789012', user.arn] }, user, 'direct'],
    [{ AWS: [user.arn, '123456789012'] }, user, 'direct'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, user, 'account'],
    [{ AWS: 'arn:aws-cn:iam::123456789012:root' }, user, 'none'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, provider, 'none'],
    [{ AWS: '' }, service, 'none'],
    [{ AWS: '' }, { arn: 'x', account: '' }, 'none'],
    [{ CanonicalUser: 'abc' }, user, 'account'],
    [{ CanonicalUser: 'abd' }, user, 'none'],
    [{ CanonicalUser: 'abc' }, undefined, 'none'],
    [{ Service: 's3.amazonaws.com' }, service, 'direct'],
    [{ Service: 'ec2.amazonaws.com' }, service, 'none'],
    [{ Service: 's3.amazonaws.com' }, undefined, 'none'],
    [{ Federated: 'accounts.google.com' }, provider, 'direct'],
    [{ Federated: 'www.amazon.com' }, provider, 'none'],
    [{ Federated: 'accounts.google.com' }, undefined, 'none'],
    [{ Other: 'abc' }, user, 'none'],
    [{ Other: 'accounts.google.com' }, provider, 'none'],
    [{}, user, 'none'],
  ])('%j names %j: %s', (element, principal, expected) => {
    expect(matchPrincipal(element, principal)).toBe(expected);
  });
});

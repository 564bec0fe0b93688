import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, Decision, PolicySet, RequestPrincipal } from '../../../src/core/iam/decision';
import { evaluate, evaluateTrust, trustNames } from '../../../src/core/iam/evaluate';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';

const ACCOUNT = '123456789012';
const USER: RequestPrincipal = { arn: `arn:aws:iam::${ACCOUNT}:user/jane`, account: ACCOUNT };
const SESSION: RequestPrincipal = {
  arn: `arn:aws:iam::${ACCOUNT}:role/team/logs`,
  sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/logs/one`,
  account: ACCOUNT,
};
const ROOT: RequestPrincipal = { arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT };
const OTHER = '999999999999';
const PUT: AuthorizationRequest = {
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::bucket/logs/a.log',
  principal: USER,
  context: {},
};

const policy = (...statements: Partial<PolicyStatement>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.map(statement => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...statement })),
});
const ALLOW = policy({});
const DENY = policy({ Effect: 'Deny' });
const OTHERS = policy({ Action: 'sqs:*' });
const naming = (AWS: string, effect: 'Allow' | 'Deny' = 'Allow') => policy({ Principal: { AWS }, Effect: effect });

const word = ({ decision, decidedBy }: Decision) => `${decision} ${decidedBy}`;

describe('policies together', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
  const cases: [string, PolicySet, RequestPrincipal, string][] = [
    ['nothing allows', { identity: [] }, USER, 'implicitDeny identity'],
    ['an identity policy allows', { identity: [OTHERS, ALLOW] }, USER, 'allowed identity'],
    ['a Deny beats an Allow', { identity: [ALLOW, DENY] }, USER, 'explicitDeny identity'],
    ['the root user needs no policy', { identity: [] }, ROOT, 'allowed identity'],
    [
      'a bucket policy denies the root user',
      { identity: [], resource: naming('*', 'Deny') },
      ROOT,
      'explicitDeny resource',
    ],
    ['a boundary limits', { identity: [ALLOW], boundary: OTHERS }, USER, 'implicitDeny boundary'],
    ['a boundary allows nothing itself', { identity: [OTHERS], boundary: ALLOW }, USER, 'implicitDeny identity'],
    ['a boundary denies', { identity: [ALLOW], boundary: DENY }, USER, 'explicitDeny boundary'],
    ['a session policy limits', { identity: [ALLOW], session: [ALLOW, OTHERS] }, SESSION, 'implicitDeny session'],
    [
      'all session policies allow',
      { identity: [ALLOW], session: [ALLOW, ALLOW], boundary: ALLOW },
      SESSION,
      'allowed identity',
    ],
    ['a session policy denies', { identity: [ALLOW], session: [DENY] }, SESSION, 'explicitDeny session'],
    ['a resource policy names the user', { identity: [], resource: naming(USER.arn) }, USER, 'allowed resource'],
    [
      'a user named by a resource policy is past the boundary',
      { identity: [], resource: naming(USER.arn), boundary: OTHERS },
      USER,
      'allowed resource',
    ],
    ['a resource policy names the role', { identity: [], resource: naming(SESSION.arn) }, SESSION, 'allowed resource'],
    [
      'a role named by a resource policy is limited by its boundary',
      { identity: [], resource: naming(SESSION.arn), boundary: OTHERS },
      SESSION,
      'implicitDeny boundary',
    ],
    [
      'whoever asks as a role is one of its sessions',
      { identity: [], resource: naming(SESSION.arn), boundary: OTHERS },
      { arn: SESSION.arn, account: ACCOUNT },
      'implicitDeny boundary',
    ],
    [
      'a role named by a resource policy is limited by a session policy',
      { identity: [], resource: naming(SESSION.arn), session: [OTHERS] },
      SESSION,
      'implicitDeny session',
    ],
    [
      'a session named by a resource policy is limited by neither',
      { identity: [], resource: naming(SESSION.sessionArn as string), boundary: OTHERS, session: [OTHERS] },
      SESSION,
      'allowed resource',
    ],
    [
      'everybody includes a session directly',
      { identity: [], resource: naming('*'), boundary: OTHERS },
      SESSION,
      'allowed resource',
    ],
    [
      'a boundary that denies beats a session that is named',
      { identity: [], resource: naming(SESSION.sessionArn as string), boundary: DENY },
      SESSION,
      'explicitDeny boundary',
    ],
    [
      'a resource policy for the account leaves it to the identity policies',
      { identity: [], resource: naming(ACCOUNT) },
      USER,
      'implicitDeny identity',
    ],
    [
      'which may allow it',
      { identity: [ALLOW], resource: naming(`arn:aws:iam::${ACCOUNT}:root`) },
      USER,
      'allowed identity',
    ],
    [
      'NotPrincipal excepts from a Deny whom it names',
      { identity: [ALLOW], resource: policy({ Effect: 'Deny', NotPrincipal: { AWS: [USER.arn, ACCOUNT] } }) },
      USER,
      'allowed identity',
    ],
    [
      'but nobody who has a boundary',
      {
        identity: [ALLOW],
        boundary: ALLOW,
        resource: policy({ Effect: 'Deny', NotPrincipal: { AWS: [USER.arn, ACCOUNT] } }),
      },
      USER,
      'explicitDeny resource',
    ],
    [
      'a resource policy denies the account',
      { identity: [ALLOW], resource: naming(ACCOUNT, 'Deny') },
      USER,
      'explicitDeny resource',
    ],
  ];
  it.each(cases)('%s', (_name, policies, principal, expected) => {
    expect(word(evaluate({ ...PUT, principal }, policies))).toBe(expected);
  });
});

describe('across accounts both sides have to allow', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
  const cases: [string, PolicySet, RequestPrincipal, string][] = [
    ['only the identity does', { identity: [ALLOW] }, USER, 'implicitDeny resource'],
    ['only the resource does', { identity: [], resource: naming(USER.arn) }, USER, 'implicitDeny identity'],
    ['both do', { identity: [ALLOW], resource: naming(USER.arn) }, USER, 'allowed resource'],
    ['naming the account is enough', { identity: [ALLOW], resource: naming(ACCOUNT) }, USER, 'allowed resource'],
    [
      'a session that is named directly needs its identity policy all the same',
      { identity: [], resource: naming(SESSION.sessionArn as string) },
      SESSION,
      'implicitDeny identity',
    ],
    [
      'a boundary limits the identity side',
      { identity: [ALLOW], boundary: OTHERS, resource: naming(SESSION.sessionArn as string) },
      SESSION,
      'implicitDeny boundary',
    ],
    [
      'the resource side names somebody else',
      { identity: [ALLOW], resource: naming(OTHER) },
      USER,
      'implicitDeny resource',
    ],
    ['either side may deny', { identity: [DENY], resource: naming(USER.arn) }, USER, 'explicitDeny identity'],
    ['a foreign root user needs the resource policy', { identity: [] }, ROOT, 'implicitDeny resource'],
  ];
  it.each(cases)('%s', (_name, policies, principal, expected) => {
    expect(word(evaluate({ ...PUT, principal, resourceAccount: OTHER }, policies))).toBe(expected);
  });
});

describe('assuming a role', () => {
  const ASSUME: AuthorizationRequest = {
    action: 'sts:AssumeRole',
    resource: `arn:aws:iam::${ACCOUNT}:role/logs`,
    resourceAccount: ACCOUNT,
    principal: USER,
    context: {},
  };
  const trust = (AWS: string, more: Partial<PolicyStatement> = {}): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more },
  });
  const MAY_ASSUME = policy({ Action: 'sts:AssumeRole' });

  it.each<[string, PolicySet, Partial<AuthorizationRequest>, string]>([
    [
      'within the account trust in the user is enough',
      { identity: [], resource: trust(USER.arn) },
      {},
      'allowed trust',
    ],
    ['trust in the account is not', { identity: [], resource: trust(ACCOUNT) }, {}, 'implicitDeny identity'],
    ['but lets identity policies decide', { identity: [MAY_ASSUME], resource: trust(ACCOUNT) }, {}, 'allowed identity'],
    ['identity policies alone never', { identity: [MAY_ASSUME], resource: trust(OTHER) }, {}, 'implicitDeny trust'],
    [
      'across accounts both',
      { identity: [], resource: trust(USER.arn) },
      { resourceAccount: OTHER },
      'implicitDeny identity',
    ],
    [
      'across accounts with both',
      { identity: [MAY_ASSUME], resource: trust(USER.arn) },
      { resourceAccount: OTHER },
      'allowed trust',
    ],
  ])('%s', (_name, policies, change, expected) => {
    expect(word(evaluate({ ...ASSUME, ...change }, policies))).toBe(expected);
  });

  it('asks the trust alone', () => {
    expect(evaluateTrust(ASSUME, trust(ACCOUNT)).decision).toBe('allowed');
    expect(evaluateTrust(ASSUME, trust(OTHER)).decision).toBe('implicitDeny');
    expect(evaluateTrust(ASSUME, trust(USER.arn, { Effect: 'Deny' })).decision).toBe('explicitDeny');
    const withId = trust(USER.arn, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } });
    expect(evaluateTrust(ASSUME, withId).decision).toBe('implicitDeny');
    expect(evaluateTrust({ ...ASSUME, context: { 'sts:externalid': 'x' } }, withId).decision).toBe('allowed');
  });

  it('tells how a trust policy names the caller', () => {
    expect(trustNames(ASSUME, trust(USER.arn))).toBe('direct');
    expect(trustNames(ASSUME, trust(ACCOUNT))).toBe('account');
    expect(trustNames({ ...ASSUME, principal: SESSION }, trust(SESSION.arn))).toBe('role');
    expect(trustNames(ASSUME, trust(OTHER))).toBe('none');
  });

  it('lets a web identity in by its provider', () => {
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com/id/1`;
    const oidc: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { 'oidc.example.com/id/1:sub': ['system:serviceaccount:ns:ns-worker-*'] } },
        },
      ],
    };
    const request: AuthorizationRequest = {
      ...ASSUME,
      action: 'sts:AssumeRoleWithWebIdentity',
      principal: { arn: '', account: '', federated: provider },
      context: { 'oidc.example.com/id/1:sub': 'system:serviceaccount:ns:ns-worker-serviceaccount' },
    };
    expect(word(evaluate(request, { identity: [], resource: oidc }))).toBe('allowed trust');
    expect(evaluate({ ...request, context: {} }, { identity: [], resource: oidc }).decision).toBe('implicitDeny');
  });
});

describe('the reason of a statement that names principals', () => {
  const why = (statement: Partial<PolicyStatement>, request: Partial<AuthorizationRequest> = {}) =>
    evaluate({ ...PUT, ...request }, { identity: [], resource: policy(statement) }).statements[0]?.why;
  const whyTrust = (statement: Partial<PolicyStatement>, caller: RequestPrincipal | undefined) =>
    evaluateTrust(
      { action: 'sts:AssumeRole', resource: '*', principal: caller, context: {} },
      {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
      },
    ).statements[0]?.why;

  it.each([
    [{ Principal: { AWS: USER.arn } }, `It allows s3:PutObject on ${PUT.resource}.`],
    [{ Principal: '*', Effect: 'Deny' }, `It denies s3:PutObject on ${PUT.resource}.`],
    [{ Principal: { AWS: OTHER } }, `Principal does not name ${USER.arn}.`],
    [{ NotPrincipal: { AWS: USER.arn }, Effect: 'Deny' }, `NotPrincipal excepts ${USER.arn}.`],
    [{}, 'The statement has no Principal.'],
    [
      { Principal: { AWS: ACCOUNT } },
      'It allows s3:PutObject to the whole account, whose identity policies decide for each principal.',
    ],
    [{ Principal: { AWS: ACCOUNT }, Effect: 'Deny' }, `It denies s3:PutObject on ${PUT.resource}.`],
  ] as [Partial<PolicyStatement>, string][])('%j', (statement, expected) => {
    expect(why(statement)).toBe(expected);
  });

  it.each([
    [{ Principal: { AWS: SESSION.arn } }, SESSION, `It allows sts:AssumeRole to ${SESSION.sessionArn}.`],
    [{ Principal: '*', Effect: 'Deny' }, USER, `It denies sts:AssumeRole to ${USER.arn}.`],
    [{ Principal: { AWS: OTHER } }, undefined, 'Principal does not name an anonymous caller.'],
    [{ Principal: { AWS: USER.arn } }, { arn: '', account: ACCOUNT }, 'Principal does not name an unnamed principal.'],
    [
      { Principal: { Service: 'ec2.amazonaws.com' } },
      { arn: '', account: '', service: 'ec2.amazonaws.com' },
      'It allows sts:AssumeRole to ec2.amazonaws.com.',
    ],
    [
      { Principal: { Federated: 'cognito-identity.amazonaws.com' } },
      { arn: '', account: '', federated: 'cognito-identity.amazonaws.com' },
      'It allows sts:AssumeRole to cognito-identity.amazonaws.com.',
    ],
  ] as [Partial<PolicyStatement>, RequestPrincipal | undefined, string][])(
    'of a trust: %j',
    (statement, caller, expected) => {
      expect(whyTrust(statement, caller)).toBe(expected);
    },
  );

  it('is told with the place of each policy', () => {
    const decision = evaluate(
      { ...PUT, principal: SESSION },
      { identity: [OTHERS, ALLOW], resource: naming('*', 'Deny'), boundary: ALLOW, session: [ALLOW] },
    );
    expect(decision.statements.map(each => `${each.policy} ${each.policyIndex}`)).toEqual([
      'identity 0',
      'identity 1',
      'resource 0',
      'boundary 0',
      'session 0',
    ]);
  });

  it('is of a trust where a role is assumed', () => {
    const asked = { ...PUT, action: 'STS:AssumeRole' };
    expect(evaluate(asked, { identity: [], resource: policy({ Action: '*', Principal: '*' }) })).toMatchObject({
      decidedBy: 'trust',
      statements: [{ policy: 'trust' }],
    });
    expect(evaluate({ ...PUT, action: 'xsts:AssumeRole' }, { identity: [], resource: ALLOW }).decidedBy).toBe(
      'identity',
    );
  });

  it('leaves only roles and keys wholly to their own policy', () => {
    const decide = (action: string) =>
      word(evaluate({ ...PUT, action }, { identity: [policy({ Action: '*' })], resource: policy({ Action: '*' }) }));
    expect(['kms:Decrypt', 'KMS:Decrypt', 'xkms:Decrypt', 'sts:AssumeRole', 's3:GetObject'].map(decide)).toEqual([
      'implicitDeny resource',
      'implicitDeny resource',
      'allowed identity',
      'implicitDeny trust',
      'allowed identity',
    ]);
  });

  it('tells whom a denied trust names: nobody', () => {
    const request = { action: 'sts:AssumeRole', resource: '*', principal: USER, context: {} };
    const both = [naming(USER.arn), naming(USER.arn, 'Deny')].flatMap(each => each.Statement as PolicyStatement[]);
    const statements = both.map(each => ({ ...each, Action: '*' }));
    expect(trustNames(request, { Statement: statements })).toBe('none');
    expect(trustNames(request, { Statement: statements.slice(0, 1) })).toBe('direct');
    expect(trustNames(request, { Statement: statements.slice(1) })).toBe('none');
  });
});

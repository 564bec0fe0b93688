// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like template strings
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, RequestPrincipal } from '../../../src/core/iam/decision';
import { evaluate, evaluateTrust } from '../../../src/core/iam/evaluate';
import type { PolicyPrincipal, PolicyStatement } from '../../../src/core/iam/policy';
import { parsePrincipal, principalContext } from '../../../src/core/iam/principals';

const ACCOUNT = '123456789012';
const KEY = 'arn:aws:s3:::bucket/logs/run_id=scheduled__2024-07-30T03:20:00+00:00/attempt=1.log';

function trace(statement: Partial<PolicyStatement>, request: Partial<AuthorizationRequest> = {}) {
  const full: AuthorizationRequest = {
    action: 's3:PutObject',
    resource: KEY,
    principal: { arn: `arn:aws:iam::${ACCOUNT}:user/jane`, account: ACCOUNT },
    context: {},
    ...request,
  };
  const Statement = { Effect: 'Allow', Action: '*', Resource: '*', ...statement } as PolicyStatement;
  return evaluate(full, { identity: [{ Version: '2012-10-17', Statement }] }).statements[0];
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
describe('Action and NotAction', () => {
  it.each<[string | string[], boolean]>([
    ['*', true],
    ['s3:PutObject', true],
    ['S3:putobject', true],
    ['s3:*', true],
    ['s3:Put*', true],
    ['s3:*Object', true],
    ['s3:?utObject', true],
    ['s3:PutObject?', false],
    ['s3:PutObjectAcl', false],
    ['s3:Put', false],
    ['sqs:*', false],
    [['s3:GetObject', 's3:PutObject'], true],
    [[], false],
  ])('%j', (action, covers) => {
    expect(trace({ Action: action })?.matched).toBe(covers);
    expect(trace({ Action: undefined, NotAction: action })?.matched).toBe(!covers);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
describe('Resource and NotResource', () => {
  it.each<[string | string[], boolean]>([
    ['*', true],
    [KEY, true],
    ['arn:aws:s3:::bucket/*', true],
    ['arn:aws:s3:::bucket/logs/*', true],
    ['arn:aws:s3:::bucket/*/attempt=?.log', true],
    ['arn:aws:s3:::*', true],
    ['arn:aws:s3:*:*:bucket/*', true],
    ['arn:*:s3:::bucket/*', true],
    ['arn:aws:s3:*', true],
    ['arn:aws:s3:*:bucket/*', true],
    ['arn:aws:s*3:::bucket/*', true],
    ['arn:a*3:::bucket/*', false],
    ['arn:aws?s3:::bucket/*', false],
    ['arn:aws:s3:::bucket', false],
    ['arn:aws:s3:::Bucket/*', false],
    ['arn:aws:s3:::bucket/tmp/*', false],
    ['arn:aws-cn:s3:::bucket/*', false],
    ['bucket/*', false],
    [['arn:aws:s3:::other', 'arn:aws:s3:::bucket/*'], true],
    [[], false],
  ])('%j', (resource, covers) => {
    expect(trace({ Resource: resource })?.matched).toBe(covers);
    expect(trace({ Resource: undefined, NotResource: resource })?.matched).toBe(!covers);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  it.each<[string, boolean]>([
    ['arn:aws:s3:::bucket/${aws:username}/*', true],
    ['arn:aws:s3:::${bucket}/jane/*', true],
    ["arn:aws:s3:::bucket/${missing, 'jane'}/*", true],
    ['arn:aws:s3:::bucket/${missing}/*', false],
    ['arn:aws:s3:::bucket/${star}/*', false],
    ['arn:aws:s3:::bucket/${*}/*', false],
    ['arn:${partition}:s3:::bucket/jane/*', false],
  ])('variables: %s', (Resource, covers) => {
    const request = {
      resource: 'arn:aws:s3:::bucket/jane/a',
      context: { 'aws:username': 'jane', bucket: 'bucket', star: '*', partition: 'aws' },
    };
    expect(trace({ Resource }, request)?.matched).toBe(covers);
  });

  it('a variable that has no value lets neither element match, and is named', () => {
    const entry = 'arn:aws:s3:::bucket/${missing}';
    expect(trace({ Resource: entry })).toMatchObject({ matched: false, why: expect.stringContaining('${missing}') });
    expect(trace({ Resource: undefined, NotResource: ['arn:aws:s3:::x', entry] })).toMatchObject({
      matched: false,
      why: 'NotResource matches no resource: the request has no value for ${missing}.',
    });
  });

  it('* as what is asked for is covered by * alone', () => {
    expect(trace({ Resource: '*' }, { resource: '*' })?.matched).toBe(true);
    expect(trace({ Resource: 'arn:aws:s3:::*' }, { resource: '*' })?.matched).toBe(false);
  });

  it('takes no time for a pattern made to take it', () => {
    const pattern = `arn:aws:s3:::${'*a'.repeat(60)}b`;
    expect(trace({ Resource: pattern }, { resource: `arn:aws:s3:::${'a'.repeat(1000)}` })?.matched).toBe(false);
    const segmented = `arn:${'*a'.repeat(60)}b:s3:::x`;
    expect(trace({ Resource: segmented }, { resource: `arn:${'a'.repeat(1000)}:s3:::x` })?.matched).toBe(false);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
describe('Principal and NotPrincipal', () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/logs`;
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/logs/one`;
  const user = `arn:aws:iam::${ACCOUNT}:user/jane`;
  const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com`;
  const root = `arn:aws:iam::${ACCOUNT}:root`;

  const names = (
    element: PolicyPrincipal,
    key: 'Principal' | 'NotPrincipal',
    principal: RequestPrincipal | undefined,
  ) =>
    evaluateTrust(
      { action: 'sts:AssumeRole', resource: '*', principal, context: {} },
      { Statement: { Effect: 'Allow', Action: 'sts:*', [key]: element } },
    ).decision === 'allowed';

  it.each<[PolicyPrincipal, string, boolean]>([
    ['*', user, true],
    ['*', session, true],
    ['*', provider, true],
    [{ AWS: '*' }, user, true],
    [{ AWS: ACCOUNT }, user, true],
    [{ AWS: ACCOUNT }, root, true],
    [{ AWS: root }, session, true],
    [{ AWS: `arn:aws-cn:iam::${ACCOUNT}:root` }, user, false],
    [{ AWS: '999999999999' }, user, false],
    [{ AWS: user }, user, true],
    [{ AWS: user }, root, false],
    [{ AWS: user.toUpperCase() }, user, false],
    [{ AWS: `arn:aws:iam::${ACCOUNT}:user/*` }, user, false],
    [{ AWS: [role, user] }, user, true],
    [{ AWS: role }, role, true],
    [{ AWS: role }, session, true],
    [{ AWS: session }, session, true],
    [{ AWS: session }, role, false],
    [{ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/logs/two` }, session, false],
    [{ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/logs/*` }, session, false],
    [{ AWS: ACCOUNT }, provider, false],
    [{ Federated: provider }, provider, true],
    [{ Federated: `${provider}/other` }, provider, false],
    [{ Service: 'ec2.amazonaws.com' }, 'ec2.amazonaws.com', true],
    [{ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] }, 'sns.amazonaws.com', false],
    [{ Service: 'ec2.amazonaws.com' }, user, false],
    [{ CanonicalUser: '79a59d' }, user, false],
    [{ AWS: '999999999999', Service: 'ec2.amazonaws.com' }, 'ec2.amazonaws.com', true],
    [{}, user, false],
  ])('%j for %s', (element, name, expected) => {
    const principal = parsePrincipal(name);
    expect(principal).toBeDefined();
    expect(names(element, 'Principal', principal)).toBe(expected);
    expect(names(element, 'NotPrincipal', principal)).toBe(!expected);
  });

  it('an anonymous caller is named by * alone', () => {
    expect(names('*', 'Principal', undefined)).toBe(true);
    expect(names({ AWS: ACCOUNT }, 'Principal', undefined)).toBe(false);
    expect(names({ AWS: ACCOUNT }, 'NotPrincipal', undefined)).toBe(true);
  });

  it('a statement without Principal names nobody', () => {
    expect(
      evaluateTrust(
        { action: 'sts:AssumeRole', resource: '*', context: {} },
        { Statement: { Effect: 'Deny', Action: '*' } },
      ),
    ).toMatchObject({
      decision: 'implicitDeny',
      statements: [{ matched: false, why: 'The statement has no Principal.' }],
    });
  });

  it('reads principals as people write them', () => {
    expect(parsePrincipal(session)).toEqual({ arn: role, account: ACCOUNT, sessionArn: session });
    expect(principalContext(parsePrincipal(session) as RequestPrincipal)).toEqual({
      'aws:PrincipalArn': role,
      'aws:PrincipalAccount': ACCOUNT,
    });
    expect(principalContext(parsePrincipal(provider) as RequestPrincipal)).toEqual({});
    for (const wrong of [
      '',
      'jane',
      `arn:aws:iam::12345:role/x`,
      `arn:aws:s3:::bucket`,
      `arn:aws:sts::${ACCOUNT}:assumed-role/r`,
    ]) {
      expect(parsePrincipal(wrong)).toBeUndefined();
    }
  });
});

describe('why', () => {
  it.each<[Partial<PolicyStatement>, string]>([
    [{}, `It allows s3:PutObject on ${KEY}.`],
    [{ Effect: 'Deny' }, `It denies s3:PutObject on ${KEY}.`],
    [{ Action: 's3:GetObject' }, 'Action does not cover s3:PutObject.'],
    [{ Action: undefined, NotAction: 's3:Put*' }, 'NotAction excepts s3:PutObject.'],
    [{ Action: undefined }, 'The statement has no Action.'],
    [{ Resource: 'arn:aws:s3:::b' }, `Resource does not cover ${KEY}.`],
    [{ Resource: undefined, NotResource: '*' }, `NotResource excepts ${KEY}.`],
    [{ Resource: undefined }, 'The statement has no Resource.'],
    [
      { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      'Bool fails, because the request has no aws:SecureTransport.',
    ],
    [{ Condition: { Null: { k: 'false' } } }, 'Null fails, because the request has no k.'],
    [
      { Condition: { StringLike: { 'aws:username': ['a*', 'b'] } } },
      'StringLike on aws:username fails: the request\'s value is "jane", the policy\'s "a*", "b".',
    ],
  ])('%j', (statement, why) => {
    expect(trace(statement, { context: { 'aws:username': 'jane' } })?.why).toBe(why);
  });

  it('has sid, index and effect of every statement', () => {
    const decision = evaluate(
      { action: 's3:GetObject', resource: KEY, context: {}, principal: { arn: '', account: '' } },
      {
        identity: [
          {
            Statement: [
              { Sid: 'A', Effect: 'Deny', Action: 's3:Put*', Resource: '*' },
              { Effect: 'Allow', Action: '*', Resource: '*' },
            ],
          },
          { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
        ],
      },
    );
    expect(decision.statements.map(({ why: _, ...rest }) => rest)).toEqual([
      { policy: 'identity', policyIndex: 0, sid: 'A', index: 0, effect: 'Deny', matched: false },
      { policy: 'identity', policyIndex: 0, sid: null, index: 1, effect: 'Allow', matched: true },
      { policy: 'identity', policyIndex: 1, sid: null, index: 0, effect: 'Allow', matched: true },
    ]);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables look like template strings
import { describe, expect, it } from 'vitest';
import type { AuthorizationRequest, DecisionKind, RequestPrincipal } from '../../../src/core/iam/decision';
import { evaluate } from '../../../src/core/iam/evaluate';
import type { PolicyCondition, PolicyPrincipal, PolicyStatement } from '../../../src/core/iam/policy';
import { parsePrincipal, principalContext } from '../../../src/core/iam/principals';

/** Cases worked out by hand from a rule of AWS's documentation, whose address each row names. */
const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
const OPERATORS = `${GUIDE}reference_policies_elements_condition_operators.html`;
const SETS = `${GUIDE}reference_policies_condition-single-vs-multi-valued-context-keys.html`;
const VARIABLES = `${GUIDE}reference_policies_variables.html`;

const ACCOUNT = '123456789012';
const OTHER = '999999999999';
const ALLOW_ALL: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: '*' };

const user = parsePrincipal(`arn:aws:iam::${ACCOUNT}:user/jane`) as RequestPrincipal;
const REQUEST: AuthorizationRequest = {
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::bucket/logs/jane/a',
  principal: user,
  context: {},
};

type Values = string | readonly string[];

/** What an Allow with these elements decides alone, and what a Deny with them does beside an Allow of everything. */
function decisions(elements: Partial<PolicyStatement>, request: AuthorizationRequest): [DecisionKind, DecisionKind] {
  const identity = (statements: readonly PolicyStatement[]) => [{ Version: '2012-10-17', Statement: statements }];
  const base = { Action: '*', Resource: '*', ...elements };
  const plain = Object.fromEntries(Object.entries(base).filter(([, value]) => value !== undefined));
  return [
    evaluate(request, { identity: identity([{ Effect: 'Allow', ...plain }]) }).decision,
    evaluate(request, { identity: identity([ALLOW_ALL, { Effect: 'Deny', ...plain }]) }).decision,
  ];
}

const APPLIES: [DecisionKind, DecisionKind] = ['allowed', 'explicitDeny'];
const DOES_NOT: [DecisionKind, DecisionKind] = ['implicitDeny', 'allowed'];

interface ConditionRow {
  readonly rule: string;
  readonly page: string;
  readonly condition: PolicyCondition;
  readonly key?: string;
  readonly holds: Values;
  readonly fails: Values;
  /** Whether the statement applies to a request without the key. */
  readonly whenAbsent: boolean;
  readonly more?: Readonly<Record<string, Values>>;
}

const CONDITIONS: readonly ConditionRow[] = [
  {
    rule: 'StringEquals compares the whole text, with its case',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringEquals: { 'aws:PrincipalTag/job': 'iamuser-admin' } },
    key: 'aws:PrincipalTag/job',
    holds: 'iamuser-admin',
    fails: 'iamuser-Admin',
    whenAbsent: false,
  },
  {
    rule: 'StringNotEquals holds for a missing key',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    key: 's3:x-amz-server-side-encryption',
    holds: 'aws:kms',
    fails: 'AES256',
    whenAbsent: true,
  },
  {
    rule: 'StringEqualsIgnoreCase disregards case',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringEqualsIgnoreCase: { 'aws:UserAgent': 'Airflow' } },
    key: 'aws:UserAgent',
    holds: 'AIRFLOW',
    fails: 'Airflow 3',
    whenAbsent: false,
  },
  {
    rule: 'StringNotEqualsIgnoreCase is its negation',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringNotEqualsIgnoreCase: { 'aws:UserAgent': 'Airflow' } },
    key: 'aws:UserAgent',
    holds: 'curl',
    fails: 'airflow',
    whenAbsent: true,
  },
  {
    rule: 'StringLike takes * for any number of characters and ? for one',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringLike: { 's3:prefix': ['logs/*', 'tmp/?'] } },
    key: 's3:prefix',
    holds: 'logs/dag_id=a/',
    fails: 'tmp/ab',
    whenAbsent: false,
  },
  {
    rule: 'StringNotLike holds where no value is like it',
    page: `${OPERATORS}#Conditions_String`,
    condition: { StringNotLike: { 's3:prefix': ['logs/*', 'tmp/*'] } },
    key: 's3:prefix',
    holds: 'data/',
    fails: 'tmp/a',
    whenAbsent: true,
  },
  {
    rule: 'NumericEquals compares numbers, not texts',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericEquals: { 's3:max-keys': '10' } },
    key: 's3:max-keys',
    holds: '10.0',
    fails: '100',
    whenAbsent: false,
  },
  {
    rule: 'NumericNotEquals holds for a missing key',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericNotEquals: { 's3:max-keys': '10' } },
    key: 's3:max-keys',
    holds: '9',
    fails: '10',
    whenAbsent: true,
  },
  {
    rule: 'NumericLessThan is strict',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericLessThan: { 's3:max-keys': '10' } },
    key: 's3:max-keys',
    holds: '9',
    fails: '10',
    whenAbsent: false,
  },
  {
    rule: 'NumericLessThanEquals is not',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericLessThanEquals: { 's3:max-keys': '10' } },
    key: 's3:max-keys',
    holds: '10',
    fails: '11',
    whenAbsent: false,
  },
  {
    rule: 'NumericGreaterThan is strict',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '0' } },
    key: 'aws:MultiFactorAuthAge',
    holds: '0.5',
    fails: '0',
    whenAbsent: false,
  },
  {
    rule: 'NumericGreaterThanEquals is not',
    page: `${OPERATORS}#Conditions_Numeric`,
    condition: { NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '60' } },
    key: 'aws:MultiFactorAuthAge',
    holds: '60',
    fails: '59.9',
    whenAbsent: false,
  },
  {
    rule: 'DateEquals takes ISO 8601 and seconds since 1970 for the same moment',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateEquals: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' } },
    key: 'aws:CurrentTime',
    holds: '1585699200',
    fails: '1585699201',
    whenAbsent: false,
  },
  {
    rule: 'DateNotEquals holds for a missing key',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateNotEquals: { 'aws:TokenIssueTime': '2020-04-01T00:00:00Z' } },
    key: 'aws:TokenIssueTime',
    holds: '2020-04-01T00:00:01Z',
    fails: '2020-04-01T02:00:00+02:00',
    whenAbsent: true,
  },
  {
    rule: 'DateLessThan is before',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' } },
    key: 'aws:CurrentTime',
    holds: '2020-06-30T23:59:58Z',
    fails: '2020-06-30T23:59:59Z',
    whenAbsent: false,
  },
  {
    rule: 'DateLessThanEquals is not after',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateLessThanEquals: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' } },
    key: 'aws:CurrentTime',
    holds: '2020-06-30T23:59:59Z',
    fails: '2020-07-01T00:00:00Z',
    whenAbsent: false,
  },
  {
    rule: 'DateGreaterThan is after',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' } },
    key: 'aws:CurrentTime',
    holds: '2020-04-01T00:00:00.1Z',
    fails: '2020-04-01T00:00:00Z',
    whenAbsent: false,
  },
  {
    rule: 'DateGreaterThanEquals is not before',
    page: `${OPERATORS}#Conditions_Date`,
    condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2020-04-01' } },
    key: 'aws:CurrentTime',
    holds: '2020-04-01T00:00:00Z',
    fails: '2020-03-31T23:59:59Z',
    whenAbsent: false,
  },
  {
    rule: 'Bool compares true and false',
    page: `${OPERATORS}#Conditions_Boolean`,
    condition: { Bool: { 'aws:SecureTransport': 'true' } },
    key: 'aws:SecureTransport',
    holds: 'true',
    fails: 'false',
    whenAbsent: false,
  },
  {
    rule: 'BinaryEquals compares the bytes that base64 stands for',
    page: `${OPERATORS}#Conditions_BinaryEquals`,
    condition: { BinaryEquals: { key: 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } },
    key: 'key',
    holds: 'QmluYXJ5VmFsdWVJbkJhc2U2NA==',
    fails: 'QmluYXJ5VmFsdWVJbkJhc2U2NQ==',
    whenAbsent: false,
  },
  {
    rule: 'IpAddress takes a range in CIDR form',
    page: `${OPERATORS}#Conditions_IPAddress`,
    condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } },
    key: 'aws:SourceIp',
    holds: '2001:db8:1234:5678::1',
    fails: '203.0.114.1',
    whenAbsent: false,
  },
  {
    rule: 'an address without a length is that one address',
    page: `${OPERATORS}#Conditions_IPAddress`,
    condition: { IpAddress: { 'aws:SourceIp': '203.0.113.7' } },
    key: 'aws:SourceIp',
    holds: '203.0.113.7',
    fails: '203.0.113.8',
    whenAbsent: false,
  },
  {
    rule: 'NotIpAddress holds for every other address, of the other family too, and for a missing key',
    page: `${OPERATORS}#Conditions_IPAddress`,
    condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    key: 'aws:SourceIp',
    holds: '2001:db8::1',
    fails: '203.0.113.255',
    whenAbsent: true,
  },
  {
    rule: "ArnLike checks each of an ARN's six parts for itself",
    page: `${OPERATORS}#Conditions_ARN`,
    condition: { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${ACCOUNT}:topic-?` } },
    key: 'aws:SourceArn',
    holds: `arn:aws:sns:us-east-1:${ACCOUNT}:topic-1`,
    fails: `arn:aws:sns:us-east-1:${OTHER}:${ACCOUNT}:topic-1`,
    whenAbsent: false,
  },
  {
    rule: 'ArnEquals takes wildcards too',
    page: `${OPERATORS}#Conditions_ARN`,
    condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket*' } },
    key: 'aws:SourceArn',
    holds: 'arn:aws:s3:::bucket-1',
    fails: 'arn:aws:s3:::Bucket',
    whenAbsent: false,
  },
  {
    rule: 'ArnNotEquals holds for a missing key',
    page: `${OPERATORS}#Conditions_ARN`,
    condition: { ArnNotEquals: { 'aws:SourceArn': 'arn:aws:s3:::bucket' } },
    key: 'aws:SourceArn',
    holds: 'arn:aws:s3:::other',
    fails: 'arn:aws:s3:::bucket',
    whenAbsent: true,
  },
  {
    rule: 'ArnNotLike as well',
    page: `${OPERATORS}#Conditions_ARN`,
    condition: { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::b*' } },
    key: 'aws:SourceArn',
    holds: 'arn:aws:s3:::other',
    fails: 'arn:aws:s3:::bucket',
    whenAbsent: true,
  },
  {
    rule: 'IfExists holds for a missing key and judges one that is there',
    page: `${OPERATORS}#Conditions_IfExists`,
    condition: { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 'm3.*'] } },
    key: 'ec2:InstanceType',
    holds: 'm3.large',
    fails: 'x1.large',
    whenAbsent: true,
  },
  {
    rule: 'Null true asks for the key to be missing',
    page: `${OPERATORS}#Conditions_Null`,
    condition: { Null: { 'aws:TokenIssueTime': 'true' } },
    key: 'aws:TokenIssueTime',
    holds: [],
    fails: '2020-04-01T00:00:00Z',
    whenAbsent: true,
  },
  {
    rule: 'Null false asks for the key to be there',
    page: `${OPERATORS}#Conditions_Null`,
    condition: { Null: { 'aws:TokenIssueTime': 'false' } },
    key: 'aws:TokenIssueTime',
    holds: '2020-04-01T00:00:00Z',
    fails: [],
    whenAbsent: false,
  },
  {
    rule: 'ForAllValues: every value of the request is one of the policy; none at all counts too',
    page: SETS,
    condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'cost-center'] } },
    key: 'aws:TagKeys',
    holds: ['environment', 'cost-center'],
    fails: ['environment', 'owner'],
    whenAbsent: true,
  },
  {
    rule: 'ForAnyValue: one value of the request is one of the policy; none at all is not',
    page: SETS,
    condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['environment', 'cost-center'] } },
    key: 'aws:TagKeys',
    holds: ['owner', 'environment'],
    fails: ['owner', 'team'],
    whenAbsent: false,
  },
  {
    rule: 'ForAllValues with a negated operator: no value of the request is one of the policy',
    page: SETS,
    condition: { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['secret'] } },
    key: 'aws:TagKeys',
    holds: ['a', 'b'],
    fails: ['a', 'secret'],
    whenAbsent: true,
  },
  {
    rule: 'ForAnyValue with a negated operator: one value of the request is none of the policy',
    page: SETS,
    condition: { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['secret'] } },
    key: 'aws:TagKeys',
    holds: ['secret', 'a'],
    fails: ['secret'],
    whenAbsent: false,
  },
  {
    rule: 'keys compare without case, values with it',
    page: `${GUIDE}reference_policies_elements_condition.html`,
    condition: { StringEquals: { 'AWS:userAGENT': 'Airflow' } },
    key: 'aws:UserAgent',
    holds: 'Airflow',
    fails: 'airflow',
    whenAbsent: false,
  },
  {
    rule: 'several keys all have to hold, of several values one',
    page: `${GUIDE}reference_policies_condition-logic-multiple-context-keys-or-values.html`,
    condition: { StringEquals: { a: ['1', '2'], b: '3' } },
    key: 'a',
    holds: '2',
    fails: '3',
    whenAbsent: false,
    more: { b: '3' },
  },
  {
    rule: 'several operators all have to hold',
    page: `${GUIDE}reference_policies_condition-logic-multiple-context-keys-or-values.html`,
    condition: { StringLike: { a: 'x*' }, Bool: { c: 'true' } },
    key: 'a',
    holds: 'xy',
    fails: 'y',
    whenAbsent: false,
    more: { c: 'true' },
  },
  {
    rule: 'a variable stands for the value of its key',
    page: VARIABLES,
    condition: { StringLike: { 's3:prefix': 'home/${aws:username}/*' } },
    key: 's3:prefix',
    holds: 'home/jane/a',
    fails: 'home/joe/a',
    whenAbsent: false,
    more: { 'aws:username': 'jane' },
  },
  {
    rule: 'a variable without value has its default',
    page: `${VARIABLES}#policy-vars-default-values`,
    condition: { StringEquals: { 's3:prefix': "${aws:PrincipalTag/team, 'company-wide'}" } },
    key: 's3:prefix',
    holds: 'company-wide',
    fails: '',
    whenAbsent: false,
  },
  {
    rule: 'to a variable without value and default nothing is equal, everything unequal',
    page: `${VARIABLES}#policy-vars-no-value`,
    condition: { StringNotEquals: { 's3:prefix': ['${aws:PrincipalTag/team}', 'tmp'] } },
    key: 's3:prefix',
    holds: 'x',
    fails: 'tmp',
    whenAbsent: true,
  },
  {
    rule: '${*} is an asterisk',
    page: `${VARIABLES}#policy-vars-specialchars`,
    condition: { StringLike: { 's3:prefix': 'a${*}' } },
    key: 's3:prefix',
    holds: 'a*',
    fails: 'ab',
    whenAbsent: false,
  },
];

describe('conditions', () => {
  it.each(CONDITIONS)('$rule ($page)', ({ condition, key = '', holds, fails, whenAbsent, more }) => {
    const asked = (value?: Values) =>
      decisions(
        { Condition: condition },
        { ...REQUEST, context: { ...more, ...(value !== undefined && { [key]: value }) } },
      );
    expect(asked(holds)).toEqual(APPLIES);
    expect(asked(fails)).toEqual(DOES_NOT);
    expect(asked()).toEqual(whenAbsent ? APPLIES : DOES_NOT);
  });
});

interface ElementRow {
  readonly rule: string;
  readonly page: string;
  readonly elements: Partial<PolicyStatement>;
  readonly applies: Partial<AuthorizationRequest>;
  readonly doesNot: Partial<AuthorizationRequest>;
}

const of = (resource: string) => ({ resource: `arn:aws:s3:::${resource}` });

describe('elements', () => {
  it.each<ElementRow>([
    {
      rule: 'Action compares without case and takes wildcards',
      page: `${GUIDE}reference_policies_elements_action.html`,
      elements: { Action: ['S3:put*', 's3:?etObject'] },
      applies: { action: 's3:GetObject' },
      doesNot: { action: 's3:DeleteObject' },
    },
    {
      rule: 'NotAction covers everything but what it lists',
      page: `${GUIDE}reference_policies_elements_notaction.html`,
      elements: { Action: undefined, NotAction: 'iam:*' },
      applies: { action: 's3:GetObject' },
      doesNot: { action: 'iam:PassRole' },
    },
    {
      rule: "a bucket's ARN isn't that of its objects",
      page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html',
      elements: { Resource: 'arn:aws:s3:::bucket/*' },
      applies: of('bucket/a/b:c'),
      doesNot: of('bucket'),
    },
    {
      rule: 'Resource compares with case',
      page: `${GUIDE}reference_policies_elements_resource.html`,
      elements: { Resource: 'arn:aws:s3:::bucket/Logs/*' },
      applies: of('bucket/Logs/a'),
      doesNot: of('bucket/logs/a'),
    },
    {
      rule: 'a * inside of a segment stays within its colons',
      page: `${GUIDE}reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards`,
      elements: { Resource: 'arn:aws:s*s:*:*:queue-?' },
      applies: { resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:queue-1` },
      doesNot: { resource: `arn:aws:s3:x:sqs:us-east-1:${ACCOUNT}:queue` },
    },
    {
      rule: "a * at a segment's end may go beyond the colon",
      page: `${GUIDE}reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards`,
      elements: { Resource: 'arn:aws:s3:*' },
      applies: of('bucket/a'),
      doesNot: { resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:queue` },
    },
    {
      rule: 'NotResource covers everything but what it lists',
      page: `${GUIDE}reference_policies_elements_notresource.html`,
      elements: { Resource: undefined, NotResource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'] },
      applies: of('other/a'),
      doesNot: of('bucket/a'),
    },
    {
      rule: 'a variable in a Resource stands for the value of its key',
      page: `${VARIABLES}#policy-vars-wheretouse`,
      elements: { Resource: 'arn:aws:s3:::bucket/${aws:username}/*' },
      applies: { ...of('bucket/jane/a'), context: { 'aws:username': 'jane' } },
      doesNot: of('bucket/jane/a'),
    },
  ])('$rule ($page)', ({ elements, applies, doesNot }) => {
    expect(decisions(elements, { ...REQUEST, ...applies })).toEqual(APPLIES);
    expect(decisions(elements, { ...REQUEST, ...doesNot })).toEqual(DOES_NOT);
  });
});

describe('principals', () => {
  const PRINCIPAL = `${GUIDE}reference_policies_elements_principal.html`;
  const NOT_PRINCIPAL = `${GUIDE}reference_policies_elements_notprincipal.html`;
  const role = `arn:aws:iam::${ACCOUNT}:role/app`;
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/app/one`;
  const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com`;

  /** Asked of a bucket in another account, so that the resource side alone decides. */
  function asked(element: { Principal: PolicyPrincipal } | { NotPrincipal: PolicyPrincipal }, arn?: string) {
    const principal = arn === undefined ? undefined : (parsePrincipal(arn) as RequestPrincipal);
    const decide = (statements: readonly PolicyStatement[]) =>
      evaluate(
        { ...REQUEST, principal, resourceAccount: OTHER, context: principal ? principalContext(principal) : {} },
        {
          identity: [{ Version: '2012-10-17', Statement: ALLOW_ALL }],
          resource: { Version: '2012-10-17', Statement: statements },
        },
      ).decision;
    const base = { Action: '*', Resource: '*', ...element };
    return [
      decide([{ Effect: 'Allow', ...base }]),
      decide([
        { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
        { Effect: 'Deny', ...base },
      ]),
    ];
  }

  it.each<
    [
      string,
      string,
      { Principal: PolicyPrincipal } | { NotPrincipal: PolicyPrincipal },
      string | undefined,
      string | undefined,
    ]
  >([
    ['* is everybody, also who signs nothing', PRINCIPAL, { Principal: '*' }, undefined, undefined],
    ['AWS * is the same', PRINCIPAL, { Principal: { AWS: '*' } }, session, undefined],
    [
      'an account stands for everybody in it',
      PRINCIPAL,
      { Principal: { AWS: ACCOUNT } },
      session,
      'arn:aws:iam::111122223333:user/jane',
    ],
    ['so does its root', PRINCIPAL, { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, user.arn, provider],
    [
      'a role stands for its sessions',
      PRINCIPAL,
      { Principal: { AWS: role } },
      session,
      `arn:aws:sts::${ACCOUNT}:assumed-role/other/one`,
    ],
    ['a session only for itself', PRINCIPAL, { Principal: { AWS: session } }, session, `${session}2`],
    ['a user stands for itself', PRINCIPAL, { Principal: { AWS: [role, user.arn] } }, user.arn, `${user.arn}t`],
    ['no wildcard stands within an ARN', PRINCIPAL, { Principal: { AWS: [`${role}*`, user.arn] } }, user.arn, role],
    [
      'an ARN compares with case',
      PRINCIPAL,
      { Principal: { AWS: user.arn } },
      user.arn,
      user.arn.replace('jane', 'Jane'),
    ],
    ['a provider stands for its web identities', PRINCIPAL, { Principal: { Federated: provider } }, provider, user.arn],
    [
      'a service stands for itself',
      PRINCIPAL,
      { Principal: { Service: 'ec2.amazonaws.com' } },
      'ec2.amazonaws.com',
      role,
    ],
    [
      'NotPrincipal covers everybody but those it lists',
      NOT_PRINCIPAL,
      { NotPrincipal: { AWS: [user.arn, ACCOUNT] } },
      'arn:aws:iam::111122223333:user/jane',
      user.arn,
    ],
  ])('%s (%s)', (_rule, _page, element, applies, doesNot) => {
    expect(asked(element, applies)).toEqual(APPLIES);
    const isEverybody =
      'Principal' in element && (element.Principal === '*' || (element.Principal as { AWS?: string }).AWS === '*');
    expect(asked(element, doesNot)).toEqual(isEverybody ? APPLIES : DOES_NOT);
  });
});

import { describe, expect, it } from 'vitest';
import { lintPolicy } from '../../../src/core/iam/lint/lint-policy';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { DEPLOYMENT, envOf, readSections, ROLE, show } from './lint-one';

const ASSUME = 'sts:AssumeRole';
const WEB = 'sts:AssumeRoleWithWebIdentity';
const ISSUER = 'oidc.eks.us-east-1.amazonaws.com/id/EX';
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${ISSUER}`;
const SUBJECT = { StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:ns:ns-*' } };
const SAML = 'arn:aws:iam::123456789012:saml-provider/Okta';
const ENV = { '.env': envOf('s3://acme-logs/prod', { roleArn: ROLE }) };
const NO_ROLE = { '.env': envOf('s3://acme-logs/prod') };

function trust(Principal: unknown, Action: unknown = ASSUME, more: object = {}): object {
  return { Effect: 'Allow', Principal, Action, ...more };
}

function policy(Statement: object | readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function aws(...AWS: string[]): { AWS: string | string[] } {
  return { AWS: AWS.length === 1 ? (AWS[0] as string) : AWS };
}

/** What is said of the first file, with words. */
function lint(files: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(files).map(([path, text]) => ({ path, text }));
  const [file] = all as [(typeof all)[0]];
  return show(file.text, lintPolicy(file, new SourceFiles(all)));
}

type Row = [name: string, policy: string, others?: Readonly<Record<string, string>>, path?: string];

/** What is found is in `trust.txt`. */
const ROWS: Readonly<Record<string, Row[]>> = {
  'who is trusted': [
    ['a Deployment', policy(trust(aws(DEPLOYMENT)))],
    ['a filled-in role', policy(trust(aws('arn:aws:iam::<account>:role/astro')))],
    ['everybody', policy(trust('*'))],
    ['everybody in AWS, beside a Deployment', policy(trust(aws(DEPLOYMENT, '*')))],
    ['an account', policy(trust(aws('111122223333')))],
    ['thirteen digits', policy(trust(aws('1111222233334')))],
    ['an account, beside a Deployment', policy(trust(aws('111122223333', DEPLOYMENT)))],
    [
      'the root, in another statement than a Deployment',
      policy([trust(aws('arn:aws:iam::111122223333:root')), trust(aws(DEPLOYMENT))]),
    ],
    [
      'the root, beside a Deployment that is denied',
      policy([
        trust(aws('arn:aws:iam::111122223333:root')),
        { Effect: 'Deny', Principal: aws(DEPLOYMENT), Action: ASSUME },
      ]),
    ],
    ['a deleted role', policy(trust(aws('AROAEXAMPLEID1234567')))],
    ['a deleted role, beside a Deployment', policy(trust(aws('AIDAEXAMPLEID1234567', DEPLOYMENT)))],
    ['what only looks like an id', policy(trust(aws('XAROAEXAMPLEID1234567', 'AROAEXAMPLEID1234567 ', 'AROAEXAMPLE')))],
    ['the role itself', policy(trust(aws(ROLE)))],
    ['the role itself, beside a Deployment', policy(trust(aws(ROLE, DEPLOYMENT)))],
    ['the role itself, where nobody knows it', policy(trust(aws(ROLE))), NO_ROLE],
    [
      'the role of one of two exports',
      policy(trust(aws(ROLE))),
      { ...ENV, 'b.env': envOf('s3://acme-data/x', { roleArn: 'arn:aws:iam::123456789012:role/Other' }) },
    ],
    ['a user', policy(trust(aws('arn:aws:iam::111122223333:user/jane')))],
    ['a user, beside a Deployment', policy(trust(aws('arn:aws:iam::111122223333:user/jane', DEPLOYMENT)))],
    ['a session', policy(trust(aws('arn:aws:sts::111122223333:assumed-role/astro/one')))],
    ['a session of iam', policy(trust(aws('arn:aws-cn:iam::111122223333:assumed-role/astro')))],
    ['a session without an account', policy(trust(aws('arn:aws:sts::1111:assumed-role/astro/one')))],
    ['digits and blanks', policy(trust(aws('arn:aws:iam::1111 2222 3333:role/astro')))],
    ['digits too few', policy(trust(aws('arn:aws:iam::1111-2222:role/astro')))],
    ['digits divided, and no name', policy(trust(aws('arn:aws:iam::1111-2222-3333:role/')))],
    ['a role without a name', policy(trust(aws('arn:aws:iam::111122223333:role/')))],
    ['any role', policy(trust(aws('arn:aws:iam::111122223333:role/*')))],
    ['no ARN', policy(trust(aws('astro')))],
    ['a service', policy([trust({ Service: 'ec2.amazonaws.com' }), trust(aws('arn:aws:iam::111122223333:root'))])],
    ['a service, beside a Deployment', policy(trust({ Service: 'ec2.amazonaws.com', ...aws(DEPLOYMENT) }))],
    ['a canonical user', policy(trust({ CanonicalUser: '79a59df900b949e55d96a1e698fbaced' }))],
    ['nobody', policy([{ Effect: 'Allow', Action: ASSUME }, trust(aws(DEPLOYMENT))])],
    ['an empty Principal', policy(trust({}))],
    [
      'everybody but one',
      policy([{ Effect: 'Allow', NotPrincipal: aws('arn:aws:iam::111122223333:root'), Action: ASSUME }]),
    ],
    ['a provider', policy(trust({ Federated: PROVIDER }, WEB, { Condition: SUBJECT }))],
    [
      'a provider of another account',
      policy(trust({ Federated: PROVIDER.replace('123456789012', '999988887777') }, WEB, { Condition: SUBJECT })),
    ],
    [
      'a provider of another partition',
      policy(trust({ Federated: PROVIDER.replace('aws', 'aws-cn') }, WEB, { Condition: SUBJECT })),
    ],
    [
      'a provider of another account, denied',
      policy([
        trust({ Federated: PROVIDER }, WEB, { Condition: SUBJECT }),
        { Effect: 'Deny', Principal: { Federated: 'arn:aws-cn:iam::999988887777:oidc-provider/x.com' }, Action: WEB },
      ]),
    ],
    ['a provider as a role', policy(trust({ AWS: PROVIDER.replace('123456789012', '999988887777') }))],
    [
      'a provider with digits too few',
      policy(trust({ Federated: PROVIDER.replace('123456789012', '1234') }, WEB, { Condition: SUBJECT })),
    ],
    [
      'a provider with divided digits',
      policy(trust({ Federated: PROVIDER.replace('123456789012', '1234-5678-9012') }, WEB, { Condition: SUBJECT })),
    ],
    ['a provider without digits', policy(trust({ Federated: PROVIDER.replace('123456789012', '') }, WEB))],
    ['a provider without an issuer', policy(trust({ Federated: 'arn:aws:iam::123456789012:oidc-provider/' }, WEB))],
    ['an issuer alone', policy(trust({ Federated: ISSUER }, WEB))],
    ['a SAML provider, beside a Deployment', policy(trust({ Federated: SAML, ...aws(DEPLOYMENT) }))],
    ['Google, beside a Deployment', policy([trust({ Federated: 'accounts.google.com' }, WEB), trust(aws(DEPLOYMENT))])],
    [
      'another site, beside a Deployment',
      policy([trust({ Federated: 'xaccounts.google.com' }, WEB), trust(aws(DEPLOYMENT))]),
    ],
    ['a Deployment of another partition', policy(trust(aws(DEPLOYMENT.replace('aws', 'aws-cn'))))],
    [
      'a Deployment of one of two partitions',
      policy(trust(aws(DEPLOYMENT.replace('aws', 'aws-cn')))),
      { ...ENV, 'b.env': envOf('s3://acme-data/x', { roleArn: 'arn:aws-cn:iam::123456789012:role/Other' }) },
    ],
    [
      'a Deployment, where the role is wrong',
      policy(trust(aws(DEPLOYMENT.replace('aws', 'aws-cn')))),
      { '.env': envOf('s3://acme-logs/prod', { roleArn: 'Logs' }) },
    ],
  ],
  'what it may do': [
    ['in capitals', policy(trust(aws(DEPLOYMENT), 'STS:ASSUMEROLE'))],
    ['everything of STS', policy(trust(aws(DEPLOYMENT), 'sts:*'))],
    ['everything', policy(trust(aws(DEPLOYMENT), '*'))],
    ['tags alone', policy(trust(aws(DEPLOYMENT), 'sts:TagSession'))],
    [
      'what goes along, in a list',
      policy(trust(aws(DEPLOYMENT), ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'])),
    ],
    ['what does not go along', policy(trust(aws(DEPLOYMENT), ['sts:TagSession', 'sts:GetSessionToken']))],
    ['nothing', policy(trust(aws(DEPLOYMENT), []))],
    ['all but one', policy([{ Effect: 'Allow', Principal: aws(DEPLOYMENT), NotAction: ASSUME }])],
    ['something else too', policy(trust(aws(DEPLOYMENT), [ASSUME, 's3:PutObject', 'xsts:AssumeRole', '*x']))],
    ['something else alone', policy(trust(aws(DEPLOYMENT), ['s3:PutObject']))],
    ['something else for everybody', policy([trust(aws(DEPLOYMENT)), trust('*', 'logs:PutLogEvents')])],
    [
      'one word of something else',
      policy([trust(aws(DEPLOYMENT)), trust({ Service: 'ec2.amazonaws.com' }, 's3:PutObject')]),
    ],
    ['by the provider’s action', policy(trust(aws(DEPLOYMENT), WEB))],
    ['a provider by a role’s action', policy(trust({ Federated: PROVIDER }, ASSUME, { Condition: SUBJECT }))],
    [
      'a provider by SAML’s action',
      policy(trust({ Federated: PROVIDER }, 'sts:AssumeRoleWithSAML', { Condition: SUBJECT })),
    ],
    ['both kinds, by the role’s action', policy(trust({ Federated: PROVIDER, ...aws(DEPLOYMENT) }, ASSUME))],
    ['both kinds, by the provider’s action', policy(trust({ ...aws(DEPLOYMENT), Federated: PROVIDER }, WEB))],
    ['two roles', policy(trust(aws(DEPLOYMENT, 'arn:aws:iam::111122223333:role/astro-2'), 'sts:TagSession'))],
    ['two statements that each give half', policy([trust(aws(DEPLOYMENT), 'sts:TagSession'), trust(aws(DEPLOYMENT))])],
    [
      'for a principal that is wrong itself',
      policy(trust(aws('arn:aws:iam::111122223333:user/jane'), 'sts:TagSession')),
    ],
    ['for a SAML provider', policy(trust({ Federated: SAML }, 'sts:AssumeRoleWithSAML'))],
    ['for a service', policy([trust({ Service: 'ec2.amazonaws.com' }, 'sts:TagSession'), trust(aws(DEPLOYMENT))])],
    ['for everybody', policy(trust('*', 'sts:TagSession'))],
  ],
  conditions: [
    [
      'an external id',
      policy(trust(aws(DEPLOYMENT), ASSUME, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })),
    ],
    [
      'one that no request meets',
      policy(trust(aws(DEPLOYMENT), ASSUME, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
    ],
    [
      'the second of two',
      policy(
        trust(aws(DEPLOYMENT), ASSUME, {
          Condition: { Bool: { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': ['true'] } },
        }),
      ),
    ],
    [
      'one without values',
      policy(trust(aws(DEPLOYMENT), ASSUME, { Condition: { StringEquals: { 'aws:SourceVpc': [] } } })),
    ],
    [
      'another role',
      policy(
        trust(aws('arn:aws:iam::111122223333:root'), ASSUME, {
          Condition: { ArnEquals: { 'aws:PrincipalArn': DEPLOYMENT } },
        }),
      ),
    ],
    [
      'another account',
      policy(
        trust(aws(DEPLOYMENT), ASSUME, { Condition: { StringEquals: { 'aws:PrincipalAccount': '999988887777' } } }),
      ),
    ],
    [
      'its own account',
      policy(
        trust(aws(DEPLOYMENT), ASSUME, { Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }),
      ),
    ],
    [
      'of a provider, on its role',
      policy(trust({ Federated: PROVIDER }, WEB, { Condition: { ...SUBJECT, ArnLike: { 'aws:PrincipalArn': '*' } } })),
    ],
    [
      'with another action',
      policy(trust(aws(DEPLOYMENT), 'sts:TagSession', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
    ],
  ],
  issuers: [
    [
      'two providers, another issuer',
      policy(
        trust({ Federated: [PROVIDER, PROVIDER.replace('EX', 'FY')] }, WEB, {
          Condition: { StringLike: { 'oidc.x.com:sub': 'a' } },
        }),
      ),
    ],
    [
      'http before it, and slashes',
      policy(
        trust({ Federated: `${PROVIDER}//` }, WEB, { Condition: { StringLike: { [`HTTP://${ISSUER}//:sub`]: 'a' } } }),
      ),
    ],
    [
      'the provider’s ARN before it',
      policy(trust({ Federated: PROVIDER }, WEB, { Condition: { StringLike: { [`${PROVIDER}:sub`]: 'a' } } })),
    ],
    [
      'a word before it',
      policy(
        trust({ Federated: PROVIDER }, WEB, { Condition: { StringLike: { [`see https://${ISSUER}:sub`]: 'a' } } }),
      ),
    ],
    [
      'the right one under another operator',
      policy(
        trust({ Federated: PROVIDER }, WEB, {
          Condition: { StringEquals: { [`https://${ISSUER}:sub`]: 'a' }, StringLike: { [`${ISSUER}:sub`]: 'a*' } },
        }),
      ),
    ],
    [
      'a look-alike hyphen',
      policy(
        trust({ Federated: PROVIDER }, WEB, {
          Condition: { StringLike: { [`${ISSUER.replace('us-east', 'us\u2011east')}:sub`]: 'a' } },
        }),
      ),
    ],
    [
      'a list of subjects of nobody',
      policy(trust({ Federated: PROVIDER }, WEB, { Condition: { StringLike: { 'oidc.x.com:sub': [] } } })),
    ],
    [
      'one that is negated',
      policy(
        trust({ Federated: PROVIDER }, WEB, {
          Condition: { ...SUBJECT, StringNotLike: { 'oidc.x.com:sub': 'a' }, Null: { 'oidc.x.com:aud': true } },
        }),
      ),
    ],
    [
      'one that has to be there',
      policy(trust({ Federated: PROVIDER }, WEB, { Condition: { ...SUBJECT, Null: { 'oidc.x.com:aud': 'false' } } })),
    ],
    [
      'two providers, one filled in',
      policy(trust({ Federated: [PROVIDER, 'arn:aws:iam::123456789012:oidc-provider/<issuer>'] }, WEB)),
    ],
    ['a provider as a role', policy(trust({ AWS: PROVIDER }, WEB))],
    ['by another action', policy(trust({ Federated: PROVIDER }, 'sts:TagSession'))],
    [
      'in a Deny',
      policy([trust(aws(DEPLOYMENT)), { Effect: 'Deny', Principal: { Federated: PROVIDER }, Action: WEB }]),
    ],
    [
      'a role beside it',
      policy(
        trust({ Federated: PROVIDER, ...aws(DEPLOYMENT) }, [WEB, ASSUME], {
          Condition: { StringLikeIfExists: { 'oidc.x.com:sub': 'a' } },
        }),
      ),
    ],
    [
      'the audience alone, in capitals',
      policy(
        trust({ Federated: PROVIDER }, WEB, {
          Condition: { StringEquals: { [`${ISSUER}:AUD`]: 'sts.amazonaws.com' } },
        }),
      ),
    ],
  ],
  'denials and resources': [
    [
      'a Deny of one who is let in',
      policy([trust(aws(DEPLOYMENT)), { Effect: 'Deny', Principal: '*', Action: ASSUME }]),
    ],
    [
      'a Deny of one of two',
      policy([
        trust(aws(DEPLOYMENT, 'arn:aws:iam::111122223333:role/astro-2')),
        { Effect: 'Deny', Principal: aws('arn:aws:iam::111122223333:role/astro-2'), Action: 'sts:*' },
      ]),
    ],
    [
      'a Deny of somebody else',
      policy([
        trust(aws(DEPLOYMENT)),
        { Effect: 'Deny', Principal: aws('arn:aws:iam::111122223333:role/b'), Action: ASSUME },
      ]),
    ],
    [
      'a Deny of one who is wrong anyway',
      policy([
        trust(aws('arn:aws:iam::111122223333:user/jane')),
        { Effect: 'Deny', Principal: aws('arn:aws:iam::111122223333:user/jane'), Action: ASSUME },
      ]),
    ],
    [
      'a Deny of one who is named in a Deny alone',
      policy([
        trust(aws(DEPLOYMENT)),
        { Effect: 'Deny', Principal: aws('arn:aws:iam::111122223333:role/b'), Action: ASSUME },
        { Effect: 'Deny', Principal: '*', Action: WEB },
      ]),
    ],
    [
      'a Deny before the Allow',
      policy([
        { Effect: 'Deny', Principal: '*', Action: '*' },
        trust({ Federated: PROVIDER }, WEB, { Condition: SUBJECT }),
      ]),
    ],
    [
      'a Deny with a key that only AWS knows',
      policy([
        trust(aws(DEPLOYMENT)),
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ASSUME,
          Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ]),
    ],
    [
      'a Deny with a filled-in value',
      policy([
        trust(aws(DEPLOYMENT)),
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ASSUME,
          Condition: { StringNotEquals: { 'aws:PrincipalAccount': '{{ account }}' } },
        },
      ]),
    ],
    [
      'a Deny by an address',
      policy([
        trust(aws(DEPLOYMENT)),
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ASSUME,
          Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        },
      ]),
    ],
    [
      'a Deny of all but one',
      policy([
        trust(aws(DEPLOYMENT)),
        {
          Effect: 'Deny',
          NotPrincipal: aws('arn:aws:iam::111122223333:role/b'),
          Action: ASSUME,
        },
      ]),
    ],
    [
      'a Deny of all but the Deployment',
      policy([
        trust(aws(DEPLOYMENT)),
        { Effect: 'Deny', NotPrincipal: aws(DEPLOYMENT, 'arn:aws:iam::111122223333:root'), Action: ASSUME },
      ]),
    ],
    ['a Deny of nobody', policy([trust(aws(DEPLOYMENT)), { Effect: 'Deny', NotPrincipal: '*', Action: ASSUME }])],
    ['a Resource', policy({ ...trust(aws(DEPLOYMENT)), Resource: '*' })],
    ['a NotResource', policy({ NotResource: ['a', 'b'], ...trust(aws(DEPLOYMENT)) })],
    [
      'a Resource for another role',
      policy({ ...trust(aws(DEPLOYMENT)), Resource: 'arn:aws:iam::123456789012:role/other' }),
    ],
    ['elements that are wrong', policy({ ...trust(aws(DEPLOYMENT)), effect: 'Allow', Resource: '*' })],
    ['one element twice', policy([trust(aws('astro'))]).replace('"Action"', '"Action":"sts:AssumeRole","Action"')],
  ],
  'whose trust it is': [
    ['the only one, one folder down', policy(trust(aws('astro'))), ENV, 'a/trust.json'],
    [
      'beside another, one folder down',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust(aws(DEPLOYMENT))) },
      'a/trust.json',
    ],
    [
      'beside another for a service, one folder down',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust({ Service: 'ec2.amazonaws.com' })) },
      'a/trust.json',
    ],
    [
      'beside another in a text, one folder down',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json.bak': policy(trust(aws(DEPLOYMENT))) },
      'a/trust.json',
    ],
    [
      'beside a permission policy, one folder down',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }) },
      'a/trust.json',
    ],
    [
      'beside the env file, where another lets a Deployment in',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust(aws(DEPLOYMENT))) },
    ],
    [
      'beside the env file, where another lets no Deployment in',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust(aws('x'))) },
    ],
    [
      'beside the env file, where another lets a cluster in',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust({ Federated: PROVIDER }, WEB, { Condition: SUBJECT })) },
    ],
    [
      'beside the env file, where another lets a pipeline in',
      policy(trust(aws('astro'))),
      {
        ...ENV,
        'b.json': policy(
          trust({ Federated: PROVIDER }, WEB, { Condition: { StringLike: { [`${ISSUER}:sub`]: 'repo:a/b' } } }),
        ),
      },
    ],
    [
      'beside the env file, where another denies a Deployment',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy([trust(aws('x')), { Effect: 'Deny', Principal: aws(DEPLOYMENT), Action: ASSUME }]) },
    ],
    [
      'that lets a Deployment in, where another does too',
      policy(trust(aws(DEPLOYMENT, 'astro'))),
      { ...ENV, 'b.json': policy(trust(aws(DEPLOYMENT))) },
    ],
    [
      'under our name, far away',
      policy(trust(aws('astro'))),
      { ...ENV, 'b.json': policy(trust(aws(DEPLOYMENT))) },
      'a/b/c/secondary-logs-trust-policy.json',
    ],
    ['the only file', policy(trust(aws('astro'))), {}],
    ['without an export, beside something else', policy(trust(aws('astro'))), { 'README.md': '' }],
    ['the only file, for a service', policy(trust({ Service: 'ec2.amazonaws.com' })), {}],
    ['for a service, beside an export with a role', policy(trust({ Service: 'ec2.amazonaws.com' })), ENV],
    ['for a service, beside an export without a role', policy(trust({ Service: 'ec2.amazonaws.com' })), NO_ROLE],
    ['for a service, one folder down', policy(trust({ Service: 'ec2.amazonaws.com' })), ENV, 'a/trust.json'],
    ['for a service, two folders down', policy(trust({ Service: 'ec2.amazonaws.com' })), ENV, 'a/b/trust.json'],
    [
      'for a service that it is named after',
      policy(trust({ Service: ['sns.amazonaws.com', 'ec2.amazonaws.com'] })),
      ENV,
      'EC2-trust.json',
    ],
    [
      'for a service, beside another',
      policy(trust({ Service: 'ec2.amazonaws.com' })),
      { ...ENV, 'b.json': policy(trust(aws('x'))) },
    ],
    [
      'for a service and a user',
      policy(trust({ Service: 'ec2.amazonaws.com', ...aws('arn:aws:iam::111122223333:user/jane') })),
      { ...ENV, 'b.json': policy(trust({ Service: 'sns.amazonaws.com' })) },
      'a/trust.json',
    ],
    [
      'for nobody, beside another',
      policy([{ Effect: 'Allow', Action: ASSUME }]),
      { ...ENV, 'b.json': policy([{ Effect: 'Allow', Action: ASSUME }]) },
      'a/trust.json',
    ],
    [
      'of two exports, the nearer first',
      policy(trust(aws('astro'))),
      { 'a/b/c/.env': ENV['.env'], 'a/.env': ENV['.env'], 'b.json': policy(trust(aws('x'))) },
      'a/trust.json',
    ],
  ],
};

const expected = readSections('trust.txt');

describe.each(Object.entries(ROWS))('%s', (subject, rows) => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))(
    '%s',
    (name, [text, others = ENV, path = 'trust.json']) => {
      expect(lint({ [path]: text, ...others })).toEqual(expected.get(`${subject}: ${name}`));
    },
  );
});

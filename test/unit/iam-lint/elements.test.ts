import { describe, expect, it } from 'vitest';
import { lintPolicy } from '../../../src/core/iam/lint/lint-policy';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { DEPLOYMENT, envOf, readSections, ROLE, show } from './lint-one';

const BUCKET = 'arn:aws:s3:::acme-logs';
const OBJECTS = `${BUCKET}/*`;
const BOTH = [BUCKET, OBJECTS];
const FOUR = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'];
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/Other';
const ENV = envOf('s3://acme-logs/prod', { roleArn: ROLE });
const NO_ROLE = envOf('s3://acme-logs/prod');

function on(more: object): object {
  return { Effect: 'Allow', Action: FOUR, Resource: BOTH, ...more };
}

function policy(Statement: unknown, more: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement, ...more });
}

function lint(text: string, path: string, env: string | undefined): string[] {
  const files = [{ path, text }, ...(env === undefined ? [] : [{ path: '.env', text: env }])];
  return show(text, lintPolicy(files[0] as (typeof files)[0], new SourceFiles(files)));
}

type Row = [name: string, text: string, path?: string, env?: string];

const ROLE_ALONE = { AWS: ROLE };
const B = 'bucket-policy.json';
/** In one line, so that a bracket or a key can be left out of it. */
const ONE = policy(on({}));
const LINES = JSON.stringify(JSON.parse(ONE), null, 2);

/** What is found is in `elements.txt`. */
const ROWS: Readonly<Record<string, Row[]>> = {
  'bucket policies': [
    ['the export’s role with all', policy(on({ Principal: ROLE_ALONE })), B],
    ['the export’s role without one', policy(on({ Principal: ROLE_ALONE, Action: FOUR.slice(0, 3) })), B],
    [
      'the export’s role, in capitals',
      policy(on({ Principal: ROLE_ALONE, Action: ['S3:PUTOBJECT', 's3:GetObject'] })),
      B,
    ],
    ['the export’s role, reading', policy(on({ Principal: ROLE_ALONE, Action: 's3:GetObject' })), B],
    [
      'the export’s role among others',
      policy(on({ Principal: { AWS: [OTHER_ROLE, ROLE] }, Action: FOUR.slice(0, 3) })),
      B,
    ],
    ['another role with all', policy(on({ Principal: { AWS: OTHER_ROLE } })), B],
    [
      'another role with all, in capitals',
      policy(on({ Principal: { AWS: OTHER_ROLE }, Action: FOUR.map(each => each.toUpperCase()) })),
      B,
    ],
    ['another role with three', policy(on({ Principal: { AWS: OTHER_ROLE }, Action: FOUR.slice(0, 3) })), B],
    ['two other roles', policy(on({ Principal: { AWS: [OTHER_ROLE, DEPLOYMENT] } })), B],
    ['a user with all', policy(on({ Principal: { AWS: 'arn:aws:iam::123456789012:user/jane' } })), B],
    ['a Deny of the export’s role', policy(on({ Effect: 'Deny', Principal: ROLE_ALONE })), B],
    [
      'a statement for it and one for another',
      policy([
        on({ Principal: { AWS: OTHER_ROLE }, Action: 's3:GetObject' }),
        on({ Principal: ROLE_ALONE, Action: FOUR.slice(0, 3) }),
      ]),
      B,
    ],
    [
      'where nobody knows the role',
      policy(on({ Principal: { AWS: OTHER_ROLE }, Action: FOUR.slice(0, 3) })),
      B,
      NO_ROLE,
    ],
    [
      'where nobody knows the role, by our name',
      policy(on({ Principal: { AWS: OTHER_ROLE }, Action: FOUR.slice(0, 3) })),
      'secondary-logs-bucket-policy.json',
      NO_ROLE,
    ],
    [
      'where nobody knows the role, a Deny of all but one',
      policy({ Effect: 'Deny', NotPrincipal: { AWS: OTHER_ROLE }, Action: 's3:*', Resource: BOTH }),
      B,
      NO_ROLE,
    ],
    [
      'where nobody knows the role, a Deny of all',
      policy({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: BOTH }),
      B,
      NO_ROLE,
    ],
    [
      'by our name, for another role',
      policy(on({ Principal: { AWS: OTHER_ROLE } })),
      'secondary-logs-bucket-policy.json',
    ],
    [
      'by our name, for a service',
      policy(on({ Principal: { Service: 'logging.s3.amazonaws.com' } })),
      'secondary-logs-bucket-policy.json',
    ],
    ['by our name, for all but one', policy(on({ NotPrincipal: { AWS: ROLE } })), 'secondary-logs-bucket-policy.json'],
    [
      'by our name, without one',
      policy(on({ Principal: ROLE_ALONE, Action: FOUR.slice(1) })),
      'secondary-logs-bucket-policy.json',
    ],
    [
      'by our name, without a fitting statement',
      policy(on({ Principal: ROLE_ALONE, Action: FOUR.slice(0, 2), Resource: OBJECTS })),
      'secondary-logs-bucket-policy.json',
    ],
    ['by our statement id', policy(on({ Sid: 'WriteLogFolder', Principal: ROLE_ALONE, Action: 's3:GetObject' })), B],
    ['everybody', policy(on({ Principal: '*' })), B],
    ['everybody in AWS', policy(on({ Principal: { AWS: '*', Service: 'x.amazonaws.com' } })), B],
    [
      'everybody, under a condition',
      policy(on({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })),
      B,
    ],
    ['every service', policy(on({ Principal: { Service: '*' } })), B],
    [
      'a Deny of all but the role',
      policy({
        Effect: 'Deny',
        NotPrincipal: { AWS: [ROLE, 'arn:aws:iam::123456789012:root'] },
        Action: 's3:*',
        Resource: BOTH,
      }),
      B,
    ],
    [
      'a Deny of all but another role',
      policy({ Effect: 'Deny', NotPrincipal: { AWS: OTHER_ROLE }, Action: 's3:*', Resource: BOTH }),
      B,
    ],
    ['a Deny of all but everybody', policy({ Effect: 'Deny', NotPrincipal: '*', Action: 's3:*', Resource: BOTH }), B],
    [
      'a Deny of all but services',
      policy({ Effect: 'Deny', NotPrincipal: { Service: ['x.amazonaws.com'] }, Action: 's3:*', Resource: BOTH }),
      B,
    ],
    [
      'a Deny without TLS',
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: BOTH,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      B,
    ],
    [
      'without a Principal',
      policy([on({ Principal: ROLE_ALONE }), { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: OBJECTS }]),
      B,
    ],
    [
      'without a Principal and an Effect',
      policy([on({ Principal: ROLE_ALONE }), { Action: 's3:PutObjectAcl', Resource: OBJECTS }]),
      B,
    ],
  ],
  elements: [
    ['of the policy, misspelt', policy(on({}), { ID: 'x', Verson: '2012-10-17', Comment: 'x' })],
    ['of the policy, right', policy(on({}), { Id: 'x' })],
    ['in small letters', policy([{ effect: 'Allow', action: FOUR, resource: BOTH }]), 'secondary-logs-policy.json'],
    [
      'in the plural',
      policy([{ Effect: 'Allow', Actions: FOUR, Resources: BOTH, Sids: 'x', Conditions: {} }]),
      'secondary-logs-policy.json',
    ],
    [
      'with letters wrong',
      policy([
        { Effect: 'Allow', Actoin: FOUR, Resorce: BOTH, NotActon: 'x', Sidd: 'x', Side: 'y', 'Prin-cipal': '*' },
      ]),
      'secondary-logs-policy.json',
    ],
    ['with two letters wrong', policy([{ Effect: 'Allow', Aktiom: FOUR, Resource: BOTH, Sxx: 'x' }])],
    ['of another kind', policy([{ Effect: 'Allow', Action: FOUR, Resource: BOTH, Description: 'x' }])],
    ['beside the right ones', policy([{ effect: 'Allow', Effect: 'Allow', Action: FOUR, Resource: BOTH }])],
    ['no Effect', policy([{ Action: FOUR, Resource: BOTH }])],
    ['nothing', policy([on({}), {}])],
    ['Effect in small letters', policy(on({ Effect: 'allow' }))],
    ['Effect in the past', policy(on({ Effect: 'Allowed' }))],
    ['Effect denied', policy([on({}), on({ Effect: 'DENIED', Action: 's3:PutObjectAcl' })])],
    ['Effect with more before it', policy(on({ Effect: 'disallow' }))],
    ['Effect of another kind', policy(on({ Effect: true }))],
    ['Sid of another kind', policy([on({ Sid: 5 }), on({ Sid: 'x', Action: 's3:PutObjects' })])],
    [
      'operators',
      policy(
        on({
          Condition: {
            StringEqual: { 'aws:x': '1', 'aws:y': '2' },
            StringLikes: { 'aws:x': '1' },
            StringLikeIfExists: { 'aws:x': '1' },
          },
        }),
      ),
    ],
    ['a Principal in a role’s policy', policy(on({ Principal: { AWS: '*' } })), 'secondary-logs-policy.json'],
    ['a Principal in a statement of a role’s policy', policy([on({}), on({ Principal: '*' })])],
    ['a NotPrincipal in a statement of a role’s policy', policy([on({}), on({ NotPrincipal: '*' })])],
    [
      'a queue’s',
      policy([{ effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: 'arn:aws:sqs:::x' }]),
      'secondary-logs-policy.json',
    ],
  ],
  versions: [
    ['none', ONE.replace('"Version":"2012-10-17",', '')],
    ['none, with blanks', '{ "Statement": [] }', 'secondary-logs-policy.json'],
    [
      'none, in a policy of another',
      policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }).replace('"Version":"2012-10-17",', ''),
    ],
    ['a number', ONE.replace('"2012-10-17"', '2012')],
    [
      'the old one, in a policy of another',
      policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }).replace('2012-10-17', '2008-10-17'),
    ],
    [
      'today, in a policy of another',
      policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }).replace('2012-10-17', '2026-01-01'),
    ],
  ],
  kinds: [
    ['a trust, by its action', policy({ Effect: 'Allow', Principal: { AWS: 'x' }, Action: 'sts:AssumeRole' })],
    ['a trust, by its name', policy({ Effect: 'Allow', Principal: { AWS: 'x' }, Action: [] }), 'trust.json'],
    ['a trust, by its lack of a Resource', policy({ Effect: 'Allow', Principal: { AWS: 'x' }, Action: 'foo:Bar' })],
    ['a trust, by NotPrincipal', policy({ Effect: 'Allow', NotPrincipal: { AWS: 'x' }, Action: 'sts:AssumeRole' })],
    ['a trust without Principal', policy({ Effect: 'Allow', Action: 'sts:AssumeRole' })],
    ['a trust without Principal, by its name', policy({ Effect: 'Allow', Action: [] }), 'trust.json'],
    ['to assume a role', policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })],
    [
      'a trust with S3’s actions, by its name',
      policy({ Effect: 'Allow', Principal: { AWS: 'x' }, Action: 's3:PutObject' }),
      'trust.json',
    ],
    [
      'a bucket’s, by its actions',
      policy({ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: OBJECTS }),
    ],
    [
      'a bucket’s, by its resources',
      policy([{ Effect: 'Allow', Principal: '*', Action: '*', Resource: ['x', OBJECTS] }]),
    ],
    [
      'a bucket’s, by what it does not cover',
      policy([{ Effect: 'Deny', Principal: '*', Action: '*', NotResource: 'arn:aws:s3:::acme-l*' }]),
    ],
    [
      'a queue’s',
      policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: 'arn:aws:sqs:::arn:aws:s3:' }),
      'secondary-logs-policy.json',
    ],
    [
      'a queue’s, named as a trust',
      policy({ Effect: 'Allow', Principal: { AWS: 'x' }, Action: 'sqs:*', Resource: 'x' }),
      'trust.json',
    ],
    [
      'a role’s, with a Principal in one statement',
      policy([on({ Action: FOUR.slice(1) }), { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'x' }]),
    ],
    [
      'a bucket’s, with a Principal in one statement',
      policy([on({ Action: FOUR.slice(1) }), { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'x' }]),
      B,
    ],
    [
      'a bucket’s, whose Deny has no Principal',
      policy([on({ Principal: ROLE_ALONE }), { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: OBJECTS }]),
    ],
    ['that can’t be read', '{"Statement": [{"Effect": "Allow", "Principal": ("x"), "Action": "sts:AssumeRole"}]}'],
    ['no policy at all', '{"Statement": {"Effect": "x"}, "Effect": "Allow"'],
    ['statements that are no objects', policy(['Allow'])],
    ['an empty list', policy([]), 'secondary-logs-policy.json'],
    ['a policy in words', 'Statement: Effect is our policy.'],
    ['a policy in quotes that is no JSON', '"Statement": [ "Effect" x ]'],
  ],
  'values that a template fills in': [
    ['a resource', policy(on({ Resource: { 'Fn::Sub': '<Bucket>' } }))],
    ['one of two resources', policy(on({ Resource: [BUCKET, { 'Fn::Sub': '<Bucket>/*' }] }))],
    ['an action', policy(on({ Action: { Ref: 'Actions' } }))],
    ['resources of another bucket', policy(on({ Resource: ['arn:aws:s3:::acme-log', { Ref: 'x' }] }))],
    ['no strings', policy(on({ Action: [...FOUR.slice(1), 5, null] }))],
    ['variables', policy(on({ Resource: [BUCKET, `${BUCKET}/\${aws:username}/*`] }))],
    ['a variable that stands for itself', policy(on({ Resource: [BUCKET, `${BUCKET}/\${*}`] }))],
    [
      'variables under the old version',
      policy(on({ Resource: [BUCKET, `${BUCKET}/\${*}`] })).replace('2012-10-17', '2008-10-17'),
    ],
    ['a Principal', policy([on({ Principal: { AWS: { 'Fn::GetAtt': 'Role.Arn' } } })]), B],
  ],
  'repeated keys': [
    ['Sid', ONE.replace('"Effect"', '"Sid":"a","Sid":"b","Effect"')],
    ['Effect', ONE.replace('"Effect"', '"Effect":"Deny","Effect"')],
    ['Version', ONE.replace('"Version"', '"Version":"2012-10-17","Version"')],
    ['Statement', ONE.replace('"Statement"', '"Statement":[],"Statement"')],
    ['Id', ONE.replace('"Version"', '"Id":"a","Id":"b","Version"')],
    ['Identity', ONE.replace('"Version"', '"Identity":"a","Identity":"b","Version"')],
    ['MyEffect', ONE.replace('"Version"', '"MyEffect":"a","MyEffect":"b","Version"')],
    ['Resource', ONE.replace('"Resource"', `"Resource":"${BUCKET}","Resource"`)],
    ['Action with a number', ONE.replace('"Action"', '"Action":["s3:PutObject",5],"Action"')],
    ['Principal', policy(on({ Principal: ROLE_ALONE })).replace('"AWS"', '"AWS":"x","AWS"'), B],
    [
      'a key of a condition',
      policy(on({ Condition: { StringLike: { 'aws:PrincipalType': 'x' } } })).replace(
        '"aws:PrincipalType":"x"',
        '"aws:PrincipalType":"x","aws:PrincipalType":["y","x"]',
      ),
    ],
    [
      'an operator',
      policy(on({ Condition: { StringLike: { 'aws:PrincipalType': 'x' } } })).replace(
        '"StringLike"',
        '"StringLike":{"aws:x":"1"},"StringLike"',
      ),
    ],
    ['three times', ONE.replace('"Resource"', `"Resource":"${BUCKET}","Resource":"x","Resource"`)],
    [
      'in the second statement',
      policy([on({}), on({})]).replace(/"Effect":"Allow"(?=[^{]*$)/, '"Effect":"Allow","Effect":"Allow"'),
    ],
  ],
  'characters that only look right': [
    ['in an Effect', ONE.replace('Allow', '\u0410llow')],
    ['in an element', ONE.replace('Action', 'A\u0441tion')],
    ['in an action', ONE.replace('s3:PutObject', 's3:PutObj\u0435ct')],
    ['in an action’s colon', ONE.replace('s3:PutObject', 's3\uff1aPutObject')],
    ['in a resource', ONE.replace(OBJECTS, 'arn:aws:s3:::acme\u2013logs/*')],
    ['in a resource that is no ARN', ONE.replace(OBJECTS, 'acme\u2013logs/*')],
    ['in a Version', ONE.replace('2012-10-17', '2012\u201110\u201117')],
    ['in a Sid', policy(on({ Sid: 'A\u2011B' }))],
    ['in a condition', policy(on({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o\u20111' } } }))],
    ['in the key of a condition', policy(on({ Condition: { StringEquals: { 'aws:Principal\u041ergID': 'o-1' } } }))],
    ['in a role', policy(on({ Principal: { AWS: ROLE.replace('Logs', 'L\u043egs') } })), B],
    [
      'in NotAction and NotResource',
      policy([on({}), { Effect: 'Deny', NotAction: 's3:\u041d*', NotResource: 'arn:aws:s3:::\u0430/*' }]),
    ],
    ['quotes', ONE.replace('s3:PutObject', 's3:Put\u201cObject')],
    ['escaped', ONE.replace('s3:PutObject', 's3:Put\\u2011Object')],
  ],
  'pasted texts': [
    ['a comment before a misspelt action', `// ours\n${ONE.replace('s3:PutObject', 's3:PutObjects')}`],
    [
      'a number before each line',
      LINES.replace('s3:PutObject', 's3:PutObjects')
        .split('\n')
        .map((line, i) => `${i + 1} ${line}`)
        .join('\n'),
    ],
    ['single quotes', ONE.replace('"s3:PutObject"', "'s3:PutObjects'")],
    ['no brackets at all', LINES.replace('s3:DeleteObject', 's3:DeleteObjects').replace(/[\]}]/g, '')],
    ['no first brace', LINES.replace('s3:PutObject', 's3:PutObjects').slice(1)],
    [
      'colons and quotes left out',
      '{Version: "2012-10-17" "Statement" {"Effect": "Allow"}}',
      'secondary-logs-policy.json',
    ],
    ['an escape that JSON does not know', ONE.replace('Allow', 'A\\llow')],
    ['a number that is none', ONE.replace('"2012-10-17"', '01')],
    ['nothing but a beginning', '{"Statement": [{"Effect"'],
    ['two policies', `${ONE}\n${ONE}`],
    ['a no-break space before a misspelt action', ONE.replace('"s3:PutObject"', '\u00a0"s3:PutObjects"')],
  ],
};

const expected = readSections('elements.txt');

describe.each(Object.entries(ROWS))('%s', (subject, rows) => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))('%s', (name, [text, path = 'policy.json', env = ENV]) => {
    expect(lint(text, path, env)).toEqual(expected.get(`${subject}: ${name}`));
  });
});

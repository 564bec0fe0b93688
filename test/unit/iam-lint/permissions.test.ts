import { describe, expect, it } from 'vitest';
import { envOf, lintOne, show } from './lint-one';

const BUCKET = 'arn:aws:s3:::acme-logs';
const OBJECTS = `${BUCKET}/*`;
const FOUR = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'];
const RIGHT = { Effect: 'Allow', Action: FOUR, Resource: [BUCKET, OBJECTS] };
const ROOT = envOf('s3://acme-logs');

type Statement = Readonly<Record<string, unknown>>;

function allow(Resource: unknown, Action: unknown = FOUR, Condition?: object): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) };
}

function deny(Condition: object, more: object = {}): Statement {
  return { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition, ...more };
}

/** On one line, so that what fixes write is on one line too. */
function lint(statements: Statement | readonly Statement[], env?: string, path = 'policy.json'): string[] {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return show(text, lintOne(text, env, path));
}

type Row = readonly [
  name: string,
  statements: Statement | readonly Statement[],
  expected: readonly string[],
  env?: string,
];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  resources: [
    [
      'NotResource that leaves the export out',
      [{ Effect: 'Allow', Action: FOUR, NotResource: [OBJECTS, BUCKET] }],
      [
        'error missing-action: "NotResource" | fix , {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-logs/*"}',
        'error missing-action: "NotResource" | fix , {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-logs/*"}',
        'error missing-action: "NotResource" | fix , {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-logs"}',
        'error missing-action: "NotResource" | fix , {"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-logs/*"}',
      ],
    ],
    [
      'a bucket by its name',
      allow(['acme-logs', OBJECTS]),
      ['error resource-mismatch: "acme-logs" | fix arn:aws:s3:::acme-logs'],
    ],
    [
      'objects by a path',
      allow([BUCKET, 'acme-logs/']),
      ['error resource-mismatch: "acme-logs/" | fix arn:aws:s3:::acme-logs/*'],
    ],
    [
      'objects by a path below',
      allow([BUCKET, 'acme-logs/prod/*']),
      ['error resource-mismatch: "acme-logs/prod/*" | fix arn:aws:s3:::acme-logs/prod/*'],
    ],
    [
      'objects by a URI',
      allow([BUCKET, 's3://acme-logs/*']),
      ['error resource-mismatch: "s3://acme-logs/*" | fix arn:aws:s3:::acme-logs/*'],
    ],
    [
      'an ARN with one colon',
      allow([BUCKET, 'arn:aws:s3:acme-logs/*']),
      ['error resource-mismatch: "arn:aws:s3:acme-logs/*" | fix arn:aws:s3:::acme-logs/*'],
    ],
    [
      'an ARN without its partition',
      allow([BUCKET, 'arn:s3:::acme-logs/*']),
      ['error resource-mismatch: "arn:s3:::acme-logs/*" | fix arn:aws:s3:::acme-logs/*'],
    ],
    ['another bucket by its name', allow([BUCKET, 'acme-data/*']), ['error resource-mismatch: "acme-data/*"']],
    ['a text that is no bucket', allow([BUCKET, 'All logs/*']), ['error resource-mismatch: "All logs/*"']],
    [
      'no text',
      allow([BUCKET, '']),
      [
        'error resource-mismatch: "s3:PutObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:GetObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:DeleteObject" | fix , "arn:aws:s3:::acme-logs/*"',
      ],
    ],
    [
      'another service',
      allow([BUCKET, 'arn:aws:sqs:us-east-1:123456789012:logs']),
      [
        'error resource-mismatch: "s3:PutObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:GetObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:DeleteObject" | fix , "arn:aws:s3:::acme-logs/*"',
      ],
    ],
    [
      'another service alone',
      allow('arn:aws:sqs:us-east-1:123456789012:logs'),
      [
        'error missing-action: "Action" | fix [ … , {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-logs/*"}]',
        'error missing-action: "Action" | fix [ … , {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-logs/*"}]',
        'error missing-action: "Action" | fix [ … , {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-logs"}]',
        'error missing-action: "Action" | fix [ … , {"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-logs/*"}]',
      ],
    ],
    [
      'a filled-in bucket',
      allow([BUCKET, '<bucket>/*']),
      [
        'error resource-mismatch: "s3:PutObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:GetObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:DeleteObject" | fix , "arn:aws:s3:::acme-logs/*"',
      ],
    ],
    [
      'objects of another bucket',
      allow([BUCKET, 'arn:aws:s3:::acme-data/*']),
      ['error wrong-bucket: acme-data | fix acme-logs'],
    ],
    [
      'objects of another bucket, and that bucket',
      allow([BUCKET, 'arn:aws:s3:::acme-data/*', 'arn:aws:s3:::acme-data']),
      [
        'error resource-mismatch: "s3:PutObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:GetObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:DeleteObject" | fix , "arn:aws:s3:::acme-logs/*"',
      ],
    ],
    [
      'another bucket and right objects',
      allow(['arn:aws:s3:::acme-data', OBJECTS]),
      ['error wrong-bucket: acme-data | fix acme-logs'],
    ],
    [
      'objects of a nameless bucket',
      allow([BUCKET, 'arn:aws:s3:::/*']),
      ['error resource-mismatch: "arn:aws:s3:::/*"'],
    ],
    ['a nameless bucket', allow('arn:aws:s3:::'), ['error resource-mismatch: "arn:aws:s3:::"']],
    ['another partition', allow(['arn:aws-cn:s3:::acme-logs', 'arn:aws-cn:s3:::acme-logs/*']), []],
    [
      'another partition for objects',
      allow([BUCKET, 'arn:aws-cn:s3:::acme-logs/*']),
      [
        'error resource-mismatch: "s3:PutObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:GetObject" | fix , "arn:aws:s3:::acme-logs/*"',
        'error resource-mismatch: "s3:DeleteObject" | fix , "arn:aws:s3:::acme-logs/*"',
      ],
    ],
    ['any partition', allow(['arn:*:s3:::acme-logs', 'arn:a??:s3:::acme-logs/*']), []],
    [
      'the bucket alone, for any action',
      allow(BUCKET, 's3:*'),
      [
        'warning overbroad: "s3:*" | or ["s3:PutObject","s3:GetObject","s3:ListBucket","s3:DeleteObject"]',
        'error resource-mismatch: "Resource" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "Resource" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "Resource" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
      ],
    ],
    [
      'objects alone, in capitals',
      allow(OBJECTS, ['S3:LISTBUCKET', 's3:*Object']),
      ['error resource-mismatch: "S3:LISTBUCKET" | fix [ … , "arn:aws:s3:::acme-logs"]'],
    ],
    [
      'no Resource',
      [{ Effect: 'Allow', Action: FOUR }],
      ['error resource-mismatch: "Action" | fix , "Resource": ["arn:aws:s3:::acme-logs","arn:aws:s3:::acme-logs/*"]'],
    ],
    [
      'no Resource, with a right one',
      [{ Effect: 'Allow', Action: ['s3:ListBucket'] }, allow(OBJECTS, FOUR)],
      ['error resource-mismatch: "s3:ListBucket" | fix [ … , "arn:aws:s3:::acme-logs"]'],
    ],
  ],
  folders: [
    ['another folder', allow([BUCKET, `${BUCKET}/dev/*`]), ['error wrong-prefix: dev/* | or prod/*']],
    ['the folder without an end', allow([BUCKET, `${BUCKET}/prod`]), ['error wrong-prefix: prod | fix prod/*']],
    ['the folder with a slash', allow([BUCKET, `${BUCKET}/prod/`]), ['error wrong-prefix: prod/ | fix prod/*']],
    [
      'the folder with stars before',
      allow([BUCKET, `${BUCKET}/prod/*.gz`]),
      ['error wrong-prefix: prod/*.gz | or prod/*'],
    ],
    ['a folder below', allow([BUCKET, `${BUCKET}/prod/team/*`]), ['error wrong-prefix: prod/team/* | or prod/*']],
    ['a folder above', allow([BUCKET, `${BUCKET}/a/prod/*`]), ['error wrong-prefix: a/prod/* | or prod/*']],
    [
      'a folder where logs lie in the bucket itself',
      allow([BUCKET, `${BUCKET}/dev/*`]),
      ['error wrong-prefix: dev/* | or *'],
      ROOT,
    ],
    [
      'a folder beside the right one',
      [
        allow([BUCKET, `${BUCKET}/prod/*`], ['s3:ListBucket', 's3:PutObject']),
        allow([`${BUCKET}/dev/*`], ['s3:GetObject', 's3:DeleteObject']),
      ],
      ['error wrong-prefix: dev/* | fix prod/*'],
    ],
    [
      'a folder beside the right one of a Deny',
      [allow([BUCKET, `${BUCKET}/dev/*`]), { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: `${BUCKET}/prod/*` }],
      ['error wrong-prefix: dev/* | or prod/*'],
    ],
    [
      'a condition on another folder',
      allow([BUCKET, OBJECTS], FOUR, { StringLike: { 's3:prefix': 'dev/*' } }),
      ['error missing-action: "dev/*"', 'error wrong-prefix: "dev/*" | or prod/*'],
    ],
    [
      'a condition on another folder, beside the objects of the right one',
      [
        allow(
          `${BUCKET}/prod/*`,
          FOUR.filter(a => a !== 's3:ListBucket'),
        ),
        allow(BUCKET, 's3:ListBucket', { StringLike: { 's3:prefix': 'dev/*' } }),
      ],
      ['error wrong-prefix: "dev/*" | fix prod/*'],
    ],
    [
      'a condition on two other folders',
      [
        allow(
          `${BUCKET}/prod/*`,
          FOUR.filter(a => a !== 's3:ListBucket'),
        ),
        allow(BUCKET, 's3:ListBucket', { StringLike: { 'S3:Prefix': ['dev/*', 'x/*'] } }),
      ],
      ['error wrong-prefix: "dev/*"', 'error wrong-prefix: "x/*"'],
    ],
    [
      'a condition on just the folder',
      [
        allow(
          `${BUCKET}/prod/*`,
          FOUR.filter(a => a !== 's3:ListBucket'),
        ),
        allow(BUCKET, 's3:ListBucket', { StringEquals: { 's3:prefix': 'prod/' } }),
      ],
      ['error wrong-prefix: "prod/"'],
    ],
    [
      'a condition on another folder, after one that holds',
      [
        allow(
          `${BUCKET}/prod/*`,
          FOUR.filter(a => a !== 's3:ListBucket'),
        ),
        allow(BUCKET, 's3:ListBucket', {
          StringLike: { 'aws:PrincipalType': 'Assumed*', 's3:prefix': 'dev/*' },
          Bool: { 'aws:SecureTransport': 'true' },
        }),
      ],
      ['error wrong-prefix: "dev/*" | fix prod/*'],
    ],
  ],
  conditions: [
    [
      'one that no request meets',
      allow([BUCKET, OBJECTS], FOUR, { Bool: { 'aws:SecureTransport': 'false' } }),
      ['error missing-action: "false"'],
    ],
    [
      'the second of two',
      allow([BUCKET, OBJECTS], FOUR, { StringEquals: { 'aws:PrincipalType': 'AssumedRole', 's3:authType': 'POST' } }),
      ['error missing-action: "POST"'],
    ],
    [
      'the second operator',
      allow([BUCKET, OBJECTS], FOUR, {
        StringEquals: { 'aws:PrincipalType': 'AssumedRole' },
        NumericEquals: { 's3:TlsVersion': '1.0' },
      }),
      ['error missing-action: "1.0"'],
    ],
    [
      'two that no request meets',
      allow([BUCKET, OBJECTS], FOUR, { StringEquals: { 'aws:PrincipalType': 'User', 's3:authType': 'POST' } }),
      ['error missing-action: "User"'],
    ],
    [
      'one without values',
      allow([BUCKET, OBJECTS], FOUR, { StringEquals: { 'aws:SourceVpc': [] } }),
      ['error missing-action: "Condition"'],
    ],
    [
      'one that only AWS can decide',
      allow([BUCKET, OBJECTS], FOUR, { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }),
      [],
    ],
    [
      'a filled-in value',
      allow([BUCKET, OBJECTS], FOUR, { StringEquals: { 'aws:PrincipalType': ['User', '{{type}}'] } }),
      [],
    ],
  ],
  'missing actions': [
    [
      'all, with a statement of another service first',
      [allow('*', 'sqs:SendMessage'), allow([BUCKET, OBJECTS], 's3:GetBucketLocation')],
      [
        'error missing-action: "Action" | fix [ … , "s3:PutObject"]',
        'error missing-action: "Action" | fix [ … , "s3:GetObject"]',
        'error missing-action: "Action" | fix [ … , "s3:ListBucket"]',
        'error missing-action: "Action" | fix [ … , "s3:DeleteObject"]',
      ],
    ],
    [
      'all, with another service alone',
      [{ ...allow('*', 'sqs:SendMessage'), Sid: 'ExternalS3Policy' }],
      [
        'error missing-action: "Action" | fix [ … , "s3:PutObject"]',
        'error missing-action: "Action" | fix [ … , "s3:GetObject"]',
        'error missing-action: "Action" | fix [ … , "s3:ListBucket"]',
        'error missing-action: "Action" | fix [ … , "s3:DeleteObject"]',
      ],
    ],
    [
      'one, with a fitting statement that has none of the four first',
      [allow([BUCKET, OBJECTS], 's3:GetBucketLocation'), allow([BUCKET, OBJECTS], FOUR.slice(1))],
      ['error missing-action: "Action" | fix , "s3:PutObject"'],
    ],
    [
      'one, with a statement in capitals',
      [
        allow([BUCKET, OBJECTS], 's3:GetBucketLocation'),
        allow([BUCKET, OBJECTS], ['S3:GETOBJECT', 's3:listbucket', 's3:DeleteObject']),
      ],
      ['error missing-action: "Action" | fix , "s3:PutObject"'],
    ],
    [
      'one, after a Deny',
      [
        { Effect: 'Deny', Action: ['s3:PutObjectAcl'], Resource: [BUCKET, OBJECTS] },
        allow([BUCKET, OBJECTS], FOUR.slice(1)),
      ],
      ['error missing-action: "Action" | fix , "s3:PutObject"'],
    ],
    [
      'all, in a Deny',
      [{ Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: OBJECTS, Sid: 'ExternalS3Policy' }],
      [
        'error missing-action: "Statement" | fix , {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-logs/*"}',
        'error missing-action: "Statement" | fix , {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-logs/*"}',
        'error missing-action: "Statement" | fix , {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::acme-logs"}',
        'error missing-action: "Statement" | fix , {"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-logs/*"}',
      ],
    ],
    ['all, in a policy without statements', [], []],
    [
      'one that is misspelt twice',
      [allow([BUCKET, OBJECTS], ['s3:PutObjects', 's3:GetObjects', 's3:ListBucket', 's3:DeleteObject'])],
      [
        'error missing-action: "s3:PutObjects" | fix s3:PutObject',
        'warning unknown-action: "s3:PutObjects" | fix "s3:PutObject"',
        'error missing-action: "s3:GetObjects" | fix s3:GetObject',
        'warning unknown-action: "s3:GetObjects" | fix "s3:GetObject"',
      ],
    ],
    [
      'one that is denied',
      [
        RIGHT,
        { Effect: 'Deny', Action: 's3:GetObject', Resource: OBJECTS },
        { Effect: 'Deny', Action: 's3:Get*', Resource: `${BUCKET}/prod/*` },
      ],
      ['error deny-overrides: "Deny"', 'error deny-overrides: "Deny"'],
    ],
    [
      'one that is missing and denied',
      [{ Effect: 'Deny', Action: 's3:PutObject', Resource: OBJECTS }, allow([BUCKET, OBJECTS], FOUR.slice(1))],
      ['error deny-overrides: "Deny"', 'error missing-action: "Action" | fix , "s3:PutObject"'],
    ],
    [
      'in a policy scoped to the folder',
      [allow(`${BUCKET}/prod/*`, ['s3:PutObject', 's3:GetObject']), allow(BUCKET, 's3:ListBucket')],
      ['error missing-action: "Action" | fix , "s3:DeleteObject"'],
    ],
    [
      'in a policy whose Deny is scoped to the folder',
      [
        allow(BUCKET, 's3:ListBucket'),
        allow(
          BUCKET,
          FOUR.filter(a => a !== 's3:ListBucket'),
        ),
        { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: `${BUCKET}/prod/*` },
      ],
      [
        'error resource-mismatch: "s3:PutObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "s3:GetObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "s3:DeleteObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
      ],
    ],
    [
      'where logs lie in the bucket itself',
      [allow(BUCKET, FOUR)],
      [
        'error resource-mismatch: "s3:PutObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "s3:GetObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
        'error resource-mismatch: "s3:DeleteObject" | fix [ … , "arn:aws:s3:::acme-logs/*"]',
      ],
      ROOT,
    ],
  ],
  denials: [
    [
      'an address',
      [RIGHT, deny({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
      ['warning deny-overrides: "Deny"'],
    ],
    [
      'private addresses',
      [
        RIGHT,
        deny({
          NotIpAddress: {
            'aws:SourceIp': [
              '10.0.0.0/8',
              '172.31.0.0/16',
              '172.20.0.0/16',
              '172.16.0.0/12',
              '192.168.0.0/16',
              'FD00::/8',
              '127.0.0.1',
            ],
          },
        }),
      ],
      ['error deny-overrides: "Deny"'],
    ],
    [
      'addresses that only look private',
      [RIGHT, deny({ NotIpAddress: { 'AWS:sourceIP': ['172.32.0.0/16'] } })],
      ['warning deny-overrides: "Deny"'],
    ],
    [
      'an address that begins like a private one',
      [RIGHT, deny({ NotIpAddress: { 'aws:SourceIp': '110.0.0.0/8' } })],
      ['warning deny-overrides: "Deny"'],
    ],
    [
      'a private and a public address',
      [RIGHT, deny({ NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } })],
      ['warning deny-overrides: "Deny"'],
    ],
    [
      'a private address, with another key',
      [RIGHT, deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, Bool: { 'aws:ViaAWSService': 'false' } })],
      ['error deny-overrides: "Deny"'],
    ],
    [
      'an address that is denied otherwise too',
      [
        RIGHT,
        deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
        deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }),
      ],
      ['error deny-overrides: "Deny"', 'error deny-overrides: "Deny"'],
    ],
    [
      'an address, with a key that only AWS knows',
      [
        RIGHT,
        deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }),
      ],
      [],
    ],
    [
      'two keys',
      [
        RIGHT,
        deny(
          { StringNotEquals: { 'aws:SourceVpce': 'vpce-1', 'aws:SourceVpc': 'vpc-1' } },
          { Action: ['s3:PutObject', 's3:GetObject'] },
        ),
      ],
      ['error deny-overrides: "Deny"'],
    ],
    ['a filled-in value', [RIGHT, deny({ StringNotEquals: { 'aws:SourceVpce': '{{ endpoint }}' } })], []],
    ['a filled-in bucket', [RIGHT, { Effect: 'Deny', Action: 's3:*', Resource: '<bucket>*' }], []],
    ['a filled-in exception', [RIGHT, { Effect: 'Deny', Action: 's3:*', NotResource: '<bucket>' }], []],
    ['an exception', [RIGHT, { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }], []],
  ],
  overbroad: [
    ['one of the two far-off actions', [allow([BUCKET, OBJECTS], 's3:Put*'), RIGHT], []],
    ['everything among others', [allow([BUCKET, OBJECTS], ['s3:*', 's3:PutObject'])], ['warning overbroad: "s3:*"']],
    [
      'a bucket that begins alike, among others',
      [allow([BUCKET, `${BUCKET}*/*`, OBJECTS])],
      ['warning overbroad: "arn:aws:s3:::acme-logs*/*"'],
    ],
    ['objects of all', [allow([BUCKET, 'arn:aws:s3:::*/*'])], ['warning overbroad: "arn:aws:s3:::*/*"']],
    [
      'objects whose bucket begins alike',
      [allow([BUCKET, 'arn:aws:s3:::acme-logs*'])],
      ['warning overbroad: "arn:aws:s3:::acme-logs*"'],
    ],
    ['a bucket that begins otherwise', [allow([BUCKET, OBJECTS, 'arn:aws:s3:::acme-data*'])], []],
    [
      'everything that a Deny denies',
      [RIGHT, { Effect: 'Deny', Action: 's3:PutObject*', Resource: 'arn:aws:s3:::acme-d*' }],
      [],
    ],
    ['a statement that does nothing for the export', [RIGHT, allow('*', 'kms:*')], []],
  ],
};

describe.each(Object.entries(ROWS))('%s', (_subject, rows) => {
  it.each(rows.map(([name, ...row]) => [name, row] as const))('%s', (_name, [statements, expected, env]) => {
    expect(lint(statements, env)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { lintPolicy } from '../../../src/core/iam/lint/lint-policy';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { envOf, readSections, ROLE, show } from './lint-one';

const FOUR = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'];
const THREE = FOUR.slice(0, 3);
const READ = ['s3:GetObject', 's3:ListBucket', 's3:DescribeJob'];
const ENV = { '.env': envOf('s3://acme-logs/prod') };
const ASTRO = { Dockerfile: 'FROM quay.io/astronomer/astro-runtime:11.7.0\n' };

/** A policy on buckets and their objects. */
function on(buckets: string | readonly string[], Action: unknown = THREE, more: object = {}): string {
  const Resource = [buckets].flat().flatMap(name => [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]);
  return policy([{ Effect: 'Allow', Action, Resource, ...more }]);
}

function policy(Statement: unknown): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** A policy on the logs of one folder. */
function scoped(folder: string, Action: readonly string[]): string {
  const isList = (action: string) => action === 's3:ListBucket';
  return policy([
    { Effect: 'Allow', Action: Action.filter(each => !isList(each)), Resource: `arn:aws:s3:::acme-logs/${folder}/*` },
    { Effect: 'Allow', Action: Action.filter(isList), Resource: 'arn:aws:s3:::acme-logs' },
  ]);
}

/** What is said of the first file, in short, as far as it is about the export: nothing where it isn't taken for its. */
function lint(files: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(files).map(([path, text]) => ({ path, text }));
  const [file] = all as [(typeof all)[0]];
  return show(file.text, lintPolicy(file, new SourceFiles(all)));
}

type Row = [name: string, files: Readonly<Record<string, string>>];

/** What is found is in `relevance.txt`. */
const ROWS: Readonly<Record<string, Row[]>> = {
  'a policy that names the bucket': [
    ['and writes', { 'p.json': on('acme-logs'), ...ENV }],
    ['and only reads, as the only one', { 'p.json': on('acme-logs', READ), ...ENV }],
    [
      'and only reads, beside one that writes',
      { 'p.json': on('acme-logs', READ), 'w.json': on('acme-logs', FOUR), ...ENV },
    ],
    [
      'and only reads, beside a text of the same',
      { 'p.json': on('acme-logs', READ), 'w.json.txt': on('acme-logs', FOUR), ...ENV },
    ],
    [
      'and only reads, beside a bucket policy',
      { 'p.json': on('acme-logs', READ), 'w.json': on('acme-logs', FOUR, { Principal: '*' }), ...ENV },
    ],
    ['and only reads, in another folder', { 'a/p.json': on('acme-logs', READ), ...ENV }],
    ['and only reads, under our name', { 'a/secondary-logs-policy.json': on('acme-logs', READ), ...ENV }],
    ['and only reads, under our name in one word', { 'a/secondarys3log.json': on('acme-logs', READ), ...ENV }],
    ['and only reads, under our statement id', { 'a/p.json': on('acme-logs', READ, { Sid: 'ListLogFolder' }), ...ENV }],
    ['and only reads, under another statement id', { 'a/p.json': on('acme-logs', READ, { Sid: 'Readers' }), ...ENV }],
    ['and reads among others', { 'a/p.json': on('acme-logs', ['s3:GetObject', 's3:PutObject']), ...ENV }],
    [
      'and reads, and denies to write',
      {
        'a/p.json': policy([
          { Effect: 'Allow', Action: READ, Resource: ['arn:aws:s3:::acme-logs'] },
          { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
        ]),
        ...ENV,
      },
    ],
    ['and says nothing of actions', { 'a/p.json': on('acme-logs', []), ...ENV }],
    [
      'in a Deny alone',
      {
        'p.json': policy([{ Effect: 'Deny', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::acme-logs/*' }]),
        ...ENV,
      },
    ],
    [
      'in a Deny alone, under our name',
      {
        'secondary-logs-policy.json': policy([
          { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: 'arn:aws:s3:::acme-logs/*' },
        ]),
        ...ENV,
      },
    ],
    [
      'in a Deny of everything else',
      {
        'a/p.json': policy([{ Effect: 'Deny', Action: 's3:PutObject', NotResource: 'arn:aws:s3:::acme-logs/*' }]),
        ...ENV,
      },
    ],
    ['with wildcards', { 'a/p.json': on('acme-l*'), ...ENV }],
    [
      'of two exports, the nearer one',
      {
        'a/p.json': on('acme-*', ['s3:PutObject']),
        '.env': envOf('s3://acme-logs/prod'),
        'a/b.env': envOf('s3://acme-data/x'),
      },
    ],
    [
      'of two exports of the bucket, the one that it fits',
      { 'p.json': scoped('dev', FOUR), '.env': envOf('s3://acme-logs/prod'), 'b.env': envOf('s3://acme-logs/dev') },
    ],
    [
      'of two exports of the bucket, the first where it fits both',
      { 'p.json': on('acme-logs', THREE), '.env': envOf('s3://acme-logs/prod'), 'b.env': envOf('s3://acme-logs/dev') },
    ],
    [
      'of two exports of the bucket, the one that it fits better',
      { 'p.json': scoped('dev', THREE), '.env': envOf('s3://acme-logs/prod'), 'b.env': envOf('s3://acme-logs/dev') },
    ],
    [
      'of two exports of the bucket, the first that it fits',
      { 'p.json': scoped('dev', THREE), '.env': envOf('s3://acme-logs/dev'), 'b.env': envOf('s3://acme-logs/prod') },
    ],
  ],
  'a policy of another bucket': [
    ['that allows all four', { 'p.json': on('acme-data', FOUR), ...ENV }],
    ['that allows three', { 'p.json': on('acme-data'), ...ENV }],
    ['that allows three, one folder down', { 'a/p.json': on('acme-data'), ...ENV }],
    ['that allows three, two folders down', { 'a/b/p.json': on('acme-data'), ...ENV }],
    ['that allows three, beside its like', { 'p.json': on('acme-data'), 'q.json': on('acme-files'), ...ENV }],
    ['that allows three, beside a reader', { 'p.json': on('acme-data'), 'q.json': on('acme-files', READ), ...ENV }],
    [
      'that allows three, beside a bucket policy',
      { 'p.json': on('acme-data'), 'q.json': on('acme-files', FOUR, { Principal: '*' }), ...ENV },
    ],
    [
      'that allows three, beside its like in a text',
      { 'p.json': on('acme-data'), 'q.json.bak': on('acme-files'), ...ENV },
    ],
    ['that allows all four, beside its like', { 'p.json': on('acme-data', FOUR), 'q.json': on('acme-files'), ...ENV }],
    ['beside one of the export', { 'p.json': on('acme-data', FOUR), 'q.json': on('acme-logs', FOUR), ...ENV }],
    [
      'beside one of the export, under our name',
      { 'secondary-logs-policy.json': on('acme-data', FOUR), 'q.json': on('acme-logs', FOUR), ...ENV },
    ],
    [
      'beside one of the export, under our name elsewhere',
      { 'a/secondary-logs-policy.json': on('acme-data', FOUR), 'q.json': on('acme-logs', FOUR), ...ENV },
    ],
    ['under our statement id', { 'a/b/p.json': on('acme-data', READ, { Sid: 'ExternalS3Policy' }), ...ENV }],
    ['under our name', { 'a/b/secondary_s3_logs.json': on('acme-data', READ), ...ENV }],
    ['that only reads', { 'p.json': on('acme-data', READ), ...ENV }],
    ['with keys of KMS', { 'p.json': on('acme-data', [...FOUR, 'kms:GenerateDataKey*', 'kms:Decrypt']), ...ENV }],
    [
      'with an action of S3 more',
      { 'p.json': on('acme-data', [...FOUR, 's3:GetBucketLocation']), 'q.json': on('acme-files'), ...ENV },
    ],
    ['with an action of another service', { 'p.json': on('acme-data', [...FOUR, 'sqs:SendMessage']), ...ENV }],
    ['with every action', { 'p.json': on('acme-data', '*'), ...ENV }],
    ['with every action of S3', { 'p.json': on('acme-data', 's3:*'), ...ENV }],
    ['with all that put', { 'p.json': on('acme-data', 's3:Put*'), ...ENV }],
    ['with a plural', { 'p.json': on('acme-data', 's3:PutObjects'), ...ENV }],
    ['with another put', { 'p.json': on('acme-data', 's3:PutObjectTagging'), ...ENV }],
    ['without the service', { 'p.json': on('acme-data', ['PutObject', 'GetObject']), ...ENV }],
    ['that writes two', { 'p.json': on(['acme-data', 'acme-files']), ...ENV }],
    ['that writes any', { 'p.json': on('*'), ...ENV }],
    ['that is a bucket policy', { 'p.json': on('acme-data', FOUR, { Principal: '*' }), ...ENV }],
    [
      'that is a bucket policy under our name',
      { 'secondary-logs-bucket-policy.json': on('acme-data', FOUR, { Principal: { AWS: ROLE } }), ...ENV },
    ],
    ...['scp', 'service-control', 'ServiceControl', 'boundary', 'guardrail', 'admin'].map(
      (name): Row => [`that is named ${name}`, { [`${name}.json`]: on('acme-data', FOUR), ...ENV }],
    ),
    ['that is the sample of the page', { 'p.json': on('my-bucket', FOUR), ...ENV }],
    ['that is the sample of the page, with another', { 'p.json': on(['my-bucket', 'acme-data'], FOUR), ...ENV }],
    [
      'that is the sample of the page, near two exports',
      { 'p.json': on('my-bucket', FOUR), ...ENV, 'b.env': envOf('s3://acme-data/x') },
    ],
    [
      'whose Deny names the sample of the page',
      {
        'p.json': policy([
          { Effect: 'Allow', Action: FOUR, Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'] },
          { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: 'arn:aws:s3:::my-bucket/*' },
        ]),
        ...ENV,
      },
    ],
  ],
  'a misspelt bucket': [
    ...['acme-log', 'acme_logs', 'ACME-LOGS', 'acme.logs', 'acme-lgos', 'ame-lgs', 'acme-data', 'acme-logs-2'].map(
      (name): Row => [`${name} for acme-logs`, { 'p.json': on(name, ['s3:PutObject', 'sqs:SendMessage']), ...ENV }],
    ),
    ...(
      [
        ['logs-12', 'logs-345'],
        ['mylgs', 'mylogs'],
        ['mygs', 'mylogs'],
        ['mylo', 'mylog'],
        ['dev-files', 'prod-files'],
        ['datalos', 'datalogs'],
        ['datals', 'datalogs'],
        ['acme-logs.eu', 'acme.logs.eu'],
      ] as const
    ).map(
      ([name, bucket]): Row => [
        `${name} for ${bucket}`,
        { 'p.json': on(name, ['s3:PutObject', 'sqs:SendMessage']), '.env': envOf(`s3://${bucket}/prod`) },
      ],
    ),
    [
      'for one of two exports',
      {
        'p.json': on('acme-log', ['s3:PutObject', 'sqs:SendMessage']),
        '.env': envOf('s3://acme-logs/prod'),
        'b.env': envOf('s3://other/prod'),
      },
    ],
  ],
  'without an export': [
    ['the only file, with three', { 'p.json': on('acme-data') }],
    ['the only file, with two', { 'p.json': on('acme-data', FOUR.slice(0, 2)) }],
    ['the only file, in capitals', { 'p.json': on('acme-data', ['S3:PUTOBJECT', 'S3:GETOBJECT', 'S3:LISTBUCKET']) }],
    [
      'the only file, with keys of KMS',
      { 'p.json': on('acme-data', [...THREE, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey*']) },
    ],
    [
      'the only file, with another action of KMS',
      { 'p.json': on('acme-data', [...THREE, 'kms:DecryptX', 'xkms:Decrypt']) },
    ],
    ['the only file, with another action', { 'p.json': on('acme-data', [...THREE, 's3:GetBucketLocation']) }],
    ['the only file, with two buckets', { 'p.json': on(['acme-data', 'acme-files']) }],
    [
      'the only file, with NotAction',
      {
        'p.json': policy([
          { Effect: 'Allow', Action: THREE, Resource: ['arn:aws:s3:::acme-data/*'] },
          { Effect: 'Allow', NotAction: 's3:Delete*', Resource: 'arn:aws:s3:::acme-data/*' },
        ]),
      },
    ],
    [
      'the only file, with a Deny of more',
      {
        'p.json': policy([
          { Effect: 'Allow', Action: THREE, Resource: ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'] },
          { Effect: 'Deny', Action: 'sqs:*', Resource: '*' },
        ]),
      },
    ],
    ['the only file, a bucket policy', { 'bucket.json': on('acme-data', THREE, { Principal: { AWS: ROLE } }) }],
    ['the only file, under our name', { 'secondary-logs-policy.json': on('acme-data', FOUR.slice(0, 1)) }],
    [
      'the only file, under our statement id',
      { 'p.json': on('acme-data', FOUR.slice(0, 1), { Sid: 'WriteLogFolder' }) },
    ],
    ['beside something else', { 'p.json': on('acme-data'), 'README.md': '' }],
    ['in a project of Astro', { 'p.json': on('acme-data'), ...ASTRO }],
    [
      'in a project of Astro below',
      { 'p.json': on('acme-data'), 'app/Dockerfile': 'FROM astrocrpublic.azurecr.io/runtime:3.1-1', 'README.md': '' },
    ],
    ['in another project', { 'p.json': on('acme-data'), Dockerfile: 'FROM python:3.12' }],
    ['beside notes on the Runtime', { 'p.json': on('acme-data'), 'Dockerfile.md': 'astro-runtime' }],
    [
      'a folder that the policy names, with another',
      {
        'secondary-logs-policy.json': policy([
          { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme-data' },
          { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: 'arn:aws:s3:::acme-data/prod/a*' },
          { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme-data/dev/*' },
        ]),
      },
    ],
    [
      'no bucket that the policy names',
      {
        'secondary-logs-policy.json': policy([
          {
            Effect: 'Allow',
            Action: 's3:PutObject',
            Resource: ['*', 'arn:aws:s3:::*/*', '<bucket>', 'arn:aws:s3:::'],
          },
        ]),
      },
    ],
    [
      'a bucket that a Deny names',
      {
        'secondary-logs-policy.json': policy([
          { Effect: 'Deny', Action: 's3:PutObjectAcl', Resource: 'arn:aws:s3:::acme-data/*' },
        ]),
      },
    ],
  ],
  'the partition': [
    [
      'of the region',
      { 'p.json': on('acme-logs', FOUR), '.env': envOf('s3://acme-logs/prod', { region: 'cn-north-1' }) },
    ],
    [
      'of the role',
      {
        'p.json': on('acme-logs', FOUR),
        '.env': envOf('s3://acme-logs/prod', { roleArn: 'arn:aws-us-gov:iam::123456789012:role/Logs' }),
      },
    ],
    [
      'of the region, where the role is wrong',
      {
        'p.json': on('acme-logs', FOUR),
        '.env': envOf('s3://acme-logs/prod', { region: 'cn-north-1', roleArn: 'Logs' }),
      },
    ],
    [
      'of the policy, where nothing tells',
      {
        'p.json': policy([
          {
            Effect: 'Allow',
            Action: THREE,
            Resource: ['arn:*:s3:::acme-logs', 'arn:aws-cn:s3:::acme-logs/*', 'arn:aws-cn:s3:::acme-logs'],
          },
        ]),
        ...ENV,
      },
    ],
    [
      'that nobody knows',
      {
        'p.json': policy([
          { Effect: 'Allow', Action: FOUR, Resource: ['arn:xaws:s3:::acme-logs', 'arn:aws2:s3:::acme-logs/*'] },
        ]),
        ...ENV,
      },
    ],
  ],
  'what is known of the requests': [
    [
      'the region',
      {
        'p.json': on('acme-logs', FOUR, { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
        '.env': envOf('s3://acme-logs/prod', { region: 'us-east-1' }),
      },
    ],
    [
      'not the region',
      {
        'p.json': on('acme-logs', FOUR, { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
        ...ENV,
      },
    ],
    [
      'the account',
      {
        'p.json': on('acme-logs', FOUR, { Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }),
        '.env': envOf('s3://acme-logs/prod', { roleArn: ROLE }),
      },
    ],
    [
      'the role',
      {
        'p.json': on('acme-logs', FOUR, { Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } } }),
        '.env': envOf('s3://acme-logs/prod', { roleArn: ROLE }),
      },
    ],
    [
      'not the account',
      {
        'p.json': on('acme-logs', FOUR, { Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }),
        ...ENV,
      },
    ],
  ],
};

const expected = readSections('relevance.txt');

describe.each(Object.entries(ROWS))('%s', (subject, rows) => {
  it.each(rows)('%s', (name, files) => {
    expect(lint(files)).toEqual(expected.get(`${subject}: ${name}`));
  });
});

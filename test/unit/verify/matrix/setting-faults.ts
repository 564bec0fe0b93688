import { BUCKET } from '../world';
import type { Fault } from './fault';

export const SETTING_FAULTS: readonly Fault[] = [
  {
    name: 'the export is off',
    edits: { env: text => text.replace('ENABLED=true', 'ENABLED=false') },
    fails: 'settings',
    cause: 'export-disabled',
    nextStep: /Set AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true/,
    cure: 'offered',
  },
  {
    name: 'the switch is missing',
    edits: { env: text => text.replace(/.*ENABLED=true\n/, '') },
    fails: 'settings',
    cause: 'export-disabled',
    nextStep: /ENABLED=true/,
    cure: 'offered',
  },
  {
    name: 'the switch is misspelt',
    edits: { env: text => text.replace('S3_BUCKET_ENABLED', 'S3_BUCKET_ENABLE') },
    fails: 'settings',
    cause: 'export-disabled',
    nextStep: /ENABLED=true/,
    cure: 'offered',
  },
  {
    name: 'the switch is no boolean',
    edits: { env: text => text.replace('ENABLED=true', 'ENABLED=yes') },
    fails: 'settings',
    cause: 'bad-settings',
    nextStep: /ENABLED=true/,
    cure: 'offered',
  },
  ...(
    [
      [
        'a look-alike hyphen in the bucket',
        text => text.replace('acme-airflow', 'acme\u2011airflow'),
        /Type it as s3:\/\/acme-airflow-logs\/logs/,
      ],
      ['no folder', text => text.replace(/.*S3_BASE_LOG_FOLDER.*\n/, ''), /s3:\/\/bucket\/folder/],
      ['no s3://', text => text.replace('s3://', ''), /s3:\/\//],
      ['an https address', text => text.replace(`s3://${BUCKET}`, `https://${BUCKET}.s3.amazonaws.com`), /s3:\/\//],
      ['capitals in the bucket', text => text.replace(BUCKET, BUCKET.toUpperCase()), /\S/],
      ['a region that is none', text => text.replace('us-east-1', 'Virginia'), /region/i],
      ['a zone for a region', text => text.replace('REGION=us-east-1', 'REGION=us-east-1a'), /\S/],
      ['a user for a role', text => text.replace(':role/', ':user/'), /role/],
      [
        'a session for a role',
        text =>
          text.replace(':iam::123456789012:role/astro-task-logs', ':sts::123456789012:assumed-role/astro-task-logs/x'),
        /role/,
      ],
      ['a role without its account', text => text.replace('123456789012', '12345678901'), /12/],
      ['a role of another partition', text => text.replace('arn:aws:iam', 'arn:aws-cn:iam'), /\S/],
    ] as const satisfies readonly (readonly [string, (text: string) => string, RegExp])[]
  ).map(
    ([name, env, nextStep]): Fault => ({
      name,
      edits: { env },
      fails: 'settings',
      cause: 'bad-settings',
      nextStep,
      cure: 'person',
    }),
  ),
  {
    name: 'another region than the bucket’s',
    edits: { env: text => text.replace('REGION=us-east-1', 'REGION=eu-west-1') },
    fails: 'bucket-region',
    cause: 'wrong-region',
    nextStep: /Set AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1/,
    cure: 'offered',
  },
  {
    name: 'no region, and another one around it',
    edits: { env: text => text.replace(/.*REGION=us-east-1\n/, '') },
    run: () => ({ env: { AWS_REGION: 'eu-west-1' } }),
    fails: 'bucket-region',
    status: 'warn',
    cause: 'wrong-region',
    nextStep: /REGION=us-east-1/,
    cure: 'offered',
  },
  {
    name: 'a bucket that is not there',
    edits: { env: text => text.replace(BUCKET, 'acme-airflow-lugs') },
    fails: 'put',
    cause: 'no-such-bucket',
    nextStep: /Create the bucket, or correct its name .* acme-airflow-lugs/,
    cure: 'person',
  },
];

import { describe, expect, it } from 'vitest';
import { parseInspection } from '../../../src/core/deployment/deployment-facts';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { type SupportReportInput, supportReport } from '../../../src/core/report/support-report';
import { maskSecrets } from '../../../src/core/text/mask-secrets';

const INPUT: SupportReportInput = {
  file: '.env',
  settings: { enabled: 'true', baseLogFolder: 's3://my-bucket/logs' },
  versions: { 'Airflow Log Export for Astro (S3)': '0.1.0', 'VS Code': '1.96.0' },
  now: new Date('2026-11-28T12:00:00Z'),
  secrets: ['hunter2-hunter2'],
};

const FACTS = parseInspection(
  JSON.stringify({
    deployment: {
      environment_variables: [
        { key: EXPORT_KEYS.enabled, value: 'false', is_secret: false },
        { key: 'DB_PASSWORD', value: 'never-shown-value', is_secret: false },
      ],
      configuration: { name: 'Orders', runtime_version: '12.1.0' },
      metadata: { deployment_id: 'cm0abc' },
    },
  }),
);

describe('the support report', () => {
  it('tells of the probe DAG’s log that arrived, and where', () => {
    const arrival = { key: 'logs/x.log', at: new Date('2026-11-28T11:00:00Z'), waited: 12_300, isSandbox: false };
    expect(supportReport({ ...INPUT, arrival })).toContain(
      'arrived in the bucket: `logs/x.log`, written 2026-11-28T11:00:00.000Z, found after 12 s.',
    );
    expect(supportReport({ ...INPUT, arrival: { ...arrival, isSandbox: true } })).toContain('a sandbox, not AWS');
    expect(supportReport(INPUT)).not.toContain('arrived');
  });

  it('names the Deployment, both sides of the variables, and every check', () => {
    const report = supportReport({
      ...INPUT,
      deployment: {
        facts: FACTS,
        differences: [
          { kind: 'different', severity: 'error', subject: 'x', message: 'They differ.', nextStep: 'Push.' },
        ],
      },
      verification: {
        at: new Date('2026-11-28T11:59:00Z'),
        isSandbox: true,
        identity: 'arn:aws:sts::123456789012:assumed-role/a/b',
        verdict: 'The export does not work; failed: put',
        checks: [
          {
            id: 'put',
            status: 'fail',
            proof: 'replayed',
            as: null,
            message: 's3:PutObject | denied\nby nobody',
            causes: ['missing-put-object'],
            nextStep: 'Add it.',
          },
        ],
      },
    });
    expect(report).toContain('| Deployment ID | `cm0abc` |');
    expect(report).toContain(`| \`${EXPORT_KEYS.enabled}\` | \`true\` | \`false\` |`);
    expect(report).toContain('- error: They differ.');
    expect(report).toContain('against a sandbox, not AWS');
    expect(report).toContain(
      '| put | fail | replayed |  | s3:PutObject \\| denied by nobody Causes: missing-put-object. Add it. |',
    );
    expect(report).not.toContain('never-shown-value');
  });

  it('says what was not asked', () => {
    const report = supportReport(INPUT);
    expect(report).toContain('The Deployment was not asked.');
    expect(report).toContain('The export was not verified.');
    expect(report).toContain('| not asked |');
  });
});

describe('masking', () => {
  it.each([
    ['a presigned URL', 'https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=canary99&x=1'],
    ['a session token', 'AWS_SESSION_TOKEN=canary99'],
    ['a secret key', '"SecretAccessKey": "canary99"'],
    ['a secret key in YAML', 'aws_secret_access_key: canary99'],
    ['an API token', 'ASTRO_API_TOKEN=canary99'],
    ['a bearer token', 'authorization: Bearer canary99'],
    ['a JSON web token', 'eyJhbGciOiJI.eyJzdWIiOiIx.canary99'],
    ['a password in an address', 'postgresql://user:canary99@host/db'],
    ['a known value', 'it said hunter2-canary99 here'],
  ])('takes out %s', (_name, text) => {
    expect(maskSecrets(text, ['hunter2-canary99'])).not.toContain('canary99');
    expect(maskSecrets(text, ['hunter2-canary99'])).toContain('***');
  });

  it('takes out access key ids, and leaves ARNs, keys and short words', () => {
    expect(maskSecrets('AKIAIOSFODNN7EXAMPLE ASIAIOSFODNN7EXAMPLE')).toBe('*** ***');
    const plain = 'arn:aws:iam::123456789012:role/Name s3://my-bucket/logs true';
    expect(maskSecrets(plain, ['true', ''])).toBe(plain);
  });
});

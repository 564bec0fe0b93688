import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/diagnosis/cause';
import { diagnoseLog } from '../../../src/core/diagnosis/log/diagnose-log';
import type { ProbeLine } from '../../../src/core/diagnosis/probe-line';

const role = 'arn:aws:iam::123456789012:role/astro-logs';
const deployment = 'arn:aws:sts::111122223333:assumed-role/astro-x/botocore-session-1';

const WORKING: ProbeLine = {
  astro_log_export_probe: 1,
  token: 'ale-4f1c',
  airflow: '3.1.0',
  settings: {
    S3_BUCKET_ENABLED: 'true',
    S3_BASE_LOG_FOLDER: 's3://acme-logs/airflow',
    ROLE_ARN: role,
    REGION: 'eu-west-1',
  },
  package: '1.6.4',
  identity: deployment,
  role: 'arn:aws:sts::123456789012:assumed-role/astro-logs/s',
  head: { ok: true, status: 404 },
  put: { ok: true },
  get: { ok: true },
};

const settings = (change: Partial<ProbeLine['settings']>) => ({ settings: { ...WORKING.settings, ...change } });
const failed = (code: string, message: string, status: number | null = null) => ({ ok: false, code, message, status });

const CASES: readonly [string, Partial<ProbeLine>, readonly Cause[], RegExp][] = [
  [
    'the variables are not on the Deployment',
    settings({ S3_BUCKET_ENABLED: null }),
    ['export-disabled'],
    /ENABLED=true on the Deployment/,
  ],
  ['the export is off', settings({ S3_BUCKET_ENABLED: 'False' }), ['export-disabled'], /ENABLED=true/],
  ['the switch is no boolean', settings({ S3_BUCKET_ENABLED: 'yes' }), ['bad-settings'], /ENABLED=true/],
  ['the folder is no address', settings({ S3_BASE_LOG_FOLDER: 'acme-logs/airflow' }), ['bad-settings'], /s3:\/\//],
  ['no folder', settings({ S3_BASE_LOG_FOLDER: null }), ['bad-settings'], /s3:\/\//],
  ['the package is too old', { package: '1.5.1' }, ['bad-settings'], /astronomer-providers-logging>=1\.6\.2/],
  ['the package is missing', { package: null }, ['bad-settings'], /astronomer-providers-logging>=1\.6\.2/],
  [
    'no credentials',
    { identity: failed('NoCredentialsError', 'Unable to locate credentials') },
    ['no-credentials'],
    /workload identity/,
  ],
  [
    'the role does not trust',
    {
      role: failed(
        'AccessDenied',
        `User: ${deployment} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
        403,
      ),
    },
    ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    /arn:aws:iam::111122223333:role\/astro-x/,
  ],
  [
    'HEAD is denied',
    { head: failed('403', 'Forbidden', 403) },
    ['missing-list-bucket', 'missing-get-object'],
    /s3:ListBucket on arn:aws:s3:::acme-logs /,
  ],
  [
    'PUT is denied',
    { put: failed('AccessDenied', 'Access Denied', 403) },
    ['missing-put-object'],
    /arn:aws:s3:::acme-logs\/airflow\/\*/,
  ],
  ['GET is denied', { get: failed('AccessDenied', 'Access Denied', 403) }, ['missing-get-object'], /s3:GetObject/],
  ['another region', { head: failed('301', 'Moved Permanently', 301) }, ['wrong-region'], /REGION/],
  [
    'no bucket',
    { put: failed('NoSuchBucket', 'The specified bucket does not exist', 404) },
    ['no-such-bucket'],
    /acme-logs/,
  ],
  [
    'no way out',
    {
      identity: failed(
        'EndpointConnectionError',
        'Could not connect to the endpoint URL: "https://sts.amazonaws.com/"',
      ),
    },
    ['endpoint-unreachable'],
    /egress/,
  ],
];

const FORMS: Readonly<Record<string, (line: string) => string>> = {
  'as it is': line => line,
  'Airflow 2': line => `[2026-11-23T07:14:58.343+0000] {astro_log_export_probe.py:61} INFO - ${line}`,
  'Airflow 3': line =>
    JSON.stringify({ timestamp: '2026-11-23T07:14:58Z', level: 'info', event: line, logger: 'task', ti_id: 'x' }),
  'the stdout of a task': line =>
    `${JSON.stringify({ timestamp: '2026-11-23T07:14:58Z', level: 'info', event: line, chan: 'stdout', logger: 'task' })}\r\n`,
  'Python’s json.dumps': line => line.replace(/":/g, '": ').replace(/,"/g, ', "'),
};

describe.each(Object.entries(FORMS))('a probe line, %s', (_, form) => {
  it('tells nothing bad where every step worked', () => {
    expect(diagnoseLog(form(JSON.stringify(WORKING)))).toEqual([]);
  });

  it.each(CASES)('%s', (_name, change, causes, fix) => {
    const matches = diagnoseLog(`a line before\n\n${form(JSON.stringify({ ...WORKING, ...change }))}`);
    expect(matches).toHaveLength(1);
    expect(matches[0]?.causes.slice(0, causes.length)).toEqual(causes);
    expect(matches[0]?.fix).toMatch(fix);
  });

  it('says that it is cut', () => {
    const line = JSON.stringify(WORKING).slice(0, 150);
    expect(diagnoseLog(form(line))).toMatchObject([
      { causes: ['unknown'], fix: expect.stringContaining('whole line') },
    ]);
  });
});

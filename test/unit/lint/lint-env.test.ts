import { describe, expect, it } from 'vitest';
import { lintEnv } from '../../../src/core/env/lint-env';
import { EXPORT_KEYS, KEY_PREFIX } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { FINDINGS } from '../../../src/core/finding-table';
import { applyEdits } from '../../../src/core/text/text-range';

const ENABLED = `${EXPORT_KEYS.enabled}=true\n`;
const FOLDER = `${EXPORT_KEYS.baseLogFolder}=s3://acme-logs/prod\n`;
const COMPLETE = ENABLED + FOLDER;

function codes(text: string): string[] {
  return lintEnv(text).map(finding => finding.code);
}

/** The one finding of that code, and the text it points at. */
function only(text: string, code: string): Finding & { shown: string } {
  const found = lintEnv(text).filter(finding => finding.code === code);
  expect(found).toHaveLength(1);
  const finding = found[0] as Finding;
  return { ...finding, shown: text.slice(finding.range.start, finding.range.end) };
}

function fixed(text: string, finding: Finding): string {
  return applyEdits(text, finding.fix?.edits ?? []);
}

describe('near misses of names', () => {
  it.each<[string, string]>([
    ['AIRFLOW_ASTRO_SECONDARY_LOGS_REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS_REGION', 'region'],
    ['AIRFLOW_ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO__SECONDARY__LOGS__REGION', 'region'],
    ['AIRFLOW___ASTRO_SECONDARY_LOGS___REGION', 'region'],
    ['_AIRFLOW__ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__REGION_', 'region'],
    ['airflow__astro_secondary_logs__region', 'region'],
    ['Airflow__Astro_Secondary_Logs__Region', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__region', 'region'],
    ['AIRFLOW--ASTRO-SECONDARY-LOGS--REGION', 'region'],
    ['AIRFLOW.ASTRO_SECONDARY_LOGS.REGION', 'region'],
    ['AIRFLOW__ASTROSECONDARYLOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOG__REGION', 'region'],
    ['AIRFLOW__ASTRO_LOGS__REGION', 'region'],
    ['AIRFLOW__SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__SECONDARY_ASTRO_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_LOGS_SECONDARY__REGION', 'region'],
    ['AIRFLOW__ASTRONOMER_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDRY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTOR_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLWO__ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGGING__REGION', 'region'],
    ['ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__REGOIN', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__AWS_REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_REGION', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__REGION_NAME', 'region'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__ARN_ROLE', 'roleArn'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__ROLEARN', 'roleArn'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__AWS_ROLE_ARN', 'roleArn'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE', 'roleArn'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__BUCKET_ENABLED', 'enabled'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_ENABLED', 'enabled'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__ENABLED', 'enabled'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLE', 'enabled'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_ENABLED_BUCKET', 'enabled'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__BASE_LOG_FOLDER', 'baseLogFolder'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_LOG_FOLDER', 'baseLogFolder'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_FOLDER', 'baseLogFolder'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__LOG_FOLDER_BASE_S3', 'baseLogFolder'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOGS_FOLDER', 'baseLogFolder'],
    ['AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FLODER', 'baseLogFolder'],
    ['AIRFLOW__LOGGING__S3_BASE_LOG_FOLDER', 'baseLogFolder'],
    ['set AIRFLOW__ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['ENV AIRFLOW__ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['- AIRFLOW__ASTRO_SECONDARY_LOGS__REGION', 'region'],
    ['"AIRFLOW__ASTRO_SECONDARY_LOGS__REGION"', 'region'],
  ])('%s is %s misspelt', (name, key) => {
    const meant = EXPORT_KEYS[key as keyof typeof EXPORT_KEYS];
    const others = Object.values(EXPORT_KEYS).filter(each => each !== meant && COMPLETE.includes(each));
    const rest = COMPLETE.split(/(?<=\n)/).filter(line => others.some(each => line.startsWith(each)));
    const value = {
      region: 'us-east-1',
      roleArn: 'arn:aws:iam::123456789012:role/L',
      enabled: 'true',
      baseLogFolder: 's3://acme-logs/x',
    };
    const text = `${rest.join('')}${name}=${value[key as keyof typeof value]}\n`;
    const finding = only(text, 'unknown-key');
    expect(finding.severity).toBe('warning');
    expect(finding.shown).toBe(name);
    expect(finding.message).toContain(meant);
    expect(codes(fixed(text, finding))).toEqual([]);
  });

  it.each([
    `${KEY_PREFIX}REGION_OLD`,
    `${KEY_PREFIX}S3_BASE_LOG_PATH`,
    `${KEY_PREFIX}ROLE_ARN_CMD`,
    `${KEY_PREFIX}ROLE_ARN_SECRET`,
    `${KEY_PREFIX}SOMETHING`,
  ])('%s is not renamed unasked', name => {
    const finding = only(`${COMPLETE}${name}=x\n`, 'unknown-key');
    expect(finding.fix).toBeUndefined();
  });

  it.each([
    'AIRFLOW__ASTRO_SDK__SQL_SCHEMA',
    'AIRFLOW__ASTRONOMER__UPDATE_CHECK_INTERVAL',
    'AIRFLOW__LOGGING__BASE_LOG_FOLDER',
    'AIRFLOW__LOGGING__LOGGING_LEVEL',
    'AIRFLOW__MYPLUGIN__S3_BUCKET_ENABLED',
    'AIRFLOW__CORE__DAGS_FOLDER',
    'AIRFLOW_VAR_ASTRO_SECONDARY_LOGS_REGION',
    'AIRFLOW_CONN_ASTRO_SECONDARY_LOGS',
    'AIRFLOW__TEAM_A___ASTRO_SECONDARY_LOGS__REGION',
    'TF_VAR_airflow__astro_secondary_logs__region',
    'ASTRONOMER_ENVIRONMENT',
    'ASTRO_LOGS_REGION',
    'SECONDARY_LOGS_REGION',
    'PUBLIC_ASTRO_SECONDARY_REGION',
    `${KEY_PREFIX}GCS_BUCKET_ENABLED`,
    `${KEY_PREFIX}WASB_BASE_LOG_FOLDER`,
  ])('%s is something else', name => {
    expect(codes(`${COMPLETE}${name}=x\n`)).toEqual([]);
    expect(codes(`${name}=x\n`)).toEqual([]);
  });

  it('says where the variable is set already, and changes nothing then', () => {
    const text = `${COMPLETE}${EXPORT_KEYS.enabled.toLowerCase()}=true\n`;
    const finding = only(text, 'unknown-key');
    expect(finding.fix).toBeUndefined();
    expect(finding.related?.map(({ range }) => range.start)).toEqual([0]);
  });

  it('gives the variable to one of two misspelt lines', () => {
    const text = `${COMPLETE}${KEY_PREFIX}REGIO=us-east-1\n${KEY_PREFIX}AWS_REGION=us-east-2\n`;
    expect(lintEnv(text).map(finding => [finding.code, finding.fix !== undefined])).toEqual([
      ['unknown-key', true],
      ['unknown-key', false],
    ]);
  });
});

describe('missing-key', () => {
  it.each<[string, string, string[]]>([
    ['only the region', `${EXPORT_KEYS.region}=us-east-1\n`, ['missing-key', 'missing-key']],
    ['no switch', FOLDER, ['missing-key']],
    ['no folder', ENABLED, ['missing-key']],
    ['no role and no region', COMPLETE, []],
    ['switched off without a folder', `${EXPORT_KEYS.enabled}=0\n`, ['export-disabled']],
    ['a name that nothing reads', `${KEY_PREFIX}SOMETHING=1\n`, ['unknown-key']],
    ['an empty folder', `${ENABLED}${EXPORT_KEYS.baseLogFolder}=\n`, ['empty-value']],
    ['a folder in YAML’s form', `${ENABLED}${EXPORT_KEYS.baseLogFolder}: s3://acme-logs/x\n`, ['yaml-style-line']],
    ['a numbered folder', `${ENABLED}2${FOLDER}`, ['copied-line-number']],
    ['quotes, export and blanks', `export ${EXPORT_KEYS.enabled} = "true"\n${FOLDER}`, []],
  ])('with %s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it.each([
    ['LF', FOLDER, `${FOLDER}${EXPORT_KEYS.enabled}=true\n`],
    ['CRLF', FOLDER.replace('\n', '\r\n'), `${FOLDER.replace('\n', '\r\n')}${EXPORT_KEYS.enabled}=true\r\n`],
    ['no last line end', `A=1\r\n${FOLDER.trimEnd()}`, `A=1\r\n${FOLDER.trimEnd()}\r\n${EXPORT_KEYS.enabled}=true`],
  ])('adds the switch behind the last line of ours with %s', (_name, text, after) => {
    expect(fixed(text, only(text, 'missing-key'))).toBe(after);
  });
});

describe('values', () => {
  const enabled = (value: string) => `${EXPORT_KEYS.enabled}=${value}\n${FOLDER}`;
  const folder = (value: string) => `${ENABLED}${EXPORT_KEYS.baseLogFolder}=${value}\n`;
  const region = (value: string) => `${COMPLETE}${EXPORT_KEYS.region}=${value}\n`;
  const role = (value: string) => `${COMPLETE}${EXPORT_KEYS.roleArn}=${value}\n`;

  it.each(['true', 'True', 't', 'T', '1', '"true"', "'1'", 'true # c', 'true#c', 'TRUE\t# c'])('%s is true', value => {
    expect(codes(enabled(value))).toEqual([]);
  });

  it.each(['false', 'F', 'f', '0', '"False"'])('%s switches the export off', value => {
    expect(codes(enabled(value))).toEqual(['export-disabled']);
  });

  it.each([
    ['yes', 'true'],
    ['ON', 'true'],
    ['enabled', 'true'],
    ['ture', 'true'],
    ['tru', 'true'],
    ['True.', 'true'],
    ['`true`', 'true'],
    ['"true', 'true'],
    ['no', 'false'],
    ['off', 'false'],
    ['flase', 'false'],
    ['2', undefined],
    ['tru3', undefined],
    ['true,false', undefined],
    ['# true', undefined],
    ['maybe', undefined],
    ['$', undefined],
    ['tr\0ue', 'true'],
  ])('%j is no boolean', (value, meant) => {
    const text = enabled(value);
    const finding = only(text, 'not-boolean');
    expect(finding.shown).toBe(value);
    expect(finding.fix?.edits[0]?.newText).toBe(meant);
    expect(finding.message).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['s3n://acme-logs/x', 's3://acme-logs/x'],
    ['S3://acme-logs/x', 's3://acme-logs/x'],
    ['s3:/acme-logs/x', 's3://acme-logs/x'],
    ['s3:acme-logs/x', 's3://acme-logs/x'],
    ['s3:///acme-logs/x', 's3://acme-logs/x'],
    ['s3//acme-logs/x', 's3://acme-logs/x'],
    ['//acme-logs/x', 's3://acme-logs/x'],
    ['acme-logs/x', 's3://acme-logs/x'],
    ['"s3://acme-logs/x', 's3://acme-logs/x'],
    ['https://acme-logs.s3.amazonaws.com', 's3://acme-logs'],
    ['https://acme.logs.s3-eu-west-1.amazonaws.com/x/y', 's3://acme.logs/x/y'],
    ['https://s3.eu-central-1.amazonaws.com/acme-logs/x', 's3://acme-logs/x'],
    ['https://s3.cn-north-1.amazonaws.com.cn/acme-logs/x', 's3://acme-logs/x'],
    ['arn:aws-cn:s3:::acme-logs', 's3://acme-logs'],
    ['arn:aws:s3:::acme-logs/*', 's3://acme-logs'],
    ['/var/log/airflow', undefined],
    ['file:///var/log', undefined],
    ['gs://acme-logs/x', undefined],
    ['https://example.com/acme-logs', undefined],
    ['acme-logs', undefined],
    ['s3://', undefined],
    ['s3:///', undefined],
    ['s3:///logs', undefined],
    ['s3:///logs/', undefined],
    ['wasb-acme', undefined],
    ['s3://acme-logs/x?y=z', undefined],
    ['s3://acme-logs/x#y', undefined],
  ])('%s is not of the form s3://bucket/folder', (value, right) => {
    const text = folder(value);
    const finding = only(text, 'bad-s3-uri');
    expect(value).toContain(finding.shown);
    expect(finding.fix && fixed(text, finding)).toBe(right && folder(right));
  });

  it.each([
    ['ab', undefined],
    ['a'.repeat(64), undefined],
    ['-acme', undefined],
    ['acme-', undefined],
    ['.acme', undefined],
    ['acme..logs', undefined],
    ['10.0.0.1', undefined],
    ['acme_logs', undefined],
    ['acme logs', undefined],
    ['<bucket>', undefined],
    ['{{ bucket }}', undefined],
    ['user@acme-logs', undefined],
    ['localhost:9000', undefined],
    ['xn--acme', undefined],
    ['sthree-acme', undefined],
    ['amzn-s3-demo-bucket', undefined],
    ['acme-s3alias', undefined],
    ['acme--ol-s3', undefined],
    ['acme.mrap', undefined],
    ['acme--usw2-az1--x-s3', undefined],
    ['acme--table-s3', undefined],
    ['acme-an', undefined],
    ['données', undefined],
    ['ACME-Logs', 'acme-logs'],
    ['Acme_Logs', undefined],
  ])('no bucket is called %s', (bucket, right) => {
    const text = folder(`s3://${bucket}/x`);
    const finding = only(text, 'bad-bucket-name');
    expect(finding.shown).toBe(bucket);
    expect(finding.fix && fixed(text, finding)).toBe(right && folder(`s3://${right}/x`));
  });

  it.each([
    'abc',
    'a'.repeat(63),
    '0acme',
    'acme.logs.example',
    'acme-123456789012-eu-west-1-an',
    '1.2.3.4.5',
    'a-b--c',
  ])('a bucket may be called %s', bucket => {
    expect(codes(folder(`s3://${bucket}/x`))).toEqual([]);
  });

  it('finds both the scheme and the bucket wrong', () => {
    expect(codes(folder('s3a://Acme/x'))).toEqual(['bad-s3-uri', 'bad-bucket-name']);
  });

  it.each<[string, string, string | undefined]>([
    ['us_east_1', 'bad-region', 'us-east-1'],
    ['US-EAST-1', 'bad-region', 'us-east-1'],
    ['useast1', 'bad-region', 'us-east-1'],
    ['us-east1', 'bad-region', 'us-east-1'],
    ['us-east-1a', 'bad-region', 'us-east-1'],
    ['us-gov-west1', 'bad-region', 'us-gov-west-1'],
    ['US East (N. Virginia)', 'bad-region', 'us-east-1'],
    ['Ireland', 'bad-region', 'eu-west-1'],
    ['us-east', 'bad-region', undefined],
    ['us-east-l', 'bad-region', undefined],
    ['aws-global', 'bad-region', undefined],
    ['xx-east-1', 'bad-region', undefined],
    ['s3.us-east-1.amazonaws.com', 'bad-region', undefined],
    ['us-east-1/', 'bad-region', 'us-east-1'],
    ['us-esat-1', 'unknown-region', 'us-east-1'],
    ['eu-centrall-1', 'unknown-region', 'eu-central-1'],
    ['us-east-3', 'unknown-region', undefined],
    ['mx-central-2', 'unknown-region', undefined],
    ['us-gov-north-1', 'unknown-region', undefined],
  ])('%s: %s', (value, code, right) => {
    const text = region(value);
    const finding = only(text, code);
    expect(finding.severity).toBe(code === 'bad-region' ? 'error' : 'warning');
    expect(finding.shown).toBe(value);
    expect(finding.fix?.edits[0]?.newText).toBe(right);
  });

  it.each<[string, string, string | undefined]>([
    ['arn:aws:iam::12345678901:role/L', '12345678901', undefined],
    ['arn:aws:iam::1234567890123:role/L', '1234567890123', undefined],
    ['arn:aws:iam:::role/L', ':::'.slice(0, 2), undefined],
    ['arn:aws:iam::1234-5678-9012:role/L', '1234-5678-9012', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:user/me', 'user/me', undefined],
    ['arn:aws:iam::123456789012:root', 'root', undefined],
    ['arn:aws:iam::123456789012:group/g', 'group/g', undefined],
    ['arn:aws:iam::123456789012:policy/p', 'policy/p', undefined],
    ['arn:aws:iam::123456789012:instance-profile/p', 'instance-profile/p', undefined],
    ['arn:aws:sts::123456789012:assumed-role/L/s', 'assumed-role/L/s', undefined],
    ['arn:aws:iam::123456789012:assumed-role/L/s', 'assumed-role/L/s', undefined],
    ['arn:aws:iam::123456789012:L', 'L', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:role:L', 'role:L', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:Role/L', 'Role/L', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:role/', 'role/', undefined],
    ['arn:aws:iam::123456789012:role/L/', 'role/L/', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:role/a b', ' ', undefined],
    ['arn:aws:iam::123456789012:role/*', '*', undefined],
    [`arn:aws:iam::123456789012:role/${'x'.repeat(65)}`, 'x'.repeat(65), undefined],
    ['arn:aws:iam:us-east-1:123456789012:role/L', 'us-east-1', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam:123456789012:role/L', 'arn:aws:iam:123456789012:role/L', 'arn:aws:iam::123456789012:role/L'],
    ['aws:iam::123456789012:role/L', 'aws:iam::123456789012:role/L', 'arn:aws:iam::123456789012:role/L'],
    ['ARN:AWS:IAM::123456789012:role/L', 'ARN:AWS:IAM::123456789012:role/L', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:sts::123456789012:role/L', 'sts', 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:s3:::acme-logs', 's3', undefined],
    ['arn:aws-moon:iam::123456789012:role/L', 'aws-moon', undefined],
    ['role/L', 'role/L', undefined],
    ['arn:aws:iam::123456789012:role//L', '/', undefined],
    ["'arn:aws:iam::123456789012:role/L", "'arn:aws:iam::123456789012:role/L", 'arn:aws:iam::123456789012:role/L'],
    ['arn:aws:iam::123456789012:role/L"', '"', 'arn:aws:iam::123456789012:role/L'],
  ])('%s is no ARN of a role', (value, shown, right) => {
    const text = role(value);
    const finding = only(text, 'bad-role-arn');
    expect(finding.shown).toBe(shown);
    expect(finding.fix && fixed(text, finding)).toBe(right && role(right));
  });

  it.each([
    enabled('$ON'),
    folder('$FOLDER'),
    folder('s3://$BUCKET/x'),
    folder(`s3://a-\${STAGE}/x`),
    region('$R'),
    role('$R'),
  ])('does not judge what Airflow fills in: %j', text => {
    expect(codes(text)).toEqual([]);
  });

  it('compares the partitions of region, role and the Deployment’s identity', () => {
    const china = `${region('cn-north-1')}${EXPORT_KEYS.roleArn}=arn:aws-cn:iam::123456789012:role/L\n`;
    expect(codes(china)).toEqual([]);
    const identity = { deploymentIdentity: 'arn:aws:iam::123456789012:role/astro' };
    expect(lintEnv(china, identity).map(finding => finding.code)).toEqual(['partition-mismatch', 'partition-mismatch']);
    const mixed = `${region('us-gov-west-1')}${EXPORT_KEYS.roleArn}=arn:aws:iam::123456789012:role/L\n`;
    expect(only(mixed, 'partition-mismatch').related).toHaveLength(1);
  });

  it('points at each run of look-alikes, and judges the rest of the value without them', () => {
    const text = folder('s3://Acme\u2011\u2011Logs\u2011x/prod\u2013eu');
    expect(lintEnv(text).map(({ code, range }) => [code, text.slice(range.start, range.end)])).toEqual([
      ['bad-bucket-name', 'Acme\u2011\u2011Logs\u2011x'],
      ['non-ascii', '\u2011\u2011'],
      ['non-ascii', '\u2011'],
      ['non-ascii', '\u2013'],
    ]);
  });

  it('takes off a no-break space behind the name, which is then no variable of ours', () => {
    const text = COMPLETE.replace('=', '\u00a0=');
    const finding = only(text, 'non-ascii');
    expect(finding.shown).toBe('\u00a0');
    expect(fixed(text, finding)).toBe(COMPLETE);
  });

  it('says what the character is', () => {
    expect(only(region('us-east\u20111'), 'non-ascii').message).toContain('U+2011 (non-breaking hyphen)');
  });
});

describe('every finding', () => {
  it('carries the severity and page of its row', () => {
    for (const finding of lintEnv(`1${KEY_PREFIX}REGION: x\n${EXPORT_KEYS.enabled}=maybe\nDATADOG_SITE=x\n`)) {
      expect(finding).toMatchObject({ severity: FINDINGS[finding.code].severity, docs: FINDINGS[finding.code].docs });
    }
  });

  it('never shows the value of another variable', () => {
    const text = `${COMPLETE}AWS_ACCESS_KEY_ID=canary\nDATADOG_API_KEY=canary\nAIRFLOW_CONN_ASTRO_S3_LOGGING=canary\n`;
    expect(JSON.stringify(lintEnv(text))).not.toContain('canary');
  });
});

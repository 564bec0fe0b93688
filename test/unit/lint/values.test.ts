import { describe, expect, it } from 'vitest';
import { lintEnv } from '../../../src/core/env/lint-env';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import type { Finding } from '../../../src/core/finding';
import { applyEdits } from '../../../src/core/text/text-range';

const ENABLED = `${EXPORT_KEYS.enabled}=true\n`;
const FOLDER = `${EXPORT_KEYS.baseLogFolder}=s3://acme-logs/prod\n`;
const region = (value: string) => `${ENABLED}${FOLDER}${EXPORT_KEYS.region}=${value}\n`;
const folder = (value: string) => `${ENABLED}${EXPORT_KEYS.baseLogFolder}=${value}\n`;
const role = (value: string) => `${ENABLED}${FOLDER}${EXPORT_KEYS.roleArn}=${value}\n`;

function only(text: string, code: string): Finding & { shown: string } {
  const found = lintEnv(text).filter(finding => finding.code === code);
  expect(found).toHaveLength(1);
  const finding = found[0] as Finding;
  return { ...finding, shown: text.slice(finding.range.start, finding.range.end) };
}

describe('a region', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['us-wast-1', 'unknown-region', undefined, ['us-east-1', 'us-west-1']],
    ['us-esat-1', 'unknown-region', 'us-east-1', []],
    ['us-east-3', 'unknown-region', undefined, ['us-east-1', 'us-east-2']],
    ['eu-nowhere-1', 'unknown-region', undefined, []],
    ['us-east', 'bad-region', undefined, ['us-east-1', 'us-east-2']],
    ['US-EAST-L', 'bad-region', undefined, ['us-east-1', 'us-east-2']],
    ['us-east-1ab', 'bad-region', undefined, ['us-east-1']],
    ['xx-east-1a', 'bad-region', undefined, []],
    ['us-east--1', 'bad-region', 'us-east-1', []],
    ['central', 'bad-region', undefined, []],
    ['canada (central)', 'bad-region', 'ca-central-1', []],
    ['x'.repeat(41), 'bad-region', undefined, []],
  ])('%s: %s', (value, code, right, others) => {
    const { fix, alternatives = [] } = only(region(value), code);
    expect(fix?.edits[0]?.newText).toBe(right);
    expect(alternatives.map(each => each.edits[0]?.newText)).toEqual(others);
  });

  it('is offered five others at most', () => {
    expect(only(region('ap-east'), 'bad-region').alternatives?.length).toBeLessThanOrEqual(5);
  });
});

describe('a folder', () => {
  it.each<[string, string, string | undefined]>([
    ['s3n://acme-logs/x', 's3n://acme-logs/x', 's3://acme-logs/x'],
    ['s3///acme-logs/x', 's3///acme-logs/x', 's3://acme-logs/x'],
    ['gs://acme-logs/x', 'gs://acme-logs/x', undefined],
    ['gs://$BUCKET/x', 'gs://$BUCKET/x', undefined],
    ['$', '$', undefined],
    ['s3:///', 's3:///', undefined],
    ['s3://acme-logs/x?y=z', '?y=z', undefined],
    ['s3://acme-logs/#y', '#y', undefined],
    ['arn:aws:s3:::acme-logs/*', 'arn:aws:s3:::acme-logs/*', 's3://acme-logs'],
    ['arn:aws:s3:::acme-logs*', 'arn:aws:s3:::acme-logs*', 's3://acme-logs'],
    ['arn:aws:s3:::acme-logs/*/x', 'arn:aws:s3:::acme-logs/*/x', 's3://acme-logs/*/x'],
    ['Acme_Logs/x', 'Acme_Logs/x', undefined],
    ['acme:logs/x', 'acme:logs/x', undefined],
    [`acme-logs/${'x'.repeat(2038)}`, `acme-logs/${'x'.repeat(2038)}`, `s3://acme-logs/${'x'.repeat(2038)}`],
    [`acme-logs/${'x'.repeat(2039)}`, `acme-logs/${'x'.repeat(2039)}`, undefined],
  ])('of the form %s has its mistake there', (value, shown, right) => {
    const text = folder(value);
    const finding = only(text, 'bad-s3-uri');
    expect(finding.shown).toBe(shown);
    expect(finding.fix && applyEdits(text, finding.fix.edits)).toBe(right && folder(right));
    expect(finding.alternatives).toBeUndefined();
  });

  it('may be a bucket alone, which a person has to say', () => {
    const { fix, alternatives = [] } = only(folder('acme-logs'), 'bad-s3-uri');
    expect(fix).toBeUndefined();
    expect(alternatives.map(each => [each.title, applyEdits(folder('acme-logs'), each.edits)])).toEqual([
      ['Write s3://acme-logs', folder('s3://acme-logs')],
    ]);
  });

  it.each<[string, string[], string | undefined]>([
    ['s3a://Acme/x', ['bad-s3-uri', 'bad-bucket-name'], 'Acme'],
    ['s3://Acme/x?y', ['bad-bucket-name', 'bad-s3-uri'], 'Acme'],
    ['x-s3a://Acme/x', ['bad-s3-uri'], undefined],
    ['s3a:///Acme', ['bad-s3-uri'], undefined],
  ])('%s is judged with its bucket where it has one', (value, codes, bucket) => {
    const text = folder(value);
    expect(lintEnv(text).map(({ code }) => code)).toEqual(codes);
    if (bucket === undefined) return;
    const { shown, fix } = only(text, 'bad-bucket-name');
    expect(shown).toBe(bucket);
    expect(applyEdits(text, fix?.edits ?? [])).toBe(folder(value.replace(bucket, bucket.toLowerCase())));
  });
});

describe('a role', () => {
  it('of another service is not made one of iam', () => {
    expect(only(role('arn:aws:s3::123456789012:role/L'), 'bad-role-arn')).not.toHaveProperty('fix');
  });

  it('and the region are compared with the Deployment’s identity', () => {
    const identity = { deploymentIdentity: 'arn:aws:iam::123456789012:role/astro' };
    const home = `${region('us-east-1')}${EXPORT_KEYS.roleArn}=arn:aws:iam::123456789012:role/L\n`;
    expect(lintEnv(home, identity)).toEqual([]);
    const messages = lintEnv(region('cn-north-1'), identity).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining('This lies in aws-cn, the Deployment’s identity in aws')]);
  });
});

describe('a variable beside the export’s', () => {
  it.each([
    'AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS',
    'AIRFLOW__LOGGING__ENCRYPT_S3_LOGS',
    'AIRFLOW__LOGGING__DAG_PROCESSOR_LOG_TARGET',
    'AIRFLOW_CONN_ASTRO_S3_LOGGING',
    'AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER',
  ])('%s is Astro’s own', key => {
    expect(only(`${ENABLED}${FOLDER}${key}=x\n`, 'reserved-key').shown).toBe(key);
  });

  it.each<[string, string | undefined]>([
    ['ASTRO_CLOUDWATCH_TASK_LOGS_ENABLED', EXPORT_KEYS.enabled],
    ['ASTRO_CLOUDWATCH_ROLE_ARN', EXPORT_KEYS.roleArn],
    ['ASTRO_CLOUDWATCH_AWS_REGION', EXPORT_KEYS.region],
    ['ASTRO_DATADOG_TASK_LOGS_ENABLED', EXPORT_KEYS.enabled],
    ['ASTRO_DATADOG_OTHER', undefined],
    ['DATADOG_API_KEY', undefined],
    ['DATADOG_SITE', undefined],
  ])('%s belongs to another export, its counterpart is %s', (key, counterpart) => {
    const { message } = only(`${ENABLED}${FOLDER}${key}=x\n`, 'unknown-key');
    expect(message).toContain('another of Astro’s exports');
    expect(message.endsWith(`Its own variable is ${counterpart}`)).toBe(counterpart !== undefined);
  });

  it.each(['DATADOG_SITE_NAME', 'DATADOG_API_KEY_OLD', 'MY_DATADOG_SITE', 'AIRFLOW__LOGGING__BASE_LOG_FOLDER'])(
    '%s has nothing to do with it',
    key => {
      expect(lintEnv(`${ENABLED}${FOLDER}${key}=x\n`)).toEqual([]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { parseEnvDocument } from '../../../src/core/env/env-document';
import { parseS3Uri } from '../../../src/core/env/s3-uri';
import { isExportEnabled, readSettings, resolveTarget } from '../../../src/core/env/settings';
import { isExportError } from '../../../src/core/export-error';
import { EXPORT_KEYS, type ExportSettings } from '../../../src/core/export-settings';

const BASE = { baseLogFolder: 's3://my-bucket/logs' };
const ROLE = 'arn:aws:iam::123456789012:role/Logger';

function failure(settings: ExportSettings): string {
  try {
    resolveTarget(settings);
  } catch (error) {
    if (isExportError(error)) return `${error.code}: ${error.message} ${error.nextStep}`;
  }
  return 'nothing was thrown';
}

describe('readSettings', () => {
  it('takes the last of several, without quotes, blanks and comment', () => {
    const text = [
      `${EXPORT_KEYS.enabled}=false`,
      `export ${EXPORT_KEYS.enabled} = "TRUE"  # on`,
      `# ${EXPORT_KEYS.region}=eu-west-1`,
      `${EXPORT_KEYS.baseLogFolder}='s3://b/x'`,
      `${EXPORT_KEYS.roleArn}=`,
    ].join('\r\n');
    const settings = readSettings(parseEnvDocument(text));
    expect(settings).toEqual({ enabled: 'TRUE', baseLogFolder: 's3://b/x', roleArn: '' });
    expect(isExportEnabled(settings)).toBe(true);
  });

  it('has nothing of a file without our keys', () => {
    expect(readSettings(parseEnvDocument('A=1\nAIRFLOW__CORE__EXECUTOR=x'))).toEqual({});
  });
});

describe('isExportEnabled', () => {
  it.each(['t', 'true', 'True', 'TRUE', '1', ' true ', 'true # c', 'true#c'])('takes %j', value => {
    expect(isExportEnabled({ enabled: value })).toBe(true);
  });
  it.each(['f', 'false', '0', 'yes', 'on', '', '#true', '"true"', 'tru\u200be'])('does not take %j', value => {
    expect(isExportEnabled({ enabled: value })).toBe(false);
  });
});

describe('a folder that is none', () => {
  it.each<[string, string]>([
    ['gs://b/x', 'gs://'],
    ['acme/x', 'acme/x'],
    ['s3:///x', 's3:///x'],
    ['s3://b/x?y#z', '?y#z'],
  ])('%s is wrong at %s', (text, shown) => {
    const uri = parseS3Uri(text);
    if (!('problem' in uri)) throw new Error('no problem');
    expect(text.slice(uri.range.start, uri.range.end)).toBe(shown);
  });
});

describe('resolveTarget', () => {
  it.each([
    ['s3://my-bucket/logs', 'logs/'],
    ['s3://my-bucket/logs/', 'logs/'],
    ['s3://my-bucket', ''],
    ['s3://my-bucket/', ''],
    ['s3://my-bucket//logs', 'logs/'],
    ['s3://my-bucket/a/b c/ü', 'a/b c/ü/'],
    ['s3://my-bucket/logs//', 'logs//'],
  ])('joins %s as Airflow does', (baseLogFolder, prefix) => {
    expect(resolveTarget({ baseLogFolder })).toEqual({ bucket: 'my-bucket', prefix, accessMode: 'workload-identity' });
  });

  it('assumes the role that is named', () => {
    const target = resolveTarget({ ...BASE, roleArn: ROLE, region: 'us-east-1' });
    expect(target).toMatchObject({ accessMode: 'assume-role', roleArn: ROLE, region: 'us-east-1' });
  });

  it('takes empty role and region for not set, and a region it has never heard of', () => {
    expect(resolveTarget({ ...BASE, roleArn: '', region: '' })).not.toHaveProperty('region');
    expect(resolveTarget({ ...BASE, region: 'eu-west-9' }).region).toBe('eu-west-9');
  });

  it.each<[string, ExportSettings, RegExp]>([
    ['no folder', {}, /bad-settings: .*S3_BASE_LOG_FOLDER is not set.*s3:\/\/bucket\/folder/],
    ['another scheme', { baseLogFolder: 'gs://b/x' }, /S3_BASE_LOG_FOLDER.*gs:\/\//],
    ['a query', { baseLogFolder: 's3://my-bucket/logs?x' }, /same key/],
    ['no bucket', { baseLogFolder: 's3:///logs' }, /names no bucket/],
    ['slashes alone', { baseLogFolder: '//my-bucket/logs' }, /It begins with \/\/ instead of s3/],
    ['no scheme', { baseLogFolder: 'my-bucket/logs' }, /It does not begin with s3/],
    ['a bad bucket', { baseLogFolder: 's3://My_Bucket/logs' }, /My_Bucket.*capital/],
    [
      'U+2011',
      { baseLogFolder: 's3://my\u2011bucket/logs' },
      /U\+2011 \(non-breaking hyphen\).*Type it as s3:\/\/my-bucket\/logs/,
    ],
    ['a region with U+2011', { ...BASE, region: 'us\u2011east\u20111' }, /REGION.*U\+2011/],
    ['a zone', { ...BASE, region: 'us-east-1a' }, /REGION is not an AWS region/],
    ['a user', { ...BASE, roleArn: 'arn:aws:iam::123456789012:user/me' }, /ROLE_ARN.*user/],
    [
      'two partitions',
      { ...BASE, roleArn: ROLE, region: 'cn-north-1' },
      /the partition aws, but cn-north-1 lies in aws-cn.*same partition/,
    ],
  ])('refuses %s', (_name, settings, words) => {
    expect(failure(settings)).toMatch(words);
  });
});

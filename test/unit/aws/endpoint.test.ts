import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ambientRegion, bucketEndpoint, customEndpoint } from '../../../src/aws/endpoint';
import { readProfile } from '../../../src/aws/shared-config';
import { isExportError } from '../../../src/core/export-error';

const dir = mkdtempSync(path.join(tmpdir(), 'aws-config-'));
const config = path.join(dir, 'config');
writeFileSync(
  config,
  `[default]
region = us-west-2 ; the team's
[profile dev]
region=eu-west-1
endpoint_url = http://dev:1
services = local
[services local]
s3 =
  endpoint_url = http://dev-s3:2
  max = 1
sts =
  endpoint_url = http://dev-sts:3
[profile quiet]
endpoint_url = http://quiet:1
ignore_configured_endpoint_urls = true
`,
);
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: path.join(dir, 'none') };

describe('customEndpoint', () => {
  const both = { AWS_ENDPOINT_URL: 'http://all:1', AWS_ENDPOINT_URL_S3: 'http://s3:2' };
  it.each([
    ['nothing is configured', 's3', {}, undefined, undefined],
    ['the general variable', 'sts', both, undefined, 'http://all:1'],
    ["the service's variable beats the general one", 's3', both, undefined, 'http://s3:2'],
    ['an endpoint given beats all', 's3', both, 'https://given:3', 'https://given:3'],
    [
      'configured endpoints are ignored',
      's3',
      { ...both, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      undefined,
      undefined,
    ],
    ['the services section beats the profile', 's3', { AWS_PROFILE: 'dev' }, undefined, 'http://dev-s3:2'],
    ["the profile's endpoint", 'iam', { AWS_PROFILE: 'dev' }, undefined, 'http://dev:1'],
    ['variables beat the profile', 's3', { AWS_PROFILE: 'dev', ...both }, undefined, 'http://s3:2'],
    ['a profile that ignores configured endpoints', 's3', { AWS_PROFILE: 'quiet' }, undefined, undefined],
  ] as const)('%s', (_, service, env, given, expected) => {
    const all = { ...files, ...env };
    expect(customEndpoint(service, all, readProfile(all), given)).toBe(expected);
  });

  it.each(['localhost:4566', 'ftp://x', 'not an address'])('refuses %s, naming the variable', address => {
    const env = { ...files, AWS_ENDPOINT_URL: address };
    try {
      customEndpoint('s3', env, readProfile(env));
      expect.unreachable();
    } catch (error) {
      expect(isExportError(error) && [error.code, error.message]).toEqual([
        'bad-settings',
        expect.stringContaining('AWS_ENDPOINT_URL'),
      ]);
    }
  });
});

describe('bucketEndpoint', () => {
  it.each([
    ['my-bucket', 'us-east-1', undefined, 'my-bucket.s3.us-east-1.amazonaws.com', ''],
    ['my.bucket', 'us-east-1', undefined, 's3.us-east-1.amazonaws.com', '/my.bucket'],
    ['my-bucket', 'cn-north-1', undefined, 'my-bucket.s3.cn-north-1.amazonaws.com.cn', ''],
    ['my-bucket', 'us-gov-west-1', undefined, 'my-bucket.s3.us-gov-west-1.amazonaws.com', ''],
    ['my-bucket', 'eusc-de-east-1', undefined, 'my-bucket.s3.eusc-de-east-1.amazonaws.eu', ''],
    ['my-bucket', 'us-east-1', 'http://127.0.0.1:9000', '127.0.0.1:9000', '/my-bucket'],
    ['my-bucket', 'us-east-1', 'https://store.example/base/', 'store.example', '/base/my-bucket'],
    ['my-bucket', 'us-east-1', 'http://[::1]:9000', '[::1]:9000', '/my-bucket'],
  ])('%s in %s at %s', (bucket, region, custom, host, basePath) => {
    expect(bucketEndpoint(bucket, region, custom)).toMatchObject({ host, basePath });
  });
});

describe('ambientRegion', () => {
  it.each([
    [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, 'a'],
    [{ AWS_DEFAULT_REGION: 'b' }, 'b'],
    [{}, 'us-west-2'],
    [{ AWS_PROFILE: 'dev' }, 'eu-west-1'],
    [{ AWS_PROFILE: 'none' }, undefined],
  ])('%j gives %s', (env, expected) => {
    const all = { ...files, ...env };
    expect(ambientRegion(all, readProfile(all))).toBe(expected);
  });
});

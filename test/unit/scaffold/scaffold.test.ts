import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scaffoldCommand } from '../../../src/cli/scaffold';
import { parseEnvDocument } from '../../../src/core/env/env-document';
import { readSettings, resolveTarget } from '../../../src/core/env/settings';
import { parsePolicyText } from '../../../src/core/iam/parse-policy';
import { planScaffold } from '../../../src/jobs/scaffold';
import { runCommand } from './run-command';

const ROLE = 'arn:aws:iam::123456789012:role/SecondaryS3LoggerRole';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';
const IDENTITY = ['--bucket', 'my-bucket', '--prefix', 'logs', '--mode', 'workload-identity'];
const ASSUME = [
  '--bucket',
  'my-bucket',
  '--prefix',
  'logs',
  '--mode',
  'assume-role',
  '--role-arn',
  ROLE,
  '--deployment-role',
  DEPLOYMENT,
];
const OIDC = [
  '--oidc-issuer',
  'https://oidc.example.com/id/1',
  '--oidc-account',
  '123456789012',
  '--namespace',
  'ns-1',
];

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'scaffold-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runCommand(scaffoldCommand, args, cwd);
const read = (name: string) => readFileSync(path.join(cwd, name), 'utf8');
const write = (name: string, text: string | Uint8Array) => writeFileSync(path.join(cwd, name), text);
const written = async (...args: string[]) => JSON.parse((await run(...args, '--format', 'json')).stdout);

describe('what is written', () => {
  it.each<[string, string[], string[]]>([
    ['workload identity', IDENTITY, []],
    ['assume role', ASSUME, ['secondary-logs-trust-policy.json']],
    ['OIDC', [...IDENTITY, ...OIDC], ['secondary-logs-trust-policy.json']],
    [
      'a bucket in another account',
      [...ASSUME, '--bucket-account', '999999999999'],
      ['secondary-logs-trust-policy.json', 'secondary-logs-bucket-policy.json'],
    ],
  ])('%s', async (_name, args, more) => {
    const files = ['.env', 'secondary-logs-policy.json', ...more];
    expect(await written(...args, '--out', 'setup')).toEqual({
      written: files.map(file => path.join('setup', file)),
      unchanged: [],
    });
    expect(readdirSync(path.join(cwd, 'setup')).sort()).toEqual(files.sort());
    expect(await written(...args, '--out', 'setup')).toEqual({
      written: [],
      unchanged: expect.arrayContaining(files.map(file => path.join('setup', file))),
    });
  });

  it('the variables, in the one form that all readers read alike', async () => {
    await run(...ASSUME, '--region', 'us-east-1');
    expect(read('.env')).toBe(
      [
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://my-bucket/logs',
        `AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=${ROLE}`,
        'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1',
        '',
      ].join('\n'),
    );
  });

  it('no region and no role where none is given', async () => {
    await run(...IDENTITY);
    expect(read('.env')).not.toMatch(/REGION|ROLE_ARN/);
  });

  it.each(['logs/', '/logs', '//logs//'])('the folder %s without its outer slashes', async prefix => {
    await run('--bucket', 'my-bucket', '--prefix', prefix, '--mode', 'workload-identity', '--least-privilege');
    expect(resolveTarget(readSettings(parseEnvDocument(read('.env')))).prefix).toBe('logs/');
    expect(read('secondary-logs-policy.json')).toContain('"arn:aws:s3:::my-bucket/logs/*"');
  });

  it.each([
    ['cn-north-1', 'arn:aws-cn:s3:::my-bucket'],
    ['us-gov-west-1', 'arn:aws-us-gov:s3:::my-bucket'],
  ])('the partition of %s', async (region, arn) => {
    await run(...IDENTITY, '--region', region);
    expect(read('secondary-logs-policy.json')).toContain(`"${arn}"`);
  });

  it.each([
    ['terraform', 'secondary-logs.tf'],
    ['cloudformation', 'secondary-logs.cloudformation.yaml'],
    ['aws-cli', 'secondary-logs.sh'],
  ])('--as %s beside the JSON', async (rendering, name) => {
    expect((await written(...ASSUME, '--as', rendering)).written).toContain(name);
    expect(readdirSync(cwd).filter(file => file.endsWith('.json'))).toHaveLength(2);
    if (process.platform !== 'win32' && rendering === 'aws-cli') {
      expect(statSync(path.join(cwd, name)).mode & 0o100).toBe(0o100);
    }
  });

  it('policies that IAM takes', async () => {
    await run(
      ...ASSUME,
      ...OIDC,
      '--bucket-account',
      '999999999999',
      '--kms-key',
      'arn:aws:kms:us-east-1:999999999999:key/1',
      '--external-id',
      'ab',
    );
    expect(parsePolicyText(read('secondary-logs-policy.json')).problems).toEqual([]);
    expect(parsePolicyText(read('secondary-logs-trust-policy.json'), 'trust').problems).toEqual([]);
    expect(parsePolicyText(read('secondary-logs-bucket-policy.json'), 'resource').problems).toEqual([]);
  });

  it('as text, a line for each file, and how far the policy reaches', async () => {
    await run(...IDENTITY);
    write('.env', '');
    const documented = (await run(...IDENTITY)).stdout.split('\n');
    expect(documented.slice(0, 2)).toEqual(['written    .env', 'unchanged  secondary-logs-policy.json']);
    expect(documented[2]).toContain('the whole bucket');
    const least = (await run(...IDENTITY, '--least-privilege')).stdout.trimEnd().split('\n');
    expect(least.at(-1)).toContain('less than Astro');
  });

  it('says what a key in another account needs', async () => {
    const { stderr } = await run(...ASSUME, '--kms-key', 'arn:aws:kms:us-east-1:999999999999:key/1');
    expect(stderr).toContain('kms:GenerateDataKey');
    expect((await run(...ASSUME, '--kms-key', 'arn:aws:kms:us-east-1:123456789012:key/1')).stderr).not.toContain(
      'kms:',
    );
  });
});

describe('what is there already', () => {
  it('an env file is merged: all else stays byte for byte', async () => {
    write('.env', '\uFEFF# mine\r\nexport A="b # c"\r\nAIRFLOW__ASTRO_SECONDARY_LOGS__REGION=eu-west-1\r\nPASSWORD=x');
    await run(...IDENTITY, '--region', 'us-east-1');
    expect(read('.env')).toBe(
      '\uFEFF# mine\r\nexport A="b # c"\r\nAIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1\r\nPASSWORD=x\r\n' +
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\r\n' +
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://my-bucket/logs\r\n',
    );
  });

  it('an env file that is not UTF-8 stays, and nothing is written beside it', async () => {
    const bytes = Uint8Array.from([0x41, 0x3d, 0xff, 0x0a]);
    write('.env', bytes);
    const { code, stderr } = await run(...IDENTITY);
    expect(code).toBe(2);
    expect(stderr).toContain('.env');
    expect(readdirSync(cwd)).toEqual(['.env']);
    expect(Uint8Array.from(readFileSync(path.join(cwd, '.env')))).toEqual(bytes);
  });

  it('a ROLE_ARN that would turn workload identity into assume-role is named', async () => {
    await run(...ASSUME);
    expect((await run(...IDENTITY)).stderr).toContain('AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN');
    expect((await run(...ASSUME)).stderr).toBe('');
  });

  it('a policy that says the same keeps its formatting', async () => {
    await run(...IDENTITY);
    const compact = JSON.stringify(JSON.parse(read('secondary-logs-policy.json')));
    write('secondary-logs-policy.json', compact);
    expect((await written(...IDENTITY)).written).toEqual([]);
    expect(read('secondary-logs-policy.json')).toBe(compact);
  });

  it('a policy that says something else is kept beside the new one', async () => {
    for (const mine of ['mine\n', 'mine, changed\n']) {
      write('secondary-logs-policy.json', mine);
      const { stderr, stdout } = await run(...IDENTITY, '--format', 'json');
      expect(JSON.parse(stdout).written).toContain('secondary-logs-policy.json');
      expect(stderr).toContain('secondary-logs-policy.json.bak');
    }
    expect(read('secondary-logs-policy.json.bak')).toBe('mine\n');
    expect(read('secondary-logs-policy.json.bak2')).toBe('mine, changed\n');
    expect(readdirSync(cwd).filter(file => file.endsWith('.json'))).toEqual(['secondary-logs-policy.json']);
  });

  it.skipIf(process.platform === 'win32')('mode and link of an env file stay', async () => {
    mkdirSync(path.join(cwd, 'shared'));
    write('shared/env', 'A=b\n');
    chmodSync(path.join(cwd, 'shared/env'), 0o600);
    symlinkSync(path.join('shared', 'env'), path.join(cwd, '.env'));
    await run(...IDENTITY);
    expect(read('shared/env')).toContain('s3://my-bucket/logs');
    expect(statSync(path.join(cwd, 'shared/env')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a folder for the env file', '.env'],
    ['a folder for a policy', 'secondary-logs-policy.json'],
  ])('%s: nothing is written', async (_name, folder) => {
    mkdirSync(path.join(cwd, folder));
    expect((await run(...IDENTITY)).code).toBe(2);
    expect(readdirSync(cwd)).toEqual([folder]);
  });

  it('a file for the folder is an error that names it', async () => {
    write('setup', '');
    const { code, stderr } = await run(...IDENTITY, '--out', 'setup');
    expect(code).toBe(2);
    expect(stderr).toContain('setup');
  });
});

describe('answers that cannot be used', () => {
  const without = (args: string[], option: string) => {
    const at = args.indexOf(option);
    return [...args.slice(0, at), ...args.slice(at + 2)];
  };
  const changed = (args: string[], option: string, value: string) => [...without(args, option), option, value];

  it.each<[string, string[], string]>([
    ['no bucket', without(IDENTITY, '--bucket'), '--bucket'],
    ['no folder', without(IDENTITY, '--prefix'), '--prefix'],
    ['no mode', without(IDENTITY, '--mode'), '--mode'],
    ['an unknown mode', changed(IDENTITY, '--mode', 'role'), '--mode'],
    ['non-breaking hyphens in the bucket', changed(IDENTITY, '--bucket', 'my\u2011bucket'), 'U+2011'],
    ['capitals in the bucket', changed(IDENTITY, '--bucket', 'MyBucket'), '--bucket'],
    ['a URL for the bucket', changed(IDENTITY, '--bucket', 's3://my-bucket'), '--bucket'],
    ['an empty bucket', changed(IDENTITY, '--bucket', ''), '--bucket'],
    ['an empty folder', changed(IDENTITY, '--prefix', ''), '--prefix'],
    ['only slashes', changed(IDENTITY, '--prefix', '//'), '--prefix'],
    ['a URL for the folder', changed(IDENTITY, '--prefix', 's3://my-bucket/logs'), '--prefix'],
    ['a blank in the folder', changed(IDENTITY, '--prefix', 'my logs'), '--prefix'],
    ['a wildcard in the folder', changed(IDENTITY, '--prefix', 'logs/*'), '--prefix'],
    ['a variable in the folder', changed(IDENTITY, '--prefix', 'logs/$ENV'), '--prefix'],
    ['a letter of another script in the folder', changed(IDENTITY, '--prefix', 'lögs'), 'U+00F6'],
    ['a line break in the folder', changed(IDENTITY, '--prefix', 'logs\nA=b'), '--prefix'],
    ['an empty part of the folder', changed(IDENTITY, '--prefix', 'a//b'), '--prefix'],
    ['a part that climbs', changed(IDENTITY, '--prefix', 'a/../b'), '--prefix'],
    ['a region with non-breaking hyphens', [...IDENTITY, '--region', 'us\u2011east\u20111'], '--region'],
    ['no role to assume', without(ASSUME, '--role-arn'), '--role-arn'],
    ['a user for the role', changed(ASSUME, '--role-arn', 'arn:aws:iam::123456789012:user/x'), '--role-arn'],
    ['a name for the role', changed(ASSUME, '--role-arn', 'SecondaryS3LoggerRole'), '--role-arn'],
    ['a role with nine digits', changed(ASSUME, '--role-arn', 'arn:aws:iam::123456789:role/x'), '--role-arn'],
    ['no Deployment', without(ASSUME, '--deployment-role'), '--deployment-role'],
    [
      'an account for the Deployment',
      changed(ASSUME, '--deployment-role', 'arn:aws:iam::111122223333:root'),
      '--deployment-role',
    ],
    [
      'a session for the Deployment',
      [...ASSUME, '--deployment-role', 'arn:aws:sts::111122223333:assumed-role/a/b'],
      '--deployment-role',
    ],
    ['the role itself for the Deployment', changed(ASSUME, '--deployment-role', ROLE), '--deployment-role'],
    ['another partition for the region', [...ASSUME, '--region', 'cn-north-1'], '--region'],
    [
      'another partition for the Deployment',
      changed(ASSUME, '--deployment-role', DEPLOYMENT.replace('aws', 'aws-cn')),
      '--deployment-role',
    ],
    [
      'another partition for the key',
      [...IDENTITY, '--region', 'us-east-1', '--kms-key', 'arn:aws-cn:kms:cn-north-1:123456789012:key/1'],
      '--kms-key',
    ],
    [
      'another region for the key',
      [...IDENTITY, '--region', 'us-east-1', '--kms-key', 'arn:aws:kms:us-east-2:123456789012:key/1'],
      '--kms-key',
    ],
    ['an alias for the key', [...IDENTITY, '--kms-key', 'arn:aws:kms:us-east-1:123456789012:alias/x'], '--kms-key'],
    ['a role without assuming one', [...IDENTITY, '--role-arn', ROLE], '--role-arn'],
    ['an external id without a role', [...IDENTITY, '--external-id', 'abc'], '--external-id'],
    ['an external id with a blank', [...ASSUME, '--external-id', 'a b'], '--external-id'],
    ['eleven digits for an account', [...ASSUME, '--bucket-account', '12345678901'], '--bucket-account'],
    ['a bucket policy for nobody', [...IDENTITY, '--bucket-account', '999999999999'], '--deployment-role'],
    ['an issuer alone', [...IDENTITY, '--oidc-issuer', 'https://oidc.example.com'], '--oidc-account'],
    ['no namespace', [...IDENTITY, ...without(OIDC, '--namespace')], '--namespace'],
    ['no issuer', [...IDENTITY, ...without(OIDC, '--oidc-issuer')], '--oidc-issuer'],
    [
      'an issuer over http',
      [...IDENTITY, ...changed(OIDC, '--oidc-issuer', 'http://oidc.example.com')],
      '--oidc-issuer',
    ],
    ['a namespace with a wildcard', [...IDENTITY, ...changed(OIDC, '--namespace', '*')], '--namespace'],
    [
      "a provider in another account than the role's",
      [...ASSUME, ...changed(OIDC, '--oidc-account', '999999999999')],
      '--oidc-account',
    ],
    ['an unknown rendering', [...IDENTITY, '--as', 'pulumi'], '--as'],
    ['an argument without option', [...IDENTITY, 'setup'], 'setup'],
  ])('%s', async (_name, args, named) => {
    const { code, stdout, stderr } = await run(...args, '--out', 'setup');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(named);
    expect(existsSync(path.join(cwd, 'setup'))).toBe(false);
  });

  it('a region that nobody knows yet is only mentioned', async () => {
    const { code, stderr } = await run(...IDENTITY, '--region', 'eu-north-9');
    expect(code).toBe(0);
    expect(stderr).toContain('eu-north-9');
  });
});

it('the plan of a preview is that of the command', async () => {
  write('.env', 'A=b\n');
  const input = {
    bucket: 'my-bucket',
    prefix: 'logs',
    mode: 'assume-role',
    roleArn: ROLE,
    deploymentRoles: [DEPLOYMENT],
  } as const;
  const plan = planScaffold(input, new Map([['.env', 'A=b\n']]));
  await run(...ASSUME);
  expect(plan.map(({ name, text, before }) => [name, text === read(name), before])).toEqual([
    ['.env', true, 'A=b\n'],
    ['secondary-logs-policy.json', true, undefined],
    ['secondary-logs-trust-policy.json', true, undefined],
  ]);
});

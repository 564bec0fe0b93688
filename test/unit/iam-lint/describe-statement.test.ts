import { describe, expect, it } from 'vitest';
import { buildPermissionPolicy, buildTrustPolicy, formatPolicy } from '../../../src/core/iam/build';
import { describeStatement } from '../../../src/core/iam/lint/describe-statement';
import { DEPLOYMENT, ROLE } from './lint-one';

const DOCUMENTED = formatPolicy(buildPermissionPolicy({ bucket: 'acme-logs', prefix: 'prod' }));
const SCOPED = formatPolicy(buildPermissionPolicy({ bucket: 'acme-logs', prefix: 'prod', leastPrivilege: true }));

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/EX';

function describeAt(text: string, mark: string, target?: { bucket: string; prefix: string }): string | undefined {
  return describeStatement({ path: 'policy.json', text }, text.indexOf(mark), target)?.markdown;
}

describe('describeStatement', () => {
  it('says what the documented policy allows, for the export that it belongs to', () => {
    expect(describeAt(DOCUMENTED, 's3:PutObject', { bucket: 'acme-logs', prefix: 'prod/' })).toBe(
      '**Allows** the export to write logs, read logs before adding to them, see whether a log is there, delete logs under `acme-logs/prod/`.',
    );
  });

  it('takes bucket and folder from the policy where no export is known', () => {
    expect(describeAt(SCOPED, 's3:PutObject')).toBe(
      '**Allows** the export to write logs, read logs before adding to them, delete logs under `acme-logs/prod/`.',
    );
  });

  it('tells the conditions', () => {
    expect(describeAt(SCOPED, 's3:ListBucket', { bucket: 'acme-logs', prefix: 'prod/' })).toBe(
      '**Allows** the export to see whether a log is there under `acme-logs/prod/`. Only where: `s3:prefix` StringLike `prod/*`.',
    );
  });

  it('says that a statement does nothing for the export', () => {
    expect(describeAt(DOCUMENTED, 's3:PutObject', { bucket: 'acme-data', prefix: '' })).toBe(
      '**Allows** nothing that the export needs for `acme-data/`.',
    );
  });

  it('says what a Deny denies, and that another denies nothing of the export', () => {
    const denying = (action: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: action, Resource: 'arn:aws:s3:::acme-logs/*' }],
      });
    const target = { bucket: 'acme-logs', prefix: 'prod/' };
    expect(describeAt(denying('s3:Delete*'), 'Deny', target)).toBe(
      '**Denies** the export to delete logs under `acme-logs/prod/`.',
    );
    expect(describeAt(denying('s3:GetObjectAcl'), 'Deny', target)).toBe(
      '**Denies** nothing that the export does in `acme-logs/prod/`.',
    );
  });

  it.each([
    [{ deploymentRoles: [DEPLOYMENT] }, `**Lets** \`${DEPLOYMENT}\` become this role.`],
    [
      { deploymentRoles: [DEPLOYMENT], externalId: 'abc' },
      `**Lets** \`${DEPLOYMENT}\` become this role. Only where: \`sts:ExternalId\` StringEquals \`abc\`.`,
    ],
  ])('says whom a trust policy lets in: %j', (options, words) => {
    expect(describeAt(formatPolicy(buildTrustPolicy(options)), 'Effect')).toBe(words);
  });

  it.each([
    ['several', { AWS: [DEPLOYMENT, ROLE] }, `\`${DEPLOYMENT}\`, \`${ROLE}\``],
    ['everybody', '*', 'everybody'],
    ['everybody in AWS', { AWS: '*' }, 'everybody'],
    ['a service', { Service: 'ec2.amazonaws.com' }, 'the service `ec2.amazonaws.com`'],
    [
      'one who needs another action',
      { Federated: PROVIDER, AWS: DEPLOYMENT },
      `the provider \`${PROVIDER}\`, \`${DEPLOYMENT}\``,
    ],
    ['nobody', {}, undefined],
  ])('names %s that a trust policy is about', (_name, Principal, who) => {
    const of = (Effect: string, Action = 'sts:AssumeRole') =>
      JSON.stringify({ Statement: [{ Effect, Principal, Action }] });
    expect(describeAt(of('Allow'), 'Allow')).toBe(
      who ? `**Lets** ${who} become this role.` : '**Lets** nobody become this role: it names nobody.',
    );
    expect(describeAt(of('Deny'), 'Deny')).toBe(`**Denies** ${who ?? 'nobody'} to become this role.`);
  });

  it('says that a provider comes by an action of its own', () => {
    const of = (Action: string) =>
      JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action }] });
    expect(describeAt(of('sts:AssumeRoleWithWebIdentity'), 'Allow')).toBe(
      `**Lets** the provider \`${PROVIDER}\` become this role.`,
    );
    expect(describeAt(of('sts:AssumeRole'), 'Allow')).toBe(
      `**Lets** nobody become this role: it names the provider \`${PROVIDER}\`.`,
    );
  });

  it('tells all conditions and all values', () => {
    const Condition = { StringLike: { 's3:prefix': ['prod/*', 'dev/*'] }, Bool: { 'aws:SecureTransport': true } };
    const statement = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme-logs', Condition };
    expect(describeAt(JSON.stringify({ Statement: statement }), 'Allow')).toBe(
      '**Allows** the export to see whether a log is there under `acme-logs/`. Only where: `s3:prefix` StringLike `prod/*`, `dev/*`; `aws:SecureTransport` Bool `true`.',
    );
  });

  it('names no bucket where the policy names none', () => {
    const text = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' } });
    expect(describeAt(text, 'Allow')).toBe('**Allows** the export to write logs under any bucket.');
  });

  it('speaks of a statement from its first brace to its last', () => {
    const text = '{"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow"}]}';
    const start = text.indexOf('{"Effect"');
    const end = text.indexOf('}') + 1;
    expect(describeStatement({ path: 'policy.json', text }, start)).toMatchObject({ start, end });
    expect(describeStatement({ path: 'policy.json', text }, start - 1)).toBeUndefined();
    expect(describeStatement({ path: 'policy.json', text }, end)).toBeUndefined();
  });

  it('says nothing of a statement that neither allows nor denies', () => {
    expect(describeAt(DOCUMENTED.replace('"Allow"', '"Maybe"'), 's3:PutObject')).toBeUndefined();
  });

  it('says that an action lets nobody in', () => {
    const text = formatPolicy(buildTrustPolicy({ deploymentRoles: [DEPLOYMENT] })).replace(
      'AssumeRole',
      'AssumeRoleWithSAML',
    );
    expect(describeAt(text, 'Effect')).toBe(`**Lets** nobody become this role: it names \`${DEPLOYMENT}\`.`);
  });

  it('reads what was pasted with line numbers', () => {
    const numbered = DOCUMENTED.trimEnd()
      .split('\n')
      .map((line, i) => `${i + 1} ${line}`)
      .join('\n');
    const found = describeStatement({ path: 'policy.json', text: numbered }, numbered.indexOf('s3:GetObject'));
    expect(found?.markdown).toContain('write logs');
    expect(numbered.slice(found?.start, found?.end)).toMatch(/^\{\n5 [\s\S]*\}$/);
  });

  it.each([
    ['outside statements', DOCUMENTED, 'Version'],
    ['in JSON that is no policy', '{"Effect": [1], "x": "Allow"}', 'Allow'],
    ['in what can’t be read', `${DOCUMENTED}{{{`, 's3:PutObject'],
    ['in an empty text', '', ''],
  ])('says nothing %s', (_name, text, mark) => {
    expect(describeAt(text, mark)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding';
import { fixAll } from '../../../src/core/fix-all';
import { buildBucketPolicy, buildPermissionPolicy, buildTrustPolicy, formatPolicy } from '../../../src/core/iam/build';
import { evaluate } from '../../../src/core/iam/evaluate';
import type { PolicyDocument, PolicyStatement } from '../../../src/core/iam/policy';
import { applyEdits } from '../../../src/core/text/text-range';
import { DEPLOYMENT, envOf, lintOne, ROLE } from './lint-one';

const ACTIONS = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'];

const target = fc.record({
  bucket: fc.constantFrom('acme-logs', 'my-bucket', 'a.b-c', 'logs123'),
  prefix: fc.constantFrom('logs', 'airflow/prod', 'a=b', 'x'),
  partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
  leastPrivilege: fc.boolean(),
  kmsKeyArn: fc.constantFrom(undefined, 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'),
});
type Target = typeof target extends fc.Arbitrary<infer T> ? T : never;

const style = fc.record({
  indent: fc.constantFrom(0, 2, 4, '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
});

function print(document: unknown, { indent, lineEnd }: { indent: number | string; lineEnd: string }): string {
  return JSON.stringify(document, null, indent).replaceAll('\n', lineEnd);
}

const REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

function envFor({ bucket, prefix, partition }: Target, role?: string): string {
  return envOf(`s3://${bucket}/${prefix}`, {
    region: REGIONS[partition] as string,
    ...(role ? { roleArn: role } : {}),
  });
}

/** Whether the evaluator itself, asked for one log, allows an action of the export. */
function isAllowed(document: PolicyDocument, action: string, { bucket, prefix, partition }: Target): boolean {
  const key = `${prefix}/dag_id=d/run_id=r/task_id=t/attempt=1.log`;
  const arn = `arn:${partition}:s3:::${bucket}`;
  const isOfBucket = action === 's3:ListBucket';
  const request = {
    action,
    resource: isOfBucket ? arn : `${arn}/${key}`,
    principal: { arn: ROLE, account: '123456789012' },
    context: (isOfBucket ? { 's3:prefix': key } : {}) as Record<string, string>,
  };
  return evaluate(request, { identity: [document] }).decision === 'allowed';
}

function listOf<T>(value: T | readonly T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? [...value] : [value as T];
}

function codesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ code }) => code))];
}

describe('policies of our own', () => {
  it('have no findings, for any target', () => {
    fc.assert(
      fc.property(target, style, fc.constantFrom('policy.json', 'secondary-logs-policy.json'), (each, how, path) => {
        const document = buildPermissionPolicy(each);
        expect(lintOne(print(document, how), envFor(each), path)).toEqual([]);
        expect(lintOne(print(document, how), '', path)).toEqual([]);
        const bucketPolicy = buildBucketPolicy({ ...each, roles: [ROLE.replace('aws', each.partition)] });
        const role = ROLE.replace('aws', each.partition);
        expect(lintOne(print(bucketPolicy, how), envFor(each, role), 'secondary-logs-bucket-policy.json')).toEqual([]);
        expect(lintOne(print(bucketPolicy, how), envFor(each), 'secondary-logs-bucket-policy.json')).toEqual([]);
      }),
    );
  });

  it.each([
    ['a role', { deploymentRoles: [DEPLOYMENT] }],
    ['several roles', { deploymentRoles: [DEPLOYMENT, `${DEPLOYMENT}-2`] }],
    ['an external id', { deploymentRoles: [DEPLOYMENT], externalId: 'abc' }],
    ['a provider', { oidc: { issuer: 'https://oidc.example.com/id/A', account: '123456789012', namespace: 'ns' } }],
    [
      'both',
      {
        deploymentRoles: [DEPLOYMENT],
        oidc: { issuer: 'oidc.example.com', account: '123456789012', namespace: 'ns' },
      },
    ],
  ])('trust %s without findings', (_name, options) => {
    const text = formatPolicy(buildTrustPolicy(options));
    expect(lintOne(text, envOf('s3://acme-logs/prod', { roleArn: ROLE }), 'secondary-logs-trust-policy.json')).toEqual(
      [],
    );
    expect(lintOne(text, '', 'trust.json')).toEqual([]);
  });

  it('name the action that was taken out, and get it back by the fix', () => {
    fc.assert(
      fc.property(target, style, fc.constantFrom(...ACTIONS), (each, how, action) => {
        const built = buildPermissionPolicy(each);
        const statements = (built.Statement as PolicyStatement[])
          .map(statement => ({ ...statement, Action: listOf(statement.Action).filter(name => name !== action) }))
          .filter(({ Action }) => Action.length > 0);
        const env = envFor(each);
        const text = print({ ...built, Statement: statements }, how);
        const findings = lintOne(text, env);
        expect(codesOf(findings)).toEqual(['missing-action']);
        expect(findings.map(({ message }) => message).join()).toContain(action);
        expectFixed(text, env, each, how.lineEnd);
      }),
    );
  });

  it('name the resource that was taken out, and get it back by the fix', () => {
    fc.assert(
      fc.property(
        target.map(each => ({ ...each, leastPrivilege: false })),
        style,
        fc.constantFrom(0, 1),
        (each, how, index) => {
          const built = buildPermissionPolicy(each);
          const statements = (built.Statement as PolicyStatement[]).map((statement, i) =>
            i > 0 ? statement : { ...statement, Resource: listOf(statement.Resource).filter((_, at) => at !== index) },
          );
          const env = envFor(each);
          const text = print({ ...built, Statement: statements }, how);
          const findings = lintOne(text, env);
          expect(codesOf(findings)).toEqual(['resource-mismatch']);
          expect(findings).toHaveLength(index === 0 ? 1 : 3);
          expectFixed(text, env, each, how.lineEnd);
        },
      ),
    );
  });
});

/** Fixing all leaves a policy without findings that allows the export everything, in the same line ends. */
function expectFixed(text: string, env: string, each: Target, lineEnd: string): void {
  const { text: fixed } = fixAll(text, current => lintOne(current, env));
  expect(lintOne(fixed, env)).toEqual([]);
  const document = JSON.parse(fixed) as PolicyDocument;
  expect(ACTIONS.filter(name => !isAllowed(document, name, each))).toEqual([]);
  if (lineEnd === '\r\n') expect(fixed.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  else expect(fixed).not.toContain('\r');
}

/** What people and web pages do to a policy. */
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  "'",
  '\\',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '\u00a0',
  '\u2011',
  '\u201c',
  '\u200b',
  '\ufeff',
  '//',
  '/*',
  '*/',
  '# x\n',
  '```',
  '1 ',
  '\n2 ',
  '18',
  '*',
  '$' + '{x}',
  'arn:aws:s3:::',
  '/',
  '"s3:*"',
  '"Deny"',
  'null',
  'true',
  '"Action"',
  '"Resource": "*",',
  '"Principal": {"AWS": "*"},',
  '"NotAction"',
  'sts:AssumeRole',
  '\ud83d\ude00',
  '\0',
];

const samples = [
  formatPolicy(buildPermissionPolicy({ bucket: 'acme-logs', prefix: 'prod' })),
  formatPolicy(buildPermissionPolicy({ bucket: 'acme-logs', prefix: 'prod', leastPrivilege: true })),
  formatPolicy(buildTrustPolicy({ deploymentRoles: [DEPLOYMENT], externalId: 'abc' })),
  formatPolicy(buildTrustPolicy({ oidc: { issuer: 'oidc.example.com', account: '123456789012', namespace: 'ns' } })),
  formatPolicy(buildBucketPolicy({ bucket: 'acme-logs', prefix: 'prod', roles: [ROLE] })),
];

interface RandomEdit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const edited = fc
  .record({
    sample: fc.constantFrom(...samples),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    isNumbered: fc.boolean(),
    edits: fc.array(
      fc.record({
        at: fc.nat(100_000),
        length: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(2), fc.nat(30)),
        text: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ sample, lineEnd, isNumbered, edits }) => {
    const lines = sample.trimEnd().split('\n');
    const numbered = isNumbered ? lines.map((line, i) => `${i + 1} ${line}`).join('\n') : sample;
    return edits.reduce(applyRandom, numbered.replaceAll('\n', lineEnd));
  });

function applyRandom(text: string, { at, length, text: inserted }: RandomEdit): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + inserted + text.slice(start + length);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const ENVS = [envOf('s3://acme-logs/prod'), envOf('s3://acme-data/x', { roleArn: ROLE }), ''];
const NAMES = ['policy.json', 'trust.json', 'secondary-logs-bucket-policy.json'];
const RUNS = { numRuns: 600 };

describe('any text', () => {
  it('has ranges within it, and edits that can be applied', () => {
    fc.assert(
      fc.property(edited, fc.constantFrom(...ENVS), fc.constantFrom(...NAMES), (text, env, path) => {
        for (const { range, fix, alternatives = [], related = [] } of lintOne(text, env, path)) {
          for (const each of [range, ...related.filter(({ file }) => file === undefined).map(place => place.range)]) {
            expect(each.start).toBeGreaterThanOrEqual(0);
            expect(each.end).toBeGreaterThan(each.start);
            expect(each.end).toBeLessThanOrEqual(text.length);
          }
          for (const each of fix ? [fix, ...alternatives] : alternatives) applyEdits(text, each.edits);
        }
      }),
      RUNS,
    );
  });

  it('becomes JSON by all fixes of its syntax together, and stays JSON by every other', () => {
    fc.assert(
      fc.property(edited, fc.constantFrom(...ENVS), fc.constantFrom(...NAMES), (text, env, path) => {
        const findings = lintOne(text, env, path);
        if (parses(text)) {
          for (const { fix, alternatives = [] } of findings) {
            for (const each of fix ? [fix, ...alternatives] : alternatives) {
              expect(parses(applyEdits(text, each.edits))).toBe(true);
            }
          }
          return;
        }
        const syntax = findings.filter(({ code, fix }) => code === 'json-syntax' && fix);
        if (syntax.length === 0) return;
        expect(
          parses(
            applyEdits(
              text,
              syntax.flatMap(({ fix }) => fix?.edits ?? []),
            ),
          ),
        ).toBe(true);
        for (const { alternatives = [] } of syntax) {
          for (const each of alternatives) expect(parses(applyEdits(text, each.edits))).toBe(true);
        }
        expect(findings.filter(({ code, fix }) => code !== 'json-syntax' && fix)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('loses a finding by its fix', () => {
    const keyOf = ({ code, message }: Finding) => `${code} ${message}`;
    fc.assert(
      fc.property(edited, fc.constantFrom(...ENVS), fc.constantFrom(...NAMES), (text, env, path) => {
        const findings = lintOne(text, env, path);
        for (const finding of findings) {
          if (!finding.fix || finding.code === 'json-syntax') continue;
          const after = lintOne(applyEdits(text, finding.fix.edits), env, path);
          const count = (all: readonly Finding[]) => all.filter(each => keyOf(each) === keyOf(finding)).length;
          expect(count(after)).toBeLessThan(count(findings));
        }
      }),
      RUNS,
    );
  });

  it('reaches a text without fixable findings, and stays there', () => {
    fc.assert(
      fc.property(edited, fc.constantFrom(...ENVS), fc.constantFrom(...NAMES), (text, env, path) => {
        const { text: fixed } = fixAll(text, current => lintOne(current, env, path));
        expect(lintOne(fixed, env, path).filter(({ fix }) => fix)).toEqual([]);
      }),
      RUNS,
    );
  });
});

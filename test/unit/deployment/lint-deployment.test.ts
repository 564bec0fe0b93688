import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentExport } from '../../../src/core/deployment/deployment-export';
import { parseDeploymentFile } from '../../../src/core/deployment/deployment-file';
import { lintDeployment } from '../../../src/core/deployment/lint-deployment';
import { EXPORT_KEYS } from '../../../src/core/export-settings';
import { fixAll } from '../../../src/core/fix-all';
import { kindOf, kindOfNamed } from '../../../src/core/lint/file-kind';
import { SourceFiles } from '../../../src/core/lint/source-files';
import { LineIndex } from '../../../src/core/text/line-index';
import { applyEdits } from '../../../src/core/text/text-range';

function entry(key: string, value: string): string {
  return `    - is_secret: false\n      key: ${key}\n      value: ${value}\n`;
}

function file(...entries: string[]): string {
  return `deployment:\n  configuration:\n    name: prod\n  environment_variables:\n${entries.join('')}`;
}

const COMPLETE = [entry(EXPORT_KEYS.enabled, 'yes'), entry(EXPORT_KEYS.baseLogFolder, 's3://acme-logs/prod')];

describe('the export of a deployment file', () => {
  it('is what the Astro CLI sends', () => {
    const text = file(...COMPLETE, entry(EXPORT_KEYS.region, "'eu-west-1'"), entry(EXPORT_KEYS.roleArn, '012'));
    const facts = deploymentExport('a/d.yaml', text);
    expect(facts).toMatchObject({
      file: 'a/d.yaml',
      deployment: 'prod',
      settings: { enabled: 'true', baseLogFolder: 's3://acme-logs/prod', region: 'eu-west-1', roleArn: '10' },
    });
    const shown = Object.values(facts?.places ?? {}).map(place => text.slice(place?.start, place?.end));
    expect(shown).toEqual(['yes', 's3://acme-logs/prod', 'eu-west-1', '012']);
    expect(facts?.target).toBeUndefined();
  });

  it('has a target where the values name one', () => {
    expect(deploymentExport('d.yaml', file(...COMPLETE))?.target).toEqual({
      bucket: 'acme-logs',
      prefix: 'prod/',
      accessMode: 'workload-identity',
    });
  });

  it('is known beside the exports of env files', () => {
    const files = new SourceFiles([
      { path: 'd.yml', text: file(...COMPLETE) },
      { path: '.env', text: `${EXPORT_KEYS.enabled}=true\n` },
      { path: 'other.yaml', text: 'x: 1\n' },
    ]);
    expect(files.exports.map(each => [each.file, each.deployment])).toEqual([
      ['d.yml', 'prod'],
      ['.env', undefined],
    ]);
  });

  it.each([
    file(entry('OTHER', 'x')),
    file(`    - is_secret: true\n      key: ${EXPORT_KEYS.region}\n`),
    'deployment: x\n',
    '',
    'a: [',
  ])('is none in %j', text => {
    expect(deploymentExport('d.yaml', text)).toBeUndefined();
  });
});

describe('what is a deployment file', () => {
  it.each<[string, string, string | undefined]>([
    ['d.yaml', file(), 'deployment'],
    ['d.yml', '"Deployment":\n  "ENVIRONMENT_VARIABLES": []\n', 'deployment'],
    ['d.yaml', '{"deployment": {"environment_variables": []}}', 'deployment'],
    ['deployment.json', '{"deployment":{"configuration":{},"environment_variables":[]}}', 'deployment'],
    ['prod-deployment-2.json', '{\n  "deployment": {\n "environment_variables": []}}', 'deployment'],
    ['prod.json', '{"deployment":{"environment_variables":[]}}', undefined],
    ['d.yaml', 'kind: Deployment\nmetadata: {}\n', undefined],
    ['d.yaml', 'deployment:\n  env: []\n', undefined],
    ['d.yaml', 'x_environment_variables: []\nmy_deployment: 1\n', undefined],
    ['deployment.txt', file(), undefined],
  ])('%s: %j is %s', (path, text, kind) => {
    expect(kindOf({ path, text })).toBe(kind);
  });

  it('may begin with a byte order mark', () => {
    expect(kindOf({ path: 'prod.yaml', text: `\ufeff${file(...COMPLETE)}` })).toBe('deployment');
  });

  it('may be any JSON that a person names', () => {
    expect(kindOfNamed({ path: 'prod.json', text: '{"deployment":{"environment_variables":[]}}' })).toBe('deployment');
  });
});

describe('reading the file as the Astro CLI does', () => {
  it.each<[string, string, (string | undefined)[]]>([
    ['fields in any case', 'DEPLOYMENT:\n  Environment_variables:\n    - KEY: A\n      Value: x\n', ['A=x']],
    [
      'the last of two fields',
      'deployment:\n  environment_variables:\n    - key: A\n      value: a\n      value: b\n',
      ['A=b'],
    ],
    [
      'small letters before capitals',
      'deployment:\n  environment_variables:\n    - key: A\n      value: b\n      Value: a\n      VALUE: c\n',
      ['A=b'],
    ],
    [
      'a merged entry',
      'deployment:\n  environment_variables:\n    - &a\n      key: A\n      value: x\n    - <<: *a\n      key: B\n',
      ['A=x', 'B=x'],
    ],
    [
      'several merged maps',
      'x: &x {value: x}\ny: &y {value: y, key: K}\ndeployment:\n  environment_variables:\n    - <<: [*x, *y]\n',
      ['K=x'],
    ],
    ['an alias', 'x: &v s3://b\ndeployment:\n  environment_variables:\n    - key: A\n      value: *v\n', ['A=s3://b']],
    ['an alias of the list', 'x: &l\n  - key: A\n    value: x\ndeployment:\n  environment_variables: *l\n', ['A=x']],
    [
      'the second of two lists',
      'deployment:\n  environment_variables: [{key: A, value: x}]\n  environment_variables: [{key: B, value: z}]\n',
      ['B=z'],
    ],
    [
      'the first document',
      'deployment:\n  environment_variables:\n    - {key: A, value: x}\n---\ndeployment:\n  environment_variables:\n    - {key: B, value: y}\n',
      ['A=x'],
    ],
    [
      'an entry of nothing',
      'deployment:\n  environment_variables:\n    - null\n    - {key: A}\n    - {value: x}\n',
      ['A=undefined'],
    ],
    ['a tag', 'deployment:\n  environment_variables:\n    - {key: A, value: !!str 012}\n', ['A=012']],
    ['a mark', '\ufeffdeployment:\n  environment_variables:\n    - {key: A, value: x}\n', ['A=x']],
    ['no list', 'deployment:\n  environment_variables:\n', []],
    ['a list of nothing', 'deployment:\n  environment_variables: ~\n', []],
  ])('takes %s', (_name, text, expected) => {
    const { variables, problems } = parseDeploymentFile(text);
    expect(variables.map(({ key, value }) => `${key.sent}=${value?.sent}`)).toEqual(expected);
    expect(problems.filter(({ kind }) => kind === 'syntax' || kind === 'type')).toEqual([]);
  });

  it.each<[string, string]>([
    ['an unknown anchor', '*x'],
    ['a percent sign', '%x'],
    ['an at sign', '@x'],
    ['a backquote', '`x'],
    ['a colon and a blank', 's3: //b'],
    ['a colon at the end', 'x:'],
    ['an open quote', '"x'],
    ['a dash', '- x'],
    ['a question mark', '? x'],
    ['text behind a quote', "'x' y"],
    ['a map', '{}'],
    ['a list', '[]'],
  ])('refuses %s, as a warning that says so', (_name, value) => {
    const findings = lintDeployment(file(COMPLETE[0] as string, entry(EXPORT_KEYS.region, value)));
    const rejected = findings.filter(({ code }) => code === 'file-rejected');
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.message).toContain('refuses the whole file');
    expect(rejected[0]?.severity).toBe('warning');
  });

  it('merges what merges itself without an end', () => {
    const text = `a: &a\n  <<: [${'*a, '.repeat(9)}*a]\ndeployment:\n  environment_variables:\n    - <<: *a\n`;
    expect(parseDeploymentFile(text).variables).toEqual([]);
  });
});

describe('messages', () => {
  function messageOf(code: string, text: string): string {
    const found = lintDeployment(text).filter(finding => finding.code === code);
    expect(found).toHaveLength(1);
    return found[0]?.message ?? '';
  }

  it.each<[string, string, string[]]>([
    [
      'missing-key',
      file(COMPLETE[1] as string),
      ['is not set', 'deletes every variable of the Deployment that the file leaves out'],
    ],
    [
      'empty-value',
      file(COMPLETE[0] as string, entry(EXPORT_KEYS.baseLogFolder, '')),
      ['no bucket to write to', 'astro deployment create'],
    ],
    ['duplicate-key', file(...COMPLETE, COMPLETE[1] as string), ['Both entries are sent']],
    [
      'loader-divergence',
      file(...COMPLETE, entry(EXPORT_KEYS.region, '012345678901')),
      ['a number', 'sends 1.2345679e+10, not 012345678901'],
    ],
    ['loader-divergence', file(...COMPLETE, entry(EXPORT_KEYS.region, 'off')), ['a boolean', 'sends false, not off']],
    [
      'loader-divergence',
      file(COMPLETE[0] as string, entry(EXPORT_KEYS.baseLogFolder, 's3://acme-logs/x #y')),
      ['sends s3://acme-logs/x'],
    ],
    ['file-rejected', file(...COMPLETE, entry('X', '{}')), ['The value has to be a text']],
    ['file-rejected', file(...COMPLETE, '    - is_secret: 5\n      key: X\n'), ['true or false, without quotes']],
    ['file-rejected', file(...COMPLETE, '    - X=y\n'), ['- key: NAME']],
    ['file-rejected', file(...COMPLETE, '    - value: x\n'), ['This entry has no key']],
    ['file-rejected', file(...COMPLETE, '    - key: ""\n      value: x\n'), ['This entry has no key']],
    ['file-rejected', file(...COMPLETE, '    -\n'), ['This entry has no key']],
    [
      'secret-placeholder',
      file(COMPLETE[0] as string, entry(EXPORT_KEYS.baseLogFolder, '# secret')),
      ['overwrites the real one'],
    ],
  ])('%s in %j', (code, text, words) => {
    for (const word of words) expect(messageOf(code, text)).toContain(word);
  });
});

const KEYS = [
  ...Object.values(EXPORT_KEYS),
  ...Object.values(EXPORT_KEYS),
  `1 ${EXPORT_KEYS.region}`,
  'AIRFLOW_ASTRO_SECONDARY_LOGS_REGION',
  'OTHER',
  'AWS_ACCESS_KEY_ID',
];
const VALUES = [
  'true',
  'yes',
  '"yes"',
  "'flase'",
  '1.0',
  '012345678901',
  's3://my-bucket/logs',
  '"s3://My\u2011Bucket/logs"',
  'bucket/logs #x',
  's3a://b-c-d/x',
  'us\u2011east-1',
  "'us_east_1'",
  'eu-west-1a # c',
  'arn:aws:iam:123456789012:role/L',
  '"arn:aws:iam::1:user/x"',
  '# secret',
  '"# secret"',
  '~',
  '',
  '""',
  '|\n        s3://b-c-d/x',
  '>-\n        a\n        b',
  '*x',
  '&x s3://b-c-d',
  '{}',
  '[',
  '%x',
  '\u201ctrue\u201d',
  '"a\\x2fb"',
  "'it''s'",
  'a: b',
  '!!str true',
];

function anyDeployment(): fc.Arbitrary<string> {
  const field = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES))
        .map(([key, value]) => entry(key, value)),
    },
    { weight: 1, arbitrary: fc.constantFrom(...KEYS).map(key => `    - {key: ${key}, value: yes}\n`) },
    { weight: 1, arbitrary: fc.constantFrom(...KEYS).map(key => `    - key: ${key}\n`) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '---\n',
        '    # c\n',
        '\n',
        `    - ${EXPORT_KEYS.enabled}=true\n`,
        '\t',
        '  environment_variables:\n',
      ),
    },
  );
  return fc.array(field, { maxLength: 6 }).map(fields => file(...fields));
}

describe('linting any deployment file', () => {
  it('never throws, and points within the text', () => {
    fc.assert(
      fc.property(anyDeployment(), text => {
        let from = 0;
        for (const { range, fix, alternatives = [] } of lintDeployment(text)) {
          expect(range.start).toBeGreaterThanOrEqual(from);
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(text.length);
          from = range.start;
          for (const each of fix ? [fix, ...alternatives] : alternatives) applyEdits(text, each.edits);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reaches a file without fixable findings, in which the Astro CLI refuses nothing that it took before', () => {
    fc.assert(
      fc.property(anyDeployment(), text => {
        const { text: fixed } = fixAll(text, lintDeployment);
        expect(lintDeployment(fixed).filter(({ fix }) => fix)).toEqual([]);
        const rejections = (each: string) => lintDeployment(each).filter(({ code }) => code === 'file-rejected').length;
        expect(rejections(fixed)).toBeLessThanOrEqual(rejections(text));
      }),
      { numRuns: 500 },
    );
  });

  it('removes a finding by its fix', () => {
    fc.assert(
      fc.property(anyDeployment(), text => {
        const findings = lintDeployment(text);
        for (const { code, fix } of findings) {
          if (!fix) continue;
          const count = (all: readonly { code: string }[]) => all.filter(each => each.code === code).length;
          expect(count(lintDeployment(applyEdits(text, fix.edits)))).toBeLessThan(count(findings));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same whatever the line ends', () => {
    const places = (text: string) => {
      const index = new LineIndex(text);
      return lintDeployment(text).map(({ code, range }) => [code, index.positionAt(range.start)]);
    };
    fc.assert(
      fc.property(anyDeployment(), text => {
        fc.pre(!text.includes('\r'));
        expect(places(text.replaceAll('\n', '\r\n'))).toEqual(places(text));
      }),
    );
  });

  it('bears depth and length', () => {
    const key = EXPORT_KEYS.baseLogFolder;
    lintDeployment(file(entry(key, '['.repeat(20_000))));
    lintDeployment(file(entry(key, 'x'.repeat(1_000_000))));
    lintDeployment(file(entry(key, '"\u2011'.repeat(50_000))));
    lintDeployment(file(...Array.from({ length: 1000 }, (_, i) => entry(i % 2 === 0 ? key : `A${i}`, `s3://b${i}`))));
  });
});

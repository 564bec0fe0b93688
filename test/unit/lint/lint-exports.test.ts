import { describe, expect, it } from 'vitest';
import { resolveTarget } from '../../../src/core/env/settings';
import type { ExportFacts } from '../../../src/core/export-facts';
import { EXPORT_KEYS, type ExportSettings } from '../../../src/core/export-settings';
import { lintExports } from '../../../src/core/lint/lint-exports';
import type { SourceFile } from '../../../src/core/lint/source-file';
import { SourceFiles } from '../../../src/core/lint/source-files';

function env(folder: string, more = '', enabled = 'true'): string {
  return `${EXPORT_KEYS.enabled}=${enabled}\n${EXPORT_KEYS.baseLogFolder}=${folder}\n${more}`;
}

/** The findings of each file, by its path: severity, code and the text they stand at. */
function lint(texts: Readonly<Record<string, string>>): Record<string, string[]> {
  const all: SourceFile[] = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const files = new SourceFiles(all);
  const findings = all.map(file => {
    const found = lintExports(file, files).map(
      ({ severity, code, range }) => `${severity} ${code} ${file.text.slice(range.start, range.end)}`,
    );
    return [file.path, found] as const;
  });
  return Object.fromEntries(findings.filter(([, found]) => found.length > 0));
}

describe('shared-log-folder', () => {
  it('is told on both exports, each naming the other', () => {
    const texts = { 'p/.env.dev': env('s3://acme-logs/x'), 'p/sub/.env.prod': env('"s3://acme-logs/x/"') };
    expect(lint(texts)).toEqual({
      'p/.env.dev': ['error shared-log-folder s3://acme-logs/x'],
      'p/sub/.env.prod': ['error shared-log-folder s3://acme-logs/x/'],
    });
    const files = new SourceFiles(Object.entries(texts).map(([path, text]) => ({ path, text })));
    const [finding] = lintExports({ path: 'p/.env.dev', text: texts['p/.env.dev'] }, files);
    const start = texts['p/sub/.env.prod'].indexOf('s3:');
    expect(finding?.message).toContain('sub/.env.prod');
    expect(finding?.related).toEqual([
      { file: 'p/sub/.env.prod', range: { start, end: start + 17 }, message: expect.stringContaining('sub/.env.prod') },
    ]);
  });

  it.each<[string, string, string, string[]]>([
    ['one inside the other', 's3://acme-logs/x', 's3://acme-logs/x/y', ['warning', 'warning']],
    ['the bucket and a folder', 's3://acme-logs', 's3://acme-logs/y', ['warning', 'warning']],
    ['names that begin alike', 's3://acme-logs/x', 's3://acme-logs/x-2', []],
    ['siblings', 's3://acme-logs/x/a', 's3://acme-logs/x/b', []],
    ['another bucket', 's3://acme-logs/x', 's3://acme-logs-2/x', []],
    ['a variable in it', 's3://acme-logs/$ENV', 's3://acme-logs/$ENV', []],
    ['no possible bucket', 's3://Acme/x', 's3://Acme/x', []],
  ])('%s', (_name, a, b, severities) => {
    const found = Object.values(lint({ '.env.a': env(a), '.env.b': env(b) })).flat();
    expect(found.map(each => each.split(' ')[0])).toEqual(severities);
  });

  it.each(['.env.example', '.env.sample', 'prod.template.env', '.env.dist', '.env.bak', 'example.env'])(
    'takes no notice of %s, which nothing reads',
    path => {
      expect(lint({ '.env.prod': env('s3://acme-logs/x'), [path]: env('s3://acme-logs/x') })).toEqual({});
    },
  );

  it.each(['.env.examples-team', '.env.distribution', 'bold.env'])('takes %s for an export', path => {
    expect(Object.keys(lint({ '.env.prod': env('s3://acme-logs/x'), [path]: env('s3://acme-logs/x') }))).toHaveLength(
      2,
    );
  });

  it.each(['false', 'maybe', ''])('is not told where one is switched %j', enabled => {
    expect(lint({ '.env.a': env('s3://acme-logs/x'), '.env.b': env('s3://acme-logs/x', '', enabled) })).toEqual({});
  });

  it('is told of both a same and an outer folder', () => {
    const found = lint({
      '.env.a': env('s3://acme-logs/x'),
      '.env.b': env('s3://acme-logs/x'),
      '.env.c': env('s3://acme-logs'),
    });
    expect(found['.env.a']?.map(each => each.split(' ')[0])).toEqual(['error', 'warning']);
    expect(found['.env.c']?.map(each => each.split(' ')[0])).toEqual(['warning']);
  });
});

describe('a deployment file beside env files', () => {
  class WithDeployment extends SourceFiles {
    constructor(
      files: readonly SourceFile[],
      private readonly deployment: ExportFacts,
    ) {
      super(files);
    }

    override get exports(): readonly ExportFacts[] {
      return [...super.exports, this.deployment];
    }
  }

  function severities(envPath: string, yamlPath: string, settings: ExportSettings): (string | undefined)[] {
    const file = { path: envPath, text: env('s3://acme-logs/x') };
    const deployment: ExportFacts = {
      file: yamlPath,
      deployment: 'prod',
      settings,
      places: { baseLogFolder: { start: 5, end: 9 } },
      target: resolveTarget(settings),
    };
    const files = new WithDeployment([file], deployment);
    const yaml = { path: yamlPath, text: 'a: {b: "x"}' };
    return [file, yaml].map(each => lintExports(each, files)[0]?.severity);
  }

  const SAME = { enabled: 'true', baseLogFolder: 's3://acme-logs/x' };

  it.each<[string, string, string, ExportSettings, (string | undefined)[]]>([
    ['the same export, described twice', 'p/.env', 'p/deployment.yaml', SAME, [undefined, undefined]],
    ['the same export, in a folder below', 'p/.env', 'p/deployments/prod.yaml', SAME, [undefined, undefined]],
    ['the same export from the root', '.env', 'deployments/prod.yaml', SAME, [undefined, undefined]],
    ['other settings', 'p/.env', 'p/deployment.yaml', { ...SAME, region: 'eu-west-1' }, ['error', 'error']],
    ['an env file of its own', 'p/.env.dev', 'p/deployment.yaml', SAME, ['error', 'error']],
    ['another project', 'p/.env', 'q/deployment.yaml', SAME, ['error', 'error']],
    ['another project whose name begins alike', 'p/.env', 'p-2/deployment.yaml', SAME, ['error', 'error']],
    ['a folder inside', 'p/.env', 'p/x.yaml', { ...SAME, baseLogFolder: 's3://acme-logs/x/y' }, ['warning', 'warning']],
  ])('%s', (_name, envPath, yamlPath, settings, expected) => {
    expect(severities(envPath, yamlPath, settings)).toEqual(expected);
  });
});

describe('local-env-enabled', () => {
  const ENV = env('s3://acme-logs/x');

  it.each([
    ['Dockerfile', 'FROM x'],
    ['.astro/config.yaml', 'project:\n  name: x\n'],
    ['pyproject.toml', '[project]\nname = "x"\n\n[tool.astro]\nruntime = "3.3-8"\n'],
    ['pyproject.toml', '[tool.astro.deployments]\n'],
  ])('is told in a folder with %s', (name, text) => {
    expect(lint({ 'p/.env': ENV, [`p/${name}`]: text })).toEqual({
      'p/.env': ['info local-env-enabled s3://acme-logs/x'],
    });
  });

  it.each<[string, Record<string, string>]>([
    ['no project', { 'p/.env': ENV }],
    ['a project above', { 'p/.env': ENV, Dockerfile: 'FROM x' }],
    ['a project of another kind', { 'p/.env': ENV, 'p/pyproject.toml': '[tool.poetry]\n# [tool.astro]\n' }],
    ['a file for a Deployment', { 'p/.env.prod': ENV, 'p/Dockerfile': 'FROM x' }],
    ['the switch off', { 'p/.env': env('s3://acme-logs/x', '', 'false'), 'p/Dockerfile': 'FROM x' }],
    ['no folder', { 'p/.env': `${EXPORT_KEYS.enabled}=true\n`, 'p/Dockerfile': 'FROM x' }],
  ])('is not told with %s', (_name, texts) => {
    expect(lint(texts)).toEqual({});
  });
});

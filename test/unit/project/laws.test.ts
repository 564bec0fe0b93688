import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixAll } from '../../../src/core/fix-all';
import { applyEdits } from '../../../src/core/text/text-range';
import { lintProject, type ProjectFiles } from './project-files';

const DOCKER_LINES = [
  'FROM quay.io/astronomer/astro-runtime:11.6.0',
  `FROM quay.io/astronomer/astro-runtime:\${V:-13.5.0}-base AS x`,
  'FROM astrocrpublic.azurecr.io/runtime:3.1-8@sha256:00',
  'from x',
  'FROM $IMAGE',
  'FROM',
  'ARG V=11.7.0',
  'ARG V',
  'ARG IMAGE="quay.io/astronomer/astro-runtime:$V"',
  'RUN pip install astronomer-providers-logging==1.5.1 -r requirements-b.txt',
  'RUN <<EOF',
  'EOF',
  'COPY --from=x / /',
  '# escape=`',
  '# c \\',
];
const REQUIREMENT_LINES = [
  'astronomer-providers-logging',
  'Astronomer_Providers.Logging[x] >=1.5 ; python_version < "3.8"',
  'astronomer-providers-logging==1.5.1 --hash=sha256:00',
  'astronomer-providers-logging (<1.6)',
  'astronomer-providers-logging @ https://e.org/astronomer_providers_logging-1.5.1-py3-none-any.whl',
  './astronomer_providers_logging-1.6.4-py3-none-any.whl',
  'pandas==2 # c',
  '-r requirements-b.txt',
  '-c requirements.txt',
  '-r not-there.txt',
  'x \\',
  '--pre',
  '',
];
const TOML_LINES = [
  '[tool.astro]',
  '[project]',
  'runtime = "3.1-5"',
  "runtime = '11.6.0'",
  'dockerfile = "Dockerfile"',
  'dependencies = ["apache-airflow==3.1.*", "astronomer-providers-logging<1.6"]',
  'dependencies = [',
  '  "astronomer-providers-logging", # c',
  ']',
  'x = """',
];

function fileOf(lines: readonly string[]): fc.Arbitrary<string> {
  const noise = fc.string({ unit: 'binary', maxLength: 12 });
  const line = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...lines) }, { weight: 1, arbitrary: noise });
  const end = fc.constantFrom('\n', '\n', '\r\n', '\r', ' \\\n', '');
  const parts = fc.array(fc.tuple(line, end), { maxLength: 8 });
  const mark = fc.constantFrom('', '', '', '\ufeff');
  return fc.tuple(mark, parts).map(([first, rest]) => first + rest.map(each => each.join('')).join(''));
}

function anyProject(): fc.Arbitrary<ProjectFiles> {
  return fc.record({
    Dockerfile: fileOf(DOCKER_LINES),
    'requirements.txt': fileOf(REQUIREMENT_LINES),
    'requirements-b.txt': fileOf(REQUIREMENT_LINES),
    'pyproject.toml': fileOf(TOML_LINES),
    '.astro/config.yaml': fc.constant('project:\n  name: x\n'),
  });
}

const RUNS = { numRuns: 300 };

describe('linting any project', () => {
  it('never throws, and points within the text', () => {
    fc.assert(
      fc.property(anyProject(), project => {
        for (const [file, findings] of lintProject(project)) {
          const text = project[file] as string;
          let from = 0;
          for (const { range, fix, alternatives = [], message } of findings) {
            expect(range.start).toBeGreaterThanOrEqual(from);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.end).toBeLessThanOrEqual(text.length);
            expect(message).not.toMatch(/undefined|\0/);
            from = range.start;
            for (const each of fix ? [fix, ...alternatives] : alternatives) applyEdits(text, each.edits);
          }
        }
      }),
      RUNS,
    );
  });

  it('removes a finding by its fix, and no other', () => {
    fc.assert(
      fc.property(anyProject(), project => {
        for (const [file, findings] of lintProject(project)) {
          for (const { code, fix } of findings) {
            if (!fix) continue;
            const fixed = { ...project, [file]: applyEdits(project[file] as string, fix.edits) };
            const left = lintProject(fixed).get(file) ?? [];
            const count = (all: readonly { code: string }[]) => all.filter(each => each.code === code).length;
            expect(count(left)).toBeLessThan(count(findings));
            expect(left.length).toBe(findings.length - 1);
          }
        }
      }),
      RUNS,
    );
  });

  it('reaches a project without fixable findings', () => {
    fc.assert(
      fc.property(anyProject(), project => {
        let current = project;
        for (const file of Object.keys(project)) {
          const lint = (text: string) => lintProject({ ...current, [file]: text }).get(file) ?? [];
          current = { ...current, [file]: fixAll(current[file] as string, lint).text };
          expect(lint(current[file] as string).filter(({ fix }) => fix)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['Dockerfile', 'FROM ', '$A'],
    ['Dockerfile', 'ARG ', 'A=$A '],
    ['Dockerfile', 'FROM a:', '\\\n'],
    ['Dockerfile', 'FROM quay.io/astronomer/astro-runtime:12\nRUN ', 'pip '],
    ['Dockerfile', 'FROM quay.io/astronomer/astro-runtime:12\nRUN pip install ', 'a=/'],
    ['requirements.txt', '', 'astronomer-providers-logging \\\n'],
    ['requirements.txt', 'astronomer-providers-logging', '==1,'],
    ['requirements.txt', 'astronomer-providers-logging; ', '('],
    ['requirements.txt', '', ' #'],
    ['requirements.txt', '', '-r requirements.txt\n'],
    ['requirements.txt', '', 'a-1-'],
    ['pyproject.toml', '[tool.astro]\n', 'a.'],
    ['pyproject.toml', '[tool.astro]\na = ', '[{a='],
  ])('bears a %s that is %j and fifty thousand times %j', (file, head, unit) => {
    const base = { Dockerfile: 'FROM quay.io/astronomer/astro-runtime:11.7.0\n', 'requirements.txt': '' };
    lintProject({ ...base, [file]: `${head}${unit.repeat(50_000)}x` });
  });
});

import { expect, it } from 'vitest';
import { runtimeOfProject } from '../../../src/core/project/runtime-of-project';

const IMAGE = 'quay.io/astronomer/astro-runtime';

it.each([
  [`FROM ${IMAGE}:12.1.0\n`, '12.1.0'],
  [`FROM ${IMAGE}:12.1.0-base\n`, '12.1.0'],
  [`ARG VERSION=11.3.0\nFROM ${IMAGE}:$VERSION-python-3.11\n`, '11.3.0'],
  ['FROM astrocrpublic.azurecr.io/runtime:3.1-11\n', '3.1-11'],
  [`FROM ${IMAGE}:12\n`, undefined],
  ['FROM astrocrpublic.azurecr.io/runtime:3.1\n', undefined],
  [`FROM ${IMAGE}\n`, undefined],
  ['FROM python:3.12.1\n', undefined],
  ['', undefined],
])('the Runtime that a Dockerfile names: %j', (dockerfile, version) => {
  expect(runtimeOfProject({ dockerfile })).toBe(version);
});

it('is that of the manifest where there is one', () => {
  const dockerfile = `FROM ${IMAGE}:12.1.0\n`;
  const pyproject = '[project]\nname = "p"\n[tool.astro]\nruntime = "3.1-11"\n';
  expect(runtimeOfProject({ dockerfile, pyproject })).toBe('3.1-11');
  expect(runtimeOfProject({ dockerfile, pyproject: '[project]\nname = "p"\n' })).toBe('12.1.0');
  expect(runtimeOfProject({})).toBeUndefined();
});

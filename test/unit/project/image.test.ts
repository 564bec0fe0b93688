import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../../../src/core/project/dockerfile';
import { parseImageReference, productOf } from '../../../src/core/project/image-reference';
import { imageOfDockerfile, imageOfManifest } from '../../../src/core/project/project-image';
import { readAstroManifest } from '../../../src/core/project/pyproject';
import { printRuntime } from '../../../src/core/project/runtime-version';

/** The image as `docker build` would take it, and what is pointed at. */
function read(dockerfile: string, isAstro = false) {
  const image = imageOfDockerfile(readDockerfile(dockerfile), isAstro);
  return (
    image && {
      image: image.reference,
      product: image.product,
      version: image.version && printRuntime(image.version),
      shown: dockerfile.slice(image.range.start, image.range.end),
      replaced: image.versionRange && dockerfile.slice(image.versionRange.start, image.versionRange.end),
      gap: image.gap,
    }
  );
}

describe('the name of an image', () => {
  it.each<[string, string, string?, boolean?]>([
    ['python', 'python'],
    ['python:3.12', 'python', '3.12'],
    ['registry:5000/a/b', 'registry:5000/a/b'],
    ['registry:5000/a/b:1.2', 'registry:5000/a/b', '1.2'],
    ['a/b:1@sha256:00', 'a/b', '1', true],
    ['a/b@sha256:00', 'a/b', undefined, true],
    ['registry:5000/a@sha256:00', 'registry:5000/a', undefined, true],
    ['', ''],
    [':', '', ''],
    ['@', '', undefined, true],
  ])('%s', (text, name, tag, hasDigest = false) => {
    const reference = parseImageReference(text);
    expect(reference.name).toBe(name);
    expect(reference.tag?.text).toBe(tag);
    if (reference.tag) expect(text.slice(reference.tag.range.start, reference.tag.range.end)).toBe(tag);
    expect(reference.digest && text.slice(reference.digest.start, reference.digest.end)).toBe(
      hasDigest ? text.slice(text.indexOf('@') + 1) : undefined,
    );
  });

  it.each<[string, string, string]>([
    ['quay.io/astronomer/astro-runtime:12.1.0', 'runtime', 'runtime'],
    ['quay.io/astronomer/astro-runtime-slim:12.8.0', 'runtime', 'runtime'],
    ['astrocrpublic.azurecr.io/runtime:3.1-11', 'runtime', 'runtime'],
    ['ASTROCRPUBLIC.azurecr.io/runtime:latest', 'runtime', 'runtime'],
    ['registry.corp:5000/mirror/astro-runtime:12.1.0', 'runtime', 'runtime'],
    ['registry.corp/mirror/runtime:3.1-11', 'runtime', 'runtime'],
    ['registry.corp/mirror/runtime:3.1-11-base', 'runtime', 'runtime'],
    ['registry.corp/mirror/runtime:8.0', 'other', 'runtime'],
    ['registry.corp/mirror/runtime:8.0-jammy', 'other', 'runtime'],
    ['registry.corp/mirror/runtime:stable', 'other', 'other'],
    ['registry.corp/mirror/runtime', 'other', 'other'],
    ['mcr.microsoft.com/dotnet/runtime:8.0', 'other', 'other'],
    ['mcr.microsoft.com/dotnet/runtime:8.0-1', 'other', 'other'],
    ['quay.io/astronomer/ap-airflow:2.3.4', 'certified', 'certified'],
    ['mirror/ap-airflow', 'certified', 'certified'],
    ['registry.corp/astronomer/runtime:latest', 'runtime', 'runtime'],
    ['registry.corp/astro-remote-execution-agent-slim:1', 'agent', 'agent'],
    ['registry.corp/my-astro-remote-execution-agent:1', 'other', 'other'],
    ['images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.1-1', 'agent', 'agent'],
    ['apache/airflow:2.9.3', 'other', 'other'],
    ['my-astro-runtime:12.1.0', 'other', 'other'],
    ['astro-runtime-tools:12.1.0', 'other', 'other'],
    ['my-runtime:3.1-11', 'other', 'other'],
  ])('%s is %s, in an Astro project %s', (text, product, inProject) => {
    expect(productOf(parseImageReference(text), false)).toBe(product);
    expect(productOf(parseImageReference(text), true)).toBe(inProject);
  });
});

describe('the image of a Dockerfile', () => {
  const RUNTIME = 'quay.io/astronomer/astro-runtime';

  it.each<[string, string, string, string]>([
    ['a plain line', `FROM ${RUNTIME}:12.1.0\n`, '12.1.0', '12.1.0'],
    ['small letters', `from ${RUNTIME}:12.1.0 as x`, '12.1.0', '12.1.0'],
    ['a platform', `FROM --platform=$BUILDPLATFORM ${RUNTIME}:12.1.0-base AS x`, '12.1.0-base', '12.1.0'],
    ['a mark and CRLF', `\ufeff# c\r\nFROM ${RUNTIME}:12.1.0\r\n`, '12.1.0', '12.1.0'],
    ['a tag and a digest', `FROM ${RUNTIME}:12.1.0@sha256:00`, '12.1.0', '12.1.0'],
    ['a continuation', `FROM \\\n  # c\n  ${RUNTIME}:12.1.0 \\\n  AS x\n`, '12.1.0', '12.1.0'],
    ['a word in two lines', `FROM ${RUNTIME}:\\\n12.1.0\n`, '12.1.0', '12.1.0'],
    ['another escape', `# escape=\`\nFROM \`\n  ${RUNTIME}:12.1.0\n`, '12.1.0', '12.1.0'],
    ['an ARG', `ARG V=12.1.0\nFROM ${RUNTIME}:$V\n`, '12.1.0', '12.1.0'],
    ['an ARG in quotes', `ARG V="12.1.0"\nFROM ${RUNTIME}:\${V}\n`, '12.1.0', '12.1.0'],
    ['an ARG with a suffix', `ARG V=12.1.0\nFROM ${RUNTIME}:\${V}-base\n`, '12.1.0', '12.1.0'],
    ['an ARG of the whole image', `ARG IMAGE=${RUNTIME}:12.1.0\nFROM $IMAGE\n`, '12.1.0', '12.1.0'],
    ['an ARG of an ARG', `ARG A=12.1.0\nARG B=\${A}\nFROM ${RUNTIME}:$B\n`, '12.1.0', '12.1.0'],
    ['several ARGs in a line', `ARG A=1 B=12.1.0\nFROM ${RUNTIME}:$B\n`, '12.1.0', '12.1.0'],
    ['the last of two ARGs', `ARG A=9.1.0\nARG A=12.1.0\nFROM ${RUNTIME}:$A\n`, '12.1.0', '12.1.0'],
    ['a default in place', `ARG V\nFROM ${RUNTIME}:\${V:-12.1.0}\n`, '12.1.0', '12.1.0'],
    ['a default for nothing', `ARG V=\nFROM ${RUNTIME}:\${V:-12.1.0}\n`, '12.1.0', '12.1.0'],
    ['a default that is not needed', `ARG V=12.1.0\nFROM ${RUNTIME}:\${V-9.0.0}\n`, '12.1.0', '12.1.0'],
    ['another word where it is set', `ARG V=1\nFROM ${RUNTIME}:\${V:+12.1.0}\n`, '12.1.0', '12.1.0'],
    ['nothing where it is not set', `FROM ${RUNTIME}:12.1.0\${V:+-base}\n`, '12.1.0', '12.1.0'],
    ['a default within a default', `FROM ${RUNTIME}:\${A:-\${B:-12.1.0}}\n`, '12.1.0', '12.1.0'],
    ['quotes in FROM', `FROM "${RUNTIME}:12.1.0"\n`, '12.1.0', '12.1.0'],
    ['an escaped letter', `FROM ${RUNTIME}:1\\2.1.0\n`, '1\\2.1.0', ''],
    ['an escaped last letter', `FROM ${RUNTIME}:12.1.\\0\n`, '12.1.\\0', ''],
    ['two kinds of quotes', `FROM "${RUNTIME}":'12.1.0'\n`, '12.1.0', '12.1.0'],
    ['a mirror in an ARG', `ARG R\nFROM \${R}/astro-runtime:12.1.0\n`, '12.1.0', '12.1.0'],
    ['the last stage', `FROM a:1 AS x\nFROM ${RUNTIME}:12.1.0\nCOPY --from=x / /\n`, '12.1.0', '12.1.0'],
    [
      'a stage of a stage',
      `FROM ${RUNTIME}:12.1.0 AS Base\nFROM python AS x\nFROM base AS y\nFROM Y\n`,
      '12.1.0',
      '12.1.0',
    ],
    ['a stage of its own name', `FROM ${RUNTIME}:12.1.0 AS x\nFROM x AS x\n`, '12.1.0', '12.1.0'],
    ['a last line that is being typed', `FROM ${RUNTIME}:12.1.0\nFROM `, '12.1.0', '12.1.0'],
  ])('%s', (_name, dockerfile, shown, replaced) => {
    const image = read(dockerfile);
    expect(image).toMatchObject({ product: 'runtime', version: '12.1.0', shown });
    expect(image?.replaced).toBe(replaced || undefined);
  });

  it('shows the reference in FROM where the version comes from several places', () => {
    const image = read(`ARG MAJOR=11\nARG MINOR=6\nFROM ${RUNTIME}:$MAJOR.\${MINOR}.0-base\n`);
    expect(image).toMatchObject({ version: '11.6.0', shown: `$MAJOR.\${MINOR}.0-base`, replaced: undefined });
  });

  it.each<[string, string, string, string]>([
    ['latest', `FROM ${RUNTIME}:latest`, 'latest', 'tag'],
    ['no tag', `FROM ${RUNTIME} AS x`, RUNTIME, 'no-tag'],
    ['a digest', `FROM ${RUNTIME}@sha256:00`, 'sha256:00', 'digest'],
    ['an ARG without a default', `ARG V\nFROM ${RUNTIME}:\${V}-base`, `\${V}-base`, 'variable'],
    ['an unknown variable', `FROM ${RUNTIME}:$V`, '$V', 'variable'],
    ['an ARG behind FROM', `FROM a\nARG V=12.1.0\nFROM ${RUNTIME}:$V`, '$V', 'variable'],
    ['single quotes', `ARG V=1\nFROM '${RUNTIME}:$V'`, '$V', 'tag'],
    ['an escaped variable', `ARG V=1\nFROM ${RUNTIME}:\\$V`, '$V', 'tag'],
    ['a form that is not known', `ARG V=12.1.0\nFROM ${RUNTIME}:\${V%.0}`, `${RUNTIME}:\${V%.0}`, 'variable'],
    ['a default behind such a form', `FROM ${RUNTIME}:\${V%:-12.1.0}`, `${RUNTIME}:\${V%:-12.1.0}`, 'variable'],
    ['an empty tag', `FROM ${RUNTIME}:\n`, `${RUNTIME}:`, 'tag'],
    ['an empty digest', `FROM ${RUNTIME}@\n`, `${RUNTIME}@`, 'digest'],
    ['an open brace', `ARG V=12.1.0\nFROM ${RUNTIME}:\${V`, `${RUNTIME}:\${V`, 'variable'],
    ['a lone dollar', `FROM ${RUNTIME}:12.1.0$`, `${RUNTIME}:12.1.0$`, 'variable'],
    ['an image in a variable', `ARG IMAGE\nFROM $IMAGE`, '$IMAGE', 'variable'],
    ['a stranger', 'FROM python:3.12', 'python:3.12', 'name'],
  ])('%s tells no version', (_name, dockerfile, shown, gap) => {
    const image = read(dockerfile, true);
    expect(image).toMatchObject({ version: undefined, replaced: undefined, shown, gap });
    expect(image?.image?.includes('\0') ?? false).toBe(false);
  });

  it.each<[string, string, string]>([
    ['a backslash at the end of the file', 'FROM a:1\\', 'a:1'],
    ['a backslash in single quotes', "FROM 'a\\b:1'\n", 'a\\b:1'],
    ['a quote in other quotes', `FROM "a'b:1"\n`, "a'b:1"],
    ['an empty ARG', `ARG V=\nFROM a:1\${V--base}\n`, 'a:1'],
    ['an ARG of empty quotes', `ARG V=""\nFROM a:1\${V--base}\n`, 'a:1'],
    ['an ARG without a default', `ARG V\nFROM a:1\${V--base}\n`, 'a:1-base'],
    ['an empty ARG before a default', `ARG V=\nFROM a:1\${V:--base}\n`, 'a:1-base'],
    ['what stands for an ARG that is set', `ARG V=\nFROM a:1\${V+-base}\n`, 'a:1-base'],
    ['what stands for one that is not', `FROM a:1\${V+-base}\n`, 'a:1'],
    ['what stands for one that is not empty', `ARG V=\nFROM a:1\${V:+-base}\n`, 'a:1'],
  ])('is read with %s', (_name, dockerfile, reference) => {
    expect(read(dockerfile)?.image).toBe(reference);
  });

  it.each<[string, string]>([
    ['a word', `FROM ${'x'.repeat(1000)}\n`],
    ['a word of variables', `ARG A=${'x'.repeat(500)}\nFROM ${'x'.repeat(500)}$A\n`],
  ])('takes %s of 1,000 characters, and none that is longer', (_name, dockerfile) => {
    expect(read(dockerfile)?.image).toHaveLength(1000);
    expect(read(dockerfile.replace('FROM x', 'FROM xx'))).toMatchObject({ image: undefined, gap: 'variable' });
  });

  it.each([
    '',
    'FROM',
    'FROM\nRUN x\n',
    '# FROM x',
    'RUN <<E\nFROM a:1\nE\n',
    'ARG X=1',
    '\\',
    'FROM\\\n',
    '\0',
    'ONBUILD FROM x',
  ])('%j has none', text => {
    expect(read(text)).toBeUndefined();
  });

  it('bears ARGs that double each other, and words without an end', () => {
    const args = Array.from({ length: 40 }, (_, i) => `ARG A${i + 1}=$A${i}$A${i}\n`).join('');
    expect(read(`ARG A0=xx\n${args}FROM ${RUNTIME}:$A40\n`)).toMatchObject({ version: undefined, gap: 'variable' });
    expect(read(`FROM ${RUNTIME}:${'${A:-'.repeat(50_000)}`, true)).toMatchObject({ gap: 'variable' });
  });

  it('takes the commands of the stages that it is built on, and no others', () => {
    const { commands } = readDockerfile(
      'FROM a AS x\nRUN one \\\n  # c\n  more\nFROM b AS y\nRUN two\nFROM x\nRUN three\n',
    );
    expect(commands.map(({ text }) => text.replace(/\s+/g, ' '))).toEqual(['RUN three', 'RUN one more']);
  });
});

describe('the image of a manifest', () => {
  function manifest(toml: string) {
    const found = readAstroManifest(toml);
    const image = found && imageOfManifest(found);
    return (
      image && {
        image: image.reference,
        product: image.product,
        version: image.version && printRuntime(image.version),
        shown: toml.slice(image.range.start, image.range.end),
        gap: image.gap,
        isNewest: image.isNewest,
      }
    );
  }

  it.each<[string, object | undefined]>([
    ['[tool.astro]\n"runtime" = "3.3-8"\n', { version: '3.3-8' }],
    ['[tool.astro]\nruntime.version = "3.3-8"\n', { version: undefined, gap: 'unpinned' }],
    ['[tool.astro]\nruntime = "3.3\\u002d8"\n', { version: undefined, gap: 'unpinned' }],
    ['[tool.astro]\nruntime = 3.3\n', { version: undefined, gap: 'unpinned' }],
    ['[tool.astro]\nruntime = ["3.3-8"]\n', { version: undefined, gap: 'unpinned' }],
    [
      '[project]\ndependencies = [1, "p\\u0061ndas", "./x", "pandas==3.1.2", "apache-airflow==2.10.*"]\n[tool.astro]\n',
      { version: '12', shown: '==2.10.*' },
    ],
    ['[project]\ndependencies = ["apache-airflow==3.3.10"]\n[tool.astro]\n', { version: '3.3' }],
    ['[project]\ndependencies = ["apache-airflow===3.3"]\n[tool.astro]\n', { version: '3.3' }],
    ['[project]\ndependencies = ["apache-airflow (== 3.3)"]\n[tool.astro]\n', { version: '3.3' }],
    ['[project]\ndependencies = ["apache-airflow<4,==3.1.*"]\n[tool.astro]\n', { gap: 'unpinned' }],
    ['[project]\ndependencies = ["apache-airflow"]\n[tool.astro]\n', { gap: 'unpinned', shown: 'tool.astro' }],
    ['[project]\ndependencies = ["apache-airflow==99.1"]\n[tool.astro]\n', { gap: 'unpinned', shown: '==99.1' }],
    ['[project]\ndependencies = "apache-airflow==3.3"\n[tool.astro]\n', { gap: 'unpinned' }],
    [
      '[tool.astro]\nruntime = "3.3-8"\n',
      { image: 'astrocrpublic.azurecr.io/runtime:3.3-8', version: '3.3-8', shown: '3.3-8' },
    ],
    ["\ufeff[tool]\r\nastro = { runtime = '13.11.0' }\r\n", { version: '13.11.0', shown: '13.11.0' }],
    ['tool.astro.runtime = "3.1-8"', { version: '3.1-8', shown: '3.1-8' }],
    ['[tool.astro]\nruntime = "latest"\n', { version: undefined, shown: 'latest', gap: 'tag' }],
    [
      '[project]\ndependencies = ["apache-airflow==3.3.*"]\n[tool.astro]\n',
      { image: 'astrocrpublic.azurecr.io/runtime:3.3', version: '3.3', shown: '==3.3.*', isNewest: true },
    ],
    [
      '[project]\ndependencies = ["apache-airflow[celery] == 3.3.2 ; python_version > \'3\'"]\n[tool.astro]\n',
      { version: '3.3', shown: '== 3.3.2' },
    ],
    ['[project]\ndependencies = ["apache-airflow-core==3.1.*"]\n[tool.astro]\n', { version: '3.1' }],
    [
      '[project]\ndependencies = ["apache-airflow==2.9.*"]\n[tool.astro]\n',
      { version: '11', image: undefined, isNewest: true },
    ],
    ['[project]\ndependencies = ["apache-airflow==2.8.4"]\n[tool.astro]\n', { version: '10', isNewest: false }],
    [
      '[project]\ndependencies = ["apache-airflow>=3.1"]\n[tool.astro]\n',
      { version: undefined, gap: 'unpinned', shown: '>=3.1' },
    ],
    ['[project]\ndependencies = ["apache-airflow==3.1,<4"]\n[tool.astro]\n', { version: undefined, gap: 'unpinned' }],
    ['[tool.astro]\npackages = []\n', { version: undefined, gap: 'unpinned', shown: 'tool.astro' }],
    ['[tool.astronomer]\nruntime = "3.3-8"\n', undefined],
    ['[project]\ndependencies = ["apache-airflow==3.3.*"]\n', undefined],
    ['[tool.astro\nruntime = "3.3-8"\n', undefined],
    [`a = ${'['.repeat(100_000)}`, undefined],
    ['', undefined],
  ])('%j', (toml, expected) => {
    if (expected) expect(manifest(toml)).toMatchObject({ product: 'runtime', ...expected });
    else expect(manifest(toml)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding';
import { applyEdits } from '../../../src/core/text/text-range';
import { codesOf, lintProject, type ProjectFiles } from './project-files';

const RUNTIME = 'FROM quay.io/astronomer/astro-runtime:';
const NEEDED = 'astronomer-providers-logging>=1.6.2\n';

/** The one finding of a project. */
function only(project: ProjectFiles): Finding & { file: string; shown: string } {
  const all = [...lintProject(project)].flatMap(([file, findings]) => findings.map(each => ({ file, ...each })));
  expect(all).toHaveLength(1);
  const [finding] = all as [(typeof all)[0]];
  return { ...finding, shown: (project[finding.file] as string).slice(finding.range.start, finding.range.end) };
}

describe('messages say what happens, and what to do', () => {
  it.each<[string, ProjectFiles, string[]]>([
    [
      'a Runtime that is too old',
      { Dockerfile: `${RUNTIME}11.6.0\n`, 'requirements.txt': NEEDED },
      ['Astro Runtime 11.6.0', 'older than 11.7.0', 'no log reaches'],
    ],
    [
      'Astronomer Certified',
      { Dockerfile: 'FROM quay.io/astronomer/ap-airflow:2.3.0\n' },
      ['Astronomer Certified', 'Astro Runtime 11.7.0'],
    ],
    [
      'a withdrawn Runtime',
      { Dockerfile: `${RUNTIME}13.5.0\n`, 'requirements.txt': NEEDED },
      ['withdrew Astro Runtime 13.5.0', '13.11.0'],
    ],
    ['an agent', { Dockerfile: 'FROM x/astro-remote-execution-agent:3.1-1\n' }, ['Remote Execution', 'not documented']],
    ['latest', { Dockerfile: `${RUNTIME}latest\n`, 'requirements.txt': NEEDED }, ['This tag', '11.7.0 or newer']],
    [
      'no tag',
      { Dockerfile: `${RUNTIME.slice(0, -1)}\n`, 'requirements.txt': NEEDED },
      ['Without a tag', '11.7.0 or newer'],
    ],
    [
      'a digest',
      { Dockerfile: `${RUNTIME.slice(0, -1)}@sha256:00\n`, 'requirements.txt': NEEDED },
      ['A digest', '11.7.0 or newer'],
    ],
    [
      'a variable',
      { Dockerfile: `${RUNTIME}$V\n`, 'requirements.txt': NEEDED },
      ['variable without a default', '11.7.0 or newer'],
    ],
    [
      'a custom image',
      { Dockerfile: 'FROM x/base:1\n', 'requirements.txt': NEEDED },
      ['no Astro Runtime by its name', '11.7.0 or newer'],
    ],
    [
      'a manifest without a Runtime',
      { 'pyproject.toml': `[project]\ndependencies = ["${NEEDED.trim()}"]\n[tool.astro]\n` },
      ['No Runtime is named', 'apache-airflow==3.3.*'],
    ],
    [
      'a bundled package that is too old',
      { Dockerfile: `${RUNTIME}11.7.0-base\n`, 'requirements.txt': 'x\n' },
      [
        'Astro Runtime 11.7.0 bundles astronomer-providers-logging 1.5.1',
        '1.6.2',
        'Add astronomer-providers-logging>=1.6.2 to requirements.txt',
      ],
    ],
    [
      'a bundled package that is not known',
      { Dockerfile: `${RUNTIME}12.8.0-base\n`, 'requirements.txt': 'x\n' },
      [
        'is not known',
        'docker run --rm quay.io/astronomer/astro-runtime:12.8.0-base pip freeze | grep astronomer-providers-logging',
      ],
    ],
    [
      'an image whose registry is not known',
      { Dockerfile: `ARG R\nFROM \${R}/astro-runtime:12.8.0\n`, 'requirements.txt': 'x\n' },
      ['docker run --rm <image> pip freeze'],
    ],
    [
      'two Dockerfiles, of which the first is told of',
      { 'Dockerfile.a': `${RUNTIME}11.7.0\n`, 'Dockerfile.b': `${RUNTIME}11.8.0\n`, 'requirements.txt': 'x\n' },
      ['Astro Runtime 11.7.0 bundles'],
    ],
    ['no requirements.txt', { Dockerfile: `${RUNTIME}11.7.0\n` }, ['to a requirements.txt beside the Dockerfile']],
    [
      'dependencies of a manifest',
      { 'pyproject.toml': '[project]\ndependencies = ["x"]\n[tool.astro]\nruntime = "3.1-5"\n' },
      ['to the dependencies of pyproject.toml', 'docker run --rm astrocrpublic.azurecr.io/runtime:3.1-5 '],
    ],
    [
      'a package that pip keeps',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': 'astronomer-providers-logging\n' },
      ['pip keeps the astronomer-providers-logging 1.5.1 that Astro Runtime 11.7.0 bundles', 'Require >=1.6.2.'],
    ],
    [
      'a range that is too wide',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'requirements.txt': 'astronomer-providers-logging<2\n' },
      ['<2 takes versions that are too old, too', '1.6.2 is needed', 'docker run --rm'],
    ],
    [
      'a package that pip may keep',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'requirements.txt': 'astronomer-providers-logging\n' },
      [
        'Any version will do',
        'Any version will do',
        'pip keeps the one of the image',
        '1.6.2 is needed',
        'Require >=1.6.2.',
        'docker run --rm',
      ],
    ],
    [
      'a version that is too old',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'requirements.txt': 'astronomer-providers-logging==1.5.1\n' },
      ['==1.5.1 can never be 1.6.2', 'no log reaches the bucket', 'Require >=1.6.2.'],
    ],
    [
      'a limit',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': `-c requirements-c.txt\n${NEEDED}`,
        'requirements-c.txt': 'astronomer-providers-logging<1.6\n',
      },
      ['This limit keeps astronomer-providers-logging below 1.6.2', 'Require >=1.6.2.'],
    ],
    [
      'a hash',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': 'astronomer-providers-logging==1.5.1 --hash=sha256:00\n',
      },
      ['write its hash'],
    ],
    [
      'a file',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': './astronomer_providers_logging-1.5.1-py3-none-any.whl\n',
      },
      ['1.5.1 can never be 1.6.2', 'Name the file of a newer version.'],
    ],
    [
      'hashes',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': 'x==1 --hash=sha256:00\n' },
      ['Add astronomer-providers-logging==1.6.2 with its hash to requirements.txt'],
    ],
    [
      'an include that is not there',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': '-r base.txt\n-r https://e.org/x.txt\n' },
      ['Not read, and may require it: base.txt, https://e.org/x.txt.'],
    ],
    [
      'a marker',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': `${NEEDED.trim()}; sys_platform == "win32"\n` },
      ['never applies'],
    ],
  ])('%s', (_name, project, texts) => {
    const { message } = only(project);
    for (const text of texts) expect(message).toContain(text);
    expect(message).not.toMatch(/undefined|\{\d\}|\0/);
  });
});

describe('fixes and alternatives', () => {
  function fixed(project: ProjectFiles): string {
    const { file, fix } = only(project);
    return applyEdits(project[file] as string, fix?.edits ?? []);
  }

  it.each<[string, string, string]>([
    ['LF', 'x\n', `x\n${NEEDED}`],
    ['CRLF', 'x\r\n', `x\r\n${NEEDED.trim()}\r\n`],
    ['CR', 'x\r', `x\r${NEEDED.trim()}\r`],
    ['no line end', 'x', `x\n${NEEDED}`],
    ['no line end in a file of CRLF', 'x\r\ny', `x\r\ny\r\n${NEEDED.trim()}\r\n`],
    ['a mark alone', '\ufeff', `\ufeff${NEEDED}`],
    ['nothing', '', NEEDED],
    ['an open line', 'x \\', 'x \\'],
    ['a blank line at the end', 'x\n\n', `x\n\n${NEEDED}`],
  ])('adds the requirement to a file with %s', (_name, text, expected) => {
    expect(fixed({ Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': text })).toBe(expected);
  });

  it.each<[string, string]>([
    ['[]', '["astronomer-providers-logging>=1.6.2"]'],
    ['["x"]', '["x", "astronomer-providers-logging>=1.6.2"]'],
    ['["x",]', '["x", "astronomer-providers-logging>=1.6.2",]'],
    ['[\r\n  "x",\r\n]', '[\r\n  "x",\r\n  "astronomer-providers-logging>=1.6.2",\r\n]'],
    ['["a",\n\t"x", "y"]', '["a",\n\t"x", "y", "astronomer-providers-logging>=1.6.2"]'],
    ['[\n  "a",\n\t"x"\n]', '[\n  "a",\n\t"x",\n\t"astronomer-providers-logging>=1.6.2"\n]'],
    ['[ "a",\n\t"x" ]', '[ "a",\n\t"x",\n\t"astronomer-providers-logging>=1.6.2" ]'],
  ])('adds the requirement to %j', (list, expected) => {
    const before = '[tool.astro]\nruntime = "3.2-4"\n[project]\ndependencies = ';
    expect(fixed({ 'pyproject.toml': `${before}${list}\n` })).toBe(`${before}${expected}\n`);
  });

  it('adds nothing to a manifest without a list', () => {
    const finding = only({ 'pyproject.toml': '[tool.astro]\nruntime = "3.2-4"\n' });
    expect(finding).toMatchObject({ code: 'logging-package-missing', shown: '3.2-4' });
    expect(finding.fix).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['11.6.0-python-3.11-base', '11.7.0-python-3.11-base', 'Set to 11.7.0'],
    ['13.5.0-slim', '13.11.0-slim', 'Set to 13.11.0'],
  ])('offers another Runtime than %s', (tag, other, title) => {
    const project = { Dockerfile: `${RUNTIME}${tag}\n`, 'requirements.txt': NEEDED };
    const { alternatives = [], fix } = only(project);
    expect(fix).toBeUndefined();
    expect(alternatives.map(each => [each.title, applyEdits(project.Dockerfile, each.edits)])).toEqual([
      [title, `${RUNTIME}${other}\n`],
    ]);
  });

  it('offers another Runtime in a manifest', () => {
    const project = {
      'pyproject.toml': `[project]\ndependencies = ["${NEEDED.trim()}"]\n[tool.astro]\nruntime = "13.5.0"\n`,
    };
    const { alternatives = [] } = only(project);
    expect(alternatives.map(each => applyEdits(project['pyproject.toml'], each.edits))).toEqual([
      project['pyproject.toml'].replace('13.5.0', '13.11.0'),
    ]);
  });

  it('offers none where the version comes from several places', () => {
    const Dockerfile = `ARG MINOR=6\n${RUNTIME}11.$MINOR.0\n`;
    const { code, alternatives } = only({ Dockerfile, 'requirements.txt': NEEDED });
    expect([code, alternatives]).toEqual(['runtime-too-old', undefined]);
  });

  it.each(['10.3.0', '3.0.2', '9.7.0'])('offers none for %s, which another Airflow would replace', tag => {
    expect(only({ Dockerfile: `${RUNTIME}${tag}\n`, 'requirements.txt': NEEDED }).alternatives).toBeUndefined();
  });
});

describe('which files make a project', () => {
  const OLD = 'astronomer-providers-logging==1.5.1\n';

  it.each<[string, ProjectFiles, string[]]>([
    [
      'a folder below',
      { 'a/Dockerfile': `${RUNTIME}12.8.0\n`, 'a/requirements.txt': OLD, 'requirements.txt': OLD },
      ['a/requirements.txt logging-package-too-old'],
    ],
    [
      'two Dockerfiles of one requirement',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'Dockerfile.dev': `${RUNTIME}12.9.0\n`, 'requirements.txt': OLD },
      ['requirements.txt logging-package-too-old'],
    ],
    [
      'an Astro folder with others’ images',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'web.dockerfile': 'FROM nginx\n',
        'requirements.txt': NEEDED,
        '.astro/config.yaml': '',
      },
      [],
    ],
    ['a marker in another folder', { 'a/Dockerfile': 'FROM python\n', '.astro/config.yaml': '' }, []],
    [
      'an export in another folder',
      {
        'a/Dockerfile': 'FROM python\n',
        '.env':
          'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\nAIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://acme-logs/x\n',
      },
      [],
    ],
    [
      'a mirror that only an Astro project shows',
      { Dockerfile: 'FROM registry.corp/runtime:3.1\n', 'requirements.txt': NEEDED, '.astro/config.yaml': '' },
      [],
    ],
    [
      'a Dockerfile that a manifest names',
      {
        'pyproject.toml': '[tool.astro]\ndockerfile = "docker/Dockerfile.prod"\n',
        'docker/Dockerfile.prod': 'FROM python:3.12\n',
      },
      ['docker/Dockerfile.prod logging-package-missing', 'docker/Dockerfile.prod runtime-unknown'],
    ],
    [
      'a Dockerfile elsewhere, built from the manifest’s folder',
      {
        'pyproject.toml': '[tool.astro]\ndockerfile = "docker/Dockerfile"\n',
        'docker/Dockerfile': `${RUNTIME}12.8.0\n`,
        'requirements.txt': OLD,
      },
      ['requirements.txt logging-package-too-old'],
    ],
    [
      'another TOML file',
      { 'other.toml': '[tool.astro]\ndockerfile = "Dockerfile.x"\n', 'Dockerfile.x': 'FROM python:3.12\n' },
      [],
    ],
    ['a Dockerfile of another name', { 'requirements.txt': `${RUNTIME}11.6.0\n` }, []],
    [
      'two old requirements',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'requirements.txt': OLD + OLD },
      ['requirements.txt logging-package-too-old', 'requirements.txt logging-package-too-old'],
    ],
    [
      'a limit that is wide',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': `-c requirements-c.txt\n${NEEDED}`,
        'requirements-c.txt': 'astronomer-providers-logging<2\n',
      },
      [],
    ],
    [
      'a manifest that names a Dockerfile',
      {
        'pyproject.toml':
          '[project]\ndependencies = ["astronomer-providers-logging==1.5.1"]\n[tool.astro]\ndockerfile = "Dockerfile"\n',
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': NEEDED,
      },
      [],
    ],
    [
      'an agent beside a Runtime',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'Dockerfile.client': 'FROM x/astro-remote-execution-agent:3.1-1\n',
        'requirements.txt': NEEDED,
        'requirements-client.txt': OLD,
      },
      ['Dockerfile.client remote-execution'],
    ],
    [
      'Certified, without a word of the package',
      { Dockerfile: 'FROM quay.io/astronomer/ap-airflow:2.3.0\n', 'requirements.txt': 'x\n' },
      ['Dockerfile runtime-too-old'],
    ],
    [
      'an old Runtime with an old package',
      { Dockerfile: `${RUNTIME}11.5.0\n`, 'requirements.txt': 'x\n' },
      ['Dockerfile runtime-too-old', 'requirements.txt logging-package-missing'],
    ],
    [
      'a Runtime with a good package and an old requirement',
      { Dockerfile: 'FROM astrocrpublic.azurecr.io/runtime:3.3-1\n', 'requirements.txt': OLD },
      ['requirements.txt logging-package-too-old'],
    ],
    [
      'a Runtime with a good package, unpinned',
      {
        Dockerfile: 'FROM astrocrpublic.azurecr.io/runtime:3.3-1\n',
        'requirements.txt': 'astronomer-providers-logging\n',
      },
      [],
    ],
    [
      'a line of the Runtime that is not known',
      { Dockerfile: `${RUNTIME}11\n`, 'requirements.txt': NEEDED },
      ['Dockerfile runtime-unknown'],
    ],
    [
      'the newest of a line',
      {
        'pyproject.toml':
          '[project]\ndependencies = ["apache-airflow==2.9.*", "astronomer-providers-logging>=1.6.2"]\n[tool.astro]\n',
      },
      [],
    ],
    [
      'a branch of a repository',
      {
        Dockerfile: `${RUNTIME}11.7.0\n`,
        'requirements.txt': 'astronomer-providers-logging @ git+https://e.org/x.git@v1.5.1\n',
      },
      [],
    ],
    [
      'a version in a variable',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': `astronomer-providers-logging==\${V}\n` },
      [],
    ],
    [
      'a range that no known Runtime fits',
      { Dockerfile: `${RUNTIME}12.8.0\n`, 'requirements.txt': 'astronomer-providers-logging>=1.6\n' },
      [],
    ],
    [
      'a range that the Runtime’s does not fit',
      { Dockerfile: `${RUNTIME}11.4.0\n`, 'requirements.txt': 'astronomer-providers-logging>=1.5\n' },
      ['Dockerfile runtime-too-old'],
    ],
    [
      'a limit alone',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': '-c requirements-c.txt\n',
        'requirements-c.txt': 'astronomer-providers-logging>=1.6.2\n',
      },
      ['requirements.txt logging-package-missing'],
    ],
    [
      'a limit of a limit',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': `-c requirements-c.txt\n${NEEDED}`,
        'requirements-c.txt': '-r requirements-d.txt\n',
        'requirements-d.txt': 'astronomer-providers-logging<1\n',
      },
      ['requirements-d.txt logging-package-too-old'],
    ],
    [
      'a limit that is not there',
      { Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': '-c limits.txt\nx\n' },
      ['requirements.txt logging-package-missing'],
    ],
    [
      'the Python of the tag',
      {
        Dockerfile: `${RUNTIME}12.8.0-python-3.11\n`,
        'requirements.txt': `${OLD.trim()}; python_version < "3.11"\n${NEEDED.trim()}; python_version >= "3.11"\n`,
      },
      [],
    ],
    [
      'both of two markers',
      {
        Dockerfile: `${RUNTIME}12.8.0\n`,
        'requirements.txt': `${OLD.trim()}; python_version < "3.11"\n${NEEDED.trim()}; python_version >= "3.11"\n`,
      },
      ['requirements.txt logging-package-too-old'],
    ],
  ])('%s', (_name, project, expected) => {
    expect(codesOf(project)).toEqual(expected);
  });

  it('tells the graver of two findings at one place', () => {
    const project = {
      'Dockerfile.a': `${RUNTIME}12.8.0\n`,
      'Dockerfile.b': `${RUNTIME}11.7.0\n`,
      'requirements.txt': 'x\n',
    };
    expect(only(project).severity).toBe('error');
    const turned = {
      'Dockerfile.a': `${RUNTIME}11.7.0\n`,
      'Dockerfile.b': `${RUNTIME}12.8.0\n`,
      'requirements.txt': 'x\n',
    };
    expect(only(turned).severity).toBe('error');
  });

  it('gives an unread file no certainty', () => {
    const finding = only({ Dockerfile: `${RUNTIME}11.7.0\n`, 'requirements.txt': '-r base.txt\n' });
    expect(finding.severity).toBe('warning');
    expect(finding.fix).toBeUndefined();
  });

  it.each<[string, string, 'error' | 'warning']>([
    ['-c limits.txt\nx\n', '', 'error'],
    ['x\n', 'RUN pip install -r other.txt', 'warning'],
    ['x\n', 'RUN pip install -r $FILE', 'error'],
    ['x\n', 'RUN pip install -r /tmp/more/requirements.txt', 'error'],
    ['x\n', 'RUN pip install -r requirements.txt.lock', 'warning'],
    ['x\n', 'RUN pip install -c other.txt', 'warning'],
  ])('with %j and %j it is missing as an %s', (requirements, command, severity) => {
    const project = { Dockerfile: `${RUNTIME}11.7.0\n${command}\n`, 'requirements.txt': requirements };
    expect(only(project)).toMatchObject({ code: 'logging-package-missing', severity });
  });
});

describe('what a Dockerfile’s own commands install', () => {
  it.each<[string, string, string[]]>([
    ['the package', 'RUN pip install astronomer-providers-logging==1.6.4', []],
    ['it in quotes', `RUN pip3 install 'Astronomer_Providers.Logging>=1.6.2,<2' pandas`, []],
    ['it by uv', 'RUN uv pip install --system "astronomer-providers-logging>=1.6.2"', []],
    ['it as JSON', 'RUN ["pip", "install", "astronomer-providers-logging>=1.6.2"]', []],
    ['it with an extra', 'RUN pip install "astronomer-providers-logging[s3]==1.6.4"', []],
    ['its file', 'RUN pip install /tmp/astronomer_providers_logging-1.6.4-py3-none-any.whl', []],
    [
      'an old file',
      'RUN pip install /tmp/astronomer_providers_logging-1.5.1-py3-none-any.whl',
      ['Dockerfile logging-package-too-old'],
    ],
    [
      'an old version',
      'RUN x && pip install pandas astronomer-providers-logging==1.5.1',
      ['Dockerfile logging-package-too-old'],
    ],
    [
      'any version',
      'RUN python3.11 -m pip install astronomer-providers-logging',
      ['Dockerfile logging-package-missing'],
    ],
    ['in a later line', 'RUN pip install \\\n    pandas \\\n    "astronomer-providers-logging>=1.6.2"', []],
    ['in a heredoc', 'RUN <<EOF\npip install "astronomer-providers-logging>=1.6.2"\nEOF', []],
    ['a file of requirements', 'COPY requirements-prod.txt .\nRUN pip install -r requirements-prod.txt', []],
    ['a file at another place', 'RUN pip install --requirement=/usr/local/airflow/requirements-prod.txt', []],
    ['a file that is not there', 'RUN pip install -r other.txt', ['Dockerfile logging-package-missing']],
    ['another package', 'RUN pip install astronomer-providers-logging-tools', ['Dockerfile logging-package-missing']],
    ['nothing', 'RUN echo astronomer-providers-logging==1.6.4', ['Dockerfile logging-package-missing']],
    [
      'something when it runs',
      'CMD pip install astronomer-providers-logging==1.6.4',
      ['Dockerfile logging-package-missing'],
    ],
    ['it by another pip', 'RUN pip3.11 install astronomer-providers-logging==1.6.4', []],
    ['a folder of its name', 'RUN pip install ./astronomer-providers-logging', ['Dockerfile logging-package-missing']],
    [
      'a file of a longer name',
      'RUN pip install /tmp/astronomer_providers_logging_tools-2.0-py3-none-any.whl',
      ['Dockerfile logging-package-missing'],
    ],
    [
      'a limit and nothing that it limits',
      'RUN pip install -c requirements-prod.txt x',
      ['Dockerfile logging-package-missing'],
    ],
    ...['-c requirements-c.txt', '--constraint requirements-c.txt', '--constraints=/tmp/requirements-c.txt'].map(
      (option): [string, string, string[]] => [
        `a limit by ${option}`,
        `RUN uv pip install ${option} astronomer-providers-logging`,
        ['Dockerfile logging-package-missing', 'requirements-c.txt logging-package-too-old'],
      ],
    ),
    [
      'something in a comment',
      '# RUN pip install astronomer-providers-logging==1.6.4',
      ['Dockerfile logging-package-missing'],
    ],
  ])('%s', (_name, command, expected) => {
    const project = {
      Dockerfile: `${RUNTIME}11.7.0-base\n${command}\n`,
      'requirements-prod.txt': NEEDED,
      'requirements-c.txt': 'astronomer-providers-logging<1.6\n',
    };
    expect(codesOf(project)).toEqual(expected);
    for (const { fix } of lintProject(project).get('Dockerfile') ?? []) expect(fix).toBeUndefined();
  });

  it('reads no comments between its lines, whatever ends these', () => {
    for (const ending of ['\\', '`']) {
      const lines = [`RUN pip install x ${ending}`, '  # astronomer-providers-logging==1.5.1', '  y'];
      const project = { Dockerfile: `# escape=${ending}\n${RUNTIME}12.8.0\n${lines.join('\n')}\n` };
      expect(codesOf({ ...project, 'requirements.txt': NEEDED })).toEqual([]);
    }
  });

  it('points into the command', () => {
    const Dockerfile = `${RUNTIME}12.8.0\nRUN pip install \\\n  # c\n  astronomer-providers-logging==1.5.1 x\n`;
    expect(only({ Dockerfile })).toMatchObject({ code: 'logging-package-too-old', shown: '==1.5.1' });
  });
});

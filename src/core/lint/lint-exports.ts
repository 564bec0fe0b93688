import { t } from '@vscode/l10n';
import { hasReference } from '../env/judged-value';
import { isExportEnabled } from '../env/settings';
import type { ExportFacts } from '../export-facts';
import type { ExportSettings, ExportTarget } from '../export-settings';
import type { Finding } from '../finding';
import { makeFinding } from '../make-finding';
import { showValue } from '../text/show-value';
import type { TextRange } from '../text/text-range';
import { folderOf, nameOf, type SourceFile } from './source-file';
import type { SourceFiles } from './source-files';

/** What is wrong with a file's exports among those of the other files; for env files and deployment files alike. */
export function lintExports(file: SourceFile, files: SourceFiles): Finding[] {
  const own = files.exports.filter(each => each.file === file.path).flatMap(writerOf);
  if (own.length === 0) return [];
  const writers = files.exports.flatMap(writerOf);
  return [
    ...own.flatMap(writer => findSharedFolders(writer, writers)),
    ...own.flatMap(writer => findLocalExports(writer, files)),
  ];
}

/** An export that is switched on and names a folder, so that something writes there. */
interface Writer {
  readonly facts: ExportFacts;
  readonly target: ExportTarget;
  /** The folder's value in its file. */
  readonly range: TextRange;
}

/** Copies for people to fill in or to fall back on, which nothing reads. */
const NOT_IN_USE = /(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|bak|backup|orig|old)(?:[._-]|$)/i;

function writerOf(facts: ExportFacts): Writer[] {
  const { target, places, settings, file } = facts;
  const range = places.baseLogFolder;
  if (!target || !range || !isExportEnabled(settings) || hasReference(settings.baseLogFolder ?? '')) return [];
  return facts.deployment === undefined && NOT_IN_USE.test(nameOf(file)) ? [] : [{ facts, target, range }];
}

/** More places than a person looks at are not listed. */
const MOST_RELATED = 20;

/** Exports that write to the folder of another one, or to one inside the other. */
function findSharedFolders(writer: Writer, writers: readonly Writer[]): Finding[] {
  const { target, range, facts } = writer;
  const others = writers.filter(other => other.facts !== facts && !isSameExport(other.facts, facts));
  const inBucket = others.filter(other => other.target.bucket === target.bucket);
  const same = inBucket.filter(other => other.target.prefix === target.prefix);
  const outer = inBucket.filter(other => isInside(target, other.target));
  const inner = inBucket.filter(other => isInside(other.target, target));
  const findings: Finding[] = [];
  const [first] = same;
  if (first) {
    const message = t(
      'The export of {0} writes to this folder too: logs of the same DAG, run, task and attempt become one object.',
      nameFor(facts, first.facts),
    );
    findings.push(makeFinding('shared-log-folder', range, message, { related: related(facts, same) }));
  }
  const [around] = outer;
  if (around) {
    const message = t(
      'This folder lies inside the one of {0}: what lists, expires or deletes the logs there takes these along.',
      nameFor(facts, around.facts),
    );
    findings.push(
      makeFinding('shared-log-folder', range, message, { severity: 'warning', related: related(facts, outer) }),
    );
  }
  const [within] = inner;
  if (within) {
    const message = t(
      'The folder of {0} lies inside this one: what lists, expires or deletes the logs here takes those along.',
      nameFor(facts, within.facts),
    );
    findings.push(
      makeFinding('shared-log-folder', range, message, { severity: 'warning', related: related(facts, inner) }),
    );
  }
  return findings;
}

/** Prefixes are empty or end in a slash, so that `logs/` doesn't hold `logs-2/`. */
function isInside(inner: ExportTarget, outer: ExportTarget): boolean {
  return inner.prefix !== outer.prefix && inner.prefix.startsWith(outer.prefix);
}

const SETTINGS = ['enabled', 'baseLogFolder', 'roleArn', 'region'] as const satisfies (keyof ExportSettings)[];

/**
 * Whether a project's `.env` and a deployment file below it describe one export twice: the same settings in both. The
 * `.env` is what local runs read, which `local-env-enabled` tells.
 */
function isSameExport(a: ExportFacts, b: ExportFacts): boolean {
  const [env, deployment] = a.deployment === undefined ? [a, b] : [b, a];
  if (env.deployment !== undefined || deployment.deployment === undefined || nameOf(env.file) !== '.env') return false;
  const folder = folderOf(env.file);
  const isBelow = folder === folderOf(deployment.file) || deployment.file.startsWith(folder === '' ? '' : `${folder}/`);
  return isBelow && SETTINGS.every(name => (env.settings[name] ?? '') === (deployment.settings[name] ?? ''));
}

function related(facts: ExportFacts, others: readonly Writer[]) {
  return others.slice(0, MOST_RELATED).map(other => ({
    ...(other.facts.file === facts.file ? {} : { file: other.facts.file }),
    range: other.range,
    message: t('{0} writes here.', nameFor(facts, other.facts)),
  }));
}

/** A Deployment by its name, a file by its path from the other's folder on. */
function nameFor(from: ExportFacts, { file, deployment }: ExportFacts): string {
  if (deployment !== undefined) return showValue(deployment);
  const own = from.file.split('/').slice(0, -1);
  const parts = file.split('/');
  let common = 0;
  while (common < own.length && common < parts.length - 1 && own[common] === parts[common]) common++;
  return showValue(parts.slice(common).join('/'));
}

/**
 * The `.env` of an Astro project, which `astro dev start` reads: local runs write into the Deployment's folder.
 * https://www.astronomer.io/docs/astro/manage-env-vars
 */
function findLocalExports({ facts, target, range }: Writer, files: SourceFiles): Finding[] {
  if (facts.deployment !== undefined || nameOf(facts.file) !== '.env') return [];
  if (!isAstroProject(folderOf(facts.file), files)) return [];
  const message = t(
    'Local Airflow reads this file too: what runs by astro dev start writes to {0}, among the Deployment’s logs. A folder of its own for local runs keeps them apart.',
    showValue(`s3://${target.bucket}/${target.prefix}`),
  );
  return [makeFinding('local-env-enabled', range, message)];
}

/** Whether a folder is one that the Astro CLI runs: it has an image, the CLI's own settings or `[tool.astro]`. */
function isAstroProject(folder: string, files: SourceFiles): boolean {
  if (files.inFolder(folder, 'Dockerfile') || files.inFolder(folder, '.astro/config.yaml')) return true;
  return /^[ \t]*\[tool\.astro[\].]/m.test(files.inFolder(folder, 'pyproject.toml')?.text ?? '');
}

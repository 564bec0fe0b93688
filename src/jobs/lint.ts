import type { Dirent } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError, isExportError } from '../core/export-error';
import type { Finding } from '../core/finding';
import { fixAll } from '../core/fix-all';
import { type FileKind, kindOf, kindOfNamed, mayBeLinted } from '../core/lint/file-kind';
import { isLinted, lintFile } from '../core/lint/lint-files';
import type { SourceFile } from '../core/lint/source-file';
import { SourceFiles } from '../core/lint/source-files';
import { readAstroManifest } from '../core/project/pyproject';
import { requirementIncludes } from '../core/project/requirements-file';
import { readTextFile } from './read-text-file';

const SKIPPED_FOLDERS = ['.git', 'node_modules', '.venv', 'venv', '.virtualenv', 'virtualenv', '__pypackages__'];
const VENV_MARKERS = ['pyvenv.cfg', 'conda-meta'];

export interface LintInput {
  /** Files and folders. Files are reported by the path they were named by, or by their path below a named folder. */
  readonly paths: readonly string[];
  /** What relative paths start from. */
  readonly cwd: string;
  /** Applies the safe fixes to the files, and reports what is left. */
  readonly fix?: boolean;
}

export interface LintedFile {
  readonly file: string;
  /** As linted: after fixing, where that was asked. */
  readonly text: string;
  /** In the order of their places. */
  readonly findings: readonly Finding[];
  readonly fixed: number;
}

export interface LintResult {
  /** Every file that was linted, those without findings too, in the order of their paths. */
  readonly files: readonly LintedFile[];
  /** Named files that are of no kind that can be linted. */
  readonly skipped: readonly string[];
  /** Files and folders below the named ones that could not be read. */
  readonly errors: readonly ExportError[];
}

export interface LintOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (file: string) => void;
}

/**
 * Lints files, and every file of a known kind in folders: hidden and git-ignored ones too, but nothing in `.git`,
 * `node_modules` and virtual environments. Links to folders aren't followed.
 * Throws an {@link ExportError} `unreadable` for a path that isn't there, or a named file that isn't UTF-8 text, before
 * any file is changed.
 */
export async function lint(input: LintInput, options: LintOptions = {}): Promise<LintResult> {
  const errors: ExportError[] = [];
  const skipped: string[] = [];
  const found = await findFiles(input, errors, options.signal);
  const read: ReadFile[] = [];
  const others: SourceFile[] = [];
  for (const { file, absolute, isNamed } of found) {
    options.signal?.throwIfAborted();
    try {
      const source = { path: toSourcePath(absolute), text: await readTextFile(absolute) };
      const kind = isNamed ? kindOfNamed(source) : kindOf(source);
      if (kind !== undefined && isLinted(kind)) read.push({ file, absolute, source, kind });
      else if (isNamed) skipped.push(file);
      else others.push(source);
    } catch (error) {
      if (isNamed || !isExportError(error)) throw error;
      errors.push(error);
    }
  }
  const named = found.flatMap(each => (each.isNamed ? each.absolute : []));
  const context = await readContext(named, new Set(found.map(each => each.absolute)));
  await addIncluded(read, [...context, ...others]);
  read.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  let files = new SourceFiles([...context, ...others, ...read.map(each => each.source)]);
  const fixes = new Map<string, number>();
  for (const { file, absolute, source, kind } of input.fix ? read : []) {
    options.signal?.throwIfAborted();
    options.onProgress?.(file);
    const before = files;
    const { text, fixed } = fixAll(source.text, current => {
      const changed = { ...source, text: current };
      return lintFile(changed, kind, before.with(changed));
    });
    if (text === source.text) continue;
    await write(absolute, text);
    files = files.with({ ...source, text });
    fixes.set(file, fixed);
  }
  const linted = read.map(({ file, source, kind }) => {
    options.signal?.throwIfAborted();
    if (!input.fix) options.onProgress?.(file);
    const current = files.get(source.path) ?? source;
    return { file, text: current.text, findings: lintFile(current, kind, files), fixed: fixes.get(file) ?? 0 };
  });
  return { files: linted, skipped, errors };
}

/** A file that is linted. */
interface ReadFile {
  readonly file: string;
  readonly absolute: string;
  readonly source: SourceFile;
  readonly kind: FileKind;
}

function toSourcePath(absolute: string): string {
  return absolute.split(path.sep).join('/');
}

/** Files of a project that are judged together: the image, its requirements, and the marker of an Astro project. */
const PROJECT_FILE = /^(?:dockerfile(?:\..+)?|requirements.*\.txt|pyproject\.toml)$/i;
const PROJECT_MARKER = path.join('.astro', 'config.yaml');

/** What `scaffold` calls the policies of the export that `.env` beside them holds. */
const SCAFFOLDED_POLICY = /^secondary-logs-.*\.json$/;

/**
 * What has to be known beside the files that were named one by one: the other project files of their folders, the
 * `.env` beside them and beside a policy, and beside `.env` the policies that were written with it. They are looked at,
 * and not reported.
 */
async function readContext(named: readonly string[], known: ReadonlySet<string>): Promise<SourceFile[]> {
  const wanted = new Set<string>();
  for (const file of named) {
    const folder = path.dirname(file);
    const isEnv = path.basename(file) === '.env';
    if (/\.json$/i.test(file)) wanted.add(path.join(folder, '.env'));
    if (!PROJECT_FILE.test(path.basename(file)) && !isEnv) continue;
    const names = await readdir(folder).catch(() => []);
    if (isEnv)
      for (const name of names.filter(each => SCAFFOLDED_POLICY.test(each))) wanted.add(path.join(folder, name));
    for (const name of names.filter(name => PROJECT_FILE.test(name) || name === '.env'))
      wanted.add(path.join(folder, name));
    wanted.add(path.join(folder, PROJECT_MARKER));
  }
  const files: SourceFile[] = [];
  for (const absolute of wanted) {
    if (known.has(absolute)) continue;
    const text = await readTextFile(absolute).catch(() => undefined);
    if (text !== undefined) files.push({ path: toSourcePath(absolute), text });
  }
  return files;
}

/**
 * Adds the files that linted requirements files include, and the Dockerfiles that manifests name, whatever they are called
 * and wherever they lie: what is wrong in them is told there. One that isn't there or can't be read is left to the findings.
 */
async function addIncluded(read: ReadFile[], others: readonly SourceFile[]): Promise<void> {
  const linted = new Set(read.map(each => each.absolute));
  const texts = new Map(others.map(({ path, text }) => [path, text]));
  // The list grows while it is walked.
  for (const { file, absolute, source, kind } of read) {
    for (const include of namedIn(source.text, kind)) {
      const target = path.resolve(path.dirname(absolute), include.text);
      if (linted.has(target)) continue;
      const sourcePath = toSourcePath(target);
      const text = texts.get(sourcePath) ?? (await readTextFile(target).catch(() => undefined));
      if (text === undefined) continue;
      linted.add(target);
      const shown = path.isAbsolute(include.text) ? target : path.join(path.dirname(file), include.text);
      const named = kind === 'pyproject' ? 'dockerfile' : kind;
      // The name alone would not tell of a Dockerfile.
      const source = { path: sourcePath, text, ...(named === 'dockerfile' && { kind: named }) } as const;
      read.push({ file: shown, absolute: target, source, kind: named });
    }
  }
}

function namedIn(text: string, kind: FileKind): readonly { readonly text: string }[] {
  if (kind === 'requirements') return requirementIncludes(text);
  const dockerfile = kind === 'pyproject' ? readAstroManifest(text)?.dockerfile : undefined;
  return dockerfile ? [dockerfile] : [];
}

interface FoundFile {
  readonly file: string;
  readonly absolute: string;
  /** On the command line, not found in a folder. */
  readonly isNamed: boolean;
}

async function findFiles(input: LintInput, errors: ExportError[], signal?: AbortSignal): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const given of input.paths) {
    const absolute = path.resolve(input.cwd, given);
    const file = path.normalize(given);
    const kind = await stat(absolute).catch(cause => {
      const message = t('There is no file or folder {0}', given);
      throw new ExportError('unreadable', message, t('Give the path of an env file or a folder.'), { cause });
    });
    if (!kind.isDirectory()) {
      found.set(absolute, { file, absolute, isNamed: true });
      continue;
    }
    for await (const below of walk(absolute, errors, signal)) {
      const name = path.join(file, path.relative(absolute, below));
      if (!found.has(below)) found.set(below, { file: name, absolute: below, isNamed: false });
    }
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** The files below a folder whose names say that they can be linted. */
async function* walk(root: string, errors: ExportError[], signal?: AbortSignal): AsyncGenerator<string> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    const entries = await readdir(folder, { withFileTypes: true }).catch(cause => {
      const message = t('The folder could not be read: {0}', folder);
      errors.push(new ExportError('unreadable', message, t('Make the folder readable for you.'), { cause }));
      return [];
    });
    if (folder !== root && entries.some(entry => VENV_MARKERS.includes(entry.name))) continue;
    for (const entry of entries) {
      const child = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.includes(entry.name)) folders.push(child);
      } else if (mayBeLinted(entry.name) && (await isFile(child, entry))) {
        yield child;
      }
    }
  }
}

/** A file, or a link to one or to nothing (which is then told); no pipe or socket, whose end would never come. */
async function isFile(child: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(child).catch(() => undefined);
  return target?.isFile() ?? true;
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch(cause => {
    const message = t('The fixed file could not be written: {0}', file);
    throw new ExportError('unreadable', message, t('Make the file writable for you.'), { cause });
  });
}

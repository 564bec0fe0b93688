import type { Dirent } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { lintEnv } from '../core/env/lint-env';
import { ExportError, isExportError } from '../core/export-error';
import type { Finding } from '../core/finding';
import { fixAll } from '../core/fix-all';
import { compareFindings } from '../core/make-finding';
import { readTextFile } from './read-text-file';

/** What lints one kind of file. A further kind is a further row in {@link LINTERS}. */
interface FileLinter {
  /** Whether the name (without folder, in small letters) says that a file is of this kind. */
  hasName(name: string): boolean;
  /** Whether a file that was named on the command line, and whose name says nothing, looks like one. */
  hasContent(text: string): boolean;
  lint(text: string): Finding[];
}

const ENV_LINTER: FileLinter = {
  hasName: name => name === '.env' || name.startsWith('.env.') || name.endsWith('.env'),
  hasContent: text => /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=/m.test(text),
  lint: text => lintEnv(text),
};

const LINTERS: readonly FileLinter[] = [ENV_LINTER];

/** Names of files of other kinds, which are not taken for env files because they hold an assignment somewhere. */
const OTHER_KINDS =
  /^dockerfile|^requirements.*\.txt$|\.(?:json|ya?ml|toml|md|py|sh|js|ts|tf|cfg|ini|log|html|xml|csv)$/;

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
  const read: { file: string; absolute: string; text: string; linter: FileLinter }[] = [];
  for (const { file, absolute, isNamed } of found) {
    options.signal?.throwIfAborted();
    try {
      const text = await readTextFile(absolute);
      const linter = linterFor(path.basename(absolute), text);
      if (linter) read.push({ file, absolute, text, linter });
      else skipped.push(file);
    } catch (error) {
      if (isNamed || !isExportError(error)) throw error;
      errors.push(error);
    }
  }
  const files: LintedFile[] = [];
  for (const { file, absolute, text, linter } of read) {
    options.signal?.throwIfAborted();
    options.onProgress?.(file);
    const fixed = input.fix ? fixAll(text, linter.lint) : { text, fixed: 0 };
    if (fixed.text !== text) await write(absolute, fixed.text);
    files.push({ file, text: fixed.text, findings: linter.lint(fixed.text).sort(compareFindings), fixed: fixed.fixed });
  }
  return { files, skipped, errors };
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
      } else if (LINTERS.some(linter => linter.hasName(entry.name.toLowerCase())) && (await isFile(child, entry))) {
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

function linterFor(fileName: string, text: string): FileLinter | undefined {
  const name = fileName.toLowerCase();
  const byName = LINTERS.find(linter => linter.hasName(name));
  return byName ?? (OTHER_KINDS.test(name) ? undefined : LINTERS.find(linter => linter.hasContent(text)));
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch(cause => {
    const message = t('The fixed file could not be written: {0}', file);
    throw new ExportError('unreadable', message, t('Make the file writable for you.'), { cause });
  });
}

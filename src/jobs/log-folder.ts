import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { parseLogKey } from '../core/logs/log-key';

/** A file that Airflow's task handler wrote, and the key that its S3 handler gives it. */
export interface LocalLog {
  readonly path: string;
  /** The object's whole key, prefix included. */
  readonly key: string;
}

/** A folder or file that could not be looked at. */
interface UnreadablePlace {
  readonly path: string;
  readonly key: string;
  readonly message: string;
}

export interface LogFolder {
  /** In the order of their keys. */
  readonly logs: readonly LocalLog[];
  /** How many other files lie there: the scheduler's and the DAG processor's logs, a desktop's leftovers. */
  readonly ignored: number;
  readonly unreadable: readonly UnreadablePlace[];
}

/** Milliseconds to work before other work of the process gets a turn. */
const SLICE = 15;

/** What every key of today's template begins with, after the prefix. */
const ANCHOR = 'dag_id=';

/**
 * Finds the task logs under a folder, which may be Airflow's base log folder, contain it, or lie in it.
 * The key is `prefix` and the path from the base log folder on, with `/`. Symbolic links are followed, loops are not.
 * Throws an ExportError `unreadable` where the folder isn't one, `cancelled` when stopped.
 * https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/logging-tasks.html
 */
export async function findTaskLogs(folder: string, prefix: string, signal?: AbortSignal): Promise<LogFolder> {
  const root = path.resolve(folder);
  assertFolder(root, folder);
  const logs: LocalLog[] = [];
  const unreadable: UnreadablePlace[] = [];
  let ignored = 0;
  let sliceEnd = performance.now() + SLICE;

  const above = root.split(path.sep);
  const anchor = above.findIndex(name => name.startsWith(ANCHOR));
  const start = anchor < 0 ? [] : above.slice(anchor);

  async function walk(at: string, segments: readonly string[], ancestors: readonly string[]): Promise<void> {
    if (performance.now() > sliceEnd) {
      await nextTurn();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch (error) {
      unreadable.push({ path: at, key: keyOf(segments), message: reason(error) });
      return;
    }
    for (const entry of entries) {
      const file = `${at}${path.sep}${entry.name}`;
      const inner = [...segments, entry.name];
      const kind = entry.isSymbolicLink()
        ? linkKind(file)
        : entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'folder'
            : 'other';
      if (kind === 'folder') {
        const real = entry.isSymbolicLink() ? realpathSync(file) : file;
        if (!ancestors.includes(real)) await walk(file, inner, [...ancestors, real]);
        continue;
      }
      const key = kind === 'other' ? undefined : logKey(inner, prefix);
      if (key === undefined) ignored++;
      else if (kind === 'broken') unreadable.push({ path: file, key, message: t('the link leads nowhere: {0}', file) });
      else logs.push({ path: file, key });
    }
  }

  const keyOf = (segments: readonly string[]) => `${prefix}${segments.slice(anchorOf(segments)).join('/')}`;
  await walk(root, start, [realpathSync(root)]);
  logs.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.path < b.path ? -1 : 1));
  return { logs, ignored, unreadable };
}

function assertFolder(root: string, shown: string): void {
  const nextStep = t('Name the folder that Airflow writes its task logs to.');
  let isFolder: boolean;
  try {
    isFolder = statSync(root).isDirectory();
  } catch (cause) {
    throw new ExportError('unreadable', t('there is no folder {0}', shown), nextStep, { cause });
  }
  if (!isFolder) throw new ExportError('unreadable', t('not a folder: {0}', shown), nextStep);
}

function linkKind(file: string): 'file' | 'folder' | 'other' | 'broken' {
  try {
    const stat = statSync(file);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'broken';
  }
}

function anchorOf(segments: readonly string[]): number {
  return Math.max(
    0,
    segments.findIndex(name => name.startsWith(ANCHOR)),
  );
}

/** The key of a task log; undefined for a file that is none. */
function logKey(segments: readonly string[], prefix: string): string | undefined {
  const anchor = segments.findIndex(name => name.startsWith(ANCHOR));
  if (anchor >= 0) {
    const key = `${prefix}${segments.slice(anchor).join('/')}`;
    return parseLogKey(key, prefix) ? key : undefined;
  }
  // The template before Airflow 2.3 has no names to tell where the base ends: the longest path that fits it counts.
  for (let from = 0; from < segments.length; from++) {
    const key = `${prefix}${segments.slice(from).join('/')}`;
    if (parseLogKey(key, prefix)) return key;
  }
  return undefined;
}

/** Why the file system refused, without a stack. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return t('the file is gone');
  if (code === 'EACCES' || code === 'EPERM') return t('no permission to read the file');
  return code ? t('the file cannot be read: {0}', code) : message;
}

import type { FileKind } from './file-kind';

/** One file as a linter sees it. */
export interface SourceFile {
  /** With `/` between folders, on every system. All files of one run are named from the same root. */
  readonly path: string;
  readonly text: string;
  /** What it is, where that is known otherwise than by name and content: an editor has languages and settings. */
  readonly kind?: FileKind;
}

/** The folder of a path; empty for a path without one. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The name of a path without its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path from a folder and a name (or a path below the folder). */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** How many folders one has to go up and down from one file's folder to another's. */
export function folderDistance(a: string, b: string): number {
  const left = a.split('/').slice(0, -1);
  const right = b.split('/').slice(0, -1);
  let common = 0;
  while (common < left.length && common < right.length && left[common] === right[common]) common++;
  return left.length + right.length - 2 * common;
}

/** The path that a file names from its own folder: `../base.txt` from `a/b` is `a/base.txt`. */
export function resolvePath(folder: string, relative: string): string {
  const named = relative.replaceAll('\\', '/');
  const isAbsolute = named.startsWith('/') || folder.startsWith('/');
  const parts = named.startsWith('/') ? [] : folder.split('/').filter(part => part !== '');
  for (const part of named.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`;
}

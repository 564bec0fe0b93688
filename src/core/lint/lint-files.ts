import { lintDeployment } from '../deployment/lint-deployment';
import { lintWholeEnv } from '../env/lint-env';
import type { Finding } from '../finding';
import { lintPolicy } from '../iam/lint/lint-policy';
import { compareFindings } from '../make-finding';
import { lintProjectFile } from '../project/lint-project';
import type { FileKind } from './file-kind';
import { lintExports } from './lint-exports';
import type { SourceFile } from './source-file';
import type { SourceFiles } from './source-files';

/** Lints one file among the others, which it may look at. Never throws, whatever the text. */
type FileLinter = (file: SourceFile, files: SourceFiles) => readonly Finding[];

/** What lints each kind of file. */
const LINTERS: Readonly<Partial<Record<FileKind, FileLinter>>> = {
  deployment: (file, files) => [...lintDeployment(file.text), ...lintExports(file, files)],
  dockerfile: lintProjectFile,
  requirements: lintProjectFile,
  pyproject: lintProjectFile,
  policy: lintPolicy,
  env: (file, files) => [...lintWholeEnv(file.text), ...lintExports(file, files)],
};

/** The findings of one file among the others, in the order of their places. */
export function lintFile(file: SourceFile, kind: FileKind, files: SourceFiles): Finding[] {
  return [...(LINTERS[kind]?.(file, files) ?? [])].sort(compareFindings);
}

/**
 * As {@link lintFile}, in steps between which other work can be done, or the rest be given up. The first gives what
 * the text alone tells, and is cheap enough for every keystroke.
 */
export function* lintInSteps(file: SourceFile, kind: FileKind, files: SourceFiles): Generator<void, Finding[]> {
  yield;
  return lintFile(file, kind, files);
}

/** Whether files of a kind are linted at all. */
export function isLinted(kind: FileKind): boolean {
  return LINTERS[kind] !== undefined;
}

import { lintDeployment } from '../deployment/lint-deployment';
import { lintWholeEnv } from '../env/lint-env';
import type { Finding } from '../finding';
import { lintPolicy } from '../iam/lint/lint-policy';
import { compareFindings } from '../make-finding';
import { lintProjectFile } from '../project/lint-project';
import type { FileKind } from './file-kind';
import { lintExports } from './lint-exports';
import { findPolicyDisagreements } from './policy-disagreements';
import type { SourceFile } from './source-file';
import type { SourceFiles } from './source-files';

/** Lints one file among the others, which it may look at. Never throws, whatever the text. */
type FileLinter = (file: SourceFile, files: SourceFiles) => readonly Finding[];

/** What lints each kind of file. */
const LINTERS: Readonly<Partial<Record<FileKind, FileLinter>>> = {
  env: ({ text }) => lintWholeEnv(text),
  deployment: ({ text }) => lintDeployment(text),
  dockerfile: lintProjectFile,
  requirements: lintProjectFile,
  pyproject: lintProjectFile,
  policy: lintPolicy,
};

/** What only several files together tell, of the kinds that state an export. */
const ACROSS_FILES: Readonly<Partial<Record<FileKind, readonly FileLinter[]>>> = {
  env: [lintExports, findPolicyDisagreements],
  deployment: [lintExports, findPolicyDisagreements],
};

/** The findings of one file among the others, in the order of their places. */
export function lintFile(file: SourceFile, kind: FileKind, files: SourceFiles): Finding[] {
  const linters = [LINTERS[kind], ...(ACROSS_FILES[kind] ?? [])];
  return linters.flatMap(linter => linter?.(file, files) ?? []).sort(compareFindings);
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

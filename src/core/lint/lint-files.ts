import { lintDeployment } from '../deployment/lint-deployment';
import { lintReadingsInSteps } from '../env/lint-readings';
import type { Finding } from '../finding';
import { lintPolicy } from '../iam/lint/lint-policy';
import { compareFindings } from '../make-finding';
import { lintProjectFile } from '../project/lint-project';
import type { FileKind } from './file-kind';
import { lintAtOnce } from './lint-at-once';
import { lintExports } from './lint-exports';
import { findPolicyDisagreements } from './policy-disagreements';
import type { SourceFile } from './source-file';
import type { SourceFiles } from './source-files';

/** Findings that come in steps, between which other work can be done, or the rest be given up. */
type Steps = Generator<undefined, readonly Finding[], void>;

/** Finds something in one file among the others, which it may look at. Never throws, whatever the text. */
type FileLinter = (file: SourceFile, files: SourceFiles) => readonly Finding[] | Steps;

/** What lints each kind of file, beside {@link lintAtOnce}: what takes longer than a keystroke, or looks at other files. */
const LINTERS: Readonly<Partial<Record<FileKind, readonly FileLinter[]>>> = {
  env: [({ text }) => lintReadingsInSteps(text), lintExports, findPolicyDisagreements],
  deployment: [({ text }) => lintDeployment(text), lintExports, findPolicyDisagreements],
  dockerfile: [lintProjectFile],
  requirements: [lintProjectFile],
  pyproject: [lintProjectFile],
  policy: [lintPolicy],
};

/** The findings of one file among the others, in the order of their places. */
export function lintFile(file: SourceFile, kind: FileKind, files: SourceFiles): Finding[] {
  const steps = deriveInSteps(file, kind, files);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return [...lintAtOnce(file, kind), ...value].sort(compareFindings);
  }
}

/** The findings that {@link lintAtOnce} doesn't give, with a pause after each step, at which an editor may give up. */
export function* deriveInSteps(file: SourceFile, kind: FileKind, files: SourceFiles): Steps {
  const findings: Finding[] = [];
  for (const lint of LINTERS[kind] ?? []) {
    const found = lint(file, files);
    findings.push(...('next' in found ? yield* found : found));
    yield;
  }
  return findings.sort(compareFindings);
}

/** Whether files of a kind are linted at all. */
export function isLinted(kind: FileKind): boolean {
  return LINTERS[kind] !== undefined;
}

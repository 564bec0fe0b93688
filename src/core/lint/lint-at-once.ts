import { lintEnv } from '../env/lint-env';
import type { Finding } from '../finding';
import type { FileKind } from './file-kind';
import type { SourceFile } from './source-file';

/** What a file's text alone tells, cheaply enough for every keystroke. */
const LINTERS: Readonly<Partial<Record<FileKind, (file: SourceFile) => readonly Finding[]>>> = {
  env: ({ text }) => lintEnv(text),
};

/** Those findings of a file that can be renewed at every keystroke. */
export function lintAtOnce(file: SourceFile, kind: FileKind): readonly Finding[] {
  return LINTERS[kind]?.(file) ?? [];
}

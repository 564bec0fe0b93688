import type { Finding } from '../../../src/core/finding';
import { lintFile } from '../../../src/core/lint/lint-files';
import { SourceFiles } from '../../../src/core/lint/source-files';

/** All findings of an env file that is linted by itself: of its text, and of what the commands read. */
export function lintWholeEnv(text: string): Finding[] {
  const file = { path: 'x.env', text };
  return lintFile(file, 'env', new SourceFiles([file]));
}

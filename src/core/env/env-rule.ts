import type { Finding } from '../finding';
import type { ExportLines } from './export-lines';

export interface EnvLintOptions {
  /** The ARN of the identity that the Deployment runs as, where it is known. */
  readonly deploymentIdentity?: string;
}

/** One rule: what it finds in a file that has at least one of the export's lines. Pure, and linear in the file's size. */
export type EnvRule = (lines: ExportLines, options: EnvLintOptions) => Finding[];

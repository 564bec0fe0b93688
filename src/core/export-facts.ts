import type { ExportSettings, ExportTarget } from './export-settings';
import type { TextRange } from './text/text-range';

/** One export as a file states it: what its variables say, and where. */
export interface ExportFacts {
  /** The path of the env file or deployment file. */
  readonly file: string;
  /** The Deployment's name, for an export of a deployment file. */
  readonly deployment?: string;
  readonly settings: ExportSettings;
  /** The place of each value, without its quotes. */
  readonly places: Readonly<Partial<Record<keyof ExportSettings, TextRange>>>;
  /** Present where the variables name a bucket. */
  readonly target?: ExportTarget;
}

import type { FindingCode, Severity } from './finding-table';
import type { TextEdit, TextRange } from './text/text-range';

/** A safe repair: edits of the finding's own file, which change nothing but what the title names. */
export interface Fix {
  /** Imperative and short, as a quick fix is shown: "Replace the non-breaking hyphens". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Another place that explains a finding: the other end of a mismatch, the first of two duplicates. */
export interface RelatedPlace {
  /** The file the place is in; absent for the finding's own file. */
  readonly file?: string;
  readonly range: TextRange;
  readonly message: string;
}

/** One diagnostic. The range is exactly what is wrong, in UTF-16 offsets of the file's text. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What happens because of the mistake, not only that it is one. */
  readonly message: string;
  readonly range: TextRange;
  readonly related?: readonly RelatedPlace[];
  /** The safe fix, applied by "fix all" and `lint --fix` too. */
  readonly fix?: Fix;
  /** Other repairs a person may choose; never applied unasked. */
  readonly alternatives?: readonly Fix[];
  /** Address of the page that explains the rule. */
  readonly docs: string;
}

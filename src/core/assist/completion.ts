import type { TextRange } from '../text/text-range';

/** One text that can be put where a person types. */
export interface CompletionProposal {
  readonly kind: 'key' | 'value';
  /** As it is listed. */
  readonly label: string;
  /** Behind the label: what it is, or which file it comes from. */
  readonly detail?: string;
  /** Markdown beside the list. */
  readonly documentation?: string;
  readonly newText: string;
  /** What typed letters are compared with, where that is more than the label. */
  readonly filter?: string;
}

/** Proposals in their order, and what they take the place of. */
export interface CompletionList {
  readonly range: TextRange;
  readonly proposals: readonly CompletionProposal[];
}

/** What other files of a workspace know that a value may be. */
export interface KnownValues {
  /** `s3://bucket/folder`, with the file that names it. */
  readonly folders: readonly NamedValue[];
  /** Role ARNs, or the beginning of one, with what they are. */
  readonly roles: readonly NamedValue[];
}

export interface NamedValue {
  readonly value: string;
  readonly detail: string;
}

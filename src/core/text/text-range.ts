/** A stretch of a text, as UTF-16 offsets: `start` inclusive, `end` exclusive. The one position type of the project. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A zero-based line and a zero-based UTF-16 column, as editors and the command line's JSON use them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Replaces `range` by `newText`. An empty range inserts, an empty text deletes. */
export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/** Applies edits that don't overlap; their ranges all refer to `text` as it is. Throws a RangeError where two overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let result = '';
  let from = 0;
  for (const edit of sorted) {
    if (edit.range.start < from) throw new RangeError(`edits overlap at offset ${edit.range.start}`);
    result += text.slice(from, edit.range.start) + edit.newText;
    from = edit.range.end;
  }
  return result + text.slice(from);
}

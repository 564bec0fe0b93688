import { type Node, parseTree } from 'jsonc-parser';
import { applyEdits, type TextEdit, type TextRange } from '../../text/text-range';
import { type Puzzle, type Repair, repairJson } from './json-repair';

/** A policy's text as it was read: put right where that was plain, with ranges that lead back to the text itself. */
export interface PolicySource {
  readonly text: string;
  /** The JSON that {@link root} was read from. */
  readonly repaired: string;
  readonly repairs: readonly Repair[];
  /** Why it could not be read; then there is no {@link root}. */
  readonly puzzle?: Puzzle;
  readonly root?: Node;
  /** Where a stretch of {@link repaired} stands in the text. */
  place(range: TextRange): TextRange;
}

/** Characters beyond which no policy is read: about twice what IAM takes of any. */
export const MOST_CHARACTERS = 60_000;

/** Reads a policy's JSON tolerantly. */
export function readPolicySource(text: string): PolicySource {
  const same = (range: TextRange) => range;
  if (isJson(text)) {
    return { text, repaired: text, repairs: [], root: parseTreeOf(text), place: same };
  }
  const { repairs, puzzle } = repairJson(text);
  if (puzzle) return { text, repaired: text, repairs: [], puzzle, place: same };
  const edits = repairs.flatMap(repair => repair.edits);
  const repaired = applyEdits(text, edits);
  if (!isJson(repaired)) {
    // A string with an escape that JSON doesn't know, or a number that is none.
    const range = firstErrorOf(repaired) ?? { start: 0, end: Math.min(1, text.length) };
    return { text, repaired: text, repairs: [], puzzle: { kind: 'puzzle', range: backOf(edits)(range) }, place: same };
  }
  return { text, repaired, repairs, root: parseTreeOf(repaired), place: backOf(edits) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Undefined where brackets lie deeper in one another than the call stack goes: that is no policy. */
function parseTreeOf(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch {
    return undefined;
  }
}

function firstErrorOf(text: string): TextRange | undefined {
  const errors: { offset: number; length: number }[] = [];
  parseTree(text, errors as Parameters<typeof parseTree>[1]);
  const [first] = errors;
  return first && { start: first.offset, end: first.offset + first.length };
}

/** Leads ranges of an edited text back to the text before; what an edit has put in becomes the place of the edit. */
function backOf(edits: readonly TextEdit[]): (range: TextRange) => TextRange {
  const sorted = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const spans: { readonly start: number; readonly end: number; readonly origin: TextRange }[] = [];
  let shift = 0;
  for (const { range, newText } of sorted) {
    const start = range.start + shift;
    spans.push({ start, end: start + newText.length, origin: range });
    shift += newText.length - (range.end - range.start);
  }
  const back = (offset: number, isEnd: boolean): number => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      const { start } = spans[mid] as { start: number };
      if (isEnd ? start < offset : start <= offset) low = mid + 1;
      else high = mid;
    }
    const span = spans[low - 1];
    if (!span) return offset;
    if (offset >= span.end) return span.origin.end + (offset - span.end);
    return isEnd ? span.origin.end : span.origin.start;
  };
  return ({ start, end }) => {
    const from = back(start, false);
    return { start: from, end: Math.max(from, back(end, true)) };
  };
}

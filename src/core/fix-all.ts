import type { Finding } from './finding';
import { applyEdits, type TextEdit } from './text/text-range';

/** The fixed text, and how many findings were fixed. */
export interface FixedText {
  readonly text: string;
  readonly fixed: number;
}

/** More rounds than any file needs: each fix can uncover one that waited for it. */
const MOST_ROUNDS = 20;

/**
 * Applies the safe fixes of a text until none is left. Of fixes that touch the same place, the first is applied and
 * the others are judged again afterwards; a fix that two findings share is applied once.
 */
export function fixAll(text: string, lint: (text: string) => readonly Finding[]): FixedText {
  let current = text;
  let fixed = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { edits, count } = chooseEdits(lint(current));
    if (edits.length === 0) break;
    current = applyEdits(current, edits);
    fixed += count;
  }
  return { text: current, fixed };
}

function chooseEdits(findings: readonly Finding[]): { edits: TextEdit[]; count: number } {
  const chosen: TextEdit[] = [];
  let count = 0;
  for (const { fix } of findings) {
    if (!fix || fix.edits.length === 0) continue;
    const places = fix.edits.map(edit => placeOf(chosen, edit));
    const isKnown = fix.edits.every((edit, i) => isSame(chosen[places[i] as number], edit));
    if (!isKnown && fix.edits.some((edit, i) => !isFree(chosen, places[i] as number, edit))) continue;
    if (!isKnown) for (const edit of fix.edits) chosen.splice(placeOf(chosen, edit), 0, edit);
    count++;
  }
  return { edits: chosen, count };
}

/** Where an edit belongs among sorted ones: before the first that doesn't begin before it. */
function placeOf(sorted: readonly TextEdit[], edit: TextEdit): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((sorted[mid] as TextEdit).range.start < edit.range.start) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Whether no chosen edit overlaps this one, or meets it where one of them inserts, so that their order would matter. */
function isFree(sorted: readonly TextEdit[], place: number, edit: TextEdit): boolean {
  return [sorted[place - 1], sorted[place]].every(each => each === undefined || !touches(each, edit));
}

function touches(a: TextEdit, b: TextEdit): boolean {
  const hasInsertion = a.range.start === a.range.end || b.range.start === b.range.end;
  return hasInsertion
    ? a.range.start <= b.range.end && b.range.start <= a.range.end
    : a.range.start < b.range.end && b.range.start < a.range.end;
}

function isSame(a: TextEdit | undefined, b: TextEdit): boolean {
  return a?.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText;
}

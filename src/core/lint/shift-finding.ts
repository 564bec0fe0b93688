import type { Finding, Fix } from '../finding';
import type { TextEdit, TextRange } from '../text/text-range';

/**
 * A finding where it stands after an edit of its file; undefined where the edit reached into it, which may have
 * repaired it. A fix or a place beside it that the edit reached into is left out.
 */
export function shiftFinding(finding: Finding, edit: TextEdit): Finding | undefined {
  const range = shiftRange(finding.range, edit);
  if (!range) return undefined;
  const { related, fix, alternatives, ...own } = finding;
  const shiftedFix = fix && shiftFix(fix, edit);
  return {
    ...own,
    range,
    ...(related
      ? {
          related: related.flatMap(place => {
            const at = place.file === undefined ? shiftRange(place.range, edit) : place.range;
            return at ? { ...place, range: at } : [];
          }),
        }
      : {}),
    ...(shiftedFix ? { fix: shiftedFix } : {}),
    ...(alternatives ? { alternatives: alternatives.flatMap(each => shiftFix(each, edit) ?? []) } : {}),
  };
}

function shiftFix(fix: Fix, edit: TextEdit): Fix | undefined {
  const edits: TextEdit[] = [];
  for (const each of fix.edits) {
    const range = shiftRange(each.range, edit);
    if (!range) return undefined;
    edits.push({ ...each, range });
  }
  return { ...fix, edits };
}

function shiftRange({ start, end }: TextRange, edit: TextEdit): TextRange | undefined {
  if (edit.range.start >= end && edit.range.end > start) return { start, end };
  if (edit.range.end > start) return undefined;
  const by = edit.newText.length - (edit.range.end - edit.range.start);
  return { start: start + by, end: end + by };
}

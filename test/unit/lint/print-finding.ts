import type { Finding, Fix } from '../../../src/core/finding';
import { LineIndex } from '../../../src/core/text/line-index';
import type { TextRange } from '../../../src/core/text/text-range';

/** All that a person sees of a finding: where it is and what it says, and what each offer would write where. */
export function printFinding(text: string, finding: Finding, mark = ''): string {
  const { code, severity, range, message, related = [], fix, alternatives = [] } = finding;
  const index = new LineIndex(text);
  const lines = [`${placeOf(range)} ${severity} ${code}${mark}`, `  ${message}`];
  for (const each of related) lines.push(`  see ${each.file ?? placeOf(each.range)}: ${each.message}`);
  if (fix) lines.push(...offer('fix', fix));
  for (const each of alternatives) lines.push(...offer('or', each));
  return lines.map(line => `${line}\n`).join('');

  function placeOf(place: TextRange): string {
    const { start, end } = index.rangeAt(place);
    return `${start.line}:${start.character}-${end.line}:${end.character}`;
  }

  function offer(kind: string, { title, edits }: Fix): string[] {
    const written = edits.map(edit => `    ${placeOf(edit.range)} ${JSON.stringify(edit.newText)}`);
    return [`  ${kind}: ${title}`, ...written];
  }
}

import { lintDeployment } from '../../../src/core/deployment/lint-deployment';
import { LineIndex } from '../../../src/core/text/line-index';

/** One line a finding: its place, what it is, and the text it points at. */
export function printFindings(text: string): string {
  const index = new LineIndex(text);
  const lines = lintDeployment(text).map(({ code, severity, range, fix, alternatives = [] }) => {
    const { start, end } = index.rangeAt(range);
    const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
    const extras = `${fix ? ' fixable' : ''}${alternatives.length > 0 ? ` ${alternatives.length} alternatives` : ''}`;
    return `${place} ${severity} ${code}${extras} ${JSON.stringify(text.slice(range.start, range.end))}\n`;
  });
  return lines.join('');
}

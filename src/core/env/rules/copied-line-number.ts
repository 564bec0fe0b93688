import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { TextRange } from '../../text/text-range';
import { canBePutRight, type ExportLines } from '../export-lines';

/** `12# Optional …`: a comment of the documentation's example with its number, which makes it no comment. */
const NUMBERED_COMMENT = /^\d{1,3}(?=[ \t]*#)/;

/** Line numbers of a web page that came along when its example was copied. */
export function findCopiedLineNumbers(all: ExportLines): Finding[] {
  const { document, lines } = all;
  const findings: Finding[] = [];
  for (const line of lines) {
    const { numberRange } = line;
    if (!numberRange) continue;
    const message = t('The line number became part of the name, so no command sets the variable.');
    findings.push(
      makeFinding(
        'copied-line-number',
        numberRange,
        message,
        canBePutRight(all, line) ? { fix: removeFix(numberRange) } : {},
      ),
    );
  }
  for (const line of document.lines) {
    const first = document.text.charCodeAt(line.indentEnd);
    if (line.indentEnd === line.end || first < 48 || first > 57) continue;
    const digits = NUMBERED_COMMENT.exec(document.text.slice(line.indentEnd, line.indentEnd + 20))?.[0];
    if (digits === undefined) continue;
    const range = { start: line.indentEnd, end: line.indentEnd + digits.length };
    const message = t(
      'The line number makes this no comment: some of the Astro commands refuse the file, others fail on it.',
    );
    findings.push(makeFinding('copied-line-number', range, message, { fix: removeFix(range) }));
  }
  return findings;
}

function removeFix(range: TextRange) {
  return { title: t('Remove the line number'), edits: [{ range, newText: '' }] };
}

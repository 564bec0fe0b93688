import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { findLookAlikes, type LookAlike, nameCharacter } from '../../text/look-alikes';
import type { TextRange } from '../../text/text-range';
import type { ExportLines } from '../export-lines';

/** `non-ascii`: characters that a web page, a chat or a word processor put in place of the right ones. */
export function findLookAlikeCharacters({ document, lines }: ExportLines): Finding[] {
  const findings: Finding[] = [];
  if (document.hasBom) {
    const range = { start: 0, end: 1 };
    const message = t(
      'The file begins with {0}, which --load and astro dev start --standalone take for a part of the first line’s name.',
      nameCharacter(0xfeff),
    );
    findings.push(makeFinding('non-ascii', range, message, { fix: replaceFix(range, '', nameCharacter(0xfeff)) }));
  }
  for (const line of lines) {
    for (const found of lookAlikesOfName(document.text, line.nameRange)) {
      const message = t('The name holds {0}, so Airflow does not find the variable.', found.name);
      findings.push(makeFinding('non-ascii', rangeOf(found), message, { fix: fixOf(found) }));
    }
    for (const found of line.value?.lookAlikes ?? []) {
      const message =
        found.replacement === ''
          ? t(
              'The value holds {0}, which every Astro command passes on as it is: it becomes another value.',
              found.name,
            )
          : t(
              '{0} only looks like {1}, and every Astro command passes it on as it is: it becomes another value.',
              found.name,
              found.replacement,
            );
      findings.push(makeFinding('non-ascii', rangeOf(found), message, { fix: fixOf(found) }));
    }
  }
  return findings;
}

function lookAlikesOfName(source: string, name: TextRange): LookAlike[] {
  const text = source.slice(name.start, name.end);
  return findLookAlikes(text, { letters: true }).map(found => {
    const isAtEdge = text.slice(0, found.start).trim() === '' || text.slice(found.end).trim() === '';
    const replacement = isAtEdge ? found.replacement.trim() : found.replacement;
    return { ...found, replacement, start: name.start + found.start, end: name.start + found.end };
  });
}

function rangeOf({ start, end }: LookAlike): TextRange {
  return { start, end };
}

function fixOf(found: LookAlike): Fix {
  return replaceFix(rangeOf(found), found.replacement, found.name);
}

function replaceFix(range: TextRange, replacement: string, name: string): Fix {
  const title = replacement === '' ? t('Remove {0}', name) : t('Replace {0} by {1}', name, replacement);
  return { title, edits: [{ range, newText: replacement }] };
}

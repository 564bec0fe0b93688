import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { findLookAlikes, type LookAlike, nameCharacter } from '../../text/look-alikes';
import type { TextRange } from '../../text/text-range';
import type { ExportLines } from '../export-lines';
import type { ExportVariable, ExportVariables } from '../export-variables';

const MOST_OF_A_VALUE = 100;

/** `non-ascii`: characters that a web page, a chat or a word processor put in place of the right ones. */
export function findLookAlikeCharacters({ variables }: ExportVariables): Finding[] {
  const findings: Finding[] = [];
  for (const variable of variables) {
    for (const found of lookAlikesOfName(variable)) {
      const message = t('The name holds {0}, so Airflow does not find the variable.', found.name);
      findings.push(makeFinding('non-ascii', rangeOf(found), message, { fix: fixOf(found) }));
    }
    findings.push(...findInValue(variable.value?.lookAlikes ?? []));
  }
  return findings;
}

/** `non-ascii`: a byte order mark before the first line. */
export function findByteOrderMark({ document }: ExportLines): Finding[] {
  if (!document.hasBom) return [];
  // More than one where files that had each its own were joined.
  const range = { start: 0, end: /^\ufeff+/.exec(document.text)?.[0].length ?? 1 };
  const message = t(
    'The file begins with {0}, which --load and astro dev start --standalone take for a part of the first line’s name.',
    nameCharacter(0xfeff),
  );
  return [makeFinding('non-ascii', range, message, { fix: replaceFix(range, '', nameCharacter(0xfeff)) })];
}

/** One finding a run; one for all where they are so many that nobody would look at each. */
function findInValue(all: readonly LookAlike[]): Finding[] {
  const [first] = all;
  if (first && all.length > MOST_OF_A_VALUE) {
    const range = { start: first.start, end: all.at(-1)?.end ?? first.end };
    const edits = all.map(found => ({ range: rangeOf(found), newText: found.replacement }));
    return [makeFinding('non-ascii', range, messageOf(first), { fix: { title: t('Replace them all'), edits } })];
  }
  return all.map(found => makeFinding('non-ascii', rangeOf(found), messageOf(found), { fix: fixOf(found) }));
}

function messageOf({ name, replacement }: LookAlike): string {
  return replacement === ''
    ? t('The value holds {0}, which becomes a part of it, so that it names something else.', name)
    : t('{0} only looks like {1}, so that the value names something else.', name, replacement);
}

function lookAlikesOfName({ name: text, nameRange }: ExportVariable): LookAlike[] {
  // Byte order marks behind the file's first belong to the finding of that one.
  const marks = nameRange.start === 1 ? (/^\ufeff*/.exec(text)?.[0].length ?? 0) : 0;
  const all = findLookAlikes(text, { letters: true }).filter(found => found.start >= marks);
  return all.map(found => {
    const isAtEdge = text.slice(0, found.start).trim() === '' || text.slice(found.end).trim() === '';
    const replacement = isAtEdge ? found.replacement.trim() : found.replacement;
    return { ...found, replacement, start: nameRange.start + found.start, end: nameRange.start + found.end };
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

import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportLine, ExportLines } from '../export-lines';
import { KEY_FACTS } from '../keys';

/** Variables of the export that are set to nothing, or named and not set. */
export function findEmptyValues({ lines }: ExportLines): Finding[] {
  return lines.flatMap(line => {
    const { key, entry, nameRange } = line;
    if (key === undefined || (entry && line.value?.text !== '')) return [];
    const { required, whenEmpty } = KEY_FACTS[key];
    return makeFinding('empty-value', rangeOf(line) ?? nameRange, whenEmpty(), {
      alternatives: required === 'always' ? [] : [removeLine(line)],
    });
  });
}

function rangeOf({ entry, nameRange }: ExportLine) {
  if (!entry) return undefined;
  const raw = entry.rawValueRange;
  return raw.end > raw.start ? raw : { start: nameRange.start, end: entry.separatorRange.start + 1 };
}

function removeLine({ line }: ExportLine): Fix {
  return { title: t('Remove the line'), edits: [{ range: { start: line.start, end: line.next }, newText: '' }] };
}

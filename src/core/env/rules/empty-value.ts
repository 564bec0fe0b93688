import { t } from '@vscode/l10n';
import { EXPORT_KEYS, type ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportLine, ExportLines } from '../export-lines';

/** Variables of the export that are set to nothing, or named and not set. */
export function findEmptyValues({ lines }: ExportLines): Finding[] {
  return lines.flatMap(line => {
    const { key, entry, nameRange } = line;
    if (key === undefined || (entry && line.value?.text !== '')) return [];
    const isOptional = key === EXPORT_KEYS.roleArn || key === EXPORT_KEYS.region;
    return makeFinding('empty-value', rangeOf(line) ?? nameRange, messageOf(key), {
      alternatives: isOptional ? [removeLine(line)] : [],
    });
  });
}

function rangeOf({ entry, nameRange }: ExportLine) {
  if (!entry) return undefined;
  const raw = entry.rawValueRange;
  return raw.end > raw.start ? raw : { start: nameRange.start, end: entry.separatorRange.start + 1 };
}

function messageOf(key: ExportKey): string {
  switch (key) {
    case EXPORT_KEYS.enabled:
      return t('No value: Airflow fails to read it as a boolean, and the export does not start.');
    case EXPORT_KEYS.baseLogFolder:
      return t('No value: the export has no bucket to write to, and no log arrives.');
    case EXPORT_KEYS.roleArn:
      return t('No value: no role is assumed. Name the role, or leave the variable out to use the workload identity.');
    default:
      return t('No value: leave the variable out where the bucket lies in the Deployment’s own region.');
  }
}

function removeLine({ line }: ExportLine): Fix {
  return { title: t('Remove the line'), edits: [{ range: { start: line.start, end: line.next }, newText: '' }] };
}

import { t } from '@vscode/l10n';
import type { ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportLine, ExportLines } from '../export-lines';

/** Names that look like one of the export's variables and aren't. Airflow takes any name without a word. */
export function findUnknownKeys(lines: ExportLines): Finding[] {
  return lines.lines.flatMap(line => {
    if (line.nearMiss === undefined) return [];
    const set = line.key && lines.set.get(line.key);
    const fix = renameFix(lines, line);
    const canRename =
      !fix && line.key !== undefined && !set && !lines.claims.has(line.key) && line.nearMiss !== 'sensitive-variant';
    return makeFinding('unknown-key', line.nameRange, messageOf(lines, line), {
      related: set ? [{ range: set.nameRange, message: t('The variable itself is set here.') }] : [],
      ...(fix ? { fix } : {}),
      alternatives: canRename ? [rename(line, line.key as ExportKey)] : [],
    });
  });
}

/** Renames a near miss, where that gives the file a variable which it lacks. */
export function renameFix(lines: ExportLines, line: ExportLine): Fix | undefined {
  const isClaim = line.key !== undefined && lines.claims.get(line.key) === line;
  return isClaim && line.nearMiss !== undefined ? rename(line, line.key) : undefined;
}

function rename(line: ExportLine, key: ExportKey): Fix {
  return { title: t('Rename to {0}', key), edits: [{ range: line.nameRange, newText: key }] };
}

function messageOf({ document }: ExportLines, line: ExportLine): string {
  const { key, nearMiss } = line;
  const name = document.text.slice(line.nameRange.start, line.nameRange.end);
  if (key === undefined) return t('The export reads no variable of this name, so it has no effect: {0}', name);
  switch (nearMiss) {
    case 'case':
      return t('Airflow reads variables in capital letters only, so this one has no effect. Did you mean {0}?', key);
    case 'underscores':
      return t(
        'Airflow finds section and option by two underscores, so this one has no effect. Did you mean {0}?',
        key,
      );
    case 'section':
      return t(
        'This names another section, where the export does not look, so it has no effect. Did you mean {0}?',
        key,
      );
    case 'sensitive-variant':
      return t(
        'Airflow runs _CMD and _SECRET variants for sensitive options only, so this one has no effect. Did you mean {0}?',
        key,
      );
    default:
      return t('Nothing reads a variable of this name, so it has no effect. Did you mean {0}?', key);
  }
}

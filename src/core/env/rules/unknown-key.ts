import { t } from '@vscode/l10n';
import type { ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportVariable, ExportVariables } from '../export-variables';

/** Names that look like one of the export's variables and aren't. Airflow takes any name without a word. */
export function findUnknownKeys(all: ExportVariables): Finding[] {
  return all.variables.flatMap(variable => {
    if (variable.nearMiss === undefined) return [];
    const set = variable.key && all.set.get(variable.key);
    const fix = renameFix(all, variable);
    const canRename =
      !fix &&
      variable.key !== undefined &&
      !set &&
      !all.claims.has(variable.key) &&
      variable.nearMiss !== 'sensitive-variant';
    return makeFinding('unknown-key', variable.nameRange, messageOf(variable), {
      related: set ? [{ range: set.nameRange, message: t('The variable itself is set here.') }] : [],
      ...(fix ? { fix } : {}),
      alternatives: canRename ? [rename(variable, variable.key as ExportKey)] : [],
    });
  });
}

/** Renames a near miss, where that gives the file a variable which it lacks. */
export function renameFix({ claims }: ExportVariables, variable: ExportVariable): Fix | undefined {
  const isClaim = variable.key !== undefined && claims.get(variable.key) === variable;
  return isClaim && variable.nearMiss !== undefined ? rename(variable, variable.key) : undefined;
}

function rename({ nameRange }: ExportVariable, key: ExportKey): Fix {
  return { title: t('Rename to {0}', key), edits: [{ range: nameRange, newText: key }] };
}

function messageOf({ key, nearMiss, name }: ExportVariable): string {
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

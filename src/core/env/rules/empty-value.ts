import { t } from '@vscode/l10n';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportVariable, ExportVariables } from '../export-variables';
import { KEY_FACTS } from '../keys';

/** Variables of the export that are set to nothing, or named and not set. */
export function findEmptyValues({ variables }: ExportVariables): Finding[] {
  return variables.flatMap(variable => {
    const { key, emptyRange } = variable;
    if (key === undefined || emptyRange === undefined) return [];
    const { required, whenEmpty } = KEY_FACTS[key];
    return makeFinding('empty-value', emptyRange, whenEmpty(), {
      alternatives: required === 'always' ? [] : [remove(variable)],
    });
  });
}

function remove({ removal }: ExportVariable): Fix {
  return { title: t('Remove the line'), edits: [removal] };
}

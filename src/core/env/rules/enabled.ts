import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { editDistance } from '../../text/edit-distance';
import { showValue } from '../../text/show-value';
import type { ExportVariable, ExportVariables } from '../export-variables';
import { hasReference } from '../judged-value';
import { parseAirflowBoolean } from '../settings';

const YES = ['yes', 'y', 'on', 'enable', 'enabled'];
const NO = ['no', 'n', 'off', 'disable', 'disabled'];

/** `not-boolean` and `export-disabled`: what Airflow makes of S3_BUCKET_ENABLED. */
export function findBadBooleans({ variables }: ExportVariables): Finding[] {
  return variables.flatMap(variable => {
    if (variable.key !== EXPORT_KEYS.enabled || !variable.value || variable.value.text === '') return [];
    const { text, range } = variable.value;
    const switchOn = setTo(variable, 'true');
    switch (parseAirflowBoolean(text)) {
      case true:
        return [];
      case false: {
        const message = t('The export is switched off: no log of this Deployment is copied to the bucket.');
        return makeFinding('export-disabled', range, message, { alternatives: [switchOn] });
      }
      default: {
        if (hasReference(text)) return [];
        const meant = meantBoolean(text);
        const message = t(
          'Airflow fails to read this as a boolean, and no log is exported. It takes true or false, not {0}',
          showValue(text),
        );
        return makeFinding('not-boolean', range, message, {
          ...(meant === undefined
            ? { alternatives: [switchOn, setTo(variable, 'false')] }
            : { fix: setTo(variable, meant) }),
        });
      }
    }
  });
}

function setTo({ value }: ExportVariable, word: 'true' | 'false'): Fix {
  return {
    title: t('Set to {0}', word),
    edits: value ? [{ range: value.range, newText: word }] : [],
  };
}

/** The boolean that a word means in YAML, in a shell or by a slip; undefined where it may be either. */
function meantBoolean(text: string): 'true' | 'false' | undefined {
  const word = text.toLowerCase().replace(/["'`.,;!\s\p{Cc}]+/gu, '');
  if (YES.includes(word) || isLike(word, 'true')) return 'true';
  return NO.includes(word) || isLike(word, 'false') ? 'false' : undefined;
}

function isLike(word: string, target: 'true' | 'false'): boolean {
  return /^[a-z]{3,}$/.test(word) && editDistance(word, target, 1) <= 1;
}

import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { editDistance } from '../../text/edit-distance';
import { showValue } from '../../text/show-value';
import type { ExportLine, ExportLines } from '../export-lines';
import { hasReference } from '../judged-value';
import { parseAirflowBoolean } from '../settings';

const YES = ['yes', 'y', 'on', 'enable', 'enabled'];
const NO = ['no', 'n', 'off', 'disable', 'disabled'];

/** `not-boolean` and `export-disabled`: what Airflow makes of S3_BUCKET_ENABLED. */
export function findBadBooleans({ lines }: ExportLines): Finding[] {
  return lines.flatMap(line => {
    if (line.key !== EXPORT_KEYS.enabled || !line.value || line.value.text === '') return [];
    const { text, range } = line.value;
    const switchOn = setTo(line, 'true');
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
          ...(meant === undefined ? { alternatives: [switchOn, setTo(line, 'false')] } : { fix: setTo(line, meant) }),
        });
      }
    }
  });
}

function setTo(line: ExportLine, word: 'true' | 'false'): Fix {
  return {
    title: t('Set to {0}', word),
    edits: line.value ? [{ range: line.value.range, newText: word }] : [],
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

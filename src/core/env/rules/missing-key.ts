import { t } from '@vscode/l10n';
import { EXPORT_KEYS, type ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { ExportVariables } from '../export-variables';
import { KEY_FACTS } from '../keys';
import { parseAirflowBoolean } from '../settings';
import { renameFix } from './unknown-key';

/**
 * The two variables that every export needs. REGION may be left out, and whether ROLE_ARN is needed can't be seen in a
 * file. A line that is meant to be the variable and has an error of its own (YAML's form, a copied number, no value)
 * is not reported as missing too. Where the export is switched off, nothing is missing.
 */
export function findMissingKeys(all: ExportVariables): Finding[] {
  const anchor = all.variables.find(each => each.key !== undefined);
  if (!anchor) return [];
  const findings: Finding[] = [];
  for (const key of Object.values(EXPORT_KEYS)) {
    if (KEY_FACTS[key].required !== 'always') continue;
    const meant = all.variables.filter(each => each.key === key);
    if (meant.some(each => each.nearMiss === undefined) || isSwitchedOff(all)) continue;
    const near = meant.find(each => each === all.claims.get(key)) ?? meant[0];
    const fix = near ? renameFix(all, near) : key === EXPORT_KEYS.enabled ? switchOnFix(all) : undefined;
    findings.push(makeFinding('missing-key', (near ?? anchor).nameRange, messageOf(key), fix ? { fix } : {}));
  }
  return findings;
}

function messageOf(key: ExportKey): string {
  return key === EXPORT_KEYS.enabled
    ? t('{0} is not set, so the export stays off and no log reaches the bucket.', key)
    : t('{0} is not set, so the export has no bucket to write to and no log arrives.', key);
}

function isSwitchedOff(all: ExportVariables): boolean {
  const enabled = all.set.get(EXPORT_KEYS.enabled)?.value;
  return enabled !== undefined && parseAirflowBoolean(enabled.text) === false;
}

function switchOnFix(all: ExportVariables): Fix {
  return { title: t('Add {0}', `${EXPORT_KEYS.enabled}=true`), edits: [all.addition(EXPORT_KEYS.enabled, 'true')] };
}

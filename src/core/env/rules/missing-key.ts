import { t } from '@vscode/l10n';
import { EXPORT_KEYS, type ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { lineEndOf } from '../env-document';
import type { ExportLine, ExportLines } from '../export-lines';
import { KEY_FACTS } from '../keys';
import { parseAirflowBoolean } from '../settings';
import { renameFix } from './unknown-key';

/**
 * The two variables that every export needs. REGION may be left out, and whether ROLE_ARN is needed can't be seen in a
 * file. A line that is meant to be the variable and has an error of its own (YAML's form, a copied number, no value)
 * is not reported as missing too. Where the export is switched off, nothing is missing.
 */
export function findMissingKeys(lines: ExportLines): Finding[] {
  const anchor = lines.lines.find(line => line.key !== undefined);
  if (!anchor) return [];
  const findings: Finding[] = [];
  for (const key of Object.values(EXPORT_KEYS)) {
    if (KEY_FACTS[key].required !== 'always') continue;
    const meant = lines.lines.filter(line => line.key === key);
    if (meant.some(line => line.nearMiss === undefined) || (key !== EXPORT_KEYS.enabled && isSwitchedOff(lines)))
      continue;
    const near = meant.find(line => line === lines.claims.get(key)) ?? meant[0];
    const fix = near ? renameFix(lines, near) : key === EXPORT_KEYS.enabled ? switchOnFix(lines) : undefined;
    findings.push(makeFinding('missing-key', (near ?? anchor).nameRange, messageOf(key), fix ? { fix } : {}));
  }
  return findings;
}

function messageOf(key: ExportKey): string {
  return key === EXPORT_KEYS.enabled
    ? t('{0} is not set, so the export stays off and no log reaches the bucket.', key)
    : t('{0} is not set, so the export has no bucket to write to and no log arrives.', key);
}

function isSwitchedOff(lines: ExportLines): boolean {
  const enabled = lines.set.get(EXPORT_KEYS.enabled)?.value;
  return enabled !== undefined && parseAirflowBoolean(enabled.text) === false;
}

/** Adds the switch behind the last line of the export, so that its variables stay together. */
function switchOnFix({ document, lines }: ExportLines): Fix {
  const { line } = lines.at(-1) as ExportLine;
  const assignment = `${EXPORT_KEYS.enabled}=true`;
  const terminator = document.text.slice(line.end, line.next);
  const newText = terminator === '' ? lineEndOf(document) + assignment : assignment + terminator;
  return {
    title: t('Add {0}', assignment),
    edits: [{ range: { start: line.next, end: line.next }, newText }],
  };
}

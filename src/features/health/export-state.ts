import { l10n } from 'vscode';
import type { Export } from '../exports/export';
import type { Readiness } from '../exports/exports';
import type { HealthResults } from './health-results';

/** The worst that can be said of an export, in one word and one codicon. */
export interface ExportState {
  readonly word: string;
  readonly icon: string;
  readonly isBad: boolean;
}

export function exportState(
  item: Export,
  readiness: Readiness,
  results: Pick<HealthResults, 'of' | 'runOf' | 'arrivalOf'>,
): ExportState {
  if (readiness === 'untrusted') return { word: l10n.t('restricted'), icon: 'shield', isBad: false };
  if (readiness === 'badSettings') return { word: l10n.t('invalid'), icon: 'error', isBad: true };
  if (!item.isEnabled) return { word: l10n.t('off'), icon: 'circle-slash', isBad: false };
  if (readiness === 'unconfirmed') return { word: l10n.t('unconfirmed'), icon: 'question', isBad: false };
  const run = results.runOf(item);
  if (run && !run.hasEnded) return { word: l10n.t('verifying'), icon: 'loading~spin', isBad: false };
  const result = results.of(item);
  if (!result && results.arrivalOf(item)) return { word: l10n.t('proven'), icon: 'pass', isBad: false };
  if (!result) return { word: l10n.t('unverified'), icon: 'circle-outline', isBad: false };
  if (!result.ok) return { word: l10n.t('failing'), icon: 'error', isBad: true };
  if (result.checks.some(check => check.status === 'warn')) {
    return { word: l10n.t('warning'), icon: 'warning', isBad: false };
  }
  return result.proven
    ? { word: l10n.t('proven'), icon: 'pass', isBad: false }
    : { word: l10n.t('working'), icon: 'pass', isBad: false };
}

import * as vscode from 'vscode';
import { CHECK_IDS, type CheckId } from '../../core/check';
import type { Export } from '../exports/export';
import { byTroubleshooting, checkWords } from './check-words';
import type { HealthNode, PendingState } from './health-node';
import type { HealthRun } from './health-results';
import { STATUS_ICONS } from './status-icons';

const SPINNER = new vscode.ThemeIcon('loading~spin');

/** How far a verification has come, or that it ended early. */
export function runItem(item: Export, { checks, hasEnded }: HealthRun): vscode.TreeItem {
  const words = hasEnded ? vscode.l10n.t('Stopped before the end') : vscode.l10n.t('Verifying…');
  const row = new vscode.TreeItem(words);
  row.id = `${item.id}/run`;
  row.iconPath = hasEnded ? STATUS_ICONS.skip : SPINNER;
  row.description = vscode.l10n.t('{0} of {1} checks', checks.size, CHECK_IDS.length);
  row.contextValue = hasEnded ? 'stopped' : 'running';
  row.accessibilityInformation = { label: `${words}, ${row.description}` };
  return row;
}

/** A row for each check: its result as soon as there is one. */
export function runRows(item: Export, { checks, times, started, hasEnded }: HealthRun): HealthNode[] {
  return [...CHECK_IDS]
    .map(id => ({ id }))
    .sort(byTroubleshooting)
    .map(({ id }) => {
      const check = checks.get(id);
      if (check) return { kind: 'check', item, check, at: times.get(id) ?? new Date() };
      return { kind: 'pending', item, id, state: hasEnded ? 'left-out' : started.has(id) ? 'running' : 'waiting' };
    });
}

/** A check without a result. */
export function pendingItem(item: Export, id: CheckId, state: PendingState): vscode.TreeItem {
  const row = new vscode.TreeItem(checkWords(id));
  // Not the id of the check's own row, which may have rows below it and then begins unfolded.
  row.id = `${item.id}/${id}/pending`;
  row.description = stateWords(state);
  row.iconPath = state === 'running' ? SPINNER : new vscode.ThemeIcon(state === 'waiting' ? 'circle-outline' : 'dash');
  row.accessibilityInformation = { label: `${row.label}, ${row.description}` };
  return row;
}

function stateWords(state: PendingState): string {
  switch (state) {
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'running':
      return vscode.l10n.t('running');
    case 'left-out':
      return vscode.l10n.t('not run');
    default:
      return state satisfies never;
  }
}

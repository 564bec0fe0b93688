import * as vscode from 'vscode';
import { clockWords, joinWords, localWords, utcWords } from '../explorer/words';
import { logUri } from '../explorer/log-uri';
import type { Export } from '../exports/export';
import { proofWords } from './check-words';
import { detailRows } from './detail-rows';
import type { HealthNode } from './health-node';
import type { Arrival } from './health-results';
import { STATUS_ICONS } from './status-icons';

/** The strongest proof there is: the Deployment itself has written a log. A click opens it. */
export function arrivalItem(item: Export, { key, at, isSandbox }: Arrival): vscode.TreeItem {
  const words = vscode.l10n.t('Probe DAG’s log arrived');
  const row = new vscode.TreeItem(words, vscode.TreeItemCollapsibleState.Collapsed);
  row.id = `${item.id}/arrival`;
  row.iconPath = STATUS_ICONS.pass;
  row.description = joinWords(proofWords('arrived'), isSandbox ? vscode.l10n.t('Sandbox') : clockWords(at));
  row.tooltip = [key, proofWords('arrived'), localWords(at)].join('\n');
  row.contextValue = 'arrival';
  row.command = { command: 'vscode.open', title: vscode.l10n.t('Open Log'), arguments: [logUri(item, key)] };
  row.accessibilityInformation = { label: `${words}, ${row.description}` };
  return row;
}

export function arrivalRows(item: Export, { key, at, waited }: Arrival): HealthNode[] {
  const id = `${item.id}/arrival`;
  const seconds = Math.round(waited / 1000);
  return [
    ...detailRows(`${id}/key`, 'file', vscode.l10n.t('key'), key),
    ...detailRows(`${id}/at`, 'clock', undefined, vscode.l10n.t('written {0}', utcWords(at))),
    ...detailRows(`${id}/waited`, 'watch', undefined, vscode.l10n.t('found after {0} s', seconds)),
  ];
}

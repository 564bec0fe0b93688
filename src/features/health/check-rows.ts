import * as vscode from 'vscode';
import type { Check } from '../../core/check';
import { clockWords, localWords } from '../explorer/words';
import type { Export } from '../exports/export';
import { asSentences } from '../ui/sentences';
import { isFixable } from './apply-fix';
import { hasPlace } from './check-place';
import { causeWords, checkWords, identityWords, proofWords, statusWords } from './check-words';
import { detailRows } from './detail-rows';
import type { HealthNode } from './health-node';
import type { Arrival, HealthResult } from './health-results';
import { STATUS_ICONS } from './status-icons';

/** What the checks mean together. */
export function summaryItem(item: Export, result: HealthResult, arrival: Arrival | undefined): vscode.TreeItem {
  const words = summaryWords(result, arrival);
  const row = new vscode.TreeItem(words);
  row.id = `${item.id}/summary`;
  const place = result.isSandbox ? vscode.l10n.t('Sandbox') : undefined;
  row.description = place ?? clockWords(result.at);
  row.iconPath = STATUS_ICONS[result.ok ? (result.proven ? 'pass' : 'warn') : 'fail'];
  row.tooltip = [asSentences(result.verdict), result.identity, localWords(result.at), place].filter(Boolean).join('\n');
  row.accessibilityInformation = { label: `${words}, ${row.description}` };
  return row;
}

function summaryWords({ ok, proven }: HealthResult, arrival: Arrival | undefined): string {
  if (!ok && arrival) return vscode.l10n.t('Fails as you, though the probe DAG’s log arrived');
  if (!ok) return vscode.l10n.t('The export does not work');
  return proven
    ? vscode.l10n.t('Proven for the Deployment')
    : vscode.l10n.t('Works as you, not proven for the Deployment');
}

export function checkItem(item: Export, check: Check, at: Date): vscode.TreeItem {
  const hasDetails = check.status !== 'pass';
  const row = new vscode.TreeItem(
    checkWords(check.id),
    hasDetails ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  const identity = check.as === null ? undefined : vscode.l10n.t('as {0}', identityWords(check.as));
  row.id = `${item.id}/${check.id}`;
  row.iconPath = STATUS_ICONS[check.status];
  const [cause] = check.causes;
  row.description = [statusWords(check.status), cause && causeWords(cause), identity].filter(Boolean).join(' · ');
  row.tooltip = [asSentences(check.message), check.as, check.proof && proofWords(check.proof), localWords(at)]
    .filter(Boolean)
    .join('\n');
  row.contextValue = ['check', hasPlace(check) && 'place', isFixable(check) && 'fixable'].filter(Boolean).join(' ');
  row.accessibilityInformation = {
    label: [checkWords(check.id), statusWords(check.status), check.message].join(', '),
  };
  if (check.status === 'fail') row.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
  return row;
}

/** What there is to say of a check beyond its state. */
export function checkRows(item: Export, check: Check): HealthNode[] {
  const id = `${item.id}/${check.id}`;
  return [
    ...detailRows(`${id}/message`, 'info', vscode.l10n.t('what happened'), asSentences(check.message)),
    ...check.causes.flatMap(cause =>
      detailRows(`${id}/${cause}`, 'search', vscode.l10n.t('possible cause'), causeWords(cause)),
    ),
    ...detailRows(`${id}/next`, 'arrow-right', vscode.l10n.t('what to do'), asSentences(check.nextStep)),
  ];
}

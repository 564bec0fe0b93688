import * as vscode from 'vscode';
import type { Difference } from '../../core/deployment/compare-deployment';
import type { Comparison } from '../deployment/comparison';
import { clockWords, joinWords, localWords } from '../explorer/words';
import type { Export } from '../exports/export';
import { asSentences } from '../ui/sentences';
import { detailRows } from './detail-rows';
import type { HealthNode } from './health-node';
import { STATUS_ICONS } from './status-icons';

const ICONS: Readonly<Record<Difference['severity'], vscode.ThemeIcon>> = {
  error: STATUS_ICONS.fail,
  warning: STATUS_ICONS.warn,
  info: new vscode.ThemeIcon('info'),
};

/** What the Deployment has, beside what the files say: a group that is well where they agree. */
export function deploymentItem(item: Export, { facts, differences, at }: Comparison): vscode.TreeItem {
  const isSame = differences.length === 0;
  const row = new vscode.TreeItem(
    vscode.l10n.t('Deployment {0}', facts.name),
    isSame ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded,
  );
  const words = countWords(differences.length);
  // Another id once there is something inside: a row keeps the state it was first shown in.
  row.id = `${item.id}/deployment/${isSame ? 'same' : 'different'}`;
  row.description = joinWords(words, clockWords(at));
  const worst = (['error', 'warning', 'info'] as const).find(each => differences.some(d => d.severity === each));
  row.iconPath = worst === undefined ? STATUS_ICONS.pass : ICONS[worst];
  row.tooltip = [facts.id, facts.workloadIdentity, localWords(at)].filter(Boolean).join('\n');
  row.contextValue = 'deployment';
  row.accessibilityInformation = { label: `${row.label}, ${words}` };
  return row;
}

export function deploymentRows(item: Export, { differences }: Comparison): HealthNode[] {
  return differences.map(difference => ({ kind: 'difference', item, difference }));
}

export function differenceItem(item: Export, difference: Difference): vscode.TreeItem {
  const { severity, message } = difference;
  const state =
    severity === 'error' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const row = new vscode.TreeItem(subjectWords(difference), state);
  row.id = idOf(item, difference);
  row.iconPath = ICONS[severity];
  row.description = kindWords(difference.kind);
  row.tooltip = asSentences(message);
  row.contextValue = ['difference', 'place', isPushable(difference) && 'pushable'].filter(Boolean).join(' ');
  row.accessibilityInformation = { label: `${row.label}, ${row.description}, ${message}` };
  return row;
}

export function differenceRows(item: Export, difference: Difference): HealthNode[] {
  const id = idOf(item, difference);
  const { message, inFile, inDeployment, nextStep } = difference;
  const none = vscode.l10n.t('nothing');
  return [
    ...detailRows(`${id}/message`, 'info', vscode.l10n.t('what happened'), asSentences(message)),
    ...(inFile === undefined && inDeployment === undefined
      ? []
      : [
          ...detailRows(`${id}/file`, 'file', undefined, vscode.l10n.t('in the file: {0}', inFile ?? none)),
          ...detailRows(
            `${id}/there`,
            'cloud',
            undefined,
            vscode.l10n.t('in the Deployment: {0}', inDeployment ?? none),
          ),
        ]),
    ...detailRows(`${id}/next`, 'arrow-right', vscode.l10n.t('what to do'), asSentences(nextStep)),
  ];
}

/** A difference as text, for a chat or a ticket. */
export function printDifference(item: Export, { kind, message, nextStep }: Difference): string {
  return [`${item.id}: ${kind}`, asSentences(message), asSentences(nextStep), ''].join('\n');
}

function idOf(item: Export, { kind, subject }: Difference): string {
  return `${item.id}/deployment/${kind}/${subject}`;
}

/** Whether pushing the variables is what cures it. */
function isPushable({ kind }: Difference): boolean {
  return kind === 'missing' || kind === 'different' || kind === 'misspelt';
}

function countWords(count: number): string {
  if (count === 0) return vscode.l10n.t('has what the files say');
  return count === 1 ? vscode.l10n.t('one difference') : vscode.l10n.t('{0} differences', count);
}

/** A variable without the prefix that all of them have. */
function subjectWords({ kind, subject }: Difference): string {
  switch (kind) {
    case 'runtime':
      return vscode.l10n.t('Astro Runtime');
    case 'identity':
      return vscode.l10n.t('Workload identity');
    case 'remote-execution':
      return vscode.l10n.t('Remote Execution');
    case 'misspelt':
      return subject;
    default:
      return subject.split('__').at(-1) ?? subject;
  }
}

function kindWords(kind: Difference['kind']): string {
  switch (kind) {
    case 'missing':
      return vscode.l10n.t('missing in the Deployment');
    case 'different':
      return vscode.l10n.t('different in the Deployment');
    case 'secret':
      return vscode.l10n.t('a secret of the Deployment');
    case 'extra':
      return vscode.l10n.t('only in the Deployment');
    case 'misspelt':
      return vscode.l10n.t('misspelt in the Deployment');
    case 'runtime':
      return vscode.l10n.t('different in the Deployment');
    case 'identity':
      return vscode.l10n.t('not named in the trust policy');
    case 'remote-execution':
      return vscode.l10n.t('not known whether the export works there');
    default:
      return kind satisfies never;
  }
}

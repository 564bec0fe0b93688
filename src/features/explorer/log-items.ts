import * as vscode from 'vscode';
import type { LogOutcome } from '../../core/logs/outcome';
import { type Export, printTarget } from '../exports/export';
import { asSentences } from '../ui/sentences';
import type { AttemptNode, LogNode, RunNode, TaskNode } from './log-nodes';
import { logUri } from './log-uri';
import { joinWords, localWords, runWords, sizeWords, utcWords } from './words';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The row of a node, in the words of a data engineer; what doesn't fit is in the tooltip. */
export function toTreeItem(node: LogNode, isSandbox: (item: Export) => boolean): vscode.TreeItem {
  const row = rowOf(node, isSandbox);
  row.id = node.id;
  row.contextValue ??= node.kind;
  return row;
}

function rowOf(node: LogNode, isSandbox: (item: Export) => boolean): vscode.TreeItem {
  switch (node.kind) {
    case 'export':
      return exportRow(node.item, isSandbox(node.item));
    case 'dag': {
      const row = simpleRow(node.dag.dagId, Collapsed, 'type-hierarchy');
      row.description = node.dag.layout === 'old' ? vscode.l10n.t('before Airflow 2.3') : undefined;
      row.tooltip = vscode.l10n.t('DAG {0}', node.dag.dagId);
      return row;
    }
    case 'run':
      return runRow(node);
    case 'task':
      return taskRow(node);
    case 'attempt':
      return attemptRow(node);
    case 'other': {
      const row = simpleRow(vscode.l10n.t('other'), Collapsed, 'files');
      row.tooltip = vscode.l10n.t('Objects whose keys fit no template of task logs');
      return row;
    }
    case 'folder': {
      const row = simpleRow(lastPart(node.folder.slice(0, -1)), Collapsed, 'folder');
      row.tooltip = node.folder;
      return row;
    }
    case 'object': {
      const { key, size, lastModified } = node.object;
      const row = simpleRow(lastPart(key), None, 'file');
      row.description = sizeWords(size);
      row.tooltip = [key, vscode.l10n.t('written {0}', utcWords(lastModified)), localWords(lastModified)].join('\n');
      row.command = openCommand(node.item, key);
      return row;
    }
    case 'more': {
      const row = simpleRow(vscode.l10n.t('Load more…'), None, 'ellipsis');
      row.command = { command: 'astroLogExport.loadMoreLogs', title: vscode.l10n.t('Load More'), arguments: [node] };
      return row;
    }
    case 'failure': {
      const row = simpleRow(vscode.l10n.t('Not listed: {0}', codeWords(node.code)), Expanded, 'error');
      row.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      row.tooltip = [node.message, node.nextStep].join('\n');
      row.accessibilityInformation = { label: vscode.l10n.t('Error: {0}', asSentences(node.message, node.nextStep)) };
      return row;
    }
    case 'hint': {
      const row = simpleRow(node.text, None, node.icon);
      row.tooltip = node.text;
      return row;
    }
    case 'action': {
      const title = node.action === 'confirmTarget' ? vscode.l10n.t('Confirm Target…') : vscode.l10n.t('Open Env File');
      const row = simpleRow(title, None, 'arrow-right');
      row.command = { command: `astroLogExport.${node.action}`, title, arguments: [node] };
      return row;
    }
    default:
      return node satisfies never;
  }
}

function exportRow(item: Export, isSandbox: boolean): vscode.TreeItem {
  const target = item.target ? printTarget(item.target) : item.id;
  const off = item.isEnabled ? undefined : vscode.l10n.t('off');
  const label = isSandbox ? joinWords(vscode.l10n.t('Sandbox'), item.id) : target;
  const row = simpleRow(label, Expanded, isSandbox ? 'beaker' : 'archive');
  row.description = joinWords(off, isSandbox ? target : item.id);
  row.tooltip = [item.target && `s3://${target}`, item.target?.region, item.target?.roleArn, item.id]
    .filter(Boolean)
    .join('\n');
  row.accessibilityInformation = { label: joinWords(label, row.description) };
  return row;
}

function runRow({ run: { runId }, hasTwin }: RunNode): vscode.TreeItem {
  const { label, kind, date } = runWords(runId, hasTwin);
  const row = simpleRow(joinWords(label, kind), Collapsed, 'history');
  row.tooltip = [runId, date && localWords(date)].filter(Boolean).join('\n');
  return row;
}

function taskRow({ task: { taskId, mapIndex } }: TaskNode): vscode.TreeItem {
  const row = simpleRow(mapIndex === undefined ? taskId : `${taskId} [${mapIndex}]`, Collapsed, 'server-process');
  row.tooltip =
    mapIndex === undefined
      ? vscode.l10n.t('Task {0}', taskId)
      : vscode.l10n.t('Task {0}, map index {1}', taskId, mapIndex);
  return row;
}

function attemptRow({
  item,
  attempt: { attempt, objects, size, lastModified },
  outcome,
}: AttemptNode): vscode.TreeItem {
  const words = outcome === undefined || outcome === 'unknown' ? undefined : outcomeWords(outcome);
  const label = joinWords(vscode.l10n.t('attempt {0}', attempt), sizeWords(size), words);
  const row = new vscode.TreeItem(label, None);
  row.iconPath = outcomeIcon(outcome);
  row.tooltip = [
    ...objects.map(object => `${object.key} (${sizeWords(object.size)})`),
    vscode.l10n.t('written {0}', utcWords(lastModified)),
    localWords(lastModified),
  ].join('\n');
  row.accessibilityInformation = { label };
  row.command = openCommand(item, attemptKey(objects.map(({ key }) => key)));
  return row;
}

/** The worker's log, which stands for the attempt also where only trigger logs have arrived. */
export function attemptKey(keys: readonly string[]): string {
  const [first = ''] = [...keys].sort((a, b) => a.length - b.length);
  return first.replace(/\.trigger\.\d+\.log$/, '');
}

function outcomeWords(outcome: Exclude<LogOutcome, 'unknown'>): string {
  switch (outcome) {
    case 'success':
      return vscode.l10n.t('success');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'skipped':
      return vscode.l10n.t('skipped');
    case 'deferred':
      return vscode.l10n.t('deferred');
    case 'rescheduled':
      return vscode.l10n.t('rescheduled');
    default:
      return outcome satisfies never;
  }
}

function outcomeIcon(outcome: LogOutcome | undefined): vscode.ThemeIcon {
  switch (outcome) {
    case 'success':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'skipped':
      return new vscode.ThemeIcon('circle-slash');
    case 'deferred':
    case 'rescheduled':
      return new vscode.ThemeIcon('clock');
    default:
      return new vscode.ThemeIcon('output');
  }
}

function simpleRow(label: string, state: vscode.TreeItemCollapsibleState, icon: string): vscode.TreeItem {
  const row = new vscode.TreeItem(label, state);
  row.iconPath = new vscode.ThemeIcon(icon);
  return row;
}

function openCommand(item: Export, key: string): vscode.Command {
  return { command: 'vscode.open', title: vscode.l10n.t('Open Log'), arguments: [logUri(item, key)] };
}

/** A code as a person reads it: `wrong-region` is `wrong region`. */
function codeWords(code: string): string {
  return code.replaceAll('-', ' ');
}

function lastPart(key: string): string {
  return key.split('/').at(-1) || key;
}

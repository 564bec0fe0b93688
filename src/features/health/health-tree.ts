import * as vscode from 'vscode';
import type { Comparisons } from '../deployment/comparison';
import { type Export, printTarget } from '../exports/export';
import type { Exports, Readiness } from '../exports/exports';
import { ContextKey } from '../ui/context-key';
import { DisposableStore } from '../ui/disposable-store';
import { asSentences } from '../ui/sentences';
import { arrivalItem, arrivalRows } from './arrival-row';
import { checkItem, checkRows, summaryItem } from './check-rows';
import { byTroubleshooting } from './check-words';
import { deploymentItem, deploymentRows, differenceItem, differenceRows } from './deployment-rows';
import { detailItem, detailRows } from './detail-rows';
import { exportState } from './export-state';
import type { HealthNode } from './health-node';
import type { HealthResults } from './health-results';
import { pendingItem, runItem, runRows } from './run-rows';

/** The Export Health view: a row for each check of the last verification, and what the Deployment was seen to have. */
export class HealthTree implements vscode.TreeDataProvider<HealthNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  private readonly state = new ContextKey<string>('astroLogExport.healthState');

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly exports: Exports,
    private readonly results: HealthResults,
    private readonly comparisons: Comparisons,
  ) {
    this.store.add(exports.onDidChange(() => this.changed.fire(undefined)));
    this.store.add(results.onDidChange(() => this.changed.fire(undefined)));
    this.store.add(comparisons.onDidChange(() => this.changed.fire(undefined)));
  }

  dispose(): void {
    this.store.dispose();
  }

  async getChildren(node?: HealthNode): Promise<HealthNode[]> {
    if (!node) return this.roots();
    if (node.kind === 'export') return this.rowsOf(node.item);
    if (node.kind === 'check') return checkRows(node.item, node.check);
    if (node.kind === 'arrival') return arrivalRows(node.item, node.arrival);
    if (node.kind === 'deployment') return deploymentRows(node.item, node.comparison);
    if (node.kind === 'difference') return differenceRows(node.item, node.difference);
    return [];
  }

  getTreeItem(node: HealthNode): vscode.TreeItem {
    switch (node.kind) {
      case 'export':
        return this.exportItem(node.item);
      case 'summary':
        return summaryItem(node.item, node.result, node.arrival);
      case 'check':
        return checkItem(node.item, node.check, node.at);
      case 'run':
        return runItem(node.item, node.run);
      case 'pending':
        return pendingItem(node.item, node.id, node.state);
      case 'arrival':
        return arrivalItem(node.item, node.arrival);
      case 'deployment':
        return deploymentItem(node.item, node.comparison);
      case 'difference':
        return differenceItem(node.item, node.difference);
      case 'detail':
        return detailItem(node);
      case 'action': {
        const item = new vscode.TreeItem(node.label);
        item.iconPath = new vscode.ThemeIcon('arrow-right');
        item.command = { command: node.command, title: node.label, arguments: [node] };
        return item;
      }
      default:
        return node satisfies never;
    }
  }

  private async roots(): Promise<HealthNode[]> {
    const all = await this.exports.all();
    const [only] = all;
    if (all.length > 1 && vscode.workspace.isTrusted) {
      this.state.set('ready');
      return all.map(item => ({ kind: 'export', item }));
    }
    if (!vscode.workspace.isTrusted) this.state.set('untrusted');
    else if (!vscode.workspace.workspaceFolders?.length) this.state.set('noFolder');
    else if (!only) this.state.set('noEnvFile');
    else {
      const readiness = this.exports.readiness(only);
      const isVerified =
        readiness === 'ready' &&
        Boolean(this.results.runOf(only) ?? this.results.of(only) ?? this.results.arrivalOf(only));
      this.state.set(readiness !== 'ready' ? readiness : isVerified ? 'ready' : 'unverified');
      // A view without a row shows what to do next in more words.
      return isVerified || this.comparisons.of(only) ? this.rowsOf(only) : [];
    }
    return [];
  }

  private rowsOf(item: Export): HealthNode[] {
    const readiness = this.exports.readiness(item);
    const comparison = this.comparisons.of(item);
    return [
      ...(readiness === 'ready' ? this.verificationRows(item) : this.obstacleRows(item, readiness)),
      ...(comparison ? [{ kind: 'deployment', item, comparison } as const] : []),
    ];
  }

  /** Why nothing can be asked of AWS, and the step that follows. */
  private obstacleRows(item: Export, readiness: Readiness): HealthNode[] {
    if (readiness === 'badSettings') {
      const text = asSentences(item.problem?.message, item.problem?.nextStep);
      return [
        ...detailRows(`${item.id}/problem`, 'error', vscode.l10n.t('cause'), text),
        { kind: 'action', item, label: vscode.l10n.t('Open Env File'), command: 'astroLogExport.openEnvFile' },
      ];
    }
    return [{ kind: 'action', item, label: vscode.l10n.t('Confirm Target…'), command: 'astroLogExport.confirmTarget' }];
  }

  private verificationRows(item: Export): HealthNode[] {
    const run = this.results.runOf(item);
    const result = this.results.of(item);
    const arrival = this.results.arrivalOf(item);
    const arrived: HealthNode[] = arrival ? [{ kind: 'arrival', item, arrival }] : [];
    const verify: HealthNode = {
      kind: 'action',
      item,
      label: vscode.l10n.t('Verify Export'),
      command: 'astroLogExport.verify',
    };
    if (run) {
      return [{ kind: 'run', item, run }, ...arrived, ...runRows(item, run), ...(run.hasEnded ? [verify] : [])];
    }
    if (!result) return [...arrived, verify];
    return [
      { kind: 'summary', item, result, arrival },
      ...arrived,
      ...[...result.checks].sort(byTroubleshooting).map(
        (check): HealthNode => ({
          kind: 'check',
          item,
          check,
          at: result.times.get(check.id) ?? result.at,
        }),
      ),
      { kind: 'action', item, label: vscode.l10n.t('Open Worker Log…'), command: 'astroLogExport.openWorkerLog' },
    ];
  }

  private exportItem(item: Export): vscode.TreeItem {
    const row = new vscode.TreeItem(item.id, vscode.TreeItemCollapsibleState.Expanded);
    const state = exportState(item, this.exports.readiness(item), this.results);
    row.id = item.id;
    row.contextValue = 'export';
    row.description = [state.word, item.target && printTarget(item.target)].filter(Boolean).join(' · ');
    row.iconPath = new vscode.ThemeIcon(state.icon);
    row.accessibilityInformation = { label: `${item.id}, ${state.word}` };
    return row;
  }
}

import * as vscode from 'vscode';
import type { Check, CheckStatus } from '../../core/check';
import { clockWords, localWords } from '../explorer/words';
import { type Export, printTarget } from '../exports/export';
import type { Exports } from '../exports/exports';
import { ContextKey } from '../ui/context-key';
import { DisposableStore } from '../ui/disposable-store';
import { asSentences } from '../ui/sentences';
import { wrapText } from '../ui/wrap';
import { isFixable } from './apply-fix';
import { hasPlace } from './check-place';
import { byTroubleshooting, causeWords, checkWords, identityWords, proofWords, statusWords } from './check-words';
import { exportState } from './export-state';
import type { HealthResult, HealthResults } from './health-results';

export type HealthNode =
  | { readonly kind: 'export'; readonly item: Export }
  | { readonly kind: 'summary'; readonly item: Export; readonly result: HealthResult }
  | { readonly kind: 'check'; readonly item: Export; readonly check: Check; readonly at: Date }
  | {
      readonly kind: 'detail';
      readonly id: string;
      readonly icon: string;
      readonly text: string;
      /** The text that `text` is a row of. */
      readonly whole: string;
      /** What a screen reader says. */
      readonly label: string;
    }
  | { readonly kind: 'action'; readonly item: Export; readonly label: string; readonly command: string };

const ICONS: Readonly<Record<CheckStatus, vscode.ThemeIcon>> = {
  pass: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  fail: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  warn: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  skip: new vscode.ThemeIcon('circle-slash'),
};

/** The Export Health view: a row for each check of the last verification. */
export class HealthTree implements vscode.TreeDataProvider<HealthNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  private readonly state = new ContextKey<string>('astroLogExport.healthState');

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly exports: Exports,
    private readonly results: HealthResults,
  ) {
    this.store.add(exports.onDidChange(() => this.changed.fire(undefined)));
    this.store.add(results.onDidChange(() => this.changed.fire(undefined)));
  }

  dispose(): void {
    this.store.dispose();
  }

  async getChildren(node?: HealthNode): Promise<HealthNode[]> {
    if (!node) return this.roots();
    if (node.kind === 'export') return this.rowsOf(node.item);
    if (node.kind === 'check') return details(node.item, node.check);
    return [];
  }

  getTreeItem(node: HealthNode): vscode.TreeItem {
    switch (node.kind) {
      case 'export':
        return this.exportItem(node.item);
      case 'summary':
        return summaryItem(node.item, node.result);
      case 'check':
        return checkItem(node.item, node.check, node.at);
      case 'detail': {
        const item = new vscode.TreeItem(node.text);
        item.id = node.id;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.tooltip = node.whole;
        item.accessibilityInformation = { label: node.label };
        return item;
      }
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
      const rows = this.results.of(only) ? this.rowsOf(only) : [];
      this.state.set(readiness !== 'ready' ? readiness : rows.length > 0 ? 'ready' : 'unverified');
      return readiness === 'ready' ? rows : [];
    }
    return [];
  }

  private rowsOf(item: Export): HealthNode[] {
    const readiness = this.exports.readiness(item);
    const result = this.results.of(item);
    if (readiness === 'badSettings') {
      const text = asSentences(item.problem?.message, item.problem?.nextStep);
      return [
        ...detailRows(`${item.id}/problem`, 'error', vscode.l10n.t('cause'), text),
        { kind: 'action', item, label: vscode.l10n.t('Open Env File'), command: 'astroLogExport.openEnvFile' },
      ];
    }
    if (readiness === 'unconfirmed') {
      return [
        { kind: 'action', item, label: vscode.l10n.t('Confirm Target…'), command: 'astroLogExport.confirmTarget' },
      ];
    }
    if (!result) {
      return [{ kind: 'action', item, label: vscode.l10n.t('Verify Export'), command: 'astroLogExport.verify' }];
    }
    return [
      { kind: 'summary', item, result },
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
    const state = exportState(item, this.exports.readiness(item), this.results.of(item));
    row.id = item.id;
    row.contextValue = 'export';
    row.description = [state.word, item.target && printTarget(item.target)].filter(Boolean).join(' · ');
    row.iconPath = new vscode.ThemeIcon(state.icon);
    row.accessibilityInformation = { label: `${item.id}, ${state.word}` };
    return row;
  }
}

function summaryItem(item: Export, result: HealthResult): vscode.TreeItem {
  const words = !result.ok
    ? vscode.l10n.t('The export does not work')
    : result.proven
      ? vscode.l10n.t('Proven for the Deployment')
      : vscode.l10n.t('Works as you, not proven for the Deployment');
  const row = new vscode.TreeItem(words);
  row.id = `${item.id}/summary`;
  const place = result.isSandbox ? vscode.l10n.t('Sandbox') : undefined;
  row.description = place ?? clockWords(result.at);
  row.iconPath = ICONS[result.ok ? (result.proven ? 'pass' : 'warn') : 'fail'];
  row.tooltip = [asSentences(result.verdict), result.identity, localWords(result.at), place].filter(Boolean).join('\n');
  row.accessibilityInformation = { label: `${words}, ${row.description}` };
  return row;
}

function checkItem(item: Export, check: Check, at: Date): vscode.TreeItem {
  const hasDetails = check.status !== 'pass';
  const row = new vscode.TreeItem(
    checkWords(check.id),
    hasDetails ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  const identity = check.as === null ? undefined : vscode.l10n.t('as {0}', identityWords(check.as));
  row.id = `${item.id}/${check.id}`;
  row.iconPath = ICONS[check.status];
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

function details(item: Export, check: Check): HealthNode[] {
  const id = `${item.id}/${check.id}`;
  return [
    ...detailRows(`${id}/message`, 'info', vscode.l10n.t('what happened'), asSentences(check.message)),
    ...check.causes.flatMap(cause =>
      detailRows(`${id}/${cause}`, 'search', vscode.l10n.t('possible cause'), causeWords(cause)),
    ),
    ...detailRows(`${id}/next`, 'arrow-right', vscode.l10n.t('what to do'), asSentences(check.nextStep)),
  ];
}

/** One text in as many rows as it needs; the first has the icon, and is read to a screen reader as a whole. */
function detailRows(id: string, icon: string, label: string, text: string): HealthNode[] {
  return wrapText(text).map((row, i) => ({
    kind: 'detail',
    id: `${id}/${i}`,
    icon: i === 0 ? icon : 'blank',
    text: row,
    whole: text,
    label: i === 0 ? `${label}: ${text}` : row,
  }));
}

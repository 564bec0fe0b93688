import * as vscode from 'vscode';
import { isExportError } from '../../core/export-error';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { ContextKey } from '../ui/context-key';
import { DisposableStore } from '../ui/disposable-store';
import { asSentences } from '../ui/sentences';
import { wrapText } from '../ui/wrap';
import type { LogBrowser } from './log-browser';
import { toTreeItem } from './log-items';
import type { ActionNode, AttemptNode, ExportNode, FailureNode, HintNode, LogNode } from './log-nodes';
import { readOutcomes } from './outcomes';

/** Why the view is empty, as the welcome contents of the manifest know it; `ready` where it isn't. */
export type LogsState =
  | 'untrusted'
  | 'noFolder'
  | 'noEnvFile'
  | 'badSettings'
  | 'disabled'
  | 'unconfirmed'
  | 'noCredentials'
  | 'empty'
  | 'ready';

const NO_CREDENTIALS = new Set(['no-credentials', 'expired-credentials']);

/** The Task Logs view: DAG, run, task, attempt, each listed when its parent is opened. */
export class LogTree implements vscode.TreeDataProvider<LogNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<LogNode | undefined>());
  private readonly state = new ContextKey<LogsState>('astroLogExport.logsState');
  /** Aborted by each refresh, so that no listing goes on for rows that are gone. */
  private listings = new AbortController();
  private shown: readonly [targets: string, places: string] = ['', ''];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly exports: Exports,
    private readonly browser: LogBrowser,
  ) {
    this.store.add(exports.onDidChange(() => void this.refreshIfChanged()));
  }

  dispose(): void {
    this.listings.abort();
    this.store.dispose();
  }

  /** Why the view is empty, or that it isn't; undefined before it was shown. */
  get emptiness(): LogsState | undefined {
    return this.state.get();
  }

  /** Lists anew what is shown. */
  refresh(): void {
    this.listings.abort();
    this.listings = new AbortController();
    this.browser.forget();
    this.changed.fire(undefined);
  }

  /** Lists more children of the node that a "load more" row stands in. */
  loadMore(node: LogNode): void {
    if (node.kind !== 'more' || !node.parent) return;
    this.browser.listAll(node.parent);
    this.changed.fire(node.parent);
  }

  /** The row of an export. */
  rootOf(item: Export): LogNode {
    return rootOf(item);
  }

  getTreeItem(node: LogNode): vscode.TreeItem {
    return toTreeItem(node, item => this.exports.isSandbox(item));
  }

  getParent(node: LogNode): LogNode | undefined {
    return node.parent;
  }

  async getChildren(node?: LogNode): Promise<LogNode[]> {
    if (!node) return this.roots();
    if (node.kind === 'failure') return hintsOf(node);
    if (node.kind === 'export') {
      const readiness = this.exports.readiness(node.item);
      if (readiness === 'badSettings') return [actionOf(node, 'openEnvFile')];
      if (readiness === 'unconfirmed') return [actionOf(node, 'confirmTarget')];
    }
    const children = await this.guarded(node, parent => this.browser.children(parent, this.listings.signal));
    void this.readStates(children.filter(child => child.kind === 'attempt'));
    return children;
  }

  /** What is shown changes with the exports and their targets, not with every move between editors. */
  private async refreshIfChanged(): Promise<void> {
    const [targets, places] = await this.describe();
    if (targets !== this.shown[0]) this.refresh();
    // Whether it is the sandbox that answers is known after the first answer: the rows stay, the root says so.
    else if (places !== this.shown[1]) this.changed.fire(undefined);
  }

  private async describe(): Promise<readonly [targets: string, places: string]> {
    const all = await this.exports.all();
    const targets = all.map(item => [
      item.id,
      item.isEnabled,
      item.target,
      this.exports.readiness(item),
      this.exports.profile(item),
    ]);
    const places = all.map(item => this.exports.isSandbox(item));
    return [JSON.stringify([targets, this.exports.sandbox?.endpoint]), JSON.stringify(places)];
  }

  private async roots(): Promise<LogNode[]> {
    const { signal } = this.listings;
    this.shown = await this.describe();
    const all = await this.exports.all();
    const [only] = all;
    if (!vscode.workspace.isTrusted) return this.empty('untrusted');
    if (!vscode.workspace.workspaceFolders?.length) return this.empty('noFolder');
    if (!only) return this.empty('noEnvFile');
    if (all.length > 1) {
      this.state.set('ready');
      return all.map(rootOf);
    }
    const readiness = this.exports.readiness(only);
    if (readiness === 'badSettings') return this.empty('badSettings');
    if (readiness !== 'ready') return this.empty(only.isEnabled ? 'unconfirmed' : 'disabled');
    const root = rootOf(only);
    const children = await this.guarded(root, node => this.browser.children(node, signal));
    const [first] = children;
    if (first?.kind === 'failure' && NO_CREDENTIALS.has(first.code)) return this.empty('noCredentials');
    if (children.length === 0) return this.empty(only.isEnabled ? 'empty' : 'disabled');
    this.state.set('ready');
    return [root];
  }

  private empty(state: LogsState): LogNode[] {
    this.state.set(state);
    return [];
  }

  /** A listing that fails becomes a row that says why. */
  private async guarded(parent: LogNode, list: (parent: LogNode) => Promise<LogNode[]>): Promise<LogNode[]> {
    try {
      return await list(parent);
    } catch (error) {
      if (this.listings.signal.aborted || (isExportError(error) && error.code === 'cancelled')) return [];
      const isKnown = isExportError(error);
      return [
        {
          kind: 'failure',
          id: `${parent.id}/failure`,
          item: parent.item,
          parent,
          code: isKnown ? error.code : 'unknown',
          message: asSentences(isKnown ? error.message : String(error)),
          nextStep: isKnown ? asSentences(error.nextStep) : '',
        },
      ];
    }
  }

  private async readStates(attempts: readonly AttemptNode[]): Promise<void> {
    const [first] = attempts;
    if (!first) return;
    const { signal } = this.listings;
    try {
      await this.exports.use(first.item, session =>
        readOutcomes(session.bucket, attempts, signal, attempt => this.changed.fire(attempt)),
      );
    } catch {
      // The rows stay without a state; opening the log says what is wrong.
    }
  }
}

function rootOf(item: Export): ExportNode {
  return { kind: 'export', id: item.id, item };
}

function actionOf(parent: ExportNode, action: ActionNode['action']): ActionNode {
  return { kind: 'action', id: `${parent.id}/${action}`, item: parent.item, parent, action };
}

function hintsOf({ id, item, message, nextStep }: FailureNode): HintNode[] {
  const rows = (name: string, icon: string, text: string): HintNode[] =>
    wrapText(text).map((part, i) => ({
      kind: 'hint',
      id: `${id}/${name}/${i}`,
      item,
      text: part,
      icon: i === 0 ? icon : 'blank',
    }));
  return [...rows('message', 'info', message), ...rows('next', 'arrow-right', nextStep)];
}

import * as vscode from 'vscode';
import { config, onDidChangeConfig } from '../config';
import type { Export } from '../exports/export';
import { type Exports, LOG_SCHEME } from '../exports/exports';
import { exportOfRow } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { showSandboxInTitle } from '../ui/sandbox-title';
import { LogBrowser } from './log-browser';
import { LogFileSystem } from './log-file-system';
import { attemptKey } from './log-items';
import type { LogNode } from './log-nodes';
import { LogTree } from './log-tree';

/** Registers the Task Logs view, its commands, and the documents that its rows open. */
export function registerExplorer(context: vscode.ExtensionContext, exports: Exports, reporter: Reporter): LogTree {
  const tree = new LogTree(exports, new LogBrowser(exports));
  const view = vscode.window.createTreeView('astroLogExport.logs', { treeDataProvider: tree, showCollapseAll: true });
  const fileSystem = new LogFileSystem(exports, () => config.logsPageBytes());
  context.subscriptions.push(
    tree,
    view,
    fileSystem,
    vscode.workspace.registerFileSystemProvider(LOG_SCHEME, fileSystem, { isReadonly: true, isCaseSensitive: true }),
    onDidChangeConfig(['logFilenameTemplate'], () => tree.refresh()),
  );
  context.subscriptions.push(showSandboxInTitle(view, exports));
  registerCommands(context, reporter, {
    showLogs: async argument => {
      const item = exportOfRow(argument) ?? (await exports.find(exportIdIn(argument) ?? ''));
      if (item) await exports.pick(item);
      await vscode.commands.executeCommand('astroLogExport.logs.focus');
      if (item) await revealExport(view, tree, item);
    },
    refreshLogs: () => tree.refresh(),
    loadMoreLogs: argument => tree.loadMore(argument as LogNode),
    copyLogKey: async argument => {
      const key = keyOf(argument as LogNode);
      if (key !== undefined) await vscode.env.clipboard.writeText(key);
    },
  });
  return tree;
}

/** A link can carry no more than an export's id. */
function exportIdIn(argument: unknown): string | undefined {
  const { exportId } = (argument ?? {}) as { readonly exportId?: unknown };
  return typeof exportId === 'string' ? exportId : undefined;
}

async function revealExport(view: vscode.TreeView<LogNode>, tree: LogTree, item: Export): Promise<void> {
  try {
    await view.reveal(tree.rootOf(item), { select: true, focus: true, expand: true });
  } catch {
    // The view has no rows yet, and says what has to be done first.
  }
}

function keyOf(node: LogNode): string | undefined {
  if (node.kind === 'attempt') return attemptKey(node.attempt.objects.map(({ key }) => key));
  return node.kind === 'object' ? node.object.key : undefined;
}

import * as vscode from 'vscode';
import type { Exports } from '../exports/exports';
import { chooseExport, ensureReady, exportOfRow } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { showSandboxInTitle } from '../ui/sandbox-title';
import type { UserInput } from '../ui/user-input';
import { HealthResults } from './health-results';
import { HealthTree } from './health-tree';
import { showStatusItem } from './status-item';

/** What the view shows, and the results behind it. */
export interface Health {
  readonly results: HealthResults;
  readonly tree: HealthTree;
}

/** Registers the Export Health view, the status item, and the command that verifies. */
export function registerHealth(
  context: vscode.ExtensionContext,
  exports: Exports,
  ui: UserInput,
  reporter: Reporter,
): Health {
  const results = new HealthResults(exports);
  const tree = new HealthTree(exports, results);
  const view = vscode.window.createTreeView('astroLogExport.health', { treeDataProvider: tree });
  context.subscriptions.push(results, tree, view, showStatusItem(exports, results));
  context.subscriptions.push(showSandboxInTitle(view, exports));
  registerCommands(context, reporter, {
    verify: async argument => {
      const item = exportOfRow(argument) ?? (await chooseExport(exports, ui));
      await ensureReady(exports, ui, item);
      const result = await results.verify(item);
      const where = result.isSandbox ? ' (Sandbox)' : '';
      for (const check of result.checks) {
        reporter.log.info(`${item.id}${where}: ${check.id} ${check.status}: ${check.message}`);
      }
      await vscode.commands.executeCommand('astroLogExport.health.focus');
      return result;
    },
  });
  return { results, tree };
}

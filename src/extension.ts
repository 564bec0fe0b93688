import { config as configureL10n } from '@vscode/l10n';
import * as vscode from 'vscode';
import { CliAccess } from './features/deployment/cli-access';
import { Comparisons } from './features/deployment/comparison';
import { registerDeployment } from './features/deployment/index';
import { registerDiagnosis } from './features/diagnosis/index';
import { type Editor, registerEditor } from './features/editor/index';
import { registerExplorer } from './features/explorer/index';
import type { LogTree } from './features/explorer/log-tree';
import { Exports } from './features/exports/exports';
import { knownSecrets } from './features/exports/known-secrets';
import { registerExports } from './features/exports/index';
import { type Health, registerHealth } from './features/health/index';
import { registerSandbox } from './features/sandbox/index';
import { registerSetup } from './features/setup/index';
import { Preview } from './features/setup/preview';
import { registerTransfer } from './features/transfer/index';
import { createReporter } from './features/ui/commands';
import { SwitchableInput } from './features/ui/user-input';
import { WindowInput } from './features/ui/window-input';
import { WorkspaceFiles } from './features/workspace/workspace-files';

/** What tests inside VS Code are given, to answer questions and to ask about the state; nothing otherwise. */
export interface TestApi {
  readonly ui: SwitchableInput;
  readonly exports: Exports;
  readonly editor: Editor;
  readonly logs: LogTree;
  readonly health: Health;
  readonly log: vscode.LogOutputChannel;
  /** What is written down between sessions, and the folder of the output channel's file. */
  readonly context: Pick<vscode.ExtensionContext, 'workspaceState' | 'globalState' | 'logUri'>;
}

export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  if (vscode.l10n.bundle) configureL10n({ contents: vscode.l10n.bundle });
  const reporter = createReporter(context, async () => knownSecrets(await exports.all()));
  const ui = new SwitchableInput(new WindowInput());
  const files = new WorkspaceFiles(reporter.log);
  const exports = new Exports(files, context.workspaceState);
  const preview = new Preview();
  const access = new CliAccess(context.workspaceState, ui);
  const comparisons = new Comparisons(exports, access);
  context.subscriptions.push(files, exports, preview, comparisons);

  const editor = registerEditor(context, files, exports, reporter);
  registerExports(context, exports, ui, reporter);
  registerSetup(context, { exports, preview }, ui, reporter);
  const health = registerHealth(context, { exports, comparisons }, ui, reporter);
  registerDiagnosis(context, exports, reporter);
  const logs = registerExplorer(context, exports, reporter);
  registerDeployment(context, { exports, preview, results: health.results, access, comparisons }, ui, reporter);
  registerTransfer(context, exports, ui, reporter);
  registerSandbox(context, exports, ui, reporter);

  return context.extensionMode === vscode.ExtensionMode.Test
    ? { ui, exports, editor, logs, health, log: reporter.log, context }
    : undefined;
}

import * as vscode from 'vscode';
import type { Exports } from '../exports/exports';
import { type Reporter, registerCommands } from '../ui/commands';
import { keepLogDiagnostics, provideLogHovers } from './log-diagnostics';
import { LogMatches } from './log-matches';

/** Registers what opened logs show of failed uploads. It only reads what is open, in untrusted workspaces too. */
export function registerDiagnosis(context: vscode.ExtensionContext, exports: Exports, reporter: Reporter): void {
  const matches = new LogMatches();
  context.subscriptions.push(keepLogDiagnostics(exports, matches), provideLogHovers(matches));
  registerCommands(context, reporter, {
    openWorkerLog: async () => {
      const picked = await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Open Worker Log'),
        openLabel: vscode.l10n.t('Open'),
        filters: { [vscode.l10n.t('Logs')]: ['log', 'txt', 'out', 'err'] },
      });
      const [file] = picked ?? [];
      if (file) await vscode.window.showTextDocument(file);
    },
  });
}

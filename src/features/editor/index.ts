import * as vscode from 'vscode';
import { EnvCodeActions } from './code-actions';
import { keepDiagnostics } from './diagnostics';
import { FindingsCache } from './findings';

/** Registers what an editor shows of an env file: diagnostics and their fixes. Works in untrusted workspaces too. */
export function registerEditor(context: vscode.ExtensionContext): void {
  const cache = new FindingsCache();
  context.subscriptions.push(
    keepDiagnostics(cache),
    vscode.languages.registerCodeActionsProvider('*', new EnvCodeActions(cache), EnvCodeActions.metadata),
  );
}

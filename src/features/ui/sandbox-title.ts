import * as vscode from 'vscode';
import type { Exports } from '../exports/exports';

/** Says *Sandbox* beside a view's title while any export has it as its target. */
export function showSandboxInTitle(view: vscode.TreeView<unknown>, exports: Exports): vscode.Disposable {
  return exports.onDidChange(async () => {
    const all = await exports.all();
    view.description = all.some(item => exports.isSandbox(item)) ? vscode.l10n.t('Sandbox') : undefined;
  });
}

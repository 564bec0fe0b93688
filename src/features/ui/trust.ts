import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';

/** Throws where the workspace isn't trusted: then its files are linted, and start, write and send nothing. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new ExportError(
    'usage',
    vscode.l10n.t('This workspace is not trusted: its env files are checked, and nothing else is done with them.'),
    vscode.l10n.t('Run "Workspaces: Manage Workspace Trust" first.'),
  );
}

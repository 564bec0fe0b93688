import * as vscode from 'vscode';
import type { Check } from '../../core/check';
import { addStatement } from '../../core/diagnosis/add-statement';
import { statementOf } from '../../core/diagnosis/change';
import { mergeVariables } from '../../core/env/merge';
import { ExportError } from '../../core/export-error';
import { smallestEdit } from '../../core/text/smallest-edit';
import { applyEdits } from '../../core/text/text-range';
import type { Export } from '../exports/export';
import { policyFileOf } from './check-place';

/** Whether the next step of a check is an edit of a file of the workspace. */
export function isFixable({ change }: Check): boolean {
  return change !== undefined && ['env', 'permission', 'trust', 'bucket'].includes(change.document);
}

/**
 * Makes the edit that a check offers, in the editor, unsaved, so that the person sees it first.
 * Throws an ExportError where there is no file to make it in.
 */
export async function applyFix(item: Export, check: Check): Promise<vscode.TextDocument> {
  const { change } = check;
  if (change === undefined || !isFixable(check)) throw new ExportError('usage', check.message, check.nextStep ?? '');
  if (change.document === 'env') {
    return edit(item.uri, text => applyEdits(text, mergeVariables(text, [{ key: change.key, value: change.value }])));
  }
  const statement = statementOf(change);
  const file = policyFileOf(item, check);
  if (!statement || !file) throw new ExportError('usage', check.message, check.nextStep ?? '');
  return edit(file, text => addStatement(text, statement, change.document === 'trust'));
}

async function edit(uri: vscode.Uri, changed: (text: string) => string): Promise<vscode.TextDocument> {
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new ExportError(
      'unreadable',
      vscode.l10n.t('There is no file {0}', vscode.workspace.asRelativePath(uri)),
      vscode.l10n.t('Create it first: "Astro Log Export: Create Permission Policy…" or "Create Trust Policy…".'),
      { cause: error },
    );
  }
  const text = document.getText();
  const { range, newText } = smallestEdit(text, changed(text));
  const workspaceEdit = new vscode.WorkspaceEdit();
  const place = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
  workspaceEdit.replace(uri, place, newText);
  await vscode.workspace.applyEdit(workspaceEdit);
  const end = document.positionAt(range.start + newText.length);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place.start, end) });
  return document;
}

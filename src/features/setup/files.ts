import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import { smallestEdit } from '../../core/text/smallest-edit';

/** One file that is about to be written: what it holds now (undefined: not there) and what it will hold. */
export interface FileChange {
  readonly uri: vscode.Uri;
  readonly before: string | undefined;
  readonly after: string;
}

/** The text of a file, of its open document where there is one; undefined where there is no file. */
export async function readCurrentText(uri: vscode.Uri): Promise<string | undefined> {
  const open = openDocument(uri);
  // A clean document is read from disk: the editor has evened out mixed line ends, which have to stay.
  if (open?.isDirty) return open.getText();
  const bytes = await readBytes(uri);
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new ExportError(
      'unreadable',
      vscode.l10n.t('The file is not UTF-8 text: {0}', uri.fsPath),
      vscode.l10n.t('Save it as UTF-8, then run the command again.'),
      { cause: error },
    );
  }
}

/**
 * Writes all changes as one step that the editor can undo. A document with unsaved text of the person's own stays unsaved.
 * A file whose line ends an editor can't hold as they are is written to disk directly, byte for byte.
 */
export async function applyChanges(changes: readonly FileChange[]): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const direct: FileChange[] = [];
  const toSave: vscode.Uri[] = [];
  let hasEdits = false;
  for (const change of changes.filter(item => item.before !== item.after)) {
    if (change.before === undefined) {
      edit.createFile(change.uri, { contents: Buffer.from(change.after, 'utf8') });
      hasEdits = true;
      continue;
    }
    const document = await vscode.workspace.openTextDocument(change.uri);
    const text = withoutBom(change.before);
    if (document.getText() !== text) {
      direct.push(change);
      continue;
    }
    if (!document.isDirty) toSave.push(change.uri);
    const { range, newText } = smallestEdit(text, withoutBom(change.after));
    edit.replace(
      change.uri,
      new vscode.Range(document.positionAt(range.start), document.positionAt(range.end)),
      newText,
    );
    hasEdits = true;
  }
  if (hasEdits && !(await vscode.workspace.applyEdit(edit))) {
    throw new ExportError(
      'unreadable',
      vscode.l10n.t('The editor did not apply the changes; a file may have changed meanwhile.'),
      vscode.l10n.t('Run the command again.'),
    );
  }
  for (const uri of toSave) await openDocument(uri)?.save();
  for (const { uri, after } of direct) await vscode.workspace.fs.writeFile(uri, Buffer.from(after, 'utf8'));
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(item => !item.isClosed && item.uri.toString() === uri.toString());
}

async function readBytes(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw new ExportError(
      'unreadable',
      vscode.l10n.t('The file can not be read: {0}', uri.fsPath),
      vscode.l10n.t('Check that it is a file, and that you may read it.'),
      { cause: error },
    );
  }
}

function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

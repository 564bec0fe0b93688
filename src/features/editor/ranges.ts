import * as vscode from 'vscode';
import type { LineIndex } from '../../core/text/line-index';
import type { TextEdit, TextRange } from '../../core/text/text-range';

/** Where offsets of the core become positions of the editor, for a file that isn't open. */
export function toRange(index: LineIndex, range: TextRange): vscode.Range {
  const { start, end } = index.rangeAt(range);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** As {@link toRange}, for a document, which knows its own lines. */
export function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function toTextEdit(document: vscode.TextDocument, edit: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(rangeIn(document, edit.range), edit.newText);
}

import * as vscode from 'vscode';
import type { LineIndex } from '../../core/text/line-index';
import type { TextEdit, TextRange } from '../../core/text/text-range';

/** The one place where offsets of the core become positions of the editor. */
export function toRange(index: LineIndex, range: TextRange): vscode.Range {
  const { start, end } = index.rangeAt(range);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function toTextEdit(index: LineIndex, edit: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(toRange(index, edit.range), edit.newText);
}

import * as vscode from 'vscode';
import { wrapText } from '../ui/wrap';
import type { DetailNode } from './health-node';

/**
 * One text in as many rows as it needs; the first has the icon, and is read to a screen reader as a whole, after what it
 * is where the text itself doesn't say that.
 */
export function detailRows(id: string, icon: string, label: string | undefined, text: string): DetailNode[] {
  return wrapText(text).map((row, i) => ({
    kind: 'detail',
    id: `${id}/${i}`,
    icon: i === 0 ? icon : 'blank',
    text: row,
    whole: text,
    label: i > 0 ? row : label === undefined ? text : `${label}: ${text}`,
  }));
}

export function detailItem({ id, icon, text, whole, label }: DetailNode): vscode.TreeItem {
  const row = new vscode.TreeItem(text);
  row.id = id;
  row.iconPath = new vscode.ThemeIcon(icon);
  row.tooltip = whole;
  row.accessibilityInformation = { label };
  return row;
}

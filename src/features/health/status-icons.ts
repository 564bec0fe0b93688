import * as vscode from 'vscode';
import type { CheckStatus } from '../../core/check';

/** Told apart by their form; the colour comes on top. */
export const STATUS_ICONS: Readonly<Record<CheckStatus, vscode.ThemeIcon>> = {
  pass: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  fail: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  warn: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  skip: new vscode.ThemeIcon('circle-slash'),
};

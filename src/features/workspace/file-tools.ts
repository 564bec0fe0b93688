import * as vscode from 'vscode';
import type { FileTools } from '../../core/file-tools';

let loading: Promise<FileTools> | undefined;

/** What reads, lints and describes files; loaded at the first call. */
export function loadFileTools(): Promise<FileTools> {
  loading ??= load();
  return loading;
}

async function load(): Promise<FileTools> {
  const { fileTools } = await import('../../core/file-tools');
  if (vscode.l10n.bundle) fileTools.translate(vscode.l10n.bundle);
  return fileTools;
}

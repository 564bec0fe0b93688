import * as vscode from 'vscode';
import type { ExportFacts } from '../../core/export-facts';
import type { Export } from '../exports/export';
import { readExports } from '../exports/export';
import { isInForeignFolder } from '../workspace/excluded';
import { loadFileTools } from '../workspace/file-tools';
import type { WorkspaceFiles } from '../workspace/workspace-files';

/** An export of a document, and where the document states it. */
export interface PlacedExport {
  readonly item: Export;
  readonly facts: ExportFacts;
}

/** The exports that a document of the workspace holds; none where nothing may be done with them. */
export async function exportsOf(
  files: WorkspaceFiles,
  document: vscode.TextDocument,
): Promise<readonly PlacedExport[]> {
  if (!vscode.workspace.isTrusted) return [];
  if (!vscode.workspace.getWorkspaceFolder(document.uri) || isInForeignFolder(document.uri)) return [];
  const { exportsIn } = await loadFileTools();
  const file = files.ofDocument(document);
  if (!file) return [];
  const all = exportsIn(file.source);
  const items = readExports(file, all);
  return all.flatMap((facts, i) => {
    const item = items[i];
    return item ? { item, facts } : [];
  });
}

import * as vscode from 'vscode';
import type { ExportFacts } from '../../core/export-facts';
import { exportsIn } from '../../core/lint/source-files';
import type { Export } from '../exports/export';
import { readExports } from '../exports/export';
import { isInForeignFolder } from '../workspace/excluded';
import type { WorkspaceFiles } from '../workspace/workspace-files';

/** An export of a document, and where the document states it. */
export interface PlacedExport {
  readonly item: Export;
  readonly facts: ExportFacts;
}

/** The exports that a document of the workspace holds; none where nothing may be done with them. */
export function exportsOf(files: WorkspaceFiles, document: vscode.TextDocument): readonly PlacedExport[] {
  if (!vscode.workspace.isTrusted) return [];
  if (!vscode.workspace.getWorkspaceFolder(document.uri) || isInForeignFolder(document.uri)) return [];
  const file = files.ofDocument(document);
  if (!file) return [];
  const items = readExports(file);
  return exportsIn(file.source).flatMap((facts, i) => {
    const item = items[i];
    return item ? { item, facts } : [];
  });
}

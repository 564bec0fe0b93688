import * as vscode from 'vscode';
import type { Exports } from '../exports/exports';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { exportsOf, type PlacedExport } from './export-places';

/** What can be done with an export, above its first variable. */
export class ExportCodeLens implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(
    private readonly files: WorkspaceFiles,
    exports: Exports,
  ) {
    this.onDidChangeCodeLenses = exports.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    return (await exportsOf(this.files, document)).flatMap(placed => {
      const range = firstLine(document, placed);
      const lens = (command: string, title: string): vscode.CodeLens =>
        new vscode.CodeLens(range, { command: `astroLogExport.${command}`, title, arguments: [{ item: placed.item }] });
      return [
        lens('verify', vscode.l10n.t('Verify')),
        lens('showLogs', vscode.l10n.t('Show logs')),
        lens('setUp', vscode.l10n.t('Set up')),
      ];
    });
  }
}

function firstLine(document: vscode.TextDocument, { item, facts }: PlacedExport): vscode.Range {
  const offsets = Object.values(facts.places).map(place => place.start);
  let { line } = document.positionAt(Math.min(...offsets, document.getText().length));
  // In YAML the variable begins where its list item does, above or at its value.
  if (item.deployment !== undefined || /\.ya?ml$/i.test(item.uri.path)) {
    for (let at = line; at >= 0 && line - at < 6; at--) {
      if (!/^[ \t]*-[ \t]/.test(document.lineAt(at).text)) continue;
      line = at;
      break;
    }
  }
  return document.lineAt(line).range;
}

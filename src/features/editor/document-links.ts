import * as vscode from 'vscode';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { exportsOf } from './export-places';
import { rangeIn } from './ranges';

/** `s3://bucket/folder` of an export leads to what lies there, in the Task Logs view. */
export class FolderLinks implements vscode.DocumentLinkProvider {
  constructor(private readonly files: WorkspaceFiles) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    return (await exportsOf(this.files, document)).flatMap(({ item, facts }) => {
      const place = facts.places.baseLogFolder;
      if (!place || !item.target) return [];
      const argument = encodeURIComponent(JSON.stringify([{ exportId: item.id }]));
      const link = new vscode.DocumentLink(
        rangeIn(document, place),
        vscode.Uri.parse(`command:astroLogExport.showLogs?${argument}`),
      );
      link.tooltip = vscode.l10n.t('Show in Task Logs');
      return link;
    });
  }
}

import * as vscode from 'vscode';
import { describeDeploymentKey } from '../../core/assist/describe-deployment';
import { type Description, describeEnvLine } from '../../core/assist/describe-key';
import type { FileKind } from '../../core/lint/file-kind';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { rangeIn } from './ranges';

/** What a variable of the export does, and what each Astro command reads of it. */
export class ExportHover implements vscode.HoverProvider {
  constructor(private readonly files: WorkspaceFiles) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const source = this.files.ofDocument(document)?.source;
    const description = source?.kind && describe(source.kind, source.text, document.offsetAt(position));
    if (!description) return undefined;
    // Values out of the file stand in it: it may hold no command link, and no HTML.
    const markdown = new vscode.MarkdownString(description.markdown);
    return new vscode.Hover(markdown, rangeIn(document, description.range));
  }
}

function describe(kind: FileKind, text: string, offset: number): Description | undefined {
  switch (kind) {
    case 'env':
      return describeEnvLine(text, offset);
    case 'deployment':
      return describeDeploymentKey(text, offset);
    default:
      return undefined;
  }
}

import * as vscode from 'vscode';
import type { Description } from '../../core/assist/describe-key';
import type { FileTools } from '../../core/file-tools';
import type { FileKind } from '../../core/lint/file-kind';
import { loadFileTools } from '../workspace/file-tools';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { rangeIn } from './ranges';

/** What a variable of the export does, and what each Astro command reads of it. */
export class ExportHover implements vscode.HoverProvider {
  constructor(private readonly files: WorkspaceFiles) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const source = this.files.ofDocument(document)?.source;
    const offset = document.offsetAt(position);
    const description = source?.kind && describe(await loadFileTools(), source.kind, source.text, offset);
    if (!description) return undefined;
    // Values out of the file stand in it: it may hold no command link, and no HTML.
    const markdown = new vscode.MarkdownString(description.markdown);
    return new vscode.Hover(markdown, rangeIn(document, description.range));
  }
}

function describe(tools: FileTools, kind: FileKind, text: string, offset: number): Description | undefined {
  switch (kind) {
    case 'env':
      return tools.describeEnvLine(text, offset);
    case 'deployment':
      return tools.describeDeploymentKey(text, offset);
    default:
      return undefined;
  }
}

import * as vscode from 'vscode';
import type { Description } from '../../core/assist/describe-key';
import type { SourceFile } from '../../core/lint/source-file';
import { loadFileTools } from '../workspace/file-tools';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { rangeIn } from './ranges';

/** What a variable of the export does and what each Astro command reads of it, and what a statement of a policy does. */
export class ExportHover implements vscode.HoverProvider {
  constructor(private readonly files: WorkspaceFiles) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const source = this.files.ofDocument(document)?.source;
    const description = source && (await this.describe(source, document.offsetAt(position)));
    if (!description) return undefined;
    // Values out of the file stand in it: it may hold no command link, and no HTML.
    const markdown = new vscode.MarkdownString(description.markdown);
    return new vscode.Hover(markdown, rangeIn(document, description.range));
  }

  private async describe(source: SourceFile, offset: number): Promise<Description | undefined> {
    const { text, kind } = source;
    const tools = await loadFileTools();
    switch (kind) {
      case 'env':
        return tools.describeEnvLine(text, offset);
      case 'deployment':
        return tools.describeDeploymentKey(text, offset);
      case 'policy':
        return tools.describePolicy(source, offset, (await this.files.snapshot()).sources);
      default:
        return undefined;
    }
  }
}

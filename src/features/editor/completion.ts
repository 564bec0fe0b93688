import * as vscode from 'vscode';
import type { CompletionProposal } from '../../core/assist/completion';
import type { WorkspaceFiles } from '../workspace/workspace-files';
import { rangeIn } from './ranges';

/** Proposes variables of the export that a file lacks, and values of those that it has. */
export class ExportCompletion implements vscode.CompletionItemProvider {
  /** Behind these a value begins, or a part of one. */
  static readonly triggers = ['=', ':', '/', ' '];

  constructor(private readonly files: WorkspaceFiles) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const kind = this.files.ofDocument(document)?.source.kind;
    if (kind !== 'env' && kind !== 'deployment') return [];
    const { sources, tools } = await this.files.snapshot();
    const source = this.files.ofDocument(document)?.source;
    if (!source) return [];
    const complete = kind === 'env' ? tools.completeEnv : tools.completeDeployment;
    const known = tools.knownValues(sources, source.path);
    const list = complete(source.text, document.offsetAt(position), known);
    if (!list) return [];
    const range = rangeIn(document, list.range);
    return list.proposals.map((proposal, i) => toItem(proposal, range, i));
  }
}

function toItem(proposal: CompletionProposal, range: vscode.Range, order: number): vscode.CompletionItem {
  const { kind, label, detail, documentation, newText, filter } = proposal;
  const item = new vscode.CompletionItem(
    kind === 'key' ? label : { label, description: detail },
    kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value,
  );
  item.range = range;
  item.insertText = newText;
  item.sortText = String(order).padStart(3, '0');
  item.filterText = filter ?? label;
  if (documentation) item.documentation = new vscode.MarkdownString(documentation);
  if (kind === 'key' && newText.endsWith('=')) {
    item.command = { command: 'editor.action.triggerSuggest', title: vscode.l10n.t('Suggest Values') };
  }
  return item;
}

import * as vscode from 'vscode';
import type { Finding, Fix } from '../../core/finding';
import { smallestEdit } from '../../core/text/smallest-edit';
import type { TextEdit } from '../../core/text/text-range';
import { mayHoldFindings } from '../workspace/lintable';
import { DIAGNOSTIC_SOURCE } from './diagnostics';
import type { Findings } from './findings';
import { rangeIn, toTextEdit } from './ranges';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('astroLogExport');

/** The quick fix with every safe fix of a document, made only when someone chooses it. */
class FixAllAction extends vscode.CodeAction {
  constructor(readonly document: vscode.TextDocument) {
    super(fixAllTitle(), vscode.CodeActionKind.QuickFix);
  }
}

/** Quick fixes of single findings, and "fix all" for those that are safe unasked. */
export class FindingActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  };

  constructor(private readonly findings: Findings) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const findings = this.findings.of(document.uri);
    if (findings.length === 0 && !mayHoldFindings(document)) return [];
    const wants = (kind: vscode.CodeActionKind): boolean => context.only === undefined || context.only.contains(kind);
    const actions: vscode.CodeAction[] = [];
    if (wants(vscode.CodeActionKind.QuickFix)) {
      for (const finding of findings) {
        const at = rangeIn(document, finding.range);
        if (!at.intersection(range)) continue;
        const diagnostic = context.diagnostics.find(candidate => isOf(finding, at, candidate));
        for (const fix of [...(finding.fix ? [finding.fix] : []), ...(finding.alternatives ?? [])]) {
          actions.push(quickFix(document, fix, diagnostic, fix === finding.fix));
        }
      }
      const fixable = findings.filter(finding => finding.fix).length;
      if (actions.length > 0 && fixable > 1) actions.push(new FixAllAction(document));
    }
    // Editors ask for `source.fixAll` on save, and by its name in the Source Action menu.
    if (context.only && wants(FIX_ALL)) {
      const action = new vscode.CodeAction(fixAllTitle(), FIX_ALL);
      action.edit = await this.fixAllEdit(document);
      if (action.edit) actions.push(action);
    }
    return actions;
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (action instanceof FixAllAction) action.edit = await this.fixAllEdit(action.document);
    return action;
  }

  private async fixAllEdit(document: vscode.TextDocument): Promise<vscode.WorkspaceEdit | undefined> {
    const before = document.getText();
    const { text, fixed } = await this.findings.fixAll(document);
    return fixed === 0 ? undefined : toWorkspaceEdit(document, [smallestEdit(before, text)]);
  }
}

function fixAllTitle(): string {
  return vscode.l10n.t('Fix all log export problems');
}

function quickFix(
  document: vscode.TextDocument,
  fix: Fix,
  diagnostic: vscode.Diagnostic | undefined,
  isPreferred: boolean,
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.edit = toWorkspaceEdit(document, fix.edits);
  action.isPreferred = isPreferred;
  if (diagnostic) action.diagnostics = [diagnostic];
  return action;
}

function isOf(finding: Finding, at: vscode.Range, diagnostic: vscode.Diagnostic): boolean {
  const { code, range, source } = diagnostic;
  return source === DIAGNOSTIC_SOURCE && range.isEqual(at) && typeof code === 'object' && code.value === finding.code;
}

function toWorkspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    document.uri,
    edits.map(item => toTextEdit(document, item)),
  );
  return edit;
}

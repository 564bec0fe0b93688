import * as vscode from 'vscode';
import type { Finding, Fix } from '../../core/finding';
import { fixAll } from '../../core/fix-all';
import { LineIndex } from '../../core/text/line-index';
import { smallestEdit } from '../../core/text/smallest-edit';
import type { TextEdit } from '../../core/text/text-range';
import { isEnvDocument } from '../env-documents';
import { DIAGNOSTIC_SOURCE } from './diagnostics';
import { type FindingsCache, lintAsSet } from './findings';
import { toRange, toTextEdit } from './ranges';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('astroLogExport');

/** Quick fixes of single findings, and "fix all" for those that are safe unasked. */
export class EnvCodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  };

  constructor(private readonly cache: FindingsCache) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (!isEnvDocument(document)) return [];
    const findings = this.cache.of(document);
    const index = new LineIndex(document.getText());
    const wants = (kind: vscode.CodeActionKind): boolean => context.only === undefined || context.only.contains(kind);
    const actions: vscode.CodeAction[] = [];
    if (wants(vscode.CodeActionKind.QuickFix)) {
      for (const finding of findings) {
        const at = toRange(index, finding.range);
        if (!at.intersection(range)) continue;
        const diagnostic = context.diagnostics.find(candidate => isOf(finding, at, candidate));
        for (const fix of [...(finding.fix ? [finding.fix] : []), ...(finding.alternatives ?? [])]) {
          actions.push(quickFix(document, index, fix, diagnostic, fix === finding.fix));
        }
      }
      const fixable = findings.filter(finding => finding.fix).length;
      if (actions.length > 0 && fixable > 1)
        actions.push(...fixAllAction(document, index, vscode.CodeActionKind.QuickFix));
    }
    // Editors ask for `source.fixAll` on save, and by its name in the Source Action menu.
    if (context.only && wants(FIX_ALL)) actions.push(...fixAllAction(document, index, FIX_ALL));
    return actions;
  }
}

function quickFix(
  document: vscode.TextDocument,
  index: LineIndex,
  fix: Fix,
  diagnostic: vscode.Diagnostic | undefined,
  isPreferred: boolean,
): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.edit = toWorkspaceEdit(document, index, fix.edits);
  action.isPreferred = isPreferred;
  if (diagnostic) action.diagnostics = [diagnostic];
  return action;
}

function isOf(finding: Finding, at: vscode.Range, diagnostic: vscode.Diagnostic): boolean {
  const { code, range, source } = diagnostic;
  return source === DIAGNOSTIC_SOURCE && range.isEqual(at) && typeof code === 'object' && code.value === finding.code;
}

/** One action with every fix that is safe unasked; none where there is nothing to fix. */
function fixAllAction(
  document: vscode.TextDocument,
  index: LineIndex,
  kind: vscode.CodeActionKind,
): readonly vscode.CodeAction[] {
  const { text, fixed } = fixAll(document.getText(), current => lintAsSet(current, document.uri));
  if (fixed === 0) return [];
  const action = new vscode.CodeAction(vscode.l10n.t('Fix all log export problems'), kind);
  action.edit = toWorkspaceEdit(document, index, [smallestEdit(document.getText(), text)]);
  return [action];
}

function toWorkspaceEdit(
  document: vscode.TextDocument,
  index: LineIndex,
  edits: readonly TextEdit[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    document.uri,
    edits.map(item => toTextEdit(index, item)),
  );
  return edit;
}

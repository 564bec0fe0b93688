import * as vscode from 'vscode';
import type { Finding, RelatedPlace } from '../../core/finding';
import type { Severity } from '../../core/finding-table';
import type { TextRange } from '../../core/text/text-range';
import { DisposableStore } from '../ui/disposable-store';
import type { Snapshot } from '../workspace/snapshot';
import type { Findings } from './findings';
import { rangeIn, toRange } from './ranges';

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Shown beside each diagnostic, and what code actions recognise theirs by. */
export const DIAGNOSTIC_SOURCE = 'Astro Log Export';

/** Shows the findings of files, open and closed, as diagnostics. */
export function showDiagnostics(findings: Findings): vscode.Disposable {
  const store = new DisposableStore();
  const collection = store.add(vscode.languages.createDiagnosticCollection('astroLogExport'));
  const shown = new Map<string, string>();
  const update = (uri: vscode.Uri): void => {
    const key = uri.toString();
    const document = vscode.workspace.textDocuments.find(each => each.uri.toString() === key && !each.isClosed);
    const diagnostics = toDiagnostics(findings.of(uri), uri, document, findings.basis);
    const print = JSON.stringify(diagnostics);
    // In a closed file nothing moves by itself; in an open one the editor has moved them along with the text.
    if (!document && shown.get(key) === print) return;
    shown.set(key, print);
    collection.set(uri, diagnostics);
  };
  for (const { uri } of findings.basis?.files ?? []) update(uri);
  store.add(findings.onDidChange(update));
  return store;
}

function toDiagnostics(
  findings: readonly Finding[],
  uri: vscode.Uri,
  document: vscode.TextDocument | undefined,
  basis: Snapshot | undefined,
): vscode.Diagnostic[] {
  const file = basis?.files.find(each => each.uri.toString() === uri.toString());
  const at = (range: TextRange): vscode.Range | undefined =>
    document ? rangeIn(document, range) : basis && file && toRange(basis.indexOf(file), range);
  return findings.flatMap(finding => {
    const range = at(finding.range);
    if (!range) return [];
    const diagnostic = new vscode.Diagnostic(range, finding.message, SEVERITIES[finding.severity]);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = { value: finding.code, target: vscode.Uri.parse(finding.docs) };
    diagnostic.relatedInformation = (finding.related ?? []).flatMap(place => {
      const location = locate(place, basis, uri, at);
      return location ? new vscode.DiagnosticRelatedInformation(location, place.message) : [];
    });
    return diagnostic;
  });
}

function locate(
  place: RelatedPlace,
  basis: Snapshot | undefined,
  uri: vscode.Uri,
  at: (range: TextRange) => vscode.Range | undefined,
): vscode.Location | undefined {
  if (place.file === undefined) {
    const range = at(place.range);
    return range && new vscode.Location(uri, range);
  }
  const other = basis?.get(place.file);
  return basis && other && new vscode.Location(other.uri, toRange(basis.indexOf(other), place.range));
}

import * as vscode from 'vscode';
import type { Finding } from '../../core/finding';
import type { Severity } from '../../core/finding-table';
import { LineIndex } from '../../core/text/line-index';
import { onDidChangeConfig } from '../config';
import { isEnvDocument } from '../env-documents';
import { DisposableStore } from '../ui/disposable-store';
import type { FindingsCache } from './findings';
import { toRange } from './ranges';

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Shown beside each diagnostic, and what code actions recognise theirs by. */
export const DIAGNOSTIC_SOURCE = 'Astro Log Export';

/** Keeps the diagnostics of all open env files in step with their text; a closed file has none. */
export function keepDiagnostics(cache: FindingsCache): vscode.Disposable {
  const store = new DisposableStore();
  const collection = store.add(vscode.languages.createDiagnosticCollection('astroLogExport'));
  const update = (document: vscode.TextDocument): void => {
    if (document.isClosed || !isEnvDocument(document)) {
      collection.delete(document.uri);
      return;
    }
    const index = new LineIndex(document.getText());
    collection.set(
      document.uri,
      cache.of(document).map(finding => toDiagnostic(finding, document, index)),
    );
  };
  const updateAll = (): void => {
    for (const document of vscode.workspace.textDocuments) {
      cache.forget(document);
      update(document);
    }
  };
  store.add(vscode.workspace.onDidOpenTextDocument(update));
  store.add(vscode.workspace.onDidChangeTextDocument(event => update(event.document)));
  store.add(
    vscode.workspace.onDidCloseTextDocument(document => {
      cache.forget(document);
      collection.delete(document.uri);
    }),
  );
  store.add(onDidChangeConfig(['findings', 'envFiles'], updateAll));
  updateAll();
  return store;
}

function toDiagnostic(finding: Finding, document: vscode.TextDocument, index: LineIndex): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(index, finding.range),
    finding.message,
    SEVERITIES[finding.severity],
  );
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = { value: finding.code, target: vscode.Uri.parse(finding.docs) };
  diagnostic.relatedInformation = (finding.related ?? [])
    .filter(place => place.file === undefined)
    .map(
      place =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(document.uri, toRange(index, place.range)),
          place.message,
        ),
    );
  return diagnostic;
}

import * as vscode from 'vscode';
import type { LogMatch } from '../../core/diagnosis/log/diagnose-log';
import { DIAGNOSTIC_SOURCE } from '../editor/diagnostics';
import type { Exports } from '../exports/exports';
import { causeWords } from '../health/check-words';
import { DisposableStore } from '../ui/disposable-store';
import { asSentences } from '../ui/sentences';
import { isLogDocument, type LogMatches } from './log-matches';

/** A file that is still being written is looked at again after this pause, in milliseconds. */
const PAUSE = 500;

/** Keeps a problem at each failed upload in opened logs; a closed document has none. */
export function keepLogDiagnostics(exports: Exports, matches: LogMatches): vscode.Disposable {
  const store = new DisposableStore();
  const collection = store.add(vscode.languages.createDiagnosticCollection('astroLogExport.logs'));
  const waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();

  const update = async (document: vscode.TextDocument): Promise<void> => {
    const target = (await exports.active())?.target;
    if (document.isClosed) return;
    const found = matches.of(document, target);
    collection.set(
      document.uri,
      found.map(match => toDiagnostic(match, document)),
    );
  };
  const later = (document: vscode.TextDocument): void => {
    if (!isLogDocument(document)) return;
    clearTimeout(waiting.get(document));
    const timer = setTimeout(() => {
      waiting.delete(document);
      void update(document);
    }, PAUSE);
    waiting.set(document, timer);
  };
  store.add(
    vscode.workspace.onDidOpenTextDocument(document => {
      if (isLogDocument(document)) void update(document);
    }),
  );
  store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)));
  store.add(
    vscode.workspace.onDidCloseTextDocument(document => {
      clearTimeout(waiting.get(document));
      waiting.delete(document);
      matches.forget(document);
      collection.delete(document.uri);
    }),
  );
  store.add({ dispose: () => waiting.forEach(clearTimeout) });
  for (const document of vscode.workspace.textDocuments) if (isLogDocument(document)) void update(document);
  return store;
}

function toDiagnostic(match: LogMatch, document: vscode.TextDocument): vscode.Diagnostic {
  const { message, fix, causes } = match;
  const diagnostic = new vscode.Diagnostic(
    document.lineAt(match.line).range,
    asSentences(vscode.l10n.t('A task log was not exported: {0}', message), fix),
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = causes[0];
  return diagnostic;
}

/** Cause and fix over every line of a failure, its traceback too. */
export function provideLogHovers(matches: LogMatches): vscode.Disposable {
  return vscode.languages.registerHoverProvider('*', {
    provideHover(document, position) {
      if (!isLogDocument(document)) return undefined;
      const match = matches
        .found(document)
        .find(({ line, lastLine }) => line <= position.line && position.line <= lastLine);
      return match && new vscode.Hover(hoverText(match), document.lineAt(match.line).range);
    },
  });
}

function hoverText({ message, causes, fix }: LogMatch): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**');
  text.appendText(asSentences(message));
  text.appendMarkdown('**\n\n');
  const words = causes.map(causeWords).join(', ');
  text.appendText(
    causes.length > 1 ? vscode.l10n.t('Possible causes: {0}', words) : vscode.l10n.t('Cause: {0}', words),
  );
  text.appendMarkdown('\n\n');
  text.appendText(asSentences(fix));
  return text;
}

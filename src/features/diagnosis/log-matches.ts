import type * as vscode from 'vscode';
import { diagnoseLog, type LogMatch } from '../../core/diagnosis/log/diagnose-log';
import type { ExportTarget } from '../../core/export-settings';
import { LOG_SCHEME } from '../exports/exports';

/** Characters; a larger text is left alone, so that opening one costs nothing. */
const MAX_LENGTH = 5_000_000;

/** Whether a document may be the output of Airflow: a log of the bucket, or a file that is named like one. */
export function isLogDocument(document: vscode.TextDocument): boolean {
  const { scheme, path } = document.uri;
  if (scheme === LOG_SCHEME) return true;
  if (document.languageId === 'log') return true;
  return scheme !== 'output' && /\.(?:log|txt|out|err)$/i.test(path);
}

/** What a document's text tells of failed uploads, found once for each of its versions. */
export class LogMatches {
  private readonly known = new WeakMap<vscode.TextDocument, { version: number; matches: readonly LogMatch[] }>();

  of(document: vscode.TextDocument, target: ExportTarget | undefined): readonly LogMatch[] {
    const known = this.known.get(document);
    if (known?.version === document.version) return known.matches;
    const text = document.getText();
    const matches = text.length > MAX_LENGTH ? [] : diagnoseLog(text, target && { target });
    this.known.set(document, { version: document.version, matches });
    return matches;
  }

  /** Those that are known already. */
  found(document: vscode.TextDocument): readonly LogMatch[] {
    const known = this.known.get(document);
    return known?.version === document.version ? known.matches : [];
  }

  forget(document: vscode.TextDocument): void {
    this.known.delete(document);
  }
}

import type * as vscode from 'vscode';
import { lintEnv } from '../../core/env/lint-env';
import type { Finding } from '../../core/finding';
import { config } from '../config';

/** The findings of one version of a document, computed once for diagnostics and fixes alike. */
export class FindingsCache {
  private readonly known = new WeakMap<vscode.TextDocument, { version: number; findings: readonly Finding[] }>();

  /** Findings in the severities of the settings; those switched off are left out. */
  of(document: vscode.TextDocument): readonly Finding[] {
    const known = this.known.get(document);
    if (known?.version === document.version) return known.findings;
    const findings = lintAsSet(document.getText(), document.uri);
    this.known.set(document, { version: document.version, findings });
    return findings;
  }

  forget(document: vscode.TextDocument): void {
    this.known.delete(document);
  }
}

/** Lints a text with the severities that the settings give; findings that they switch off are left out. */
export function lintAsSet(text: string, scope: vscode.Uri): readonly Finding[] {
  const severities = config.findingsSeverity(scope);
  return lintEnv(text).flatMap(finding => {
    const severity = severities[finding.code] ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

import * as vscode from 'vscode';
import type { FindingCode, Severity } from '../core/finding-table';
import type { FindingSwitch } from '../core/lint/finding-switch';

const SECTION = 'astroLogExport';

/** The settings of this extension, one typed getter each. Defaults are those of the manifest. */
export const config = {
  envFiles(scope?: vscode.ConfigurationScope): readonly string[] {
    return get<string[]>('envFiles', scope, []);
  },
  /** Undefined: Airflow's own default. */
  logFilenameTemplate(scope?: vscode.ConfigurationScope): string | undefined {
    return get('logFilenameTemplate', scope, '').trim() || undefined;
  },
  findingsSeverity(scope?: vscode.ConfigurationScope): Readonly<Partial<Record<FindingCode, Severity | 'off'>>> {
    return get('findings.severity', scope, {});
  },
  /** Whether findings of a family are shown at all. */
  findings(family: FindingSwitch, scope?: vscode.ConfigurationScope): boolean {
    return get(`findings.${family}`, scope, true);
  },
  /** The profile of exports that have none of their own; undefined: AWS's own chain. */
  awsProfile(): string | undefined {
    return get('aws.profile', undefined, '').trim() || undefined;
  },
  /** One endpoint for S3, STS and IAM; undefined: AWS's own rules. */
  awsEndpoint(): string | undefined {
    return get('aws.endpoint', undefined, '').trim() || undefined;
  },
  uploadConcurrency(): number | 'auto' {
    const value = get<number | string>('upload.concurrency', undefined, 'auto');
    return typeof value === 'number' ? value : 'auto';
  },
  /** How many bytes of one log are opened at most. */
  logsPageBytes(): number {
    return get('logs.pageBytes', undefined, 20 * 1024 * 1024);
  },
};

/** Calls `listener` after one of the named settings (without the section) has changed. */
export function onDidChangeConfig(names: readonly string[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (names.some(name => event.affectsConfiguration(`${SECTION}.${name}`))) listener();
  });
}

function get<T>(name: string, scope: vscode.ConfigurationScope | undefined, fallback: T): T {
  return vscode.workspace.getConfiguration(SECTION, scope).get<T>(name) ?? fallback;
}

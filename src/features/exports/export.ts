import * as vscode from 'vscode';
import { parseEnvDocument } from '../../core/env/env-document';
import { isExportEnabled, readSettings, resolveTarget } from '../../core/env/settings';
import { ExportError, isExportError } from '../../core/export-error';
import type { ExportSettings, ExportTarget } from '../../core/export-settings';
import type { EnvFile } from './env-files';

/** One env file of the workspace that holds any of our keys. */
export interface Export {
  /** The file's path within the workspace, the same after a reload. */
  readonly id: string;
  readonly uri: vscode.Uri;
  readonly settings: ExportSettings;
  readonly isEnabled: boolean;
  /** Present where the variables name a bucket. */
  readonly target?: ExportTarget;
  /** Why there is no target. */
  readonly problem?: ExportError;
}

/** The export that an env file holds; undefined for a file with none of our keys. */
export function readExport(file: EnvFile): Export | undefined {
  const settings = readSettings(parseEnvDocument(file.text));
  if (Object.values(settings).every(value => value === undefined)) return undefined;
  const id = vscode.workspace.asRelativePath(file.uri, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
  const base = { id, uri: file.uri, settings, isEnabled: isExportEnabled(settings) };
  if (file.problem) {
    const message = vscode.l10n.t('The file is not UTF-8 text: {0}', id);
    return { ...base, problem: new ExportError('unreadable', message, vscode.l10n.t('Save it as UTF-8.')) };
  }
  try {
    return { ...base, target: resolveTarget(settings) };
  } catch (error) {
    if (!isExportError(error)) throw error;
    return { ...base, problem: error };
  }
}

/** `my-logs/logs/project`, as rows and reports name a target. */
export function printTarget(target: ExportTarget): string {
  return `${target.bucket}/${target.prefix}`.replace(/\/$/, '');
}

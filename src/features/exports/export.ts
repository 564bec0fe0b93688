import * as vscode from 'vscode';
import { isExportEnabled, resolveTarget } from '../../core/env/settings';
import { ExportError, isExportError } from '../../core/export-error';
import type { ExportFacts } from '../../core/export-facts';
import type { ExportSettings, ExportTarget } from '../../core/export-settings';
import type { WorkspaceFile } from '../workspace/snapshot';

/** One env file of the workspace that holds any of our keys, or one Deployment of a deployment file that does. */
export interface Export {
  /** The file's path within the workspace, and of a deployment file the Deployment's name: the same after a reload. */
  readonly id: string;
  readonly uri: vscode.Uri;
  /** The Deployment's name, for an export of a deployment file. */
  readonly deployment?: string;
  readonly settings: ExportSettings;
  readonly isEnabled: boolean;
  /** Present where the variables name a bucket. */
  readonly target?: ExportTarget;
  /** Why there is no target. */
  readonly problem?: ExportError;
}

/** The exports of a file, from what it says of them, in the same order. */
export function readExports(file: WorkspaceFile, all: readonly ExportFacts[]): readonly Export[] {
  const taken = new Set<string>();
  return all.map(facts => {
    const name = nameOf(file, facts);
    let id = name;
    for (let i = 2; taken.has(id); i++) id = `${name} ${i}`;
    taken.add(id);
    return { ...readFacts(file, facts), id };
  });
}

function nameOf(file: WorkspaceFile, { deployment }: ExportFacts): string {
  const path = vscode.workspace.asRelativePath(file.uri, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
  return deployment === undefined ? path : `${path} (${deployment})`;
}

function readFacts({ uri, source, problem }: WorkspaceFile, facts: ExportFacts): Omit<Export, 'id'> {
  const { settings, deployment, target } = facts;
  const base = {
    uri,
    settings,
    isEnabled: isExportEnabled(settings),
    ...(deployment === undefined ? {} : { deployment }),
  };
  if (problem) {
    const message = vscode.l10n.t('The file is not UTF-8 text: {0}', vscode.workspace.asRelativePath(source.path));
    return { ...base, problem: new ExportError('unreadable', message, vscode.l10n.t('Save it as UTF-8.')) };
  }
  return { ...base, ...(target ? { target } : problemOf(settings)) };
}

function problemOf(settings: ExportSettings): Pick<Export, 'problem' | 'target'> {
  try {
    return { target: resolveTarget(settings) };
  } catch (error) {
    if (!isExportError(error)) throw error;
    return { problem: error };
  }
}

/** `my-logs/logs/project`, as rows and reports name a target. */
export function printTarget(target: ExportTarget): string {
  return `${target.bucket}/${target.prefix}`.replace(/\/$/, '');
}

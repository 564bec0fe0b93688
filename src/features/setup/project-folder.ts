import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import { folderSegment, projectName } from '../../core/project/project-name';
import type { Exports } from '../exports/exports';
import { nearest } from '../exports/nearest-export';
import type { UserInput } from '../ui/user-input';

const CONFIG = '.astro/config.yaml';

/** The folder of an Astro project, and the name that its logs' folder ends in. */
export interface ProjectFolder {
  readonly uri: vscode.Uri;
  /** The project's name as one segment of a folder. */
  readonly name: string;
}

/** The Astro project that a setup command is about; asks only where the workspace holds several. */
export async function chooseProjectFolder(exports: Exports, ui: UserInput): Promise<ProjectFolder> {
  const folders = await candidates(exports);
  const [first] = folders;
  if (!first) {
    throw new ExportError(
      'not-found',
      vscode.l10n.t('There is no folder to write to.'),
      vscode.l10n.t('Open the folder of your Astro project first.'),
    );
  }
  if (folders.length === 1) return withName(first);
  const active = vscode.window.activeTextEditor?.document.uri.path ?? '';
  const near = nearest(
    folders.map(uri => ({ id: uri.toString(), path: `${uri.path}/.env`, uri })),
    active,
    undefined,
  );
  const answer = await ui.pick({
    title: vscode.l10n.t('Astro Project'),
    placeholder: vscode.l10n.t('Which project?'),
    choices: folders.map(uri => ({
      label: vscode.workspace.asRelativePath(uri, true),
      value: uri.toString(),
    })),
    active: near?.id,
  });
  const chosen = answer.kind === 'value' ? folders.find(uri => uri.toString() === answer.value) : undefined;
  if (!chosen) throw new ExportError('cancelled', vscode.l10n.t('Stopped.'), vscode.l10n.t('Run it again.'));
  return withName(chosen);
}

/** Folders with an Astro configuration or an export; without any, the workspace's own folders. */
async function candidates(exports: Exports): Promise<readonly vscode.Uri[]> {
  const configs = await vscode.workspace.findFiles(`**/${CONFIG}`, '**/node_modules/**', 50);
  const found = [
    ...configs.map(uri => vscode.Uri.joinPath(uri, '../..')),
    ...(await exports.all()).map(item => vscode.Uri.joinPath(item.uri, '..')),
  ];
  const all = found.length > 0 ? found : (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri);
  const byAddress = new Map(all.map(uri => [uri.toString(), uri]));
  return [...byAddress.values()].sort((a, b) => a.path.localeCompare(b.path));
}

async function withName(uri: vscode.Uri): Promise<ProjectFolder> {
  const folderName = uri.path.split('/').filter(Boolean).at(-1) ?? '';
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, CONFIG));
    return { uri, name: folderSegment(projectName(new TextDecoder().decode(bytes)) ?? folderName) };
  } catch {
    return { uri, name: folderSegment(folderName) };
  }
}

import * as vscode from 'vscode';

/** Folders that hold no files of the project's own. */
const NEVER = ['node_modules', '.git', '.venv', 'venv', '.virtualenv', 'virtualenv', '__pypackages__', 'site-packages'];
/** What lies in a Python environment's own folder, whatever that is called. */
const ENVIRONMENT_MARKERS = ['pyvenv.cfg', 'conda-meta'];

/** The folders of {@link isInForeignFolder} as a pattern, for the editor's own search. */
export const FOREIGN_FOLDERS = `{${NEVER.map(name => `**/${name}/**`).join(',')}}`;

/** Whether something lies in a folder whose name says that others wrote what is in it. */
export function isInForeignFolder(uri: vscode.Uri): boolean {
  const path = `${uri.path}/`;
  return NEVER.some(name => path.includes(`/${name}/`));
}

/** Whether the setting `files.exclude` hides a file or a folder above it. Its entries with a condition are left aside. */
export function isHidden(uri: vscode.Uri): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return false;
  const setting = vscode.workspace.getConfiguration('files', folder).get<Record<string, unknown>>('exclude') ?? {};
  const patterns = Object.entries(setting).flatMap(([pattern, value]) => (value === true ? pattern : []));
  const filters = patterns.map(pattern => ({ pattern: new vscode.RelativePattern(folder, pattern) }));
  for (let at = uri; at.path.length > folder.uri.path.length; at = vscode.Uri.joinPath(at, '..')) {
    const document = { uri: at, languageId: '', fileName: at.fsPath } as vscode.TextDocument;
    if (filters.some(filter => vscode.languages.match(filter, document) > 0)) return true;
  }
  return false;
}

/** Finds out which folders are Python environments; each folder is looked at once. */
export class PythonEnvironments {
  private readonly known = new Map<string, Promise<boolean>>();

  /** Whether a file lies in a Python environment below its workspace folder. */
  async contain(uri: vscode.Uri): Promise<boolean> {
    const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    if (!root) return false;
    for (
      let at = vscode.Uri.joinPath(uri, '..');
      at.path.length > root.path.length;
      at = vscode.Uri.joinPath(at, '..')
    ) {
      if (await this.isEnvironment(at)) return true;
    }
    return false;
  }

  forget(): void {
    this.known.clear();
  }

  private isEnvironment(folder: vscode.Uri): Promise<boolean> {
    const key = folder.toString();
    let answer = this.known.get(key);
    if (!answer) {
      answer = Promise.all(ENVIRONMENT_MARKERS.map(name => exists(vscode.Uri.joinPath(folder, name)))).then(found =>
        found.includes(true),
      );
      this.known.set(key, answer);
    }
    return answer;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

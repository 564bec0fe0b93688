import * as vscode from 'vscode';
import { config, onDidChangeConfig } from '../config';
import { isEnvFile } from '../env-documents';
import { DisposableStore } from '../ui/disposable-store';

const MAX_FILES = 200;
/** A file larger than this is no env file that a person keeps. In bytes. */
const MAX_BYTES = 1024 * 1024;
/** Folders that hold no files of the project's own. */
const NEVER = ['node_modules', '.git', '.venv', 'venv', 'site-packages'];
/** Of so many new files and folders at once, everything is searched instead of each. */
const MANY = 20;
const SETTLE_MS = 150;

/** The text of one env file; `problem` where the file on disk is no UTF-8 text. */
export interface EnvFile {
  readonly uri: vscode.Uri;
  readonly text: string;
  readonly problem?: 'not-utf8';
}

/** The workspace's env files: found once, then watched. The text of an open document beats the disk. */
export class EnvFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly watchers = new DisposableStore();
  private readonly files = new Map<string, EnvFile>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly settling = new Map<string, NodeJS.Timeout>();
  private readonly created = new Set<vscode.Uri>();
  private searching: NodeJS.Timeout | undefined;
  private finding: Promise<void> | undefined;

  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.store.add(this.changed);
    this.store.add(this.watchers);
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(event => {
        const { uri } = event.document;
        if (event.contentChanges.length === 0 || !vscode.workspace.getWorkspaceFolder(uri)) return;
        if (isEnvFile(event.document)) this.settle(uri);
      }),
    );
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(document => {
        if (this.files.has(document.uri.toString())) this.settle(document.uri);
      }),
    );
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.findAgain()));
    this.store.add(onDidChangeConfig(['envFiles'], () => void this.findAgain()));
  }

  dispose(): void {
    clearTimeout(this.searching);
    for (const timer of this.settling.values()) clearTimeout(timer);
    this.store.dispose();
  }

  /** All files as they are now; the first call finds them. */
  async all(): Promise<readonly EnvFile[]> {
    this.finding ??= this.find();
    await this.finding;
    for (const document of vscode.workspace.textDocuments) {
      if (this.files.has(document.uri.toString())) this.take(document.uri, { text: document.getText() });
    }
    return [...this.files.values()].sort((a, b) => compare(a.uri.path, b.uri.path));
  }

  private async findAgain(): Promise<void> {
    this.finding = this.find();
    await this.finding;
    this.changed.fire();
  }

  private async find(): Promise<void> {
    this.files.clear();
    this.watchers.clear();
    // Watched before it is searched, so that nothing falls between.
    this.watch();
    await this.search();
  }

  private async search(folder?: vscode.Uri): Promise<void> {
    const found = new Map<string, vscode.Uri>();
    const never = `{${NEVER.map(name => `**/${name}/**`).join(',')}}`;
    const searches = config.envFiles().map(async pattern => {
      const where = folder ? new vscode.RelativePattern(folder, pattern) : pattern;
      try {
        return await vscode.workspace.findFiles(where, never, MAX_FILES);
      } catch (error) {
        // Without the editor's search there are still the files that every project has.
        this.log.warn(`${pattern}: ${(error as Error).message}`);
        const folders = folder ? [folder] : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
        return folders.map(uri => vscode.Uri.joinPath(uri, '.env'));
      }
    });
    for (const uri of (await Promise.all(searches)).flat()) found.set(uri.toString(), uri);
    const uris = [...found.values()].sort((a, b) => compare(a.path, b.path)).slice(0, MAX_FILES);
    await Promise.all(uris.map(uri => this.read(uri)));
  }

  private watch(): void {
    const settle = (uri: vscode.Uri): void => {
      if (!NEVER.some(name => uri.path.includes(`/${name}/`))) this.settle(uri);
    };
    for (const pattern of config.envFiles()) {
      const watcher = this.watchers.add(vscode.workspace.createFileSystemWatcher(pattern));
      for (const listen of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        this.watchers.add(listen(settle));
      }
    }
    // Of a folder that comes or goes, often only the folder itself is reported.
    const folders = this.watchers.add(vscode.workspace.createFileSystemWatcher('**', false, true, false));
    this.watchers.add(folders.onDidCreate(uri => this.searchLater(uri)));
    this.watchers.add(
      folders.onDidDelete(folder => {
        const inside = `${folder.toString()}/`;
        for (const { uri } of this.files.values()) if (uri.toString().startsWith(inside)) this.settle(uri);
      }),
    );
  }

  /** Looks into what was created, once nothing more is for a moment, in case it is a folder with files in it. */
  private searchLater(uri: vscode.Uri): void {
    if (NEVER.some(name => `${uri.path}/`.includes(`/${name}/`))) return;
    this.created.add(uri);
    clearTimeout(this.searching);
    this.searching = setTimeout(async () => {
      const created = [...this.created];
      this.created.clear();
      if (created.length > MANY) return this.findAgain();
      const before = this.files.size;
      for (const each of created) if (await isFolder(each)) await this.search(each);
      if (this.files.size !== before) this.changed.fire();
    }, SETTLE_MS * 2);
  }

  /** Reads a file once nothing more happens to it for a moment. */
  private settle(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.settling.get(key));
    this.settling.set(
      key,
      setTimeout(() => {
        this.settling.delete(key);
        void this.read(uri).then(() => this.changed.fire());
      }, SETTLE_MS),
    );
  }

  private async read(uri: vscode.Uri): Promise<void> {
    const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
    try {
      const stat = await vscode.workspace.fs.stat(uri);
      if (open && !open.isClosed) this.take(uri, { text: open.getText() });
      else if ((stat.type & vscode.FileType.File) === 0 || stat.size > MAX_BYTES) this.files.delete(uri.toString());
      else this.take(uri, decode(await vscode.workspace.fs.readFile(uri)));
    } catch (error) {
      this.files.delete(uri.toString());
      if (!isNotFound(error)) this.log.warn(`${uri.fsPath}: ${(error as Error).message}`);
    }
  }

  private take(uri: vscode.Uri, content: Omit<EnvFile, 'uri'>): void {
    this.files.set(uri.toString(), { uri, ...content });
  }
}

/** Files of a folder before those of its subfolders, each by name. */
function compare(a: string, b: string): number {
  const depth = a.split('/').length - b.split('/').length;
  return depth || (a < b ? -1 : a > b ? 1 : 0);
}

function decode(bytes: Uint8Array): Omit<EnvFile, 'uri'> {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder().decode(bytes), problem: 'not-utf8' };
  }
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
}

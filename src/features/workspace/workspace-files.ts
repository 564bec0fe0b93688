import * as vscode from 'vscode';
import type { FileKind } from '../../core/lint/file-kind';
import type { SourceFile } from '../../core/lint/source-file';
import { config, onDidChangeConfig } from '../config';
import { otherWork } from '../other-work';
import { DisposableStore } from '../ui/disposable-store';
import { FOREIGN_FOLDERS, isHidden, isInForeignFolder, PythonEnvironments } from './excluded';
import { loadFileTools } from './file-tools';
import {
  followEnvFiles,
  isCandidate,
  isEnvFile,
  kindOfDocument,
  kindOfFile,
  mayHoldFindings,
  pathOf,
} from './lintable';
import { Snapshot, type WorkspaceFile } from './snapshot';

const MAX_FILES = 200;
/** Files that are read to find out whether they are of a known kind, as most YAML files are not. */
const MAX_READ = 1000;
/** A file larger than this is none that a person keeps. In bytes. */
const MAX_BYTES = 1024 * 1024;
/** Of so many new files and folders at once, everything is searched instead of each. */
const MANY = 20;
const SETTLE_MS = 150;

/** Files of known names beside the env files; of YAML files the content decides. */
const PROJECT_FILES =
  '**/{[Dd]ockerfile,[Dd]ockerfile.*,*.[Dd]ockerfile,requirements*.txt,pyproject.toml,*[Pp]olicy*.json,*[Tt]rust*.json,*deployment*.json,*.yaml,*.yml}';

/** What makes a folder an Astro project: looked at by linters, and not linted. */
const PROJECT_MARKER = /\/\.astro\/config\.yaml$/;

/**
 * The workspace's files that hold exports, or that have to agree with one: found once, then watched. The text of an
 * open document beats the disk. All that shows or checks something asks this one object.
 */
export class WorkspaceFiles implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly watchers = new DisposableStore();
  private readonly files = new Map<string, WorkspaceFile>();
  /** Files that were looked for, and are not there. */
  private readonly missing = new Set<string>();
  /** Requirements files of any name, which another one includes. */
  private readonly included = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly settling = new Map<string, { readonly timer: NodeJS.Timeout; readonly isOnDisk: boolean }>();
  private readonly created = new Set<vscode.Uri>();
  private readonly environments = new PythonEnvironments();
  /** What an open document says, for as long as its version lasts. */
  private readonly documents = new WeakMap<vscode.TextDocument, { version: number; file: WorkspaceFile | undefined }>();
  private searching: NodeJS.Timeout | undefined;
  private finding: Promise<void> | undefined;
  private last: Snapshot | undefined;
  private announced: Snapshot | undefined;

  /** Fires once nothing more has happened for a moment: a file or an open document changed, came or went. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.store.add(this.changed);
    this.store.add(this.watchers);
    this.store.add(followEnvFiles());
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.concerns(document)) this.settle(document.uri, 'document');
      }),
    );
    for (const event of [vscode.workspace.onDidOpenTextDocument, vscode.workspace.onDidCloseTextDocument]) {
      this.store.add(event(document => this.concerns(document) && this.settle(document.uri)));
    }
    this.store.add(
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        for (const uri of [...opened, ...closed].flatMap(urisOf)) this.settle(uri);
      }),
    );
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.findAgain()));
    this.store.add(onDidChangeConfig(['envFiles'], () => void this.findAgain()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('files.exclude')) void this.findAgain();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.searching);
    for (const { timer } of this.settling.values()) clearTimeout(timer);
    this.store.dispose();
  }

  /** All files as they are now, and open documents of a known kind wherever they are; the first call finds them. */
  async snapshot(): Promise<Snapshot> {
    // Nothing is read or loaded before activating has ended.
    this.finding ??= otherWork().then(() => this.find());
    await this.finding;
    const tools = await loadFileTools();
    const files = new Map(this.files);
    const shown = new Set(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(urisOf).map(uri => uri.toString())),
    );
    for (const document of vscode.workspace.textDocuments) {
      const key = document.uri.toString();
      // The editor keeps documents for minutes after they were closed, and for others that asked for them.
      if (!document.isDirty && (!shown.has(key) || this.missing.has(key))) continue;
      const file = this.ofDocument(document);
      if (file) files.set(key, file);
      // Of a known kind as it stands on disk, and no more.
      else files.delete(key);
    }
    const sorted = [...files.values()].sort((a, b) => compare(a.uri.path, b.uri.path));
    if (!this.last?.equals(sorted)) this.last = new Snapshot(sorted, tools);
    return this.last;
  }

  /** An open document as a linter sees it; undefined for one that isn't linted. */
  ofDocument(document: vscode.TextDocument): WorkspaceFile | undefined {
    if (document.isClosed || !this.concerns(document)) return undefined;
    const known = this.documents.get(document);
    if (known?.version === document.version) return known.file;
    const text = document.getText();
    const kind = this.included.has(document.uri.toString()) ? 'requirements' : kindOfDocument(document, text);
    const isMarker = PROJECT_MARKER.test(document.uri.path);
    const source: SourceFile = { path: pathOf(document.uri), text, ...(kind ? { kind } : {}) };
    const file = kind || isMarker ? { uri: document.uri, source } : undefined;
    this.documents.set(document, { version: document.version, file });
    return file;
  }

  private async findAgain(): Promise<void> {
    this.finding = this.find();
    await this.announce();
  }

  private async announce(): Promise<void> {
    const snapshot = await this.snapshot();
    if (snapshot === this.announced) return;
    this.announced = snapshot;
    this.changed.fire();
  }

  private async find(): Promise<void> {
    this.files.clear();
    this.included.clear();
    this.watchers.clear();
    this.environments.forget();
    // Watched before it is searched, so that nothing falls between.
    this.watch();
    await this.search();
  }

  private async search(folder?: vscode.Uri): Promise<void> {
    const found = new Map<string, vscode.Uri>();
    const searches = [...config.envFiles(), PROJECT_FILES].map(async pattern => {
      const where = folder ? new vscode.RelativePattern(folder, pattern) : pattern;
      try {
        return await vscode.workspace.findFiles(where, FOREIGN_FOLDERS, MAX_READ);
      } catch (error) {
        // Without the editor's search there are still the files that every project has.
        this.log.warn(`${pattern}: ${(error as Error).message}`);
        const folders = folder ? [folder] : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
        return folders.map(uri => vscode.Uri.joinPath(uri, '.env'));
      }
    });
    for (const uri of (await Promise.all(searches)).flat()) found.set(uri.toString(), uri);
    const rank = (uri: vscode.Uri): number => (isEnvFile(uri) ? 0 : /\.ya?ml$/i.test(uri.path) ? 2 : 1);
    const uris = [...found.values()].sort((a, b) => rank(a) - rank(b) || compare(a.path, b.path)).slice(0, MAX_READ);
    for (let at = 0; at < uris.length && this.files.size < MAX_FILES; at += MAX_FILES) {
      await Promise.all(uris.slice(at, at + MAX_FILES).map(uri => this.read(uri)));
    }
  }

  private watch(): void {
    const watcher = this.watchers.add(vscode.workspace.createFileSystemWatcher('**'));
    const settle = (uri: vscode.Uri): void => {
      if ((isCandidate(uri) || this.included.has(uri.toString())) && !isInForeignFolder(uri)) this.settle(uri);
    };
    this.watchers.add(watcher.onDidChange(settle));
    this.watchers.add(
      watcher.onDidCreate(uri => {
        settle(uri);
        // Of a folder that comes or goes, often only the folder itself is reported.
        this.searchLater(uri);
      }),
    );
    this.watchers.add(
      watcher.onDidDelete(uri => {
        settle(uri);
        const inside = `${uri.toString()}/`;
        for (const file of this.files.values()) if (file.uri.toString().startsWith(inside)) this.settle(file.uri);
      }),
    );
  }

  /** Looks into what was created, once nothing more is for a moment, in case it is a folder with files in it. */
  private searchLater(uri: vscode.Uri): void {
    if (isInForeignFolder(uri) || isCandidate(uri)) return;
    this.created.add(uri);
    clearTimeout(this.searching);
    this.searching = setTimeout(async () => {
      const created = [...this.created];
      this.created.clear();
      if (created.length > MANY) return this.findAgain();
      for (const each of created) if (await isFolder(each)) await this.search(each);
      await this.announce();
    }, SETTLE_MS * 2);
  }

  /** Takes note of what happened once nothing more does for a moment; of what someone types nothing has to be read. */
  private settle(uri: vscode.Uri, where: 'disk' | 'document' = 'disk'): void {
    const key = uri.toString();
    const pending = this.settling.get(key);
    clearTimeout(pending?.timer);
    const isOnDisk = where === 'disk' || pending?.isOnDisk === true;
    const timer = setTimeout(async () => {
      this.settling.delete(key);
      if (isOnDisk) await this.read(uri);
      await this.announce();
    }, SETTLE_MS);
    this.settling.set(key, { timer, isOnDisk });
  }

  private async read(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    this.missing.delete(key);
    try {
      const isIncluded = this.included.has(key);
      const file = (await this.isOwn(uri)) ? await readFile(uri, isIncluded ? 'requirements' : undefined) : undefined;
      if (!file || (!this.files.has(key) && this.files.size >= MAX_FILES)) {
        this.files.delete(key);
        return;
      }
      this.files.set(key, file);
      if (file.source.kind === 'requirements') await this.readIncluded(file);
    } catch (error) {
      this.files.delete(key);
      if (isNotFound(error)) this.missing.add(key);
      else this.log.warn(`${uri.fsPath}: ${(error as Error).message}`);
    }
  }

  private async isOwn(uri: vscode.Uri): Promise<boolean> {
    if (!vscode.workspace.getWorkspaceFolder(uri) || isInForeignFolder(uri) || isHidden(uri)) return false;
    const isWanted = isCandidate(uri) || this.included.has(uri.toString());
    return isWanted && !(await this.environments.contain(uri));
  }

  /** What is wrong in an included file is told there, whatever it is called. */
  private async readIncluded({ uri, source }: WorkspaceFile): Promise<void> {
    const { requirementIncludes } = await loadFileTools();
    for (const { text } of requirementIncludes(source.text)) {
      const include = vscode.Uri.joinPath(uri, '..', text);
      if (isCandidate(include) || this.included.has(include.toString())) continue;
      this.included.add(include.toString());
      await this.read(include);
    }
  }

  private concerns(document: vscode.TextDocument): boolean {
    return mayHoldFindings(document) || this.included.has(document.uri.toString());
  }
}

/** `included`: what it is, whatever its name says. */
async function readFile(uri: vscode.Uri, included?: FileKind): Promise<WorkspaceFile | undefined> {
  const stat = await vscode.workspace.fs.stat(uri);
  if ((stat.type & vscode.FileType.File) === 0 || stat.size > MAX_BYTES) return undefined;
  const { text, ...problem } = decode(await vscode.workspace.fs.readFile(uri));
  const kind = included ?? kindOfFile(uri, text);
  if (!kind && !PROJECT_MARKER.test(uri.path)) return undefined;
  return { uri, source: { path: pathOf(uri), text, ...(kind ? { kind } : {}) }, ...problem };
}

/** The files that a tab shows. */
function urisOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}

/** Files of a folder before those of its subfolders, each by name. */
function compare(a: string, b: string): number {
  const depth = a.split('/').length - b.split('/').length;
  return depth || (a < b ? -1 : a > b ? 1 : 0);
}

function decode(bytes: Uint8Array): { readonly text: string; readonly problem?: 'not-utf8' } {
  try {
    // The byte order mark is a finding of its own, and every offset counts it.
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
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

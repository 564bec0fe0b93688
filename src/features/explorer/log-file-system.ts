import * as vscode from 'vscode';
import { isExportError } from '../../core/export-error';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { asSentences } from '../ui/sentences';
import { type AttemptObjects, findAttempt, readAttempt } from './attempt';
import { parseLogUri } from './log-uri';

/** Milliseconds for which a listing stands for what is in the bucket. */
const FRESH_MS = 2_000;

/**
 * Task logs as read-only documents. An address names bucket, key and export, so that a document that was open
 * when the window was reloaded opens again, through whatever session the export has by then.
 */
export class LogFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  /** What was found for `stat`, for the `readFile` that follows at once. */
  private readonly found = new Map<string, { readonly at: number; readonly attempt: AttemptObjects }>();

  readonly onDidChangeFile = this.changed.event;

  constructor(
    private readonly exports: Exports,
    private readonly pageBytes: () => number,
  ) {}

  dispose(): void {
    this.changed.dispose();
  }

  /** Objects are looked at when a document is opened; nothing watches a bucket. */
  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const attempt = await this.withAttempt(uri, async attempt => attempt);
    const { size, mtime } = attempt;
    this.found.set(uri.toString(), { at: Date.now(), attempt });
    return { type: vscode.FileType.File, ctime: mtime, mtime, size, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.withAttempt(uri, async (attempt, item) =>
      this.exports.use(item, async session =>
        Buffer.from(await readAttempt(session.bucket, attempt, this.pageBytes()), 'utf8'),
      ),
    );
  }

  readDirectory(): never {
    throw vscode.FileSystemError.Unavailable(vscode.l10n.t('Folders of a bucket are shown in the Task Logs view.'));
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async withAttempt<T>(
    uri: vscode.Uri,
    work: (attempt: AttemptObjects, item: Export) => Promise<T>,
  ): Promise<T> {
    const { key } = parseLogUri(uri);
    const item = await this.ownerOf(uri);
    try {
      const known = this.found.get(uri.toString());
      this.found.delete(uri.toString());
      const attempt =
        known && Date.now() - known.at < FRESH_MS
          ? known.attempt
          : await this.exports.use(item, session => findAttempt(session.bucket, key));
      if (!attempt) throw vscode.FileSystemError.FileNotFound(uri);
      return await work(attempt, item);
    } catch (error) {
      // The editor shows this text where the document would stand.
      if (isExportError(error)) throw vscode.FileSystemError.Unavailable(asSentences(error.message, error.nextStep));
      throw error;
    }
  }

  /** The export that an address names, or one that has the same bucket by now. */
  private async ownerOf(uri: vscode.Uri): Promise<Export> {
    const { bucket, exportId } = parseLogUri(uri);
    const sameBucket = (await this.exports.all()).filter(item => item.target?.bucket === bucket);
    const owner = sameBucket.find(item => item.id === exportId) ?? sameBucket[0];
    if (!owner) {
      const message = vscode.l10n.t('No env file of this workspace exports to the bucket {0}', bucket);
      throw vscode.FileSystemError.Unavailable(asSentences(message));
    }
    return owner;
  }
}

import type * as vscode from 'vscode';
import type { FileTools } from '../../core/file-tools';
import type { SourceFile } from '../../core/lint/source-file';
import type { SourceFiles } from '../../core/lint/source-files';
import { LineIndex } from '../../core/text/line-index';

/** One file of the workspace, or an open document: a linter's view of it, and where it is. */
export interface WorkspaceFile {
  readonly uri: vscode.Uri;
  readonly source: SourceFile;
  /** What stands on disk is no UTF-8 text: it is not linted, and nothing is made of what it says. */
  readonly problem?: 'not-utf8';
}

const indexes = new WeakMap<SourceFile, LineIndex>();

/** The files that are linted together, as they were at one moment. */
export class Snapshot {
  readonly sources: SourceFiles;
  private readonly byPath: ReadonlyMap<string, WorkspaceFile>;

  constructor(
    readonly files: readonly WorkspaceFile[],
    readonly tools: FileTools,
  ) {
    this.sources = tools.sourceFiles(files.map(file => file.source));
    this.byPath = new Map(files.map(file => [file.source.path, file]));
  }

  get(path: string): WorkspaceFile | undefined {
    return this.byPath.get(path);
  }

  /** The lines of a file; made once for each text. */
  indexOf(file: WorkspaceFile): LineIndex {
    let index = indexes.get(file.source);
    if (!index) {
      index = new LineIndex(file.source.text);
      indexes.set(file.source, index);
    }
    return index;
  }

  /** Whether it is of the very same files and texts. */
  equals(files: readonly WorkspaceFile[]): boolean {
    return files.length === this.files.length && files.every((file, i) => file.source === this.files[i]?.source);
  }
}

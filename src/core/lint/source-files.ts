import { deploymentExport } from '../deployment/deployment-export';
import { envExport } from '../env/env-export';
import type { ExportFacts } from '../export-facts';
import { type FileKind, kindOf } from './file-kind';
import { folderDistance, folderOf, joinPath, type SourceFile } from './source-file';

/** Reads the exports that one file states. A further kind of file is a further row. */
const EXPORT_READERS: Readonly<Partial<Record<FileKind, (file: SourceFile) => readonly ExportFacts[]>>> = {
  env: ({ path, text }) => [envExport(path, text)].filter(each => each !== undefined),
  deployment: ({ path, text }) => [deploymentExport(path, text)].filter(each => each !== undefined),
};

const known = new WeakMap<SourceFile, readonly ExportFacts[]>();

/** The exports that one file states. Remembered for as long as the file's text is the same object. */
export function exportsIn(file: SourceFile): readonly ExportFacts[] {
  let exports = known.get(file);
  if (!exports) {
    const kind = kindOf(file);
    exports = (kind && EXPORT_READERS[kind]?.(file)) ?? [];
    known.set(file, exports);
  }
  return exports;
}

/** The files that are linted together, and what they say of the exports. Immutable; facts are read when first asked for. */
export class SourceFiles {
  private readonly byPath: ReadonlyMap<string, SourceFile>;
  private knownExports: readonly ExportFacts[] | undefined;

  constructor(files: Iterable<SourceFile>) {
    this.byPath = new Map([...files].map(file => [file.path, file]));
  }

  get all(): readonly SourceFile[] {
    return [...this.byPath.values()];
  }

  get(path: string): SourceFile | undefined {
    return this.byPath.get(path);
  }

  /** The file of that name in a folder. */
  inFolder(folder: string, name: string): SourceFile | undefined {
    return this.byPath.get(joinPath(folder, name));
  }

  /** The files of a folder itself, not of those below. */
  filesOf(folder: string): readonly SourceFile[] {
    return this.all.filter(file => folderOf(file.path) === folder);
  }

  /** The same files with another text for one of them, or with one more. */
  with(file: SourceFile): SourceFiles {
    return new SourceFiles([...this.all.filter(each => each.path !== file.path), file]);
  }

  /** All exports that the files state. */
  get exports(): readonly ExportFacts[] {
    this.knownExports ??= this.all.flatMap(exportsIn);
    return this.knownExports;
  }

  /** The exports that a file (a policy, a Dockerfile) belongs to: those of the fewest folders between. */
  exportsFor(path: string): readonly ExportFacts[] {
    const distances = this.exports.map(each => folderDistance(each.file, path));
    const least = Math.min(...distances);
    return this.exports.filter((_, i) => distances[i] === least);
  }
}

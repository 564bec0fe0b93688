import { readFile } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';

/**
 * The bytes of a file. Throws an {@link ExportError} `unreadable`, which names the file and what to do, for a file that
 * isn't there, a folder, and one without permission.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readError(path, error);
  }
}

function readError(path: string, error: unknown): ExportError {
  const code = (error as NodeJS.ErrnoException).code;
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ExportError(
        'unreadable',
        t('There is no file {0}', path),
        t('Give the path of an existing file.'),
        options,
      );
    case 'EISDIR':
      return new ExportError(
        'unreadable',
        t('This is a folder, not a file: {0}', path),
        t('Give the path of a file in it.'),
        options,
      );
    case 'EACCES':
    case 'EPERM':
      return new ExportError(
        'unreadable',
        t('No permission to read {0}', path),
        t('Make the file readable for you.'),
        options,
      );
    default:
      return new ExportError(
        'unreadable',
        t('{0} could not be read: {1}', path, code ?? (error as Error).message),
        t('Check the file and try again.'),
        options,
      );
  }
}

import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';

/**
 * The text of a UTF-8 file, a byte order mark included, so that writing it back gives the same bytes.
 * Throws an {@link ExportError} `unreadable`, which names the file and what to do, for a file that isn't there, a
 * folder, one without permission, and one that isn't UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw readError(path, error);
  }
  return decodeText(path, bytes);
}

/** Decodes a file's bytes; throws as {@link readTextFile} does where they aren't UTF-8. */
function decodeText(path: string, bytes: Uint8Array): string {
  const utf16 = looksLikeUtf16(bytes);
  if (utf16 || !isUtf8(bytes)) {
    const message = utf16
      ? t('The file is UTF-16, not UTF-8: {0}', path)
      : t('The file is not UTF-8 (line {0}): {1}', lineOfFirstBadByte(bytes), path);
    throw new ExportError(
      'unreadable',
      message,
      t('Save it as UTF-8 (in VS Code: Change File Encoding, Save with Encoding).'),
    );
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
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

/** By its byte order mark; or, without one, because every other of the first bytes is zero, as in ASCII text. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const sample = bytes.subarray(0, Math.min(bytes.length, 256) & ~1);
  if (sample.length < 4) return false;
  const zeroAt = (parity: number) => sample.every((byte, i) => i % 2 !== parity || byte === 0);
  const textAt = (parity: number) => sample.every((byte, i) => i % 2 !== parity || byte !== 0);
  return (zeroAt(1) && textAt(0)) || (zeroAt(0) && textAt(1));
}

/** No sequence of UTF-8 spans a line feed, so a line can be judged by itself. */
function lineOfFirstBadByte(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) return line;
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}

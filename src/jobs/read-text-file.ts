import { isUtf8 } from 'node:buffer';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { readBytes } from './read-bytes';

/**
 * The text of a UTF-8 file, a byte order mark included, so that writing it back gives the same bytes.
 * Throws an {@link ExportError} `unreadable`, which names the file and what to do, for a file that isn't there, a
 * folder, one without permission, and one that isn't UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  return decodeText(path, await readBytes(path));
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

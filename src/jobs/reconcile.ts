import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import type { BucketClient, ListedObject } from '../aws/session';
import { ExportError } from '../core/export-error';
import { isProbeKey } from '../core/logs/log-key';
import { findTaskLogs, type LocalLog, reason } from './log-folder';
import { mapConcurrently } from './map-concurrently';

export interface ReconcileInput {
  readonly bucket: BucketClient;
  /** The export's prefix: what lies under it is compared. */
  readonly prefix: string;
  readonly folder: string;
}

/** What comparing a folder with the bucket showed; keys in their order, prefix included. */
export interface ReconcileReport {
  readonly same: number;
  /** In the folder, not in the bucket. */
  readonly missing: readonly string[];
  /** In both, with other contents. */
  readonly different: readonly string[];
  /** In the bucket, not in the folder; our own probes left out. */
  readonly extra: readonly string[];
}

/** Objects compared side by side. */
const CONCURRENCY = 16;
/** Bytes of a file and of its object that are held at once. */
const PIECE = 8 << 20;

/**
 * Compares the task logs under a folder with the bucket, byte for byte, and writes nothing. Where an object's ETag is
 * the MD5 of the file, nothing is read from the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 * Throws an {@link ExportError}: `unreadable` for a folder or file that can't be read, and what S3 refuses.
 */
export async function reconcile(
  { bucket, prefix, folder }: ReconcileInput,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ReconcileReport> {
  const { logs, unreadable } = await findTaskLogs(folder, prefix, signal);
  const [broken] = unreadable;
  if (broken) throw unreadableFile(broken.path, broken.message);
  const remote = new Map<string, ListedObject>();
  for await (const { objects } of bucket.list({ prefix, signal })) {
    for (const object of objects) if (!isProbeKey(object.key, prefix)) remote.set(object.key, object);
  }
  const isSame = await mapConcurrently(logs, CONCURRENCY, async log => {
    signal?.throwIfAborted();
    const object = remote.get(log.key);
    return object && holdsFile(bucket, object, log, signal);
  });
  const keys = (wanted: boolean | undefined) => unique(logs.filter((_, i) => isSame[i] === wanted).map(log => log.key));
  const different = keys(false);
  const local = new Set(logs.map(log => log.key));
  return {
    same: keys(true).filter(key => !different.includes(key)).length,
    missing: keys(undefined),
    different,
    extra: [...remote.keys()].filter(key => !local.has(key)),
  };
}

async function holdsFile(
  bucket: BucketClient,
  { key, size, etag }: ListedObject,
  { path }: LocalLog,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    const file = await open(path);
    try {
      const md5 = createHash('md5');
      for await (const piece of file.createReadStream({ autoClose: false, start: 0 })) md5.update(piece);
      if (md5.digest('hex') === etag.replaceAll('"', '')) return true;
      // An object in parts, or under a KMS key, has another ETag.
      for (let start = 0; start < size; start += PIECE) {
        const end = Math.min(start + PIECE, size) - 1;
        const { buffer } = await file.read(Buffer.alloc(end - start + 1), 0, end - start + 1, start);
        const { body } = await bucket.get(key, { range: { start, end }, signal });
        if (!body.equals(buffer)) return false;
      }
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadableFile(path, reason(error));
    throw error;
  }
}

function unreadableFile(path: string, why: string): ExportError {
  return new ExportError(
    'unreadable',
    t('{0}: {1}', path, why),
    t('Make it readable for you, or leave it out of the folder.'),
  );
}

function unique(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}

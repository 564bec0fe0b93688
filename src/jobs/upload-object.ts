import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { t } from '@vscode/l10n';
import type { AwsFailure, BucketClient, StreamedBody } from '../aws/session';
import { isExportError } from '../core/export-error';
import type { LocalLog } from './log-folder';

/** What the bucket holds under a key. */
export interface RemoteObject {
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
}

/** What became of one file. `etag` is the object's now. */
export type UploadOutcome =
  | { readonly kind: 'uploaded'; readonly size: number; readonly etag: string }
  | { readonly kind: 'same'; readonly size: number; readonly etag: string }
  | { readonly kind: 'different'; readonly message: string };

export interface UploadObjectOptions {
  readonly bucket: BucketClient;
  /** Only says what would be done. */
  readonly dryRun: boolean;
  readonly signal?: AbortSignal;
}

/** Larger files are streamed from disk, so that memory stays bounded however many are on their way. In bytes. */
const STREAM_FROM = 1024 * 1024;

/** Objects up to this size are read and compared where their ETag can't tell. In bytes. */
const COMPARE_UP_TO = 64 * 1024 * 1024;

/**
 * Brings one log to its key without losing what lies there: a new object is written only where there is none,
 * and one that is there is replaced only where the file begins with its whole content (an append, as Airflow does it).
 * `remote` undefined: the listing had no such key. Throws an ExportError, or the file system's error.
 */
export async function uploadObject(
  log: LocalLog,
  remote: RemoteObject | undefined,
  options: UploadObjectOptions,
): Promise<UploadOutcome> {
  let known = remote;
  for (let round = 0; ; round++) {
    const file = openLog(log.path);
    if (known) {
      const relation = await compare(file, log.key, known, options);
      if (relation === 'same') return { kind: 'same', size: known.size, etag: known.etag };
      if (relation === 'other') {
        return {
          kind: 'different',
          message: t('the bucket holds other text, which the upload would overwrite: {0}', log.key),
        };
      }
    }
    if (options.dryRun) return { kind: 'uploaded', size: file.size, etag: '' };
    try {
      const { etag } = await put(log.key, file, known, options);
      return { kind: 'uploaded', size: file.size, etag };
    } catch (error) {
      if (!isPreconditionFailed(error) || round > 2) throw error;
      // Airflow, or another upload, wrote the object meanwhile: look at what is there now.
      known = await options.bucket.head(log.key, { signal: options.signal });
    }
  }
}

interface OpenLog {
  readonly size: number;
  /** The whole file; undefined where it is streamed. */
  readonly body: Buffer | undefined;
  readonly path: string;
}

/** The file as it is now: what is appended later doesn't count. */
function openLog(path: string): OpenLog {
  const { size } = statSync(path);
  if (size > STREAM_FROM) return { size, body: undefined, path };
  // Reading a small file at once takes half the time that reading it asynchronously does.
  const body = readFileSync(path);
  return { size: body.length, body, path };
}

async function put(
  key: string,
  file: OpenLog,
  known: RemoteObject | undefined,
  { bucket, signal }: UploadObjectOptions,
): Promise<{ etag: string }> {
  const body = file.body ?? streamOf(file);
  const condition = known ? { ifMatch: known.etag } : { ifNoneMatch: '*' as const };
  try {
    return await bucket.put(key, body, { ...condition, signal });
  } catch (error) {
    // Some stores know no conditions; what is there was looked at just before.
    if (failureOf(error)?.status !== 501) throw error;
    return bucket.put(key, body, { signal });
  }
}

function streamOf({ path, size }: OpenLog): StreamedBody {
  return { size, open: () => createReadStream(path, { end: size - 1 }) };
}

/** `extends`: the file begins with the whole object. `same` also where the object already holds the whole file and more. */
async function compare(
  file: OpenLog,
  key: string,
  remote: RemoteObject,
  { bucket, signal }: UploadObjectOptions,
): Promise<'same' | 'extends' | 'other'> {
  if (remote.size === 0) return file.size === 0 ? 'same' : 'extends';
  if (remote.size <= file.size && (await md5OfStart(file, remote.size)) === remote.etag) {
    return remote.size === file.size ? 'same' : 'extends';
  }
  // An ETag that isn't the content's MD5 (several parts, KMS), or other content: only the content can tell.
  if (Math.max(remote.size, file.size) > COMPARE_UP_TO) return 'other';
  const there = (await bucket.get(key, { signal })).body;
  const here = file.body ?? readFileSync(file.path).subarray(0, file.size);
  if (there.includes(here)) return 'same';
  return here.subarray(0, there.length).equals(there) ? 'extends' : 'other';
}

async function md5OfStart(file: OpenLog, size: number): Promise<string> {
  const md5 = createHash('md5');
  if (file.body) return md5.update(file.body.subarray(0, size)).digest('hex');
  for await (const chunk of createReadStream(file.path, { end: size - 1 })) md5.update(chunk as Buffer);
  return md5.digest('hex');
}

function failureOf(error: unknown): AwsFailure | undefined {
  return isExportError(error) ? (error.cause as AwsFailure | undefined) : undefined;
}

function isPreconditionFailed(error: unknown): boolean {
  return failureOf(error)?.status === 412;
}

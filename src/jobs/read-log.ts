import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import { t } from '@vscode/l10n';
import type { BucketClient, ObjectBody } from '../aws/session';
import { ExportError, isExportError } from '../core/export-error';

/** Bytes of one request of a whole log: memory stays small, and most logs come in one. */
const PIECE = 8 << 20;

/** Bytes of the first request for the last lines; enough for a screen and a traceback. */
const FIRST_TAIL = 64 << 10;

/** How often an object that is rewritten meanwhile is read anew before giving up. */
const MAX_RESTARTS = 3;

/** Bytes before the end of what was read that tell a log that grew from one that was replaced. */
const OVERLAP = 1 << 10;

/** Milliseconds between two looks at a log that is followed: growing while nothing happens. */
const FOLLOW_INTERVAL = { first: 1_000, last: 10_000 } as const;

export interface ReadLogInput {
  readonly bucket: BucketClient;
  /** The whole key. */
  readonly key: string;
  /** Only so many of the last lines. */
  readonly tail?: number;
  /** The bytes as they are stored, also of a gzipped object; but the last lines are those of the log. */
  readonly asStored?: boolean;
}

/** What {@link followLog} hands out: more of the log, or that the object was replaced and starts over. */
export type FollowedPiece = { readonly bytes: Buffer } | { readonly restarted: 'shorter' | 'different' | 'gone' };

export interface FollowLogInput extends ReadLogInput {
  /** Milliseconds; default {@link FOLLOW_INTERVAL}. */
  readonly interval?: { readonly first: number; readonly last: number };
}

/**
 * Reads a log in pieces, unzipped where it is gzip (by its Content-Encoding, its name or its first bytes). The last
 * lines of a plain log cost one request, of `FIRST_TAIL` bytes, or a few growing ones. Throws an ExportError:
 * `not-found` for a key that isn't there, `unreadable` for broken gzip, and what S3 refuses.
 */
export async function* readLog(input: ReadLogInput, options: { signal?: AbortSignal } = {}): AsyncGenerator<Buffer> {
  const { tail, asStored } = input;
  if (tail === 0) return;
  if (tail !== undefined) {
    yield (await readTail(input, tail, options.signal)).bytes;
    return;
  }
  const first = await getRange(input, 0, PIECE - 1, options.signal);
  if (asStored || !isGzip(first)) {
    for await (const { bytes } of restOf(input, first, options.signal)) yield bytes;
    return;
  }
  yield (await wholeOf(input, first, options.signal)).bytes;
}

/**
 * Reads a log as {@link readLog} does, then what is added to it, until the signal ends it (which is no error).
 * S3 tells nothing by itself: the object is asked for every second at first, then less often, up to ten seconds.
 */
export async function* followLog(
  input: FollowLogInput,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<FollowedPiece> {
  const interval = input.interval ?? FOLLOW_INTERVAL;
  let state = await start(input, signal);
  if (state.bytes.length > 0) yield { bytes: state.bytes };
  let wait: number = interval.first;
  for (;;) {
    await sleep(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    let next: Followed;
    try {
      next = await look(input, state, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    wait = next === state ? Math.min(wait * 1.5, interval.last) : interval.first;
    if (next.restarted) yield { restarted: next.restarted };
    if (next !== state && next.bytes.length > 0) yield { bytes: next.bytes };
    state = next;
  }
}

/** How far a log was read. */
interface Followed {
  /** What this look has added. */
  readonly bytes: Buffer;
  readonly etag: string;
  /** Bytes of the log that were read, or passed over at the start. */
  readonly end: number;
  /** The last bytes before `end`. */
  readonly overlap: Buffer;
  /** Positions are those of the unzipped log, which only reading it whole can tell. */
  readonly isUnzipped: boolean;
  readonly restarted?: 'shorter' | 'different' | 'gone';
}

async function start(input: FollowLogInput, signal: AbortSignal): Promise<Followed> {
  return input.tail === undefined ? readWhole(input, signal) : readTail(input, input.tail, signal);
}

/** The same state again where nothing has happened. */
async function look(input: FollowLogInput, state: Followed, signal: AbortSignal): Promise<Followed> {
  const head = await input.bucket.head(input.key, { signal });
  if (!head) {
    if (state.etag === '') return state;
    return { bytes: Buffer.alloc(0), etag: '', end: 0, overlap: Buffer.alloc(0), isUnzipped: false, restarted: 'gone' };
  }
  if (head.etag === state.etag) return state;
  const from = state.end - state.overlap.length;
  const next = state.isUnzipped || from === 0 ? await readWhole(input, signal) : await readFrom(input, from, signal);
  const added = next.bytes.subarray(next.end - next.bytes.length < from ? from : 0);
  const isShorter = next.end < state.end;
  if (!isShorter && added.subarray(0, state.overlap.length).equals(state.overlap)) {
    return { ...next, bytes: added.subarray(state.overlap.length) };
  }
  const whole = next.end === next.bytes.length ? next : await readWhole(input, signal);
  return { ...whole, restarted: isShorter ? 'shorter' : 'different' };
}

async function readFrom(input: FollowLogInput, from: number, signal: AbortSignal): Promise<Followed> {
  const { body, etag, totalSize } = await getRange(input, from, Number.MAX_SAFE_INTEGER, signal);
  return { bytes: body, etag, end: totalSize, overlap: lastOf(body), isUnzipped: false };
}

function lastOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - OVERLAP)));
}

async function readWhole(input: ReadLogInput, signal?: AbortSignal): Promise<Followed> {
  return wholeOf(input, await getRange(input, 0, PIECE - 1, signal), signal);
}

async function wholeOf(input: ReadLogInput, first: ObjectBody, signal?: AbortSignal): Promise<Followed> {
  const pieces: Buffer[] = [];
  let { etag } = first;
  for await (const piece of restOf(input, first, signal)) {
    pieces.push(piece.bytes);
    etag = piece.etag;
  }
  const stored = Buffer.concat(pieces);
  const isUnzipped = isGzip(first) && !(input.asStored && input.tail === undefined);
  const bytes = isUnzipped ? await unzip(input.key, stored) : stored;
  return { bytes, etag, end: bytes.length, overlap: lastOf(bytes), isUnzipped };
}

async function readTail(input: ReadLogInput, lines: number, signal?: AbortSignal): Promise<Followed> {
  const { bucket, key } = input;
  for (let attempt = 0; ; attempt++) {
    try {
      const last = await bucket.get(key, { suffix: FIRST_TAIL, signal });
      const { etag, totalSize } = last;
      if (isZipped(key, last) || (last.body.length === totalSize && isGzip(last))) {
        const whole = await readWhole(input, signal);
        return { ...whole, bytes: lastLines(whole.bytes, lines) ?? whole.bytes };
      }
      let bytes = last.body;
      for (let size = FIRST_TAIL * 4; ; size *= 4) {
        const cut = lastLines(bytes, lines);
        if (cut || bytes.length >= totalSize) {
          return { bytes: cut ?? bytes, etag, end: totalSize, overlap: lastOf(bytes), isUnzipped: false };
        }
        // Only what is missing: no byte is moved twice.
        const range = { start: Math.max(0, totalSize - size), end: totalSize - bytes.length - 1 };
        bytes = Buffer.concat([(await bucket.get(key, { range, ifMatch: etag, signal })).body, bytes]);
      }
    } catch (error) {
      if (!isReplaced(error) || attempt >= MAX_RESTARTS) throw error;
    }
  }
}

/** The last lines of a text; undefined where it may hold only the end of the first of them. */
function lastLines(bytes: Buffer, lines: number): Buffer | undefined {
  if (lines === 0) return Buffer.alloc(0);
  let at = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  for (let left = lines; left > 0; left--) {
    at = at === 0 ? -1 : bytes.lastIndexOf(0x0a, at - 1);
    if (at === -1) return undefined;
  }
  return bytes.subarray(at + 1);
}

/** The first piece and all that follow. An object that was rewritten meanwhile goes on where it still has the bytes. */
async function* restOf(
  input: ReadLogInput,
  first: ObjectBody,
  signal?: AbortSignal,
): AsyncGenerator<{ bytes: Buffer; etag: string }> {
  yield { bytes: first.body, etag: first.etag };
  let end = first.body.length;
  let { totalSize, etag } = first;
  while (end < totalSize) {
    const piece = await getRange(input, end, end + PIECE - 1, signal);
    // Airflow adds to a log by writing the whole anew, so that a longer object begins with the same bytes.
    if (piece.body.length === 0 || (piece.etag !== etag && piece.totalSize < totalSize)) {
      throw new ExportError(
        'unknown',
        t('the object was replaced while it was read: {0}', input.key),
        t('Run it again.'),
      );
    }
    ({ totalSize, etag } = piece);
    end += piece.body.length;
    yield { bytes: piece.body, etag };
  }
}

function getRange(input: ReadLogInput, start: number, end: number, signal?: AbortSignal): Promise<ObjectBody> {
  return input.bucket.get(input.key, { range: { start, end }, signal });
}

function isReplaced(error: unknown): boolean {
  return isExportError(error) && (error.cause as { status?: number } | undefined)?.status === 412;
}

/** Whether an object is said to be gzip. */
function isZipped(key: string, { contentEncoding }: { readonly contentEncoding?: string }): boolean {
  return /\bgzip\b/i.test(contentEncoding ?? '') || key.endsWith('.gz');
}

/** Whether a body that starts with the object's first byte is gzip, whatever the object is called. */
function isGzip({ body }: ObjectBody): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b && body[2] === 8;
}

async function unzip(key: string, bytes: Buffer): Promise<Buffer> {
  try {
    // A log whose upload broke off still shows as far as it came.
    return await promisify(gunzip)(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    const nextStep = t('Read it with --raw to get the bytes as they are stored.');
    throw new ExportError('unreadable', t('the gzip data of the object is broken: {0}', key), nextStep, { cause });
  }
}

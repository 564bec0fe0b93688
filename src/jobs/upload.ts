import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { AwsSession } from '../aws/session';
import { isExportError } from '../core/export-error';
import { findTaskLogs, type LocalLog, reason } from './log-folder';
import { type RemoteObject, uploadObject } from './upload-object';

/** Requests side by side. */
const DEFAULT_CONCURRENCY = 64;

/** So many failures in a row of a kind that hits every object end the upload. */
const FATAL_IN_A_ROW = 3;

/** Failures that the next object would meet too. */
const FATAL: ReadonlySet<string> = new Set([
  'no-credentials',
  'expired-credentials',
  'unknown-access-key',
  'bad-signature',
  'clock-skew',
  'trust-denies',
  'caller-may-not-assume',
  'role-not-found',
  'role-recreated',
  'missing-put-object',
  'missing-list-bucket',
  'explicit-deny',
  'bucket-policy-denies',
  'scp-denies',
  'boundary-denies',
  'kms-denied',
  'no-such-bucket',
  'wrong-region',
  'other-account-bucket',
  'endpoint-unreachable',
  'endpoint-name',
  'tls-untrusted',
  'tls-mismatch',
  'proxy',
  'bad-settings',
]);

/** Milliseconds between two looks at the folder while watching. */
const WATCH_INTERVAL = 1_000;

export interface UploadInput {
  /** Stays open; the caller closes it. */
  readonly session: AwsSession;
  readonly folder: string;
  /** Default {@link DEFAULT_CONCURRENCY}. */
  readonly concurrency?: number;
  /** Reads and compares, and writes nothing. */
  readonly dryRun?: boolean;
}

interface UploadFailure {
  readonly key: string;
  /** An {@link ExportError}'s code; `unreadable` a file, `different` an object that holds other text, `ambiguous` a key of two files. */
  readonly code: string;
  readonly message: string;
}

export interface UploadReport {
  /** Objects written; in a dry run those that would be. */
  readonly uploaded: number;
  /** Objects that were there already with all of the file's text. */
  readonly skipped: number;
  readonly failed: number;
  /** Of the objects written. */
  readonly bytes: number;
  readonly seconds: number;
  readonly failures: readonly UploadFailure[];
  /** Files that are no task logs. */
  readonly ignored: number;
  /** Task logs that were not looked at, because the upload was cancelled. */
  readonly notTried: number;
}

export interface UploadProgress {
  readonly done: number;
  readonly total: number;
  /** Written so far. */
  readonly bytes: number;
  /** The log that was just dealt with. */
  readonly key: string;
  readonly what: 'uploaded' | 'skipped' | 'failed';
}

export interface UploadOptions {
  /** Stops the upload: every object is whole or not there, and the report says how far it came. */
  readonly signal?: AbortSignal;
  onProgress?(progress: UploadProgress): void;
}

/**
 * Uploads the task logs under a folder to the keys that Airflow gives them. A failing file doesn't stop the others.
 * Throws an ExportError `unreadable` where the folder isn't one.
 */
export async function uploadLogs(input: UploadInput, options: UploadOptions = {}): Promise<UploadReport> {
  const run = new UploadRun(input, options, false);
  await run.pass(await run.find());
  return run.report();
}

/** Uploads as {@link uploadLogs}, then goes on with what is new or grows until the signal ends it. */
export async function watchLogs(
  input: UploadInput,
  options: UploadOptions & { signal: AbortSignal },
): Promise<UploadReport> {
  const run = new UploadRun(input, options, true);
  await run.pass(await run.find());
  while (!options.signal.aborted) {
    await sleep(WATCH_INTERVAL, undefined, { signal: options.signal }).catch(() => {});
    if (!options.signal.aborted) await run.pass(run.settled(await run.find()));
  }
  return run.report();
}

/** What is known of one file between two looks at the folder. */
interface Seen {
  readonly stamp: string;
  /** The stamp at which it was dealt with; undefined: not yet, or it failed for a reason that may pass. */
  handled: string | undefined;
}

class UploadRun {
  private readonly started = performance.now();
  private readonly failures = new Map<string, UploadFailure>();
  private readonly remote = new Map<string, RemoteObject>();
  private readonly seen = new Map<string, Seen>();
  private isListed = false;
  private uploaded = 0;
  private skipped = 0;
  private bytes = 0;
  private done = 0;
  private total = 0;
  private ignored = 0;

  constructor(
    private readonly input: UploadInput,
    private readonly options: UploadOptions,
    private readonly isWatching: boolean,
  ) {}

  /** The logs that can be uploaded; those that can't become failures. */
  async find(): Promise<readonly LocalLog[]> {
    const { session, folder } = this.input;
    let found: Awaited<ReturnType<typeof findTaskLogs>>;
    try {
      found = await findTaskLogs(folder, session.target.prefix, this.options.signal);
    } catch (error) {
      if (this.options.signal?.aborted) return [];
      throw error;
    }
    this.ignored = found.ignored;
    for (const { key, message } of found.unreadable) this.fail(key, 'unreadable', message);
    return this.unambiguous(found.logs);
  }

  /** Two files of one key (a copy of the log folder beside it): which of them counts can't be known. */
  private unambiguous(logs: readonly LocalLog[]): readonly LocalLog[] {
    const isTwin = (i: number) => logs[i]?.key === logs[i - 1]?.key || logs[i]?.key === logs[i + 1]?.key;
    return logs.filter((log, i) => {
      if (!isTwin(i)) return true;
      const other = logs[logs[i]?.key === logs[i - 1]?.key ? i - 1 : i + 1]?.path ?? '';
      this.fail(log.key, 'ambiguous', t('two files have this key: {0} and {1}', log.path, other));
      return false;
    });
  }

  /** Those that changed since they were dealt with, and have not changed since the last look: they may still be written to. */
  settled(logs: readonly LocalLog[]): readonly LocalLog[] {
    return logs.filter(log => {
      const stamp = stampOf(log.path);
      const before = this.seen.get(log.path);
      if (stamp === undefined || before?.handled === stamp) return false;
      if (before?.stamp === stamp) return true;
      this.seen.set(log.path, { stamp, handled: before?.handled });
      return false;
    });
  }

  async pass(logs: readonly LocalLog[]): Promise<void> {
    this.total += logs.length;
    if (logs.length === 0) return;
    try {
      await this.listRemote(logs);
    } catch (error) {
      if (this.options.signal?.aborted) return;
      if (!isExportError(error)) throw error;
      for (const log of logs) this.fail(log.key, error.code, error.message);
      return;
    }
    await this.pool(logs);
  }

  /** One listing tells what is there already, instead of a request for each file. */
  private async listRemote(logs: readonly LocalLog[]): Promise<void> {
    if (this.isListed) return;
    const wanted = new Set(logs.map(log => log.key));
    const { session } = this.input;
    const prefix = commonStart(session.target.prefix, logs);
    for await (const page of session.bucket.list({ prefix, signal: this.options.signal })) {
      for (const { key, size, etag } of page.objects) {
        if (wanted.has(key)) this.remote.set(key, { size, etag });
      }
    }
    this.isListed = true;
  }

  private async pool(logs: readonly LocalLog[]): Promise<void> {
    let next = 0;
    let last = '';
    let inARow = 0;
    let fatal: { code: string; message: string } | undefined;
    const isStopped = () => fatal !== undefined || this.options.signal?.aborted;
    const worker = async (): Promise<void> => {
      while (next < logs.length && !isStopped()) {
        const log = logs[next++] as LocalLog;
        const failure = await this.one(log);
        if (!failure) {
          inARow = 0;
          continue;
        }
        inARow = failure.code === last ? inARow + 1 : 1;
        last = failure.code;
        if (FATAL.has(failure.code) && inARow >= FATAL_IN_A_ROW) fatal ??= failure;
      }
    };
    const size = Math.max(1, Math.min(this.input.concurrency ?? DEFAULT_CONCURRENCY, logs.length));
    await Promise.all(Array.from({ length: size }, worker));
    if (!fatal) return;
    for (const log of logs.slice(next))
      this.fail(log.key, fatal.code, t('not tried, since the others failed: {0}', fatal.message));
  }

  /** Deals with one file; returns its failure, if it failed and was not cancelled. */
  private async one(log: LocalLog): Promise<{ code: string; message: string } | undefined> {
    const { session, dryRun } = this.input;
    const { signal } = this.options;
    // Taken before the file is read: what is written meanwhile counts as a change.
    const stamp = this.isWatching ? stampOf(log.path) : undefined;
    try {
      const outcome = await uploadObject(log, this.remote.get(log.key), {
        bucket: session.bucket,
        dryRun: dryRun ?? false,
        signal,
      });
      if (stamp !== undefined) this.seen.set(log.path, { stamp, handled: stamp });
      if (outcome.kind === 'different') return this.fail(log.key, 'different', outcome.message);
      this.remote.set(log.key, { size: outcome.size, etag: outcome.etag });
      this.failures.delete(log.key);
      if (outcome.kind === 'uploaded') {
        this.uploaded++;
        this.bytes += outcome.size;
      } else {
        this.skipped++;
      }
      this.advance(log.key, outcome.kind === 'uploaded' ? 'uploaded' : 'skipped');
      return undefined;
    } catch (error) {
      if (signal?.aborted) return undefined;
      return isExportError(error)
        ? this.fail(log.key, error.code, error.message)
        : this.fail(log.key, 'unreadable', `${reason(error)}: ${log.path}`);
    }
  }

  private fail(key: string, code: string, message: string): { code: string; message: string } {
    this.failures.set(key, { key, code, message });
    this.advance(key, 'failed');
    return { code, message };
  }

  private advance(key: string, what: UploadProgress['what']): void {
    this.done++;
    this.options.onProgress?.({
      done: this.done,
      total: Math.max(this.total, this.done),
      bytes: this.bytes,
      key,
      what,
    });
  }

  report(): UploadReport {
    const failures = [...this.failures.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return {
      uploaded: this.uploaded,
      skipped: this.skipped,
      failed: failures.length,
      bytes: this.bytes,
      seconds: Math.round(performance.now() - this.started) / 1000,
      failures,
      ignored: this.ignored,
      notTried: Math.max(0, this.total - this.done),
    };
  }
}

/** Size and time of the last change: what tells that a file was written to. */
function stampOf(path: string): string | undefined {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

/** The longest text that all keys begin with: a folder of one DAG needs no listing of all others. */
function commonStart(prefix: string, logs: readonly LocalLog[]): string {
  // Sorted, so that the first and the last differ soonest.
  const first = logs[0]?.key ?? prefix;
  const last = logs.at(-1)?.key ?? prefix;
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  // Not between the halves of a surrogate pair, which no request could spell.
  if (/[\ud800-\udbff]$/.test(first.slice(0, length))) length--;
  return first.slice(0, Math.max(length, prefix.length));
}

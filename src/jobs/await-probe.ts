import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { BucketClient } from '../aws/session';
import type { LogKeyTemplate } from '../core/logs/log-key-template';
import { PROBE_DAG } from '../core/probe/probe-dag';
import { listLogs } from './list-logs';

export interface AwaitProbeInput {
  readonly bucket: BucketClient;
  readonly prefix: string;
  readonly token: string;
  readonly template?: LogKeyTemplate;
  /** How long to wait in all, in milliseconds; default ten minutes. */
  readonly timeout?: number;
  /** How long between two looks, in milliseconds; default five seconds. */
  readonly interval?: number;
}

/** What was found of a probe. */
export interface ProbeOutcome {
  /** The log that holds the token; absent where none came in time. */
  readonly found?: { readonly key: string; readonly lastModified: Date; readonly text: string };
  /** Logs of the probe DAG without this token: earlier runs, or another Deployment's. */
  readonly others: readonly string[];
  /** How long was waited, in milliseconds. */
  readonly waited: number;
}

export interface AwaitProbeOptions {
  readonly signal?: AbortSignal;
  /** Hears after each look how long it has been, in milliseconds. */
  onProgress?(waited: number, message: string): void;
}

/** Bytes of a log that are read at most: the probe's own has a few thousand. */
const MAX_BYTES = 1 << 20;

/**
 * Waits until a log with the token of a probe DAG is in the bucket. A log that is there already counts too.
 * That none came is no error. Throws an ExportError for what S3 refuses, and the signal's reason when stopped.
 */
export async function awaitProbe(input: AwaitProbeInput, options: AwaitProbeOptions = {}): Promise<ProbeOutcome> {
  const { bucket, token, timeout = 600_000, interval = 5_000 } = input;
  const { signal } = options;
  const start = performance.now();
  /** The objects that were read, by key; one that grew since is read again. */
  const read = new Map<string, number>();
  for (;;) {
    const filter = { dagId: PROBE_DAG.dagId };
    for await (const page of listLogs({ bucket, prefix: input.prefix, filter, template: input.template }, { signal })) {
      for (const { key, size, lastModified } of page) {
        if (read.get(key) === size || size > MAX_BYTES) continue;
        const text = (await bucket.get(key, { signal })).body.toString('utf8');
        read.set(key, size);
        if (text.includes(token)) {
          const others = [...read.keys()].filter(each => each !== key);
          return { found: { key, lastModified, text }, others, waited: performance.now() - start };
        }
      }
    }
    const waited = performance.now() - start;
    if (waited >= timeout) return { others: [...read.keys()], waited };
    options.onProgress?.(waited, words(read.size));
    await sleep(Math.min(interval, timeout - waited), undefined, { signal });
  }
}

function words(others: number): string {
  return others === 0
    ? t('no log of the probe DAG has arrived')
    : t('logs of the probe DAG, none with this token: {0}', others);
}

import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { BucketClient, ListedObject } from '../aws/session';
import { isExportError } from '../core/export-error';
import { PROBE_FOLDER } from '../core/logs/log-key';

/** A probe of another machine may be in use; no verification takes this long, in milliseconds. */
const OLD = 10 * 60_000;

const PROBE_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PROBE_TEXT = /^Written by astro-log-export verify .* \((\w+)\/(\d+)\)/;
const LARGEST = 1_024;

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);

/** What a probe says: who wrote it, so that a later run can tell whether that one still lives. */
export function probeText(id: string): Buffer {
  const writer = `${machine}/${process.pid}`;
  return Buffer.from(`Written by astro-log-export verify to prove the export; safe to delete. ${id} (${writer})\n`);
}

/**
 * Removes the probes that earlier runs left because they were killed, and nothing else: an object counts only where its
 * key and its text are a probe's, and its writer is gone (of another machine: ten minutes old). How many it removed.
 * What can't be read or removed is left.
 */
export async function removeLeftovers(
  bucket: BucketClient,
  prefix: string,
  options: { readonly now: number; readonly signal: AbortSignal },
): Promise<number> {
  const { signal } = options;
  const folder = `${prefix}${PROBE_FOLDER}`;
  let removed = 0;
  for await (const { objects } of bucket.list({ prefix: folder, pageSize: 100, signal })) {
    for (const object of objects) {
      if (!PROBE_NAME.test(object.key.slice(folder.length)) || object.size > LARGEST) continue;
      if (await removeIfLeft(bucket, object, options)) removed++;
    }
    break;
  }
  return removed;
}

async function removeIfLeft(
  bucket: BucketClient,
  { key, lastModified }: ListedObject,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    const { body } = await bucket.get(key, { signal });
    const [, writer, pid] = PROBE_TEXT.exec(body.toString('utf8')) ?? [];
    if (writer === undefined) return false;
    const isGone = writer === machine ? !isAlive(Number(pid)) : false;
    if (!isGone && now - lastModified.getTime() < OLD) return false;
    await bucket.delete(key, { signal });
    return true;
  } catch (error) {
    if (!isExportError(error) || error.code === 'cancelled') throw error;
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

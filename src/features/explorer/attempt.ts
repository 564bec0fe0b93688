import { t } from '@vscode/l10n';
import type { BucketClient, ListedObject } from '../../aws/session';
import { renderLog } from '../../core/logs/render';
import { readLog } from '../../jobs/read-log';
import { sizeWords } from './words';

/** The objects of one attempt: the worker's log first, then the trigger logs in their order. */
export interface AttemptObjects {
  readonly objects: readonly ListedObject[];
  /** Of all together, in bytes. */
  readonly size: number;
  /** Of the object that was written last, in milliseconds since 1970. */
  readonly mtime: number;
}

/** What lies at a key, with the trigger logs beside it; undefined where nothing does. One request. */
export async function findAttempt(bucket: BucketClient, key: string): Promise<AttemptObjects | undefined> {
  const objects: ListedObject[] = [];
  for await (const page of bucket.list({ prefix: key })) {
    objects.push(...page.objects.filter(object => object.key === key || isTriggerLogOf(key, object.key)));
    // The key itself and its trigger logs sort first.
    break;
  }
  if (objects.length === 0) return undefined;
  objects.sort((a, b) => a.key.length - b.key.length || (a.key < b.key ? -1 : 1));
  return {
    objects,
    size: objects.reduce((sum, object) => sum + object.size, 0),
    mtime: Math.max(...objects.map(object => object.lastModified.getTime())),
  };
}

/** The text of an attempt as a person reads it; of more than `maxBytes` the last part, under a line that says so. */
export async function readAttempt(
  bucket: BucketClient,
  { objects }: AttemptObjects,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<string> {
  const parts: string[] = [];
  for (const { key, size } of objects) {
    if (parts.length > 0 || isTriggerLog(key)) parts.push(`${parts.length > 0 ? '\n' : ''}${triggerHeader(key)}\n`);
    parts.push(await readEnd(bucket, key, size, maxBytes, signal));
  }
  return parts.join('');
}

async function readEnd(
  bucket: BucketClient,
  key: string,
  size: number,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (size <= maxBytes) {
    const pieces: Buffer[] = [];
    for await (const piece of readLog({ bucket, key }, { signal })) pieces.push(piece);
    return renderLog(Buffer.concat(pieces).toString('utf8'));
  }
  const { body, totalSize } = await bucket.get(key, { suffix: maxBytes, signal });
  // The part begins somewhere in a line, or within a character: the first whole line is the first that is shown.
  const lineEnd = body.indexOf(0x0a);
  const whole = lineEnd < 0 ? body : body.subarray(lineEnd + 1);
  const hidden = totalSize - whole.length;
  const notice = t(
    '… the first {0} of {1} are not shown (setting {2}) …',
    sizeWords(hidden),
    sizeWords(totalSize),
    PAGE_SETTING,
  );
  return `${notice}\n${renderLog(whole.toString('utf8'))}`;
}

const PAGE_SETTING = 'astroLogExport.logs.pageBytes';

const TRIGGER = /\.log\.trigger\.(\d+)\.log$/;

function isTriggerLog(key: string): boolean {
  return TRIGGER.test(key);
}

function isTriggerLogOf(workerKey: string, key: string): boolean {
  return key.startsWith(`${workerKey}.trigger.`) && isTriggerLog(key);
}

function triggerHeader(key: string): string {
  return `──── ${t('Trigger log of triggerer job {0}', TRIGGER.exec(key)?.[1] ?? '')} ────`;
}

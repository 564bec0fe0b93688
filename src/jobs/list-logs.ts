import type { BucketClient } from '../aws/session';
import { isProbeKey, parseLogKey } from '../core/logs/log-key';
import type { LogKeyTemplate } from '../core/logs/log-key-template';
import type { LogObject, TaskLog } from '../core/logs/task-log';

/** Which logs to list. Ids are compared as a whole and letter by letter; what is left out matches everything. */
export interface LogFilter {
  readonly dagId?: string;
  /** Also finds the keys from before Airflow 2.3, which hold only the date of a run id. */
  readonly runId?: string;
  readonly taskId?: string;
  /** Objects written at or after this moment: what S3 knows is when an object was last modified. */
  readonly since?: Date;
  /** Objects written before this moment, or at it. */
  readonly until?: Date;
}

export interface ListLogsInput {
  readonly bucket: BucketClient;
  readonly prefix: string;
  readonly filter?: LogFilter;
  readonly template?: LogKeyTemplate;
}

/**
 * Lists the objects under the export's prefix in the order of their keys, a page at a time; our own probes are left
 * out. Objects that fit no template come along unless a DAG, run or task is asked for. Throws an ExportError for what
 * S3 refuses.
 */
export async function* listLogs(
  { bucket, prefix, filter = {}, template }: ListLogsInput,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<readonly LogObject[]> {
  for (const place of placesOf(prefix, filter, template)) {
    for await (const { objects } of bucket.list({ prefix: place, signal })) {
      const page: LogObject[] = [];
      for (const { key, size, lastModified } of objects) {
        if (isProbeKey(key, prefix)) continue;
        const log = parseLogKey(key, prefix, template);
        if (matches(filter, log, key, lastModified)) page.push({ key, size, lastModified, ...(log && { log }) });
      }
      yield page;
    }
  }
}

/** The prefixes under which everything lies that the filter can match, in the order of keys, none within another. */
function placesOf(prefix: string, filter: LogFilter, template: LogKeyTemplate | undefined): string[] {
  const { dagId, runId, taskId } = filter;
  if (dagId === undefined) return [prefix];
  let place = `${prefix}dag_id=${dagId}/`;
  if (runId !== undefined) place += `run_id=${runId}/`;
  if (runId !== undefined && taskId !== undefined) place += `task_id=${taskId}/`;
  const old = `${prefix}${dagId}/${taskId === undefined ? '' : `${taskId}/`}`;
  const places = [place, old, ...(template ? [prefix + template.place({ dagId, runId, taskId })] : [])];
  return places
    .filter((one, i) => !places.some((other, j) => one.startsWith(other) && (other !== one || j < i)))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function matches(filter: LogFilter, log: TaskLog | undefined, key: string, lastModified: Date): boolean {
  const { dagId, runId, taskId, since, until } = filter;
  if (since && lastModified < since) return false;
  if (until && lastModified > until) return false;
  if (dagId !== undefined && log?.dagId !== dagId) return false;
  if (taskId !== undefined && log?.taskId !== taskId) return false;
  if (runId === undefined || log?.runId === runId) return true;
  return log !== undefined && !key.includes('/run_id=') && runId.endsWith(`__${log.runId}`);
}

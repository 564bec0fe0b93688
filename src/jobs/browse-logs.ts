import type { BucketClient, ListedObject, ListPage } from '../aws/session';
import { isProbeKey, PROBE_FOLDER, parseLogKey } from '../core/logs/log-key';
import type { LogKeyTemplate } from '../core/logs/log-key-template';
import { parseRunId, RUN_KINDS, runDate } from '../core/logs/run-id';
import type { LogObject } from '../core/logs/task-log';
import { mapConcurrently } from './map-concurrently';
import { firstPage, RunWindows } from './run-windows';

/** Which template wrote a DAG's keys: today's, the one before Airflow 2.3, `dag/task/timestamp/try.log`, or one's own. */
export type LogLayout = 'default' | 'old' | 'custom';

export interface BrowseOptions {
  readonly signal?: AbortSignal;
  /** Lists everything, however many requests it takes. */
  readonly all?: boolean;
  /** A template of one's own, the same for every level. Its folders tell nothing, so that objects are listed instead. */
  readonly template?: LogKeyTemplate;
}

/** What fits no template: objects of this level, and folders that {@link listOther} opens. */
export interface OtherLevel {
  /** Whole prefixes that end in '/'. */
  readonly folders: readonly string[];
  readonly objects: readonly LogObject[];
}

/** Each layout of a DAG is a row of its own. */
export interface DagRow {
  readonly dagId: string;
  readonly layout: LogLayout;
}

export interface DagLevel {
  readonly dags: readonly DagRow[];
  /** False only with a template of one's own: there are more objects than were looked at; `all` brings them. */
  readonly isComplete: boolean;
  readonly other: OtherLevel;
}

export interface RunRow {
  /** In the old layout the timestamp that stands for it. */
  readonly runId: string;
  readonly layout: LogLayout;
  /** What the run id names, else when the newest object looked at was written; undefined where nothing tells. */
  readonly date?: Date;
}

export interface RunLevel {
  /** Newest first; runs without a date last, by name. */
  readonly runs: readonly RunRow[];
  /** False: older runs, and runs with names of one's own, may be missing; `all` brings them. */
  readonly isComplete: boolean;
  readonly other: OtherLevel;
}

/** A task, or one instance of a mapped task. */
export interface TaskRow {
  readonly taskId: string;
  readonly mapIndex?: number;
  /** In the order of their numbers. */
  readonly attempts: readonly AttemptRow[];
}

/** The worker's log of an attempt and its trigger logs. */
export interface AttemptRow {
  readonly attempt: number;
  /** The worker's log first, where there is one, then the trigger logs in the order of their jobs. */
  readonly objects: readonly LogObject[];
  /** Of all together, in bytes. */
  readonly size: number;
  /** When the newest of them was written. */
  readonly lastModified: Date;
}

export interface TaskLevel {
  /** By name and map index. */
  readonly tasks: readonly TaskRow[];
  /** False: the run has more objects than were looked at; `all` brings them. */
  readonly isComplete: boolean;
  /** Runs whose ids begin with this one's and a slash; they lie in the same folder. */
  readonly otherRuns: readonly string[];
  readonly other: OtherLevel;
}

/** Folders and runs that are looked into before they are shown, so that a name doesn't mislead. */
const MAX_PROBES = 40;
const PROBES_AT_ONCE = 6;

/** Pages of 1,000 objects that are read of a run, or of a DAG in the old layout, unless all is asked for. */
const MAX_PAGES = 10;

/** The DAGs of an export: one request for a thousand, and one for each folder that isn't today's layout. */
export async function listDags(bucket: BucketClient, prefix: string, options: BrowseOptions = {}): Promise<DagLevel> {
  if (options.template) return listDagsByObjects(bucket, prefix, options.template, options);
  const { signal } = options;
  const { folders, objects } = await level(bucket, prefix, prefix, signal);
  const dags: DagRow[] = [];
  const unknown: string[] = [];
  for (const folder of folders) {
    const dagId = /^dag_id=([^/]+)\/$/.exec(folder.slice(prefix.length))?.[1];
    if (dagId === undefined) unknown.push(folder);
    else dags.push({ dagId, layout: 'default' });
  }
  const isOld = await mapConcurrently(unknown.slice(0, MAX_PROBES), PROBES_AT_ONCE, async folder => {
    const page = await firstPage(bucket, { prefix: folder, pageSize: 100, signal });
    return page.objects.some(({ key }) => parseLogKey(key, prefix) !== undefined);
  });
  const others = unknown.filter((folder, i) => {
    if (isOld[i]) dags.push({ dagId: folder.slice(prefix.length, -1), layout: 'old' });
    return !isOld[i];
  });
  dags.sort(compareDags);
  return { dags, isComplete: true, other: { folders: others, objects } };
}

async function listDagsByObjects(
  bucket: BucketClient,
  prefix: string,
  template: LogKeyTemplate,
  options: BrowseOptions,
): Promise<DagLevel> {
  const { objects, isComplete } = await someObjects(bucket, prefix, prefix, options);
  const dags = new Map<string, DagRow>();
  for (const { key, log } of objects) {
    if (!log) continue;
    const layout = layoutOf(key.slice(prefix.length), template);
    dags.set(`${layout}/${log.dagId}`, { dagId: log.dagId, layout });
  }
  const other = { folders: [], objects: objects.filter(({ log }) => !log) };
  return { dags: [...dags.values()].sort(compareDags), isComplete, other };
}

/** Of the part of a key after the prefix, which is known to fit one. */
function layoutOf(rest: string, template: LogKeyTemplate | undefined): LogLayout {
  if (template?.parse(rest)) return 'custom';
  return rest.startsWith('dag_id=') ? 'default' : 'old';
}

/** One level of a folder that fits no template. */
export function listOther(
  bucket: BucketClient,
  prefix: string,
  folder: string,
  { signal }: BrowseOptions = {},
): Promise<OtherLevel> {
  return level(bucket, prefix, folder, signal);
}

/**
 * The runs of a DAG. Up to a thousand are listed in one round trip. Of more, the newest of each kind are found by the
 * dates in their ids: requests side by side for the last 30 days, then for a shorter or a longer time.
 */
export async function listRuns(
  bucket: BucketClient,
  prefix: string,
  { dagId, layout }: DagRow,
  options: BrowseOptions & { readonly now?: Date } = {},
): Promise<RunLevel> {
  if (layout !== 'default') return listRunsByObjects(bucket, prefix, { dagId, layout }, options);
  const { signal, all = false, now = new Date() } = options;
  const base = `${prefix}dag_id=${dagId}/`;
  if (all) {
    const { folders, objects } = await level(bucket, prefix, base, signal);
    return runLevel(bucket, prefix, base, { folders, objects, isComplete: true }, signal);
  }
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const kinds = RUN_KINDS.map(kind => new RunWindows(bucket, `${base}run_id=${kind}__`, now, both));
  try {
    const recent = kinds.map(kind => kind.recent());
    for (const look of recent) look.catch(() => undefined);
    const page = await firstPage(bucket, { prefix: base, delimiter: '/', signal });
    const folders = new Set(page.commonPrefixes.filter(folder => !page.isTruncated || !isDated(folder, base)));
    if (page.isTruncated) {
      const newest = await Promise.all(kinds.map(async (kind, i) => kind.newest((await recent[i]) as ListPage)));
      for (const folder of newest.flat()) folders.add(folder);
    }
    const objects = page.objects.map(object => toLogObject(object, prefix));
    return await runLevel(bucket, prefix, base, { folders, objects, isComplete: !page.isTruncated }, signal);
  } finally {
    stop.abort();
  }
}

/** The tasks and attempts of a run, from its objects: one request for a thousand. */
export async function listTasks(
  bucket: BucketClient,
  prefix: string,
  dagId: string,
  { runId, layout }: Pick<RunRow, 'runId' | 'layout'>,
  options: BrowseOptions = {},
): Promise<TaskLevel> {
  const place = placeOf(layout, { dagId, runId }, options.template);
  const { objects, isComplete } = await someObjects(bucket, prefix, prefix + place, options);
  const own: LogObject[] = [];
  const others: LogObject[] = [];
  const otherRuns = new Set<string>();
  for (const object of objects) {
    const isOwnLayout = layoutOf(object.key.slice(prefix.length), options.template) === layout;
    if (isOwnLayout && object.log?.runId === runId && object.log.dagId === dagId) own.push(object);
    else if (layout !== 'default') continue;
    else if (object.log) otherRuns.add(object.log.runId);
    else others.push(object);
  }
  return {
    tasks: tasksOf(own),
    isComplete,
    otherRuns: [...otherRuns].sort(compareNames),
    other: { folders: [], objects: others },
  };
}

/** Puts the logs of one run together: by task, map index and attempt. Objects without a `log` are left out. */
function tasksOf(objects: readonly LogObject[]): TaskRow[] {
  const tasks = new Map<string, { taskId: string; mapIndex?: number; attempts: Map<number, LogObject[]> }>();
  for (const object of objects) {
    if (!object.log) continue;
    const { taskId, mapIndex, attempt } = object.log;
    const id = `${taskId}/${mapIndex ?? ''}`;
    const task = tasks.get(id) ?? { taskId, ...(mapIndex !== undefined && { mapIndex }), attempts: new Map() };
    tasks.set(id, task);
    task.attempts.set(attempt, [...(task.attempts.get(attempt) ?? []), object]);
  }
  return [...tasks.values()]
    .sort((a, b) => compareNames(a.taskId, b.taskId) || (a.mapIndex ?? -1) - (b.mapIndex ?? -1))
    .map(task => ({ ...task, attempts: [...task.attempts].sort(([a], [b]) => a - b).map(attemptRow) }));
}

function attemptRow([attempt, objects]: readonly [number, readonly LogObject[]]): AttemptRow {
  const job = (object: LogObject) => object.log?.triggerJobId ?? -1;
  return {
    attempt,
    objects: [...objects].sort((a, b) => job(a) - job(b)),
    size: objects.reduce((sum, { size }) => sum + size, 0),
    lastModified: latest(objects),
  };
}

async function listRunsByObjects(
  bucket: BucketClient,
  prefix: string,
  { dagId, layout }: DagRow,
  options: BrowseOptions,
): Promise<RunLevel> {
  const place = prefix + placeOf(layout, { dagId }, options.template);
  const { objects, isComplete } = await someObjects(bucket, prefix, place, options);
  const runs = new Map<string, RunRow>();
  for (const { key, log, lastModified } of objects) {
    if (log?.dagId !== dagId || layoutOf(key.slice(prefix.length), options.template) !== layout) continue;
    const { runId } = log;
    const before = runs.get(runId)?.date;
    const written = before && before > lastModified ? before : lastModified;
    runs.set(runId, { runId, layout, date: runDate(runId) ?? written });
  }
  const other = { folders: [], objects: layout === 'old' ? objects.filter(({ log }) => !log) : [] };
  return { runs: [...runs.values()].sort(compareRuns), isComplete, other };
}

/** What the keys of a DAG, or of one of its runs, begin with after the prefix. */
function placeOf(
  layout: LogLayout,
  known: { readonly dagId: string; readonly runId?: string },
  template: LogKeyTemplate | undefined,
): string {
  if (layout === 'old') return `${known.dagId}/`;
  if (layout === 'custom') return template?.place(known) ?? '';
  return `dag_id=${known.dagId}/${known.runId === undefined ? '' : `run_id=${known.runId}/`}`;
}

interface FoundRuns {
  readonly folders: Iterable<string>;
  readonly objects: readonly LogObject[];
  readonly isComplete: boolean;
}

/**
 * Makes runs of folders. A name of one's own is looked into first: a run id may hold slashes, so that the folder
 * may be the beginning of several, or of none.
 */
async function runLevel(
  bucket: BucketClient,
  prefix: string,
  base: string,
  { folders, objects, isComplete }: FoundRuns,
  signal?: AbortSignal,
): Promise<RunLevel> {
  const runs = new Map<string, RunRow>();
  const otherFolders: string[] = [];
  const unknown: string[] = [];
  for (const folder of folders) {
    const runId = runIdOf(folder, base);
    if (runId === undefined) otherFolders.push(folder);
    else if (parseRunId(runId)) runs.set(runId, { runId, layout: 'default', date: runDate(runId) });
    else unknown.push(folder);
  }
  const looked = await mapConcurrently(unknown.slice(0, MAX_PROBES), PROBES_AT_ONCE, folder =>
    firstPage(bucket, { prefix: folder, signal }),
  );
  const others: LogObject[] = [...objects];
  for (const [i, folder] of unknown.entries()) {
    const page = looked[i];
    const inside = page?.objects.map(object => toLogObject(object, prefix)) ?? [];
    const byRun = new Map<string, LogObject[]>();
    for (const object of inside) {
      if (!object.log) others.push(object);
      else byRun.set(object.log.runId, [...(byRun.get(object.log.runId) ?? []), object]);
    }
    // What wasn't looked into, or not to its end, is a row by its folder's name; opening it shows what is in there.
    const runId = runIdOf(folder, base) as string;
    if (!page || page.isTruncated) byRun.set(runId, byRun.get(runId) ?? []);
    for (const [id, logs] of byRun) {
      const date = runDate(id) ?? (logs.length > 0 ? latest(logs) : undefined);
      runs.set(id, { runId: id, layout: 'default', ...(date && { date }) });
    }
  }
  return {
    runs: [...runs.values()].sort(compareRuns),
    isComplete,
    other: { folders: otherFolders, objects: others },
  };
}

function isDated(folder: string, base: string): boolean {
  return parseRunId(runIdOf(folder, base) ?? '') !== undefined;
}

function runIdOf(folder: string, base: string): string | undefined {
  return /^run_id=([^/]+)\/$/.exec(folder.slice(base.length))?.[1];
}

/** All folders and objects directly below a prefix, without our probes. */
async function level(
  bucket: BucketClient,
  prefix: string,
  folder: string,
  signal?: AbortSignal,
): Promise<{ folders: string[]; objects: LogObject[] }> {
  const folders: string[] = [];
  const objects: LogObject[] = [];
  for await (const page of bucket.list({ prefix: folder, delimiter: '/', signal })) {
    folders.push(...page.commonPrefixes.filter(name => name !== prefix + PROBE_FOLDER));
    for (const object of page.objects) {
      // An object that is named like the folder itself marks an empty folder.
      if (object.key !== folder && !isProbeKey(object.key, prefix)) objects.push(toLogObject(object, prefix));
    }
  }
  return { folders, objects };
}

async function someObjects(
  bucket: BucketClient,
  prefix: string,
  place: string,
  { signal, all = false, template }: BrowseOptions,
): Promise<{ objects: LogObject[]; isComplete: boolean }> {
  const objects: LogObject[] = [];
  let pages = 0;
  for await (const page of bucket.list({ prefix: place, signal })) {
    for (const object of page.objects) {
      if (!isProbeKey(object.key, prefix)) objects.push(toLogObject(object, prefix, template));
    }
    if (!all && ++pages >= MAX_PAGES && page.isTruncated) return { objects, isComplete: false };
  }
  return { objects, isComplete: true };
}

function toLogObject({ key, size, lastModified }: ListedObject, prefix: string, template?: LogKeyTemplate): LogObject {
  const log = parseLogKey(key, prefix, template);
  return { key, size, lastModified, ...(log && { log }) };
}

function latest(objects: readonly LogObject[]): Date {
  return new Date(objects.reduce((time, { lastModified }) => Math.max(time, lastModified.getTime()), 0));
}

function compareDags(a: DagRow, b: DagRow): number {
  return compareNames(a.dagId, b.dagId) || compareNames(a.layout, b.layout);
}

function compareRuns(a: RunRow, b: RunRow): number {
  if (a.date && b.date) return b.date.getTime() - a.date.getTime() || compareNames(a.runId, b.runId);
  return a.date ? -1 : b.date ? 1 : compareNames(a.runId, b.runId);
}

/** By code unit: the same order everywhere, whatever the machine's language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

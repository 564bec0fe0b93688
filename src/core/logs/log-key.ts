import type { LogKeyTemplate } from './log-key-template';
import type { TaskLog } from './task-log';

/**
 * `[logging] log_filename_template` as Airflow 2.3 and later ship it.
 * https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#log-filename-template
 */
export const DEFAULT_TEMPLATE =
  'dag_id={{ ti.dag_id }}/run_id={{ ti.run_id }}/task_id={{ ti.task_id }}/' +
  '{% if ti.map_index >= 0 %}map_index={{ ti.map_index }}/{% endif %}attempt={{ try_number }}.log';

/** Where probe objects go, below the export's prefix: never a task log. */
export const PROBE_FOLDER = '.astro-log-export/';

const NUMBER = '(0|[1-9]\\d*)';
const TRIGGER = `(?:\\.trigger\\.${NUMBER}\\.log)?`;

// DAG and task ids hold no slash; a run id may hold anything, another "/task_id=" too, so it takes all it can.
const KEY = new RegExp(
  `^dag_id=([^/]+)/run_id=(.+)/task_id=([^/]+)/(?:map_index=${NUMBER}/)?attempt=${NUMBER}\\.log${TRIGGER}$`,
  's',
);

const OLD_KEY = new RegExp(
  `^([^/=]+)/([^/=]+)/(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:[+-]\\d\\d:\\d\\d|Z))/${NUMBER}\\.log${TRIGGER}$`,
);

/**
 * Reads a task log out of a whole key (prefix included, not URL-encoded), or says undefined: an object that is none,
 * shown under "other". A `template` of one's own is tried first, then Airflow's default, then the one before 2.3,
 * `dag/task/timestamp/try.log`. The old one doesn't hold the run id: `runId` is then the timestamp as the key has it,
 * and mapped instances of a task share one object. A run id that Airflow's path handling has folded (`a//b` → `a/b`)
 * is read as the key has it.
 */
export function parseLogKey(key: string, prefix: string, template?: LogKeyTemplate): TaskLog | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const rest = key.slice(prefix.length);
  return template?.parse(rest) ?? parseDefault(rest) ?? parseOld(rest);
}

/** The key under which Airflow's default template writes this log. `parseLogKey` reads the same log back. */
export function printLogKey(log: TaskLog, prefix: string): string {
  const mapIndex = log.mapIndex === undefined ? '' : `map_index=${log.mapIndex}/`;
  const trigger = log.triggerJobId === undefined ? '' : `.trigger.${log.triggerJobId}.log`;
  const folder = `${prefix}dag_id=${log.dagId}/run_id=${log.runId}/task_id=${log.taskId}/${mapIndex}`;
  return `${folder}attempt=${log.attempt}.log${trigger}`;
}

/** Whether an object is one of our probes and not part of anybody's logs. */
export function isProbeKey(key: string, prefix: string): boolean {
  return key.startsWith(prefix + PROBE_FOLDER);
}

function parseDefault(rest: string): TaskLog | undefined {
  const match = KEY.exec(rest);
  if (!match) return undefined;
  const [, dagId = '', runId = '', taskId = '', mapIndex, attempt, triggerJobId] = match;
  return taskLog(dagId, runId, taskId, mapIndex, attempt, triggerJobId);
}

function parseOld(rest: string): TaskLog | undefined {
  const match = OLD_KEY.exec(rest);
  if (!match) return undefined;
  const [, dagId = '', taskId = '', timestamp = '', attempt, triggerJobId] = match;
  return taskLog(dagId, timestamp, taskId, undefined, attempt, triggerJobId);
}

/** Undefined where a number is too large to be printed back as it was. */
function taskLog(
  dagId: string,
  runId: string,
  taskId: string,
  ...numbers: readonly (string | undefined)[]
): TaskLog | undefined {
  const [mapIndex, attempt, triggerJobId] = numbers.map(text => (text === undefined ? undefined : Number(text)));
  for (const value of [mapIndex, attempt, triggerJobId]) {
    if (value !== undefined && !Number.isSafeInteger(value)) return undefined;
  }
  return {
    dagId,
    runId,
    taskId,
    ...(mapIndex === undefined ? {} : { mapIndex }),
    attempt: attempt as number,
    ...(triggerJobId === undefined ? {} : { triggerJobId }),
  };
}

import { parseJsonRecord, readLogLine } from './log-lines';

/**
 * How an attempt ended, as far as its log tells. `failed` also where Airflow will try again, which is an attempt of
 * its own; `deferred` and `rescheduled`: the log ends with the task waiting, and what came of it isn't in there.
 */
export type LogOutcome = 'success' | 'failed' | 'skipped' | 'deferred' | 'rescheduled' | 'unknown';

/** How much of a log's end is worth reading for {@link outcomeOf}: its last words, with one traceback before them. */
export const OUTCOME_TAIL_BYTES = 16_384;

/** What one line says: a new outcome, `unknown` where a part begins anew, or undefined for nothing. */
type Statement = LogOutcome | undefined;

const STATES: Readonly<Record<string, LogOutcome>> = {
  success: 'success',
  failed: 'failed',
  up_for_retry: 'failed',
  upstream_failed: 'failed',
  skipped: 'skipped',
};

/**
 * Reads the outcome from a log's last lines (the first of which may be cut). `unknown` where they don't tell:
 * Airflow 3 writes no word of success, and none of a skip without a reason; then only an operator's own last words
 * count, such as "Done. Returned value was". A task that somebody marked or stopped from outside is left unknown.
 */
export function outcomeOf(tail: string): LogOutcome {
  let outcome: LogOutcome = 'unknown';
  let isForeign = false;
  for (const line of tail.split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (isTakenOver(text)) isForeign = true;
    const statement = text.charCodeAt(0) === 0x5b ? airflow2(text) : airflow3(text);
    if (statement === undefined) continue;
    if (statement === 'unknown') isForeign = false;
    outcome = statement;
  }
  return isForeign ? 'unknown' : outcome;
}

/** Airflow went by something else than what the task has come to. */
function isTakenOver(text: string): boolean {
  return (
    text.includes('Failed to report terminal task state to supervisor') ||
    text.includes('State of this instance has been externally set to') ||
    text.includes("Server indicated the task shouldn't be running anymore")
  );
}

/** https://github.com/apache/airflow/blob/v2-11-stable/airflow/models/taskinstance.py */
function airflow2(text: string): Statement {
  const { time, logger, message } = readLogLine(text);
  if (time === null || logger === null) return undefined;
  if (logger.startsWith('taskinstance.py:')) {
    const marked = /^Marking task as ([A-Z_]+)\./.exec(message);
    if (marked) return STATES[(marked[1] as string).toLowerCase()] ?? 'unknown';
    if (message.startsWith('Pausing task as DEFERRED.')) return 'deferred';
    if (message.startsWith('Rescheduling task, marking task as UP_FOR_RESCHEDULE')) return 'rescheduled';
    if (/^(Starting attempt|Resuming after deferral|Executing <)/.test(message)) return 'unknown';
  }
  if (logger.startsWith('local_task_job_runner.py:') || logger.startsWith('local_task_job.py:')) {
    const code = /^Task exited with return code (-?\d+)/.exec(message)?.[1];
    // 100 is a deferral; 0 says nothing of which end; a SIGTERM comes from outside, and may have any reason.
    if (code !== undefined && !['0', '100', '-15', '143'].includes(code)) return 'failed';
  }
  return undefined;
}

/** https://github.com/apache/airflow/blob/main/task-sdk/src/airflow/sdk/execution_time/task_runner.py */
function airflow3(text: string): Statement {
  const start = text.indexOf('{');
  // Only NULs that a crash has left may stand before a record.
  if (start === -1 || (start > 0 && /[^\0]/.test(text.slice(0, start)))) return undefined;
  const record = parseJsonRecord(text.slice(start));
  if (!record || typeof record.event !== 'string' || record.chan !== undefined) return undefined;
  const { event } = record;
  const logger = typeof record.logger === 'string' ? record.logger : '';
  if (logger === 'task') return taskRunner(event, record);
  if (logger === '') return triggerer(event);
  if (logger.endsWith('DagBundlesManager') && event.startsWith('DAG bundles loaded')) return 'unknown';
  if (logger.startsWith('airflow.task.operators.')) {
    if (/^Done\. Returned value was:|^Success criteria met\. Exiting\./.test(event)) return 'success';
  }
  if (logger.endsWith('.SubprocessHook') && event === 'Command exited with return code 0') return 'success';
  return undefined;
}

function taskRunner(event: string, record: Readonly<Record<string, unknown>>): Statement {
  if (event === 'Task failed with exception') return 'failed';
  if (event.startsWith('Process terminated by signal')) return record.signal_name === 'SIGTERM' ? 'unknown' : 'failed';
  if (event === 'Task exited') return record.exit_code === 0 ? undefined : 'failed';
  if (event.startsWith('Pausing task as DEFERRED')) return 'deferred';
  if (event.startsWith('Rescheduling task, marking task as UP_FOR_RESCHEDULE')) return 'rescheduled';
  if (event === 'Skipping task.') return 'skipped';
  if (event === 'Pushing xcom') return 'success';
  return event === '::group::Pre Execute' ? 'unknown' : undefined;
}

function triggerer(event: string): Statement {
  return event.startsWith('Trigger exited without sending an event. Dependent tasks will be failed')
    ? 'failed'
    : undefined;
}

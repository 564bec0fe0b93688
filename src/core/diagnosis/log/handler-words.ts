import type { LogEntry } from './log-entries';
import { framesOf } from './traceback-errors';

/** Loggers and files of Airflow's S3 log handler, and of Astro's, whose own names aren't public. */
const HANDLER =
  /\bs3_task_handler\b|\bS3(?:RemoteLogIO|TaskHandler|LogHandler)\b|secondary[_ .-]?(?:s3|log)|astronomer[._/-]providers[._/-]logging/i;

/** https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/log/s3_task_handler.py */
const WORDS =
  /^(?:Could not (?:verify previous log to append|write logs to|read logs (?:from|at) s3:)|Failed attempt to write logs to s3:)/;

/** The key of a task log, as it is or percent-encoded. */
const LOG_KEY = /dag_id(?:=|%3D)[^\s"']+attempt(?:=|%3D)\d+\.log/;

/** The section of the four keys, in an error of Airflow's configuration; not where something lists its variables. */
const SECTION = /astro_secondary_logs/i;
const COMPLAINT = /Exception\b|Error\b|\b(?:failed|cannot|could not|invalid)\b/i;

/**
 * Whether a message is about the upload of a task log, and not about what a task does with S3 itself: the handler's own
 * logger or words, its frames in the traceback, or the key of a log. What a task prints is never the handler's.
 */
export function isOfHandler(entry: LogEntry): boolean {
  if (isTaskOutput(entry)) return false;
  if (entry.level !== null && !/^(?:warn|warning|error|critical|exception|fatal)$/.test(entry.level)) return false;
  const words = lastWords(entry);
  if (HANDLER.test(entry.logger) || (SECTION.test(words) && COMPLAINT.test(words))) return true;
  if (WORDS.test(entry.text) && !isOfTask(entry)) return true;
  if (framesOf(entry.details).some(file => HANDLER.test(file))) return true;
  return LOG_KEY.test(words) && !framesOf(entry.details).some(isUserCode);
}

/** Airflow's handler tries twice: the first failure is a warning, and says nothing about the end. */
export function isFirstAttempt(entry: LogEntry): boolean {
  return /^Failed attempt to write logs to .*, will retry/.test(entry.text);
}

/** What a task writes to its output or to its own logger. */
export function isTaskOutput({ logger }: LogEntry): boolean {
  return /^(?:logging_mixin\.py|task\.(?:stdout|stderr)|subprocess\.py|airflow\.task\.hooks\.airflow\.hooks\.subprocess)/.test(
    logger,
  );
}

/** Whether these lines are a task's own log rather than the output of a worker, scheduler or triggerer. */
export function isOfTask({ logger }: LogEntry): boolean {
  return /^(?:task\b|airflow\.task\b(?!\.hooks)|taskinstance\.py|standard_task_runner\.py|local_task_job_runner\.py)/.test(
    logger,
  );
}

/** Frames of a DAG, in a traceback that never passes the handler. */
function isUserCode(file: string): boolean {
  return /(?:^|\/)dags\//.test(file);
}

function lastWords({ text, details }: LogEntry): string {
  return [text, ...details.slice(-3)].join('\n');
}

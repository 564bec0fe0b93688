import { t } from '@vscode/l10n';
import type { ExportTarget } from '../../export-settings';
import { maskSecrets } from '../../text/mask-secrets';
import type { Cause } from '../cause';
import type { Diagnosis, DiagnosisContext } from '../diagnosis';
import { diagnoseProbeLine, findProbeLine } from '../probe-line';
import { decidingCheck } from './deciding-check';
import { isFirstAttempt, isOfHandler, isOfTask, isTaskOutput } from './handler-words';
import { type LogEntry, readLogEntries } from './log-entries';
import { clientFailure, diagnosePythonError, missingConnection } from './python-error';
import { errorsOf, framesOf, type PythonErrors } from './traceback-errors';

/** One failure of the export that a log tells of. */
export interface LogMatch {
  /** Where it begins and its last line, zero-based. */
  readonly line: number;
  readonly lastLine: number;
  /** In the log's own words, without secrets. */
  readonly symptom: string;
  /** Most likely first: all that the words leave open. */
  readonly causes: readonly [Cause, ...Cause[]];
  /** One sentence: what happened. */
  readonly message: string;
  /** What to change and, where there are several causes, the check that decides. */
  readonly fix: string;
}

/** What is known beside the log. */
export interface LogContext {
  /** The export that the log may be about: names the bucket, the folder and the role where the log doesn't. */
  readonly target?: ExportTarget;
}

/**
 * Finds failed uploads of task logs in what workers, triggerers and schedulers print, and probe lines anywhere. One match
 * for each failure, however many lines it takes. What a task says of its own use of S3 is left alone.
 * Never throws.
 */
export function diagnoseLog(text: string, context: LogContext = {}): LogMatch[] {
  const entries = readLogEntries(text);
  const isTaskLog = entries.some(isOfTask);
  const matches: LogMatch[] = [];
  for (const entry of entries) {
    const found = matchOf(entry, context, entries.length, isTaskLog);
    if (found) matches.push(found);
  }
  return matches;
}

function matchOf(entry: LogEntry, context: LogContext, entries: number, isTaskLog: boolean): LogMatch | undefined {
  const probe = findProbeLine([entry.text, ...entry.details].join('\n'));
  if (probe !== undefined) return matchWith(entry, diagnoseProbeLine(probe), t('the probe line of the probe DAG'));
  if (isFirstAttempt(entry)) return undefined;
  const connection = missingConnectionOf(entry);
  if (connection !== undefined) {
    return isTaskLog ? undefined : matchWith(entry, missingConnection(connection), entry.text);
  }
  const errors = errorsOf([entry.text, ...entry.details]);
  const isSnippet = entries === 1 && entry.level === null && entry.logger === '' && isAlone(entry);
  if (!isOfHandler(entry) && !isSnippet) return undefined;
  const said: PythonErrors = errors ?? { last: saidBy(entry), chain: saidBy(entry) };
  const diagnosis =
    diagnosePythonError(said, contextOf(entry, context)) ?? (isSnippet ? undefined : withoutError(entry, errors));
  if (diagnosis === undefined) return undefined;
  const symptom =
    errors === undefined ? entry.text : errors.last === entry.text ? entry.text : `${entry.text}: ${errors.last}`;
  return matchWith(entry, diagnosis, symptom);
}

function matchWith(entry: LogEntry, diagnosis: Diagnosis | undefined, symptom: string): LogMatch | undefined {
  if (diagnosis === undefined) return undefined;
  const { causes, message, nextStep } = diagnosis;
  const { line, lastLine } = entry;
  return {
    line,
    lastLine,
    symptom: maskSecrets(symptom),
    causes,
    message: maskSecrets(message),
    fix: maskSecrets(nextStep),
  };
}

/**
 * A line, a traceback or the end of one that somebody copied without what stood around it; with a DAG's frames it is the
 * task's own.
 */
function isAlone(entry: LogEntry): boolean {
  const all = [entry.text, ...entry.details];
  if (framesOf(all).some(file => /(?:^|\/)dags\//.test(file))) return false;
  const isKnown = /^(?:[\w.]+(?:Error|Exception|AccessDenied|NoSuchBucket)\b|An error occurred \(|Traceback )/;
  const [first = ''] = all;
  const last = all.findLast(line => line.trim() !== '') ?? '';
  return isKnown.test((/^\s/.test(first) ? last : first).trim()) && clientOrBoto(all.join('\n'));
}

function clientOrBoto(text: string): boolean {
  return clientFailure(text) !== undefined ? !/\(NoSuchKey\)/.test(text) : /botocore|boto3|s3_task_handler/.test(text);
}

/** The handler's complaint where nothing says why: its traceback is missing, or nobody knows it. */
function withoutError(entry: LogEntry, errors: PythonErrors | undefined): Diagnosis {
  const isWrite = /write/i.test(entry.text);
  const open: readonly [Cause, ...Cause[]] =
    errors !== undefined
      ? ['unknown']
      : isWrite
        ? ['missing-put-object', 'no-such-bucket', 'kms-denied', 'unknown']
        : ['missing-list-bucket', 'missing-get-object', 'kms-denied', 'unknown'];
  return {
    causes: open,
    message: isWrite ? t('a task log could not be written to the bucket') : t('a task log could not be exported'),
    nextStep: [t('Look at the traceback below this line; its last line says why.'), decidingCheck(open)]
      .filter(Boolean)
      .join(' '),
  };
}

/** The lines of an entry that aren't a traceback; the first of them is what the handler says. */
function saidBy({ text, details }: LogEntry): string {
  const form = /An error occurred \([\w.-]+\) when calling|\w+(?:Error|Exception)\b/;
  return (
    [text, ...details].find(line => clientFailure(line) !== undefined) ?? details.find(line => form.test(line)) ?? text
  );
}

/** https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/hooks/base_aws.py */
function missingConnectionOf(entry: LogEntry): string | undefined {
  if (isTaskOutput(entry)) return undefined;
  return /^Unable to find AWS Connection ID '([^']*)', switching to empty/.exec(entry.text)?.[1];
}

/** The bucket and folder that the log itself names count before those of the export. */
function contextOf(entry: LogEntry, { target }: LogContext): DiagnosisContext {
  const words = [entry.text, ...entry.details].join('\n');
  const [, bucket, folder = ''] = /s3:\/\/([^/\s"']+)\/((?:[^\s"']*\/)??)dag_id=/.exec(words) ?? [];
  if (bucket !== undefined && bucket !== target?.bucket) {
    return { target: { bucket, prefix: folder, accessMode: 'workload-identity', region: target?.region } };
  }
  return { target: target ?? { bucket: '<bucket>', prefix: '', accessMode: 'workload-identity' } };
}

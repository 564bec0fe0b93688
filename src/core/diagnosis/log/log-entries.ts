import { parseJsonRecord } from '../../logs/log-lines';
import { readableText } from '../../logs/render';
import { tracebackText } from '../../logs/traceback';

/** One message of a log with what follows it (a traceback), whatever wrote it around it. */
export interface LogEntry {
  /** Where it begins and its last line, zero-based. */
  readonly line: number;
  lastLine: number;
  /** Lower case; null where the line doesn't say. */
  readonly level: string | null;
  /** The logger's name or, in Airflow 2, the file: `s3_task_handler.py:124`. '' where the line doesn't say. */
  readonly logger: string;
  readonly text: string;
  /** The lines that follow it, without the prefixes of what collected them. */
  readonly details: string[];
}

/** What a line says besides its text; `undefined` for a line that continues another. */
interface Head {
  readonly level: string | null;
  readonly logger: string;
  readonly text: string;
  readonly details?: readonly string[];
}

/** A traceback longer than this is cut: nothing that a person reads is that long. */
const MAX_DETAILS = 2_000;

/**
 * Splits the output of Airflow's processes into messages: the text of Airflow 2, the console and the JSON lines of
 * Airflow 3, Celery's lines, and what Docker, Compose and Kubernetes put before each of them. Several processes in one
 * text are told apart by those prefixes. Never throws; time in proportion to the text.
 */
export function readLogEntries(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  const open = new Map<string, LogEntry>();
  let number = -1;
  for (const raw of text.split('\n')) {
    number++;
    const { source, rest } = withoutPrefix(unescaped(raw));
    for (const [i, piece] of rest.split('\n').entries()) {
      const head = readHead(piece);
      const current = open.get(source);
      if (head === undefined && current !== undefined) {
        if (current.details.length < MAX_DETAILS) current.details.push(piece);
        if (piece.trim() !== '') current.lastLine = number;
        continue;
      }
      if (head === undefined && piece.trim() === '' && i === 0) continue;
      const entry: LogEntry = {
        line: number,
        lastLine: number,
        level: head?.level ?? null,
        logger: head?.logger ?? '',
        text: head?.text ?? piece,
        details: [...(head?.details ?? [])],
      };
      entries.push(entry);
      open.set(source, entry);
    }
  }
  return entries;
}

/** Without colours and other orders to a terminal, byte order mark and carriage returns. */
function unescaped(line: string): string {
  return readableText(line.replace(/\r+$/, '').replace(/^[\0\ufeff]+/, ''));
}

const PREFIXES: readonly RegExp[] = [
  // docker compose logs
  /^([\w.-]+)\s*\|\s?/,
  // kubectl logs --prefix, stern
  /^\[?(pod\/[^\]\s]+)\]?\s/,
  // The kubelet's own files: https://kubernetes.io/docs/concepts/cluster-administration/logging/
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (stdout|stderr) [FP] /,
  // docker logs --timestamps, astro deployment logs
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) +(?=\[\d{4}|\{|\d{4}-|Traceback| |[\w.]+(?:Error|Exception)\b)()/,
];

/** Takes off what collected the output, which also tells one process's lines from another's. */
function withoutPrefix(line: string): { source: string; rest: string } {
  let source = '';
  let rest = line;
  for (let round = 0; round < 3; round++) {
    const found = PREFIXES.map(form => form.exec(rest)).find(match => match !== null);
    if (!found) break;
    source += found[1] ?? '';
    rest = rest.slice(found[0].length);
  }
  const wrapped = unwrapContainerJson(rest);
  return wrapped === undefined ? { source, rest } : { source, rest: unescaped(wrapped) };
}

/** Docker's json-file driver: `{"log":"…\n","stream":"stderr","time":"…"}`. */
function unwrapContainerJson(line: string): string | undefined {
  if (!line.startsWith('{"log":')) return undefined;
  try {
    const { log } = JSON.parse(line) as { log?: unknown };
    return typeof log === 'string' ? log.replace(/\r?\n$/, '') : undefined;
  } catch {
    return undefined;
  }
}

const TEXT_HEAD =
  /\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\] \{([^{}]*)\} ([A-Z]+)(?: \d+)? - (.*)$/s;
const CONSOLE_HEAD = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? \[(\w+) *\] (.*)$/s;
const CELERY_HEAD = /^\[\d{4}-\d\d-\d\d [\d:,.]+: (\w+)\/[\w-]+\] (.*)$/s;
const BASIC_HEAD = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):([\w.]+):(.*)$/s;
/** As the explorer renders a log: `2026-11-23T06:47:13.754Z ERROR    [s3_task_handler.py:26] text`. */
const RENDERED_HEAD = /^\d{4}-\d\d-\d\dT[\d:.]+Z ([A-Z]+) +\[([^\]]*)\] (.*)$/s;
const PLAIN_HEAD =
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ -]*(?:\[?([A-Za-z_][\w.]*)\]?[ :-]+)?\[?(DEBUG|INFO|WARNING|ERROR|CRITICAL)\]?[ :-]+(?:([a-z_][\w]*(?:\.\w+)+):? )?(.*)$/s;

function readHead(line: string): Head | undefined {
  const first = line.charCodeAt(0);
  if (first === 0x7b) return readJsonHead(line);
  if (first === 0x20 || first === 0x09) return undefined;
  const celery = CELERY_HEAD.exec(line);
  if (celery) {
    const [, level = '', text = ''] = celery;
    // Celery logs again, as a warning, what a task's process prints: the record within is the one that counts.
    return readHead(text) ?? { level: level.toLowerCase(), logger: '', text };
  }
  const rendered = RENDERED_HEAD.exec(line);
  if (rendered) {
    const [, level = '', logger = '', text = ''] = rendered;
    return { level: level.toLowerCase(), logger, text };
  }
  const plain = TEXT_HEAD.exec(line);
  if (plain && plain.index < 200) {
    const [, logger = '', level = '', text = ''] = plain;
    return { level: level.toLowerCase(), logger, text };
  }
  const console = CONSOLE_HEAD.exec(line);
  if (console) {
    const [, level = '', text = ''] = console;
    return { level: level.toLowerCase(), logger: loggerIn(text), text: text.replace(/ +\[[\w.]+\](?: +\w+=.*)?$/, '') };
  }
  const basic = BASIC_HEAD.exec(line);
  if (basic) {
    const [, level = '', logger = '', text = ''] = basic;
    return { level: level.toLowerCase(), logger, text };
  }
  const other = PLAIN_HEAD.exec(line);
  if (other) {
    const [, before, level = '', after, text = ''] = other;
    return { level: level.toLowerCase(), logger: before ?? after ?? '', text };
  }
  return undefined;
}

/** Airflow 3's console names the logger in brackets, after the message and before the fields. */
function loggerIn(text: string): string {
  return [...text.matchAll(/\[([A-Za-z_][\w.]*)\]/g)].at(-1)?.[1] ?? '';
}

function readJsonHead(line: string): Head | undefined {
  const record = parseJsonRecord(line) ?? otherJsonRecord(line);
  if (!record) return undefined;
  const said = textOf(record.event ?? record.message ?? record.msg);
  const [text = '', ...rest] = readableText(said).split('\n');
  const trace = tracebackText(record.error_detail);
  const printed = [record.exception, record.exc_info, record.exc_text].map(textOf).find(value => value !== '') ?? '';
  const details = [...rest, ...readableText(trace || printed).split('\n')].filter(detail => detail !== '');
  const level = textOf(record.level ?? record.levelname ?? record.severity).toLowerCase();
  return { level: level || null, logger: jsonLogger(record), text, details };
}

function jsonLogger(record: Readonly<Record<string, unknown>>): string {
  if (record.chan === 'stdout' || record.chan === 'stderr') return `task.${record.chan}`;
  const names = [record.logger, record.name, record.filename].map(textOf);
  return names.filter(name => name !== '').join(' ');
}

/** Airflow 2 with a JSON formatter, or another collector's lines. A task's own JSON has no level and message. */
function otherJsonRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(line) as Record<string, unknown> | null;
    const isRecord =
      value !== null &&
      typeof (value.message ?? value.msg) === 'string' &&
      typeof (value.level ?? value.levelname) === 'string';
    return isRecord ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

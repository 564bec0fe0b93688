import { tracebackText } from './traceback';

/** One line of a log, as `cat --format json` prints it. */
export interface LogLine {
  /** ISO 8601, UTC, `Z`, as precise as the log has it; null on a continuation line. A log without zone means UTC. */
  readonly time: string | null;
  /** Lower case; null on a continuation line. */
  readonly level: string | null;
  /** The logger's name; Airflow 2 prints the place instead, `visible.py:26`. */
  readonly logger: string | null;
  /** The text as the log has it, control characters included; of an Airflow 3 record with its traceback. */
  readonly message: string;
}

/** Takes a log piece by piece. Never throws, and needs time in proportion to the text. */
export interface LogLineReader {
  /** The lines that this piece completes. */
  push(text: string): LogLine[];
  /** The last line, where no line end follows it. */
  end(): LogLine[];
}

/** Airflow 2's `[2026-11-23T06:47:13.754+0000] {file.py:26} WARNING - text`, and the older form with a comma. */
const TEXT_LINE =
  /^\[(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\] \{([^{}]*)\} ([A-Z][A-Za-z0-9]*(?: \d+)?) - /;

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/** What every line of a task repeats, and what stands in a field of its own: not worth a place in the text. */
const LEFT_OUT = new Set([
  'timestamp',
  'level',
  'event',
  'logger',
  'error_detail',
  'chan',
  'ti',
  'ti_id',
  'dag_id',
  'run_id',
  'task_id',
  'map_index',
  'try_number',
]);

/** Reads text of Airflow 2 and JSON lines of Airflow 3, in any mixture. */
export function createLogLineReader(): LogLineReader {
  // Pieces of a line that isn't complete; joined once, so that a very long line costs no more than its length.
  let pending: string[] = [];
  const finish = (piece: string): LogLine => {
    const line = pending.length === 0 ? piece : pending.join('') + piece;
    pending = [];
    return readLogLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return {
    push(text) {
      const lines: LogLine[] = [];
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        lines.push(finish(text.slice(from, at)));
        from = at + 1;
      }
      if (from < text.length) pending.push(text.slice(from));
      return lines;
    },
    end() {
      return pending.length === 0 ? [] : [finish('')];
    },
  };
}

/** All lines of a log that is in memory. */
export function readLogLines(text: string): LogLine[] {
  const reader = createLogLineReader();
  return [...reader.push(text), ...reader.end()];
}

/** One line without its line end. A line that is neither form is a continuation line: all fields null but the text. */
export function readLogLine(line: string): LogLine {
  // A crash of the machine leaves NULs where the file system had promised bytes; the record after them is whole.
  const text = line.charCodeAt(0) === 0 || line.charCodeAt(0) === 0xfeff ? line.replace(/^[\0\ufeff]+/, '') : line;
  const first = text.charCodeAt(0);
  const read = first === 0x5b ? readTextLine(text) : first === 0x7b ? readJsonLine(text) : undefined;
  return read ?? { time: null, level: null, logger: null, message: line };
}

/** The fields of an Airflow 3 record; undefined for a line that is none. */
export function parseJsonRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const record = value as Record<string, unknown>;
  // A task may print JSON of its own: a record has an event and says when or how bad.
  const isRecord = 'event' in record && (typeof record.timestamp === 'string' || typeof record.level === 'string');
  return isRecord ? record : undefined;
}

/**
 * A moment as ISO 8601 in UTC with `Z`, with the digits after the point that it had. Without a zone it is UTC.
 * Undefined for what isn't a moment.
 */
export function toUtc(timestamp: string): string | undefined {
  const match = TIMESTAMP.exec(timestamp);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const offset = sign ? (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1) : 0;
  const date = new Date(local - offset * 60_000);
  // Date takes 30 February for 2 March.
  if (Number.isNaN(local) || new Date(local).getUTCDate() !== Number(day)) return undefined;
  return date.toISOString().slice(0, 19) + (fraction ? `.${fraction}` : '') + 'Z';
}

function readTextLine(line: string): LogLine | undefined {
  const match = TEXT_LINE.exec(line);
  if (!match) return undefined;
  const [head, timestamp = '', place = '', level = ''] = match;
  const time = toUtc(timestamp);
  if (time === undefined) return undefined;
  return { time, level: level.toLowerCase(), logger: place || null, message: line.slice(head.length) };
}

function readJsonLine(line: string): LogLine | undefined {
  const record = parseJsonRecord(line);
  if (!record) return undefined;
  const event = valueText(record.event);
  const extras = extraText(record);
  const traceback = tracebackText(record.error_detail);
  return {
    time: (typeof record.timestamp === 'string' && toUtc(record.timestamp)) || null,
    level: typeof record.level === 'string' ? record.level.toLowerCase() : null,
    logger: typeof record.logger === 'string' ? record.logger : null,
    message: [extras === '' ? event : `${event} ${extras}`, ...(traceback === '' ? [] : [traceback])].join('\n'),
  };
}

/** `order_id=9 nested={"k":[1,2]}`: what a structlog call said beside the event. */
function extraText(record: Readonly<Record<string, unknown>>): string {
  // Where a line was logged is clutter, but where a Python warning comes from is its point.
  const isWarning = record.logger === 'py.warnings';
  const parts: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (LEFT_OUT.has(name) || value === null) continue;
    if (!isWarning && (name === 'filename' || name === 'lineno')) continue;
    parts.push(`${name}=${valueText(value)}`);
  }
  return parts.join(' ');
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested deeper than the stack.
    return '…';
  }
}

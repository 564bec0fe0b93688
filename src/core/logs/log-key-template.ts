import { t } from '@vscode/l10n';
import type { TextRange } from '../text/text-range';
import type { TaskLog } from './task-log';

/** A `log_filename_template` that reads and writes keys. Both work on the part after the export's prefix. */
export interface LogKeyTemplate {
  readonly text: string;
  /** Undefined for a key that the template doesn't write. */
  parse(rest: string): TaskLog | undefined;
  /** Undefined where the template asks for something a {@link TaskLog} doesn't hold, such as `ti.id`. */
  print(log: TaskLog): string | undefined;
  /** What every key begins with whose log has these values. */
  place(known: Partial<TaskLog>): string;
}

/** Why a template can't be used, and which part of it. */
export interface TemplateProblem {
  readonly message: string;
  readonly range: TextRange;
}

export type CompiledTemplate = { readonly template: LogKeyTemplate } | { readonly problem: TemplateProblem };

type Field = 'dagId' | 'runId' | 'taskId' | 'mapIndex' | 'attempt' | 'timestamp' | 'instanceId';

/** One piece of a way through the template. */
type Piece = { readonly text: string } | { readonly field: Field; readonly range: TextRange };

/** What a template may ask for, by the names Airflow's context gives it. */
const FIELDS: Readonly<Record<string, Field>> = {
  'ti.dag_id': 'dagId',
  'dag.dag_id': 'dagId',
  'dag_run.dag_id': 'dagId',
  'ti.run_id': 'runId',
  'dag_run.run_id': 'runId',
  run_id: 'runId',
  'ti.task_id': 'taskId',
  'task.task_id': 'taskId',
  'ti.map_index': 'mapIndex',
  try_number: 'attempt',
  'ti.try_number': 'attempt',
  ts: 'timestamp',
  'ti.id': 'instanceId',
};

const PATTERNS: Readonly<Record<Field, string>> = {
  dagId: '([^/]+?)',
  runId: '(.+)',
  taskId: '([^/]+?)',
  mapIndex: '(0|[1-9]\\d*)',
  attempt: '(0|[1-9]\\d*)',
  timestamp: '(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:[+-]\\d\\d:\\d\\d|Z))',
  instanceId: '([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})',
};

/** Letters that DAG and task ids may hold, so that none of them can end one. */
const ID_LETTERS = /^[\p{L}\p{N}_.-]*$/u;

const TRIGGER = /\.trigger\.(0|[1-9]\d*)\.log$/;
const MAPPED = /^ti\.map_index\s*(?:>=\s*0|>\s*-1|!=\s*-1)$/;
const TAG = /\{\{([\s\S]*?)\}\}|\{%{1,2}([\s\S]*?)%{1,2}\}|\{#[\s\S]*?#\}/g;

class Problem {
  constructor(
    readonly message: string,
    readonly range: TextRange,
  ) {}
}

/**
 * Compiles a `log_filename_template` of Airflow's configuration: literal text, `{{ ti.dag_id }}` and the other names
 * above, and one `{% if ti.map_index >= 0 %}…{% else %}…{% endif %}` (also as `{%% … %%}`, the way airflow.cfg writes
 * it). Anything else is a problem that names the part.
 * https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#log-filename-template
 */
export function compileTemplate(text: string): CompiledTemplate {
  try {
    const { mapped, plain } = readTemplate(text);
    const ways = [mapped, plain].map(pieces => compileWay(pieces, text));
    return { template: templateOf(text, ways[0] as Way, ways[1] as Way) };
  } catch (error) {
    if (error instanceof Problem) return { problem: { message: error.message, range: error.range } };
    throw error;
  }
}

interface Way {
  readonly pieces: readonly Piece[];
  readonly pattern: RegExp;
}

/** The two ways through a template: for a mapped task's log, and for any other. */
function readTemplate(text: string): { mapped: Piece[]; plain: Piece[] } {
  const mapped: Piece[] = [];
  const plain: Piece[] = [];
  let branch: 'both' | 'mapped' | 'plain' = 'both';
  let opened: TextRange | undefined;
  const push = (piece: Piece) => {
    if (branch !== 'plain') mapped.push(piece);
    if (branch !== 'mapped') plain.push(piece);
  };
  let from = 0;
  for (const match of text.matchAll(TAG)) {
    const range = { start: match.index, end: match.index + match[0].length };
    push({ text: literal(text, from, range.start) });
    from = range.end;
    if (match[1] !== undefined) {
      push({ field: fieldOf(match[1], range), range });
    } else if (match[2] !== undefined) {
      const statement = trimTag(match[2]);
      if (!opened && statement.startsWith('if ') && MAPPED.test(statement.slice(3).trim())) {
        branch = 'mapped';
        opened = range;
      } else if (opened && branch === 'mapped' && statement === 'else') {
        branch = 'plain';
      } else if (opened && statement === 'endif') {
        branch = 'both';
        opened = undefined;
      } else {
        throw new Problem(t('This part of the log file name template is not understood: {0}', match[0]), range);
      }
    }
  }
  push({ text: literal(text, from, text.length) });
  if (opened) throw new Problem(t('The if-block of the log file name template has no endif'), opened);
  return { mapped, plain };
}

function literal(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  const stray = /\{[{%#]|[}%#]\}/.exec(part);
  if (stray) {
    const at = start + stray.index;
    throw new Problem(t('This part of the log file name template is not closed: {0}', stray[0]), {
      start: at,
      end: at + 2,
    });
  }
  return part;
}

function fieldOf(expression: string, range: TextRange): Field {
  const name = trimTag(expression);
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field) return field;
  throw new Problem(
    t('A key alone does not tell the value of this part of the log file name template: {0}', name),
    range,
  );
}

/** Without blanks and Jinja's whitespace signs, which matter only beside line ends. */
function trimTag(text: string): string {
  return text.replace(/^[-+]/, '').replace(/[-+]$/, '').trim();
}

function compileWay(parts: readonly Piece[], template: string): Way {
  const pieces = mergeText(parts);
  const whole = { start: 0, end: template.length };
  const names = new Set(pieces.flatMap(piece => ('field' in piece ? [piece.field] : [])));
  for (const [needed, name] of [
    [names.has('dagId'), 'ti.dag_id'],
    [names.has('runId') || names.has('timestamp'), 'ti.run_id'],
    [names.has('taskId'), 'ti.task_id'],
    [names.has('attempt'), 'try_number'],
  ] as const) {
    if (!needed) throw new Problem(t('The log file name template never names {0}', name), whole);
  }
  let pattern = '';
  for (const [i, piece] of pieces.entries()) {
    if ('text' in piece) {
      pattern += piece.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      continue;
    }
    pattern += PATTERNS[piece.field];
    const after = pieces[i + 1];
    if (after && mayRunOn(piece.field, after, pieces[i + 2])) {
      throw new Problem(
        t('Nothing tells where this part of the log file name template ends: {0}', sliceOf(template, piece.range)),
        piece.range,
      );
    }
  }
  if (pieces.filter(piece => 'field' in piece && piece.field === 'runId').length > 1) {
    throw new Problem(t('The log file name template names {0} twice', 'ti.run_id'), whole);
  }
  return { pieces, pattern: new RegExp(`^${pattern}$`, 's') };
}

/** Whether the text after a value could as well be part of it, or of the value that follows. */
function mayRunOn(field: Field, after: Piece, next: Piece | undefined): boolean {
  if ('field' in after) return true;
  switch (field) {
    case 'dagId':
    case 'taskId':
      return next !== undefined && ID_LETTERS.test(after.text);
    case 'runId':
      if (!next || !('field' in next)) return false;
      return isId(next.field) ? ID_LETTERS.test(after.text) : /^\d*$/.test(after.text);
    case 'mapIndex':
    case 'attempt':
      return /^\d/.test(after.text);
    default:
      return false;
  }
}

function isId(field: Field): boolean {
  return field === 'dagId' || field === 'taskId';
}

function mergeText(parts: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ('text' in part && last && 'text' in last) merged[merged.length - 1] = { text: last.text + part.text };
    else if (!('text' in part) || part.text !== '') merged.push(part);
  }
  return merged;
}

function sliceOf(text: string, range: TextRange): string {
  return text.slice(range.start, range.end);
}

function templateOf(text: string, mapped: Way, plain: Way): LogKeyTemplate {
  return {
    text,
    parse(rest) {
      const trigger = TRIGGER.exec(rest);
      const candidates: [string, string | undefined][] = [[rest, undefined]];
      if (trigger) candidates.unshift([rest.slice(0, trigger.index), trigger[1]]);
      for (const [name, triggerJobId] of candidates) {
        const log = readWay(mapped, name, triggerJobId) ?? readWay(plain, name, triggerJobId);
        if (log) return log;
      }
      return undefined;
    },
    print(log) {
      const way = log.mapIndex === undefined ? plain : mapped;
      let key = '';
      for (const piece of way.pieces) {
        const value = 'text' in piece ? piece.text : fieldValue(piece.field, log);
        if (value === undefined) return undefined;
        key += value;
      }
      return log.triggerJobId === undefined ? key : `${key}.trigger.${log.triggerJobId}.log`;
    },
    place(known) {
      const [a, b] = [startOf(mapped, known), startOf(plain, known)];
      let end = 0;
      while (end < a.length && a[end] === b[end]) end++;
      return a.slice(0, end);
    },
  };
}

/** What the keys of one way begin with, up to the first value that isn't known. */
function startOf(way: Way, known: Partial<TaskLog>): string {
  let start = '';
  for (const piece of way.pieces) {
    const value = 'text' in piece ? piece.text : fieldValue(piece.field, known);
    if (value === undefined) break;
    start += value;
  }
  return start;
}

function fieldValue(field: Field, log: Partial<TaskLog>): string | undefined {
  switch (field) {
    case 'timestamp':
      return log.runId !== undefined && new RegExp(`^${PATTERNS.timestamp}$`).test(log.runId) ? log.runId : undefined;
    case 'instanceId':
      return undefined;
    default:
      return log[field]?.toString();
  }
}

function readWay(way: Way, name: string, triggerJobId: string | undefined): TaskLog | undefined {
  const match = way.pattern.exec(name);
  if (!match) return undefined;
  const found: Partial<Record<Field, string>> = {};
  let group = 0;
  for (const piece of way.pieces) {
    if ('text' in piece) continue;
    const value = match[++group] as string;
    if (found[piece.field] !== undefined && found[piece.field] !== value) return undefined;
    found[piece.field] = value;
  }
  const numbers = [found.mapIndex, found.attempt, triggerJobId].map(value =>
    value === undefined ? undefined : Number(value),
  );
  if (numbers.some(value => value !== undefined && !Number.isSafeInteger(value))) return undefined;
  const [mapIndex, attempt, job] = numbers;
  return {
    dagId: found.dagId as string,
    runId: (found.runId ?? found.timestamp) as string,
    taskId: found.taskId as string,
    ...(mapIndex === undefined ? {} : { mapIndex }),
    attempt: attempt as number,
    ...(job === undefined ? {} : { triggerJobId: job }),
  };
}

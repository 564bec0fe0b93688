/**
 * `error_detail` of an Airflow 3 record, as structlog's ExceptionDictTransformer writes it: the exception that was
 * raised first, then what it was raised from, or during. https://www.structlog.org/en/stable/api.html#tracebacks
 */
type Stack = Readonly<Record<string, unknown>>;

/** Groups within groups beyond this are cut, so that a hostile log can't exhaust the stack. */
const MAX_DEPTH = 20;

const CAUSE = 'The above exception was the direct cause of the following exception:';
const CONTEXT = 'During handling of the above exception, another exception occurred:';

/** The exceptions as Python prints them, without source lines, which the log doesn't hold. '' where there are none. */
export function tracebackText(errorDetail: unknown): string {
  return stackLines(errorDetail, 0).join('\n');
}

function stackLines(detail: unknown, depth: number): string[] {
  const stacks = stacksOf(detail);
  if (depth > MAX_DEPTH) return stacks.length === 0 ? [] : ['…'];
  const lines: string[] = [];
  for (let i = stacks.length - 1; i >= 0; i--) {
    const stack = stacks[i] as Stack;
    const following = i > 0 ? ['', stack.is_cause === true ? CAUSE : CONTEXT, ''] : [];
    for (const line of [...oneStack(stack, depth), ...following]) lines.push(line);
  }
  return lines;
}

function stacksOf(detail: unknown): Stack[] {
  if (Array.isArray(detail)) return detail.filter(isObject);
  if (!isObject(detail)) return [];
  return 'stacks' in detail ? stacksOf(detail.stacks) : [detail];
}

function oneStack(stack: Stack, depth: number): string[] {
  const isGroup = stack.is_group === true;
  const frames = frameLines(stack.frames);
  const title = isGroup ? 'Exception Group Traceback (most recent call last):' : 'Traceback (most recent call last):';
  const plain = [...(frames.length > 0 ? [title, ...frames] : []), ...errorLines(stack)];
  if (!isGroup) return plain;
  // Python draws a margin beside a group, and one more beside each of its exceptions.
  const [head = '', ...rest] = plain;
  const lines = [`  + ${head}`, ...rest.map(line => `  | ${line}`)];
  const members = Array.isArray(stack.exceptions) ? stack.exceptions : [];
  for (const [i, member] of members.entries()) {
    lines.push(`  ${i === 0 ? '+-+' : '  +'}---------------- ${i + 1} ----------------`);
    for (const line of stackLines(member, depth + 1)) lines.push(`    | ${line}`);
  }
  if (members.length > 0) lines.push('    +------------------------------------');
  return lines;
}

function frameLines(frames: unknown): string[] {
  if (!Array.isArray(frames)) return [];
  return frames.filter(isObject).flatMap(frame => {
    const place = `  File "${text(frame.filename)}", line ${text(frame.lineno)}, in ${text(frame.name)}`;
    const source = typeof frame.line === 'string' ? frame.line.trim() : '';
    return source === '' ? [place] : [place, `    ${source}`];
  });
}

function errorLines(stack: Stack): string[] {
  const type = text(stack.exc_type);
  const value = text(stack.exc_value);
  const notes = Array.isArray(stack.exc_notes) ? stack.exc_notes.map(text) : [];
  return [...syntaxErrorLines(stack.syntax_error), value === '' ? type : `${type}: ${value}`, ...notes].flatMap(line =>
    line.split('\n'),
  );
}

function syntaxErrorLines(error: unknown): string[] {
  if (!isObject(error)) return [];
  const source = text(error.line).replace(/\s+$/, '');
  const indent = source.length - source.trimStart().length;
  const offset = Math.min(Math.max(Number(error.offset) - 1 - indent || 0, 0), source.length);
  return [
    `  File "${text(error.filename)}", line ${text(error.lineno)}`,
    ...(source === '' ? [] : [`    ${source.trimStart()}`, `    ${' '.repeat(offset)}^`]),
  ];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isObject(value: unknown): value is Stack {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

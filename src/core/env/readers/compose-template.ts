import type { ExpansionLimit } from './expansion-limit';
import { goQuote } from './go-text';
import { fromFile, type MessagePart } from './reader';

interface Scope {
  readonly look: (name: string) => string | undefined;
  readonly limit: ExpansionLimit;
}

type Substituted = { readonly value: string } | Problem;

interface Problem {
  readonly problem: readonly MessagePart[];
  readonly kind: 'reference' | 'required-variable';
}

/** Deeper defaults within defaults than any person writes aren't read. */
const MAX_DEPTH = 100;
/** The name folds case as Go does, so that `K` (U+212A) counts as a letter too. */
const NAME = /[_a-z][_a-z0-9]*/iuy;
const OPERATOR = /:?[-+?]/y;

/**
 * Compose's interpolation: `$$`, `$NAME`, `${NAME}` and `${NAME` with `-`, `:-`, `+`, `:+`, `?` or `:?`.
 * Throws a RangeError at a limit of ours. https://docs.docker.com/reference/compose-file/interpolation/
 */
export function substitute(template: string, scope: Scope, depth = 0): Substituted {
  if (depth > MAX_DEPTH) throw new RangeError('defaults are nested too deeply');
  const lastBrace = lastBraceOfLine(template);
  const out: string[] = [];
  let copied = 0;
  for (let at = template.indexOf('$'); at >= 0; at = template.indexOf('$', Math.max(at + 1, copied))) {
    const found = readOne(template, at, lastBrace);
    if (found === undefined) continue;
    const result = found === 'invalid' ? invalid(template) : evaluate(found, scope, depth);
    if ('problem' in result) return result;
    scope.limit.spend(result.value.length);
    out.push(template.slice(copied, at), result.value);
    copied = found === 'invalid' ? at : found.end;
  }
  return { value: out.join('') + template.slice(copied) };
}

interface Found {
  /** Undefined: `$$`. */
  readonly name?: string;
  readonly operator?: string;
  readonly operand?: string;
  readonly end: number;
}

function readOne(template: string, at: number, lastBrace: (at: number) => number): Found | 'invalid' | undefined {
  const next = template[at + 1];
  if (next === '$') return { end: at + 2 };
  const braced = next === '{';
  const name = matchAt(NAME, template, at + (braced ? 2 : 1));
  if (!braced) return name === undefined ? undefined : { name, end: at + 1 + name.length };
  if (name === undefined) return 'invalid';
  const afterName = at + 2 + name.length;
  if (template[afterName] === '}') return { name, end: afterName + 1 };
  const operator = matchAt(OPERATOR, template, afterName);
  const last = lastBrace(at);
  if (operator === undefined || last < afterName + operator.length) return 'invalid';
  const closing = closingBrace(template, at, last);
  return { name, operator, operand: template.slice(afterName + operator.length, closing), end: closing + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The brace at which as many are closed as opened, else the last of the line; the character after a `{` isn't looked at. */
function closingBrace(text: string, from: number, last: number): number {
  let open = 0;
  for (let at = from; at <= last; at++) {
    if (text[at] === '}' && --open === 0) return at;
    if (text[at] === '{') {
      open++;
      at++;
    }
  }
  return last;
}

/** Finds the last `}` on the line of an offset; offsets are asked in order, so that each line is looked at once. */
function lastBraceOfLine(text: string): (at: number) => number {
  let end = -1;
  let brace = -1;
  return at => {
    if (at >= end) {
      const found = text.indexOf('\n', at);
      end = found < 0 ? text.length : found;
      brace = text.slice(at, end).lastIndexOf('}');
      if (brace >= 0) brace += at;
    }
    return brace;
  };
}

function evaluate({ name, operator, operand }: Found, scope: Scope, depth: number): Substituted {
  if (name === undefined) return { value: '$' };
  const value = scope.look(name);
  if (operator === undefined || operand === undefined) return { value: value ?? '' };
  const other = substitute(operand, scope, depth + 1);
  if ('problem' in other) return other;
  const counts = value !== undefined && !(operator.startsWith(':') && value === '');
  if (operator.endsWith('+')) return counts ? other : { value: value ?? '' };
  if (counts) return { value };
  if (operator.endsWith('-')) return other;
  const reason: MessagePart[] = other.value === '' ? [] : [': ', fromFile(other.value)];
  const problem = ['required variable ', fromFile(name), ' is missing a value', ...reason];
  return { problem, kind: 'required-variable' };
}

function invalid(template: string): Substituted {
  return { problem: ['Invalid template: ', fromFile(template, goQuote(template))], kind: 'reference' };
}

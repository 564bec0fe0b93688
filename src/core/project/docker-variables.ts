import type { TextRange } from '../text/text-range';

/** A word of a Dockerfile with its variables filled in. */
export interface Expansion {
  /** With {@link GAP} in place of each variable that has no value in the file. */
  readonly text: string;
  /** For each character, where it is written: in the word itself, or in the ARG that it comes from. */
  readonly origins: readonly number[];
  /** For each character, what stands for it in the word itself. */
  readonly uses: readonly TextRange[];
}

/** What a FROM line is read by. */
export interface DockerScope {
  readonly source: string;
  /** A backslash, or what `# escape=` says. */
  readonly escapeCharacter: string;
  /** The ARGs before the first FROM, which are all that a FROM line can use. */
  readonly args: Map<string, Expansion>;
}

/** Longer than any image's name: ARGs that double each other would fill the memory. */
const LONGEST = 1000;

/** Stands for what can't be told; no image's name holds it. */
export const GAP = '\0';

const NAME = /[A-Za-z_]\w*/y;
const CONTINUATION = /[ \t]*(?:\r\n?|\n)(?:[ \t]*#[^\r\n]*(?:\r\n?|\n))*/y;

/** Fills in `$NAME`, `${NAME}` and `${NAME:-default}`, takes quotes off and joins lines, as Docker does in FROM and ARG. */
export function expandWord(scope: DockerScope, range: TextRange): Expansion {
  const { source, escapeCharacter } = scope;
  if (range.end - range.start > LONGEST) return unknown(range);
  let text = '';
  const origins: number[] = [];
  const uses: TextRange[] = [];
  const add = (character: string, origin: number, use: TextRange) => {
    text += character;
    origins.push(origin);
    uses.push(use);
  };
  let quote = '';
  for (let at = range.start; at < range.end; ) {
    const character = source[at] as string;
    if (character === escapeCharacter && quote !== "'") {
      const skipped = matchAt(CONTINUATION, source, at + 1);
      if (skipped === undefined && at + 1 < range.end)
        add(source[at + 1] as string, at + 1, { start: at, end: at + 2 });
      at += 1 + (skipped?.length ?? 1);
    } else if (character === quote || (quote === '' && (character === '"' || character === "'"))) {
      quote = quote === '' ? character : '';
      at++;
    } else if (character === '$' && quote !== "'") {
      const reference = readReference(source, at, range.end);
      if (!reference) return unknown(range);
      const value = lookUp(reference, scope) ?? unknown({ start: at, end: reference.end });
      for (let i = 0; i < value.text.length; i++) {
        add(value.text[i] as string, value.origins[i] as number, { start: at, end: reference.end });
      }
      at = reference.end;
    } else {
      add(character, at, { start: at, end: at + 1 });
      at++;
    }
  }
  return text.length <= LONGEST ? { text, origins, uses } : unknown(range);
}

function unknown(range: TextRange): Expansion {
  return { text: GAP, origins: [range.start], uses: [range] };
}

interface Reference {
  readonly name: string;
  readonly choice?: Choice;
  readonly end: number;
}

/** `${NAME:-word}`, `${NAME+word}` and the like. */
interface Choice {
  /** `-`: the word where the variable has no value, `+`: where it has one. */
  readonly operator: '-' | '+';
  readonly isEmptyUnset: boolean;
  readonly word: TextRange;
}

/** A variable at a `$`; undefined where it is of a form that isn't known here. */
function readReference(source: string, at: number, end: number): Reference | undefined {
  const isBraced = source[at + 1] === '{';
  const start = isBraced ? at + 2 : at + 1;
  const name = matchAt(NAME, source, start);
  if (name === undefined) return undefined;
  if (!isBraced) return { name, end: start + name.length };
  const close = closingBrace(source, start, end);
  if (close < 0) return undefined;
  const rest = source.slice(start + name.length, close);
  if (rest === '') return { name, end: close + 1 };
  const operator = /^(:?)([-+])/.exec(rest);
  if (!operator) return undefined;
  const word = { start: start + name.length + operator[0].length, end: close };
  const choice = { operator: operator[2] as '-' | '+', isEmptyUnset: operator[1] === ':', word };
  return { name, choice, end: close + 1 };
}

function closingBrace(source: string, from: number, end: number): number {
  for (let at = from, depth = 0; at < end; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && depth-- === 0) return at;
  }
  return -1;
}

function lookUp({ name, choice }: Reference, scope: DockerScope): Expansion | undefined {
  const value = scope.args.get(name);
  if (!choice) return value;
  const { operator, isEmptyUnset, word } = choice;
  const isSet = value !== undefined && !(isEmptyUnset && value.text === '');
  if (operator === '-' && isSet) return value;
  if (operator === '+' && !isSet) return { text: '', origins: [], uses: [] };
  return expandWord(scope, word);
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

import { replaceLookAlikes } from '../../text/look-alikes';
import type { TextEdit, TextRange } from '../../text/text-range';
import { isPlainString, type Token, type TokenType, tokenize } from './json-tokens';

export type RepairKind =
  | 'missing-open'
  | 'missing-close'
  | 'extra-close'
  | 'missing-comma'
  | 'extra-comma'
  | 'missing-colon'
  | 'comment'
  | 'fence'
  | 'line-numbers'
  | 'blank'
  | 'quotes'
  | 'unquoted-key';

/** One mistake of a JSON text whose repair is plain. */
export interface Repair {
  readonly kind: RepairKind;
  /** What is wrong; where something is missing, what stands before it. */
  readonly range: TextRange;
  readonly edits: readonly TextEdit[];
}

/** A place at which it isn't plain what was meant. */
export interface Puzzle {
  readonly kind: 'puzzle' | 'second-document' | 'open-string';
  readonly range: TextRange;
}

export type RepairResult =
  | { readonly repairs: readonly Repair[]; readonly puzzle?: undefined }
  | { readonly repairs?: undefined; readonly puzzle: Puzzle };

/** More than any policy, and few enough for the call stack. */
const DEEPEST = 100;

class Puzzled extends Error {
  constructor(readonly puzzle: Puzzle) {
    super(puzzle.kind);
  }
}

/**
 * Finds what keeps a text from being one JSON object, as long as it is plain how each mistake is put right: braces,
 * commas, comments, copied line numbers, typographic quotes and blanks.
 */
export function repairJson(text: string): RepairResult {
  try {
    return { repairs: new Repairer(text).run() };
  } catch (error) {
    if (error instanceof Puzzled) return { puzzle: error.puzzle };
    throw error;
  }
}

class Repairer {
  private readonly repairs: Repair[] = [];
  private readonly tokens: readonly Token[];
  private readonly open: { readonly type: '{' | '['; readonly start: number }[] = [];
  private at = 0;

  constructor(private readonly text: string) {
    const all = tokenize(text);
    const numbers = findLineNumbers(text, all);
    if (numbers.edits.length > 0) {
      this.note('line-numbers', numbers.edits[0]?.range as TextRange, numbers.edits);
    }
    this.replaceBlanks(all.filter(token => token.type === 'blank'));
    this.tokens = all.filter(token => !numbers.tokens.has(token) && !this.isLeftOut(token));
  }

  run(): Repair[] {
    const [first, second] = this.tokens;
    if (!first) throw new Puzzled({ kind: 'puzzle', range: { start: 0, end: this.text.length } });
    if (first.type === '{') this.readObject();
    else if ((first.type === 'string' || first.type === 'word') && second?.type === ':') {
      this.insertOpeningBrace(first);
      this.readMembers();
    } else if (first.type === '[') this.readArray();
    else this.giveUp(first);
    this.readEnd();
    return withoutOverlaps(this.repairs);
  }

  private note(kind: RepairKind, range: TextRange, edits: readonly TextEdit[]): void {
    this.repairs.push({ kind, range: { start: range.start, end: range.end }, edits });
  }

  private replaceBlanks(blanks: readonly Token[]): void {
    const [first] = blanks;
    if (!first) return;
    const edits = blanks.map(({ start, end }) => ({
      range: { start, end },
      newText: replaceLookAlikes(this.text.slice(start, end)),
    }));
    this.note('blank', first, edits);
  }

  /** Blanks that are none, comments and fences of Markdown; the last two go, with their whole line where they stand alone. */
  private isLeftOut(token: Token): boolean {
    const { type } = token;
    if (type !== 'comment' && type !== 'fence') return type === 'blank';
    if (!token.isClosed) throw new Puzzled({ kind: 'puzzle', range: token });
    this.note(type, token, [{ range: this.withItsLine(token), newText: '' }]);
    return true;
  }

  private withItsLine({ start, end }: TextRange): TextRange {
    const { text } = this;
    let from = start;
    while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
    let to = end;
    while (text[to] === ' ' || text[to] === '\t') to++;
    const isAtStart = from === 0 || text[from - 1] === '\n' || text[from - 1] === '\r';
    const isAtEnd = to === text.length || text[to] === '\n' || text[to] === '\r';
    if (!isAtEnd) return { start, end };
    if (!isAtStart) return { start: from, end: to };
    return { start: from, end: to + (/^\r?\n|^\r/.exec(text.slice(to, to + 2))?.[0].length ?? 0) };
  }

  private get next(): Token | undefined {
    return this.tokens[this.at];
  }

  private get last(): TextRange {
    return this.tokens[this.at - 1] ?? { start: 0, end: 0 };
  }

  private isNext(type: TokenType, ahead = 0): boolean {
    return this.tokens[this.at + ahead]?.type === type;
  }

  private readObject(): void {
    this.push(this.tokens[this.at++] as Token);
    this.readMembers();
    this.open.pop();
  }

  private push({ type, start }: Token): void {
    if (this.open.length >= DEEPEST) this.giveUp(this.last);
    this.open.push({ type: type as '{' | '[', start });
  }

  /** The members of an object and its closing brace. */
  private readMembers(): void {
    for (;;) {
      const token = this.next;
      if (!token) {
        this.insertClosing('}');
        return;
      }
      if (token.type === '}') {
        this.at++;
        return;
      }
      if (token.type === ']') {
        if (this.isInside('[')) {
          this.insertClosing('}');
          return;
        }
        this.remove('extra-close', token);
      } else if (token.type === ',') this.remove('extra-comma', token);
      else if (token.type === '{' && this.isInside('[')) {
        // The comma that was read already divides two objects of the array.
        if (this.tokens[this.at - 1]?.type === ',') this.at--;
        this.insertClosing('}');
        return;
      } else {
        this.readMember(token);
        this.readSeparator('}');
      }
    }
  }

  private readMember(key: Token): void {
    if (key.type === 'string') this.checkQuotes(key);
    else if (key.type === 'word') this.quoteKey(key);
    else this.giveUp(key);
    this.at++;
    if (this.isNext(':')) this.at++;
    else if (this.next && ['string', '{', '['].includes(this.next.type)) {
      this.note('missing-colon', key, [insertion(key.end, ':')]);
    } else this.giveUp(this.next ?? key);
    this.readValue();
  }

  private readArray(): void {
    this.push(this.tokens[this.at++] as Token);
    this.readElements();
    this.open.pop();
  }

  private readElements(): void {
    for (;;) {
      const token = this.next;
      if (!token) {
        this.insertClosing(']');
        return;
      }
      if (token.type === ']') {
        this.at++;
        return;
      }
      if (token.type === '}') {
        if (this.isInside('{')) {
          this.insertClosing(']');
          return;
        }
        this.remove('extra-close', token);
      } else if (token.type === ',') this.remove('extra-comma', token);
      else if (this.isInside('{') && token.type === 'string' && this.isNext(':', 1)) {
        // A key inside an array: the bracket before it is missing.
        if (this.tokens[this.at - 1]?.type === ',') this.at--;
        this.insertClosing(']');
        return;
      } else {
        this.readValue();
        this.readSeparator(']');
      }
    }
  }

  private readValue(): void {
    const token = this.next;
    if (!token) {
      this.giveUp(this.last);
      return;
    }
    if (token.type === '{') {
      this.readObject();
      return;
    }
    if (token.type === '[') {
      this.readArray();
      return;
    }
    if (token.type === 'string') this.checkQuotes(token);
    else if (token.type === 'word') {
      if (!/^(?:true|false|null)$/.test(this.text.slice(token.start, token.end))) this.giveUp(token);
    } else if (token.type !== 'number') this.giveUp(token);
    this.at++;
  }

  /** What follows a member or an element: a comma, the end, or a comma that is missing or too much. */
  private readSeparator(close: '}' | ']'): void {
    const token = this.next;
    if (!token) return;
    if (token.type !== ',') {
      const begins = close === '}' ? ['string', 'word'] : ['string', 'number', 'word', '{', '['];
      if (begins.includes(token.type) && !(close === ']' && token.type === 'string' && this.isNext(':', 1))) {
        this.note('missing-comma', this.last, [insertion(this.last.end, ',')]);
      } else if (close === '}' && !['}', ']', '{'].includes(token.type)) this.giveUp(token);
      return;
    }
    const after = this.tokens[this.at + 1];
    if (!after || after.type === '}' || after.type === ']') this.remove('extra-comma', token);
    else this.at++;
  }

  private readEnd(): void {
    for (let token = this.next; token; token = this.next) {
      if (token.type === '}' || token.type === ']') this.remove('extra-close', token);
      else if (token.type === ',') this.remove('extra-comma', token);
      else throw new Puzzled({ kind: token.type === '{' ? 'second-document' : 'puzzle', range: token });
    }
  }

  private isInside(type: '{' | '['): boolean {
    return this.open.slice(0, -1).some(each => each.type === type);
  }

  private remove(kind: RepairKind, token: Token): void {
    // A bracket alone on its line takes the line along.
    const range = kind === 'extra-close' ? this.withItsLine(token) : token;
    this.note(kind, token, [{ range: { start: range.start, end: range.end }, newText: '' }]);
    this.at++;
  }

  private checkQuotes(token: Token): void {
    const { text } = this;
    if (!token.isClosed) throw new Puzzled({ kind: 'open-string', range: token });
    if (isPlainString(text, token)) return;
    const inner = { start: token.start + 1, end: token.end - 1 };
    const edits: TextEdit[] = [];
    if (text[token.start] !== '"') edits.push({ range: { start: token.start, end: inner.start }, newText: '"' });
    for (let i = inner.start; i < inner.end; i++) {
      if (text[i] === '\\' && text[i + 1] === "'") edits.push({ range: { start: i, end: i + 1 }, newText: '' });
      if (text[i] === '\\') i++;
      else if (text[i] === '"') edits.push(insertion(i, '\\'));
    }
    if (text[token.end - 1] !== '"') edits.push({ range: { start: inner.end, end: token.end }, newText: '"' });
    this.note('quotes', token, edits);
  }

  private quoteKey(token: Token): void {
    this.note('unquoted-key', token, [insertion(token.start, '"'), insertion(token.end, '"')]);
  }

  private insertOpeningBrace(first: Token): void {
    const lineEnd = /\r\n?|\n/.exec(this.text)?.[0];
    this.note('missing-open', first, [insertion(first.start, `{${lineEnd ?? ''}`)]);
    this.open.push({ type: '{', start: first.start });
  }

  /** Behind the last token; on a line of its own, under the line that opens, where the two aren't on one line. */
  private insertClosing(bracket: '}' | ']'): void {
    const { start } = this.open.at(-1) ?? { start: 0 };
    const between = this.text.slice(start, this.last.end);
    const lineEnd = /\r\n?|\n/.exec(between)?.[0];
    const lineStart = Math.max(this.text.lastIndexOf('\n', start), this.text.lastIndexOf('\r', start)) + 1;
    const indent = /^[ \t]*/.exec(this.text.slice(lineStart, start))?.[0] ?? '';
    const newText = lineEnd === undefined ? bracket : `${lineEnd}${indent}${bracket}`;
    this.note('missing-close', this.last, [insertion(this.last.end, newText)]);
  }

  private giveUp(range: TextRange): never {
    throw new Puzzled({ kind: 'puzzle', range: { start: range.start, end: range.end } });
  }
}

/** A comment behind a copied line number: both take the blank between them, which can go only once. */
function withoutOverlaps(repairs: readonly Repair[]): Repair[] {
  const all = repairs.flatMap(({ edits }) => edits);
  all.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const clipped = new Map<TextEdit, TextEdit>();
  let from = 0;
  for (const edit of all) {
    const { start, end } = edit.range;
    if (start < from) clipped.set(edit, { ...edit, range: { start: from, end: Math.max(from, end) } });
    from = Math.max(from, end);
  }
  if (clipped.size === 0) return [...repairs];
  return repairs.map(repair => ({ ...repair, edits: repair.edits.map(edit => clipped.get(edit) ?? edit) }));
}

function insertion(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

/**
 * The line numbers that came along when the lines were copied from a page: numbers at the beginnings of lines that count
 * up, or that stand where no number may.
 */
function findLineNumbers(text: string, tokens: readonly Token[]): { tokens: Set<Token>; edits: TextEdit[] } {
  const candidates: { token: Token; next: Token | undefined; value: number; isOutOfPlace: boolean }[] = [];
  tokens.forEach((token, i) => {
    if (token.type !== 'number' || !token.isFirstOnLine) return;
    const previous = tokens[i - 1];
    const next = tokens[i + 1]?.line === token.line ? tokens[i + 1] : undefined;
    if (previous?.type === ':' || next?.type === ',') return;
    const value = Number(text.slice(token.start, token.end));
    const follows = previous === undefined || !(previous.type === '[' || previous.type === ',');
    const precedes = next !== undefined && next.type !== ']' && next.type !== 'comment';
    candidates.push({ token, next, value, isOutOfPlace: follows || precedes });
  });
  const chosen = candidates.filter(
    ({ value, isOutOfPlace }, i) =>
      isOutOfPlace || candidates[i - 1]?.value === value - 1 || candidates[i + 1]?.value === value + 1,
  );
  const dropped = new Set<Token>();
  const edits = chosen.map(({ token, next }) => {
    dropped.add(token);
    let { end } = token;
    // `1:`, `1.`, `1|` and the blank behind the number go too; blanks beyond it are the line's own indentation.
    const isMark = next && next.start === end && (next.type === ':' || next.type === 'junk');
    if (isMark) {
      dropped.add(next);
      end = next.end;
    }
    if (text[end] === ' ' || text[end] === '\t') end++;
    // A number alone on its line takes the line along.
    if (!next) end += /^\r?\n|^\r/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
    return { range: { start: token.start, end }, newText: '' };
  });
  return { tokens: dropped, edits };
}

import type { TextRange } from '../../text/text-range';
import { printable } from './go-text';
import {
  type Assignment,
  type MessagePart,
  printMessage,
  type Reading,
  type Refusal,
  type RefusalKind,
} from './reader';

/** What a reader notes on its way through a file, and the reading that follows from it. */
export class ReadingNotes implements Reading {
  readonly assignments: Assignment[] = [];
  readonly refusals: Refusal[] = [];
  cut: TextRange | undefined;
  gaveUp = false;
  private complaints = 0;
  private readonly parts: MessagePart[] = [];
  private knownVariables: Readonly<Record<string, string>> | undefined;

  set(key: string, value: string | undefined, start: number, end: number, asksShell = false): void {
    this.assignments.push({ key, value, start, end, asksShell, isIgnored: false });
  }

  /** Notes an assignment that has no effect, because the key is set above. */
  ignore(key: string, value: string, start: number, end: number): void {
    this.assignments.push({ key, value, start, end, asksShell: false, isIgnored: true });
  }

  /** Notes a place at which the file is refused; the command says what it says of the first. */
  refuse(kind: RefusalKind, { start, end }: TextRange, ...message: readonly MessagePart[]): void {
    if (!this.rejected) {
      this.parts.length = 0;
      this.parts.push(...message);
    }
    this.refusals.push({ kind, start, end });
  }

  /** Notes something that costs the command its exit code, but not the rest of the file. */
  complain(...message: readonly MessagePart[]): void {
    this.complaints++;
    this.say(...message);
  }

  /** Notes a line of the command's message that has no effect on its exit code. */
  say(...message: readonly MessagePart[]): void {
    if (this.parts.length > 0) this.parts.push('\n');
    this.parts.push(...message);
  }

  /** Ends a reading that has come to a limit of ours; the file counts as refused. */
  giveUp(message: string): void {
    if (!this.rejected) this.parts.push(message);
    this.gaveUp = true;
  }

  get rejected(): boolean {
    return this.refusals.length > 0 || this.gaveUp;
  }

  get exit(): number {
    return this.rejected || this.complaints > 0 ? 1 : 0;
  }

  get variables(): Readonly<Record<string, string>> {
    this.knownVariables ??= this.rejected ? {} : variablesOf(this.assignments);
    return this.knownVariables;
  }

  get message(): string | null {
    return printMessage(this.messageParts, (_, printed) => printed);
  }

  get messageParts(): readonly MessagePart[] {
    return this.parts.map(part =>
      typeof part === 'string' ? part : { fromFile: printable(part.fromFile), printed: printable(part.printed) },
    );
  }
}

/** The last assignment of a key counts, of those that aren't ignored. */
function variablesOf(assignments: readonly Assignment[]): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const { key, value, isIgnored } of assignments) {
    if (value !== undefined && !isIgnored) variables.set(printable(key), printable(value));
  }
  return Object.fromEntries(variables);
}

import { EXPORT_KEYS, type ExportKey, KEY_PREFIX } from '../../export-settings';
import type { Finding } from '../../finding';
import type { TextRange } from '../../text/text-range';
import { type EnvDocument, type EnvLine, lineEndOf } from '../env-document';
import type { ExportLine, ExportLines } from '../export-lines';
import type { Assignment, Reading, Refusal } from '../readers/reader';
import type { NamedReader } from '../readers/readers';

/** What one command makes of the file, in an empty shell. */
export class CommandReading {
  private knownRefusals: readonly Refusal[] | undefined;

  constructor(
    readonly reader: NamedReader,
    readonly reading: Reading,
  ) {}

  /** In the order of their places. */
  get refusals(): readonly Refusal[] {
    this.knownRefusals ??= [...this.reading.refusals].sort((a, b) => a.start - b.start);
    return this.knownRefusals;
  }

  /** Where the command's reading ends: at a line too long for it. */
  get end(): number {
    const refused = this.reading.refusals.find(({ kind }) => kind === 'line-too-long');
    return Math.min(this.reading.cut?.start ?? Number.POSITIVE_INFINITY, refused?.start ?? Number.POSITIVE_INFINITY);
  }
}

/** A line of the file that sets one of the export's variables, by its form or for at least one command. */
export interface KeyLine {
  readonly key: ExportKey;
  readonly line: EnvLine;
  readonly nameRange: TextRange;
  readonly exportLine: ExportLine | undefined;
}

/**
 * What a command makes of one line. `value`: it sets the variable. `absent`: it doesn't; `other` is what it sets
 * instead. `inside`: it takes the line for a part of another variable's quoted value. `unknown`: it refuses the file
 * at this line, ends before it, or can't be told.
 */
export type Outcome =
  | { readonly kind: 'value'; readonly assignment: Assignment }
  | { readonly kind: 'absent'; readonly other?: Assignment }
  | { readonly kind: 'inside'; readonly assignment: Assignment }
  | { readonly kind: 'unknown' };

/** One rule: what follows from the readings of a file. */
export type ReadingRule = (file: FileReadings) => Finding[];

const OUR_KEYS: ReadonlySet<string> = new Set(Object.values(EXPORT_KEYS));
/** Whether a name is one of the export's variables. */
export function isExportKey(name: string): name is ExportKey {
  return name.startsWith(KEY_PREFIX) && OUR_KEYS.has(name);
}

const UNKNOWN: Outcome = { kind: 'unknown' };

/** A file and what each command makes of it. */
export class FileReadings {
  readonly document: EnvDocument;
  readonly keyLines: readonly KeyLine[];
  private readonly winners: ReadonlySet<string>;
  private knownLineEnd: string | undefined;

  constructor(
    readonly lines: ExportLines,
    readonly commands: readonly CommandReading[],
  ) {
    this.document = lines.document;
    const { keyLines, winners } = this.findKeyLines();
    this.keyLines = keyLines;
    this.winners = winners;
  }

  /** The line end that new lines take. */
  get lineEnd(): string {
    this.knownLineEnd ??= lineEndOf(this.document);
    return this.knownLineEnd;
  }

  /** Whether the line is the one that counts for a command, of all those that set its key. */
  counts({ key, line }: KeyLine): boolean {
    return this.winners.has(idOf(key, line));
  }

  /** The line that an offset stands on; a line's end belongs to it. */
  lineAt(offset: number): EnvLine {
    const { lines } = this.document;
    return lines[Math.max(indexAfter(lines, offset) - 1, 0)] as EnvLine;
  }

  outcome(command: CommandReading, { key, line }: KeyLine): Outcome {
    const { reading, refusals, end } = command;
    if (reading.gaveUp || line.start >= end) return UNKNOWN;
    const lastRefusal = refusals[indexAfter(refusals, line.end) - 1];
    if (lastRefusal && this.lineAt(lastRefusal.start) === line) return UNKNOWN;
    const { assignments } = reading;
    const last = indexAfter(assignments, line.end) - 1;
    let at = last;
    for (; at >= 0; at--) {
      const assignment = assignments[at] as Assignment;
      if (this.lineAt(assignment.start) !== line) break;
      if (assignment.key === key)
        return assignment.value === undefined ? { kind: 'absent' } : { kind: 'value', assignment };
    }
    const before = this.lastBefore(command, line);
    if (before && before.end > line.start)
      return this.isQuoted(before) ? { kind: 'inside', assignment: before } : { kind: 'absent' };
    // The command reads the line as the end of one that it refuses: a lone CR ends no line for most.
    if (lastRefusal && !this.document.text.slice(lastRefusal.start, line.start).includes('\n')) return UNKNOWN;
    return at < last ? { kind: 'absent', other: assignments[last] as Assignment } : { kind: 'absent' };
  }

  /** The assignments, of any command, within whose quotes a line stands. */
  around(line: EnvLine): readonly Assignment[] {
    return this.commands.flatMap(command => {
      const before = this.lastBefore(command, line);
      return before && before.end > line.start && this.isQuoted(before) ? [before] : [];
    });
  }

  /** Whether no command takes a part of the line for a part of something else, or of others for a part of it. */
  isAlone(line: EnvLine): boolean {
    return this.commands.every(command => {
      const { assignments } = command.reading;
      const before = this.lastBefore(command, line);
      const last = assignments[indexAfter(assignments, line.end) - 1];
      return (before === undefined || before.end <= line.start) && (last === undefined || last.end <= line.end);
    });
  }

  private lastBefore({ reading }: CommandReading, line: EnvLine): Assignment | undefined {
    // A byte order mark belongs to the first line.
    return line.number === 0 ? undefined : reading.assignments[indexAfter(reading.assignments, line.start - 1) - 1];
  }

  /** Whether an assignment's value opens quotes that it doesn't close on its line. */
  private isQuoted({ start }: Assignment): boolean {
    const { entry } = this.lineAt(start);
    return entry?.quote === '' && /^["']/.test(entry.value);
  }

  private findKeyLines() {
    const found = new Map<string, KeyLine>();
    const winners = new Set<string>();
    for (const each of this.lines.lines) {
      if (each.key === undefined || each.nearMiss !== undefined) continue;
      const { key, line, nameRange } = each;
      found.set(idOf(key, line), { key, line, nameRange, exportLine: each });
    }
    for (const { reading } of this.commands) {
      const last = new Map<ExportKey, string>();
      for (const { key, value, start, isIgnored } of reading.assignments) {
        if (value === undefined || !isExportKey(key)) continue;
        const line = this.lineAt(start);
        const id = idOf(key, line);
        if (!found.has(id)) found.set(id, { key, line, nameRange: this.contentOf(line), exportLine: undefined });
        if (!isIgnored) last.set(key, id);
      }
      for (const id of last.values()) winners.add(id);
    }
    return { keyLines: [...found.values()].sort((a, b) => a.line.number - b.line.number), winners };
  }

  private contentOf({ indentEnd, start, end }: EnvLine): TextRange {
    return indentEnd < end ? { start: indentEnd, end } : { start, end };
  }
}

/** How many of sorted places begin at an offset or before it. */
function indexAfter(places: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((places[mid] as { readonly start: number }).start <= offset) low = mid + 1;
    else high = mid;
  }
  return low;
}

function idOf(key: ExportKey, line: EnvLine): string {
  return `${line.number} ${key}`;
}

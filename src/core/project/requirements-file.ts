import type { TextRange } from '../text/text-range';
import { type Piece, parseRequirement, type Requirement } from './requirement';

/** Another file that a requirements file names. */
export interface RequirementInclude extends Piece {
  /** `requirement`: its packages are installed too (`-r`); `constraint`: it only limits their versions (`-c`). */
  readonly kind: 'requirement' | 'constraint';
}

/** What pip makes of a requirements file. */
export interface RequirementsFile {
  readonly requirements: readonly Requirement[];
  readonly includes: readonly RequirementInclude[];
  /** Whether pip asks for a hash of every package: one line that has a hash is enough. */
  readonly needsHashes: boolean;
  /** The last line that has something in it. */
  readonly lastLine: TextRange | undefined;
  /** Whether the last line goes on in the next, which isn't there. */
  readonly isOpen: boolean;
}

const INCLUDE = /^\s*(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(["']?)([^\s"']+)\2\s*$/;
const EDITABLE = /^\s*(?:-e|--editable)[\s=]+/;

/** Reads any text. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function parseRequirements(text: string): RequirementsFile {
  const requirements: Requirement[] = [];
  const includes: RequirementInclude[] = [];
  let needsHashes = false;
  let lastLine: TextRange | undefined;
  let isOpen = false;
  for (const line of logicalLines(text)) {
    const { start, code } = line;
    if (line.hasText) lastLine = line.lastPart;
    isOpen = line.isOpen;
    if (/(?:^|\s)--(?:hash|require-hashes)\b/.test(code)) needsHashes = true;
    const include = readInclude(code, start);
    if (include) {
      includes.push(include);
      continue;
    }
    const editable = EDITABLE.exec(code)?.[0].length ?? 0;
    if (editable === 0 && /^\s*-/.test(code)) continue;
    const requirement = parseRequirement(code.slice(editable), start + editable);
    if (requirement) requirements.push(requirement);
  }
  return { requirements, includes, needsHashes, lastLine, isOpen };
}

/** The files that a requirements file names, as written: relative to its own folder. */
export function requirementIncludes(text: string): readonly RequirementInclude[] {
  return parseRequirements(text).includes;
}

function readInclude(code: string, start: number): RequirementInclude | undefined {
  const match = INCLUDE.exec(code);
  if (!match) return undefined;
  const [, option = '', , path = ''] = match;
  const at = start + code.lastIndexOf(path);
  const kind = /^-{1,2}r/.test(option) ? 'requirement' : 'constraint';
  return { kind, text: path, start: at, end: at + path.length };
}

interface LogicalLine {
  readonly start: number;
  /** Without comments; continuations are blanks, so that offsets stay. */
  readonly code: string;
  readonly hasText: boolean;
  /** The last line of the file that belongs to it, without blanks round it. */
  readonly lastPart: TextRange;
  readonly isOpen: boolean;
}

/** Lines joined where one ends in a backslash. A comment ends at its line, whatever that ends in. */
function* logicalLines(text: string): Generator<LogicalLine> {
  let parts: string[] = [];
  let first = 0;
  const lines = /[^\r\n]*(?:\r\n?|\n|$)/g;
  for (lines.lastIndex = 0; lines.lastIndex < text.length; ) {
    const start = lines.lastIndex;
    const whole = lines.exec(text)?.[0] as string;
    const line = whole.replace(/[\r\n]+$/, '');
    if (parts.length === 0) first = start;
    const continues = line.endsWith('\\') && !/^\s*#/.test(line);
    parts.push(continues ? line.slice(0, -1).padEnd(whole.length) : line);
    if (continues && lines.lastIndex < text.length) continue;
    const hasText = line.trim() !== '';
    const leading = line.length - line.trimStart().length;
    const lastPart = { start: start + leading, end: start + line.trimEnd().length };
    yield { start: first, code: withoutComment(parts.join('')), hasText, lastPart, isOpen: continues };
    parts = [];
  }
}

function withoutComment(line: string): string {
  const comment = /(?:^|\s)#/.exec(line);
  return comment ? line.slice(0, comment.index) : line;
}

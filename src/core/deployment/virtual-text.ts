import type { Finding, Fix, RelatedPlace } from '../finding';
import { applyEdits, type TextEdit, type TextRange } from '../text/text-range';
import type { DeploymentScalar } from './deployment-file';
import { readPlainScalar } from './plain-scalar';

interface Piece {
  readonly start: number;
  readonly text: string;
  readonly scalar: DeploymentScalar;
  /** What is shown where the scalar has no extent. */
  readonly fallback: TextRange;
}

/**
 * The names and values of a deployment file as plain text, which the rules judge, and the way back: a finding gets its
 * place in the file, and a fix is written as YAML, in quotes where it needs them.
 */
export class VirtualText {
  private text = '';
  private readonly pieces: Piece[] = [];
  private readonly fileEdits = new Map<TextEdit, TextEdit | undefined>();

  /** Adds a text that stands in a scalar; gives its place here. */
  add(text: string, scalar: DeploymentScalar, fallback: TextRange): TextRange {
    const start = this.text.length;
    this.pieces.push({ start, text, scalar, fallback });
    this.text += `${text}\n`;
    return { start, end: start + text.length };
  }

  /** An edit that changes no scalar but the file's structure; undefined where it can't be made. */
  structural(edit: TextEdit | undefined): TextEdit {
    const placeholder = { range: { start: 0, end: 0 }, newText: '' };
    this.fileEdits.set(placeholder, edit);
    return placeholder;
  }

  toFile(finding: Finding): Finding {
    const { fix, alternatives, related, ...rest } = finding;
    const fileFix = fix && this.fixInFile(fix);
    const others = alternatives?.flatMap(each => this.fixInFile(each) ?? []) ?? [];
    return {
      ...rest,
      range: this.rangeInFile(finding.range),
      ...(related ? { related: related.map(each => this.relatedInFile(each)) } : {}),
      ...(fileFix ? { fix: fileFix } : {}),
      ...(others.length > 0 ? { alternatives: others } : {}),
    };
  }

  private relatedInFile(place: RelatedPlace): RelatedPlace {
    return { ...place, range: this.rangeInFile(place.range) };
  }

  private rangeInFile({ start, end }: TextRange): TextRange {
    const piece = this.pieceAt(start);
    const literal = piece.text === '' ? undefined : literalOf(piece);
    if (literal) return { start: literal.start + start - piece.start, end: literal.start + end - piece.start };
    const { range } = piece.scalar;
    return range.end > range.start ? range : piece.fallback;
  }

  private pieceAt(offset: number): Piece {
    return this.pieces.findLast(({ start }) => start <= offset) as Piece;
  }

  private fixInFile({ title, edits }: Fix): Fix | undefined {
    const changes = new Map<Piece, TextEdit[]>();
    const fileEdits: TextEdit[] = [];
    for (const edit of edits) {
      if (this.fileEdits.has(edit)) {
        const fileEdit = this.fileEdits.get(edit);
        if (!fileEdit) return undefined;
        fileEdits.push(fileEdit);
        continue;
      }
      const piece = this.pieceAt(edit.range.start);
      changes.set(piece, [...(changes.get(piece) ?? []), shift(edit, -piece.start)]);
    }
    for (const [piece, pieceEdits] of changes) {
      if (!piece.scalar.canReplace) return undefined;
      fileEdits.push(...writeInFile(piece, pieceEdits));
    }
    return { title, edits: fileEdits };
  }
}

/** Where the piece's characters stand in the file one by one; undefined where they don't. */
function literalOf({ text, scalar }: Piece): TextRange | undefined {
  return text === scalar.written ? scalar.literalRange : undefined;
}

function shift({ range, newText }: TextEdit, by: number): TextEdit {
  return { range: { start: range.start + by, end: range.end + by }, newText };
}

/** Nothing but the characters themselves where that stays a string of YAML, else the whole value in quotes. */
function writeInFile(piece: Piece, edits: readonly TextEdit[]): TextEdit[] {
  const newText = applyEdits(piece.text, edits);
  const literal = literalOf(piece);
  if (literal && staysString(newText, piece.scalar)) return edits.map(edit => shift(edit, literal.start));
  return [{ range: piece.scalar.range, newText: quote(newText) }];
}

const PLAIN = /^[A-Za-z0-9\u0080-\uffff](?:[\w./@+=~:\u0080-\uffff-]*[\w./@+=~\u0080-\uffff-])?$/;

function staysString(text: string, { quoting, kind }: DeploymentScalar): boolean {
  switch (quoting) {
    case 'plain':
      return kind === 'string' && PLAIN.test(text) && readPlainScalar(text).kind === 'string';
    case 'single':
      return !/['\r\n]/.test(text);
    case 'double':
      return !/["\\\r\n]/.test(text);
    default:
      return false;
  }
}

/** A double-quoted scalar, which is JSON's too. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

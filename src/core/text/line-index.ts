import type { Position, TextRange } from './text-range';

/**
 * Converts offsets to lines and columns and back. A line ends at LF, CRLF or a lone CR, as in VS Code,
 * so that a range computed here is where an editor shows it.
 */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The position of an offset; an offset outside the text is taken to its nearer end. */
  positionAt(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const mid = (low + high) >>> 1;
      if ((this.starts[mid] as number) <= at) low = mid;
      else high = mid;
    }
    return { line: low, character: at - (this.starts[low] as number) };
  }

  /** The offset of a position; a column past the line's end is taken to that end. */
  offsetAt(position: Position): number {
    if (position.line >= this.starts.length) return this.text.length;
    const start = this.starts[Math.max(position.line, 0)] as number;
    const end = this.starts[position.line + 1] ?? this.text.length;
    return Math.min(start + Math.max(position.character, 0), end);
  }

  /** The offsets of a range between positions. */
  offsetRange({ start, end }: { readonly start: Position; readonly end: Position }): TextRange {
    return { start: this.offsetAt(start), end: this.offsetAt(end) };
  }

  /** Start and end of a range as positions. */
  rangeAt(range: TextRange): { start: Position; end: Position } {
    return { start: this.positionAt(range.start), end: this.positionAt(range.end) };
  }
}

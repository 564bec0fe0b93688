import { createLogLineReader, type LogLine } from './log-lines';

/** Turns a log into readable text, piece by piece. Never throws; time in proportion to the text. */
export interface LogRenderer {
  /** The text of the lines that this piece completes, each with its line end. */
  push(text: string): string;
  /** The text of a last line that no line end follows. */
  end(): string;
}

export function createLogRenderer(): LogRenderer {
  const reader = createLogLineReader();
  return {
    push: text => renderLines(reader.push(text)),
    end: () => renderLines(reader.end()),
  };
}

/** A whole log as readable text: `2026-11-23T06:47:13.754Z WARNING  [visible.py:26] 3 of 42 orders have no postcode`. */
export function renderLog(text: string): string {
  const renderer = createLogRenderer();
  return renderer.push(text) + renderer.end();
}

/** One line as text, without a line end; a message of several lines stays one of several. */
export function renderLogLine(line: LogLine): string {
  const message = readableText(line.message);
  if (line.time === null && line.level === null) return message;
  const parts = [line.time, line.level?.toUpperCase().padEnd(8), line.logger && `[${readableText(line.logger)}]`];
  return [...parts.filter(part => part), message].join(' ');
}

/** Colours, links and titles of a terminal; an escape that is none of them goes with its one letter. */
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\-~]|)/g;

/** What an editor or a terminal would take for a line end or a command: everything but tab and LF. */
const CONTROL = /\r\n?|[\u2028\u2029\x85\x0b\x0c]|\0+|[\x01-\x08\x0e-\x1f\x7f]/g;

/**
 * Text without what a terminal would obey: escapes go, a progress bar's returns become line ends, other line
 * separators a blank, control characters their pictures (a run of NULs one of them).
 */
export function readableText(text: string): string {
  return text.replace(ANSI, '').replace(CONTROL, found => {
    const code = found.charCodeAt(0);
    if (code === 0x0d) return '\n';
    if (code === 0x7f) return '\u2421';
    return code === 0x0b || code === 0x0c || code > 0x7f ? ' ' : String.fromCharCode(0x2400 + code);
  });
}

function renderLines(lines: readonly LogLine[]): string {
  return lines.map(line => `${renderLogLine(line)}\n`).join('');
}

import { t } from '@vscode/l10n';
import { ExportError } from '../export-error';
import type { TextEdit } from '../text/text-range';
import { type EnvDocument, type EnvLine, lineEndOf, parseEnvDocument } from './env-document';

export interface Variable {
  readonly key: string;
  readonly value: string;
}

/**
 * The edits that set variables in a `.env` file and leave everything else byte for byte as it was.
 *
 * A variable's line is written `KEY=value`, the only form that every Astro command reads alike: quotes stay in the
 * value for `docker --env-file`, a blank or `export ` before the key makes another key for `--load` and lets docker
 * refuse the whole file, and a comment behind the value becomes part of it for both. So quotes, blanks and `export `
 * go (a shell that sources the file needs `set -a`), and the comment moves to a line of its own above.
 *
 * Where a key stands several times, the first line is kept and the others go: `--load` takes the first and fails
 * because of the second, the rest take the last. A commented-out line is no key and stays. `KEY: value` and a bare
 * `KEY` count as the key's lines. New variables follow at the end, in the file's own line ends.
 * Throws an {@link ExportError} `bad-settings` for a value that has a line break.
 */
export function mergeVariables(text: string, variables: readonly Variable[]): TextEdit[] {
  const document = parseEnvDocument(text);
  const eol = lineEndOf(document);
  const wanted = new Map(variables.map(({ key, value }) => [key, value]));
  const places = new Map<string, EnvLine[]>();
  for (const line of document.lines) {
    const key = keyOfLine(document, line);
    if (!wanted.has(key)) continue;
    const lines = places.get(key);
    if (lines) lines.push(line);
    else places.set(key, [line]);
  }
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [key, value] of wanted) {
    if (/[\r\n]/.test(value)) {
      throw new ExportError('bad-settings', t('The value of {0} has a line break.', key), t('Give it on one line.'));
    }
    const assignment = `${key}=${value}`;
    const [first, ...others] = places.get(key) ?? [];
    if (!first) added.push(assignment);
    else
      edits.push(
        ...rewriteLine(document, first, assignment, eol),
        ...others.map(line => removeLine(document, line, eol)),
      );
  }
  if (added.length > 0) edits.push(appendLines(document, added, eol));
  return edits.sort((a, b) => a.range.start - b.range.start);
}

function keyOfLine(document: EnvDocument, line: EnvLine): string {
  return line.entry ? line.entry.key : document.text.slice(line.indentEnd, line.end).trimEnd();
}

/** Writes a line as the given assignment; a comment behind its value moves to a line of its own above. */
export function rewriteLine(document: EnvDocument, line: EnvLine, assignment: string, eol: string): TextEdit[] {
  const comment = commentOf(document, line);
  const newText = comment === '' ? assignment : `${comment}${eol}${assignment}`;
  if (newText === document.text.slice(line.start, line.end)) return [];
  return [{ range: { start: line.start, end: line.end }, newText }];
}

/** Takes a line out with its terminator; a comment behind its value stays, on the line. */
export function removeLine(document: EnvDocument, line: EnvLine, eol: string): TextEdit {
  const comment = commentOf(document, line);
  const terminator = document.text.slice(line.end, line.next) || eol;
  return { range: { start: line.start, end: line.next }, newText: comment === '' ? '' : comment + terminator };
}

function commentOf(document: EnvDocument, line: EnvLine): string {
  const range = line.entry?.commentRange;
  return range ? document.text.slice(range.start, range.end) : '';
}

/** A lone CR ends a line for an editor, but for one reader only; a LF behind it makes it a line end for all. */
function appendLines(document: EnvDocument, lines: readonly string[], eol: string): TextEdit {
  const { text } = document;
  const end = text.length;
  let before = '';
  if (text.endsWith('\r')) before = '\n';
  else if (document.lines.length > 0 && !text.endsWith('\n')) before = eol;
  return { range: { start: end, end }, newText: before + lines.map(line => line + eol).join('') };
}

import { countBlanks, type GoLine, goString, hasBadBytes, linesOf, TOO_LONG, toBytes } from './go-text';
import { fromFile, type Reader } from './reader';
import { ReadingNotes } from './reading';

/**
 * `docker run --env-file`, by which `astro dev pytest`, `dev parse`, `run` and the tests of `astro deploy` read: values
 * as they stand, and the whole file refused for a blank in a key or a byte that isn't UTF-8.
 * https://docs.docker.com/reference/cli/docker/container/run/#env
 */
export const readAsDocker: Reader = (bytes, shell) => {
  const whole = goString(bytes);
  const mayHaveBadBytes = hasBadBytes(whole);
  const { lines, tooLong } = linesOf(bytes);
  const notes = new ReadingNotes();
  for (const [i, line] of lines.entries()) {
    const { text, start } = line;
    if (mayHaveBadBytes && hasBadBytes(text)) {
      const shown = fromFile(text, `[${toBytes(text).join(' ')}]`);
      notes.refuse('not-utf8', rangeOf(line), `invalid utf8 bytes at line ${i + 1}: `, shown);
    } else
      readLine(notes, shell, i === 0 && text.startsWith('\ufeff') ? { text: text.slice(1), start: start + 1 } : line);
  }
  if (tooLong) notes.refuse('line-too-long', tooLong, TOO_LONG);
  return notes;
};

function readLine(notes: ReadingNotes, shell: Readonly<Record<string, string>>, whole: GoLine): void {
  const blanks = countBlanks(whole.text);
  const line = whole.text.slice(blanks);
  const start = whole.start + blanks;
  const end = start + line.length;
  if (line === '' || line.startsWith('#')) return;
  const equals = line.indexOf('=');
  const key = equals < 0 ? line : line.slice(0, equals);
  if (key === '') notes.refuse('no-name', { start, end }, "no variable name on line '", fromFile(line), "'");
  else if (/[ \t]/.test(key)) {
    const range = { start, end: start + key.length };
    notes.refuse('blank-in-name', range, "variable '", fromFile(key), "' contains whitespaces");
  } else if (equals >= 0) notes.set(key, line.slice(equals + 1), start, end);
  else notes.set(key, Object.hasOwn(shell, key) ? shell[key] : undefined, start, end, true);
}

function rangeOf({ text, start }: GoLine) {
  return { start, end: start + text.length };
}

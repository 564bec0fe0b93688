import { goQuote, linesOf, TOO_LONG } from './go-text';
import { fromFile, type Reader } from './reader';
import { ReadingNotes } from './reading';

/**
 * `podman run --env-file`, in docker's place where podman is the engine: as docker's, but any key is taken, and a bare
 * `KEY*` takes every variable of the shell that begins so.
 * https://github.com/containers/podman/blob/main/pkg/env/env.go
 */
export const readAsPodman: Reader = (bytes, shell) => {
  const { lines, tooLong } = linesOf(bytes);
  const notes = new ReadingNotes();
  for (const whole of lines) {
    const line = whole.text.replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const end = whole.start + whole.text.length;
    const start = end - line.length;
    const equals = line.indexOf('=');
    if (equals === 0) notes.refuse('no-name', { start, end }, 'invalid variable: ', fromFile(line, goQuote(line)));
    else if (equals > 0) notes.set(line.slice(0, equals), line.slice(equals + 1), start, end);
    else for (const [name, value] of inherited(line, shell)) notes.set(name, value, start, end, true);
  }
  if (tooLong) notes.refuse('line-too-long', tooLong, TOO_LONG);
  return notes;
};

/** The shell's variables that a bare line takes; one that it names and the shell lacks has no value. */
function inherited(line: string, shell: Readonly<Record<string, string>>): readonly (readonly [string, string?])[] {
  if (!line.endsWith('*')) return [[line, Object.hasOwn(shell, line) ? shell[line] : undefined]];
  const prefix = line.slice(0, -1);
  return Object.entries(shell).filter(([name]) => name.startsWith(prefix));
}

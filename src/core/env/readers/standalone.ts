import { countBlanks, goString, trimSpaceRight } from './go-text';
import type { Reader } from './reader';
import { ReadingNotes } from './reading';

/**
 * `astro dev start --standalone` and its pytest: trimmed lines, no comments after a value, one pair of matching quotes
 * taken off. https://github.com/astronomer/astro-cli/blob/main/pkg/airflowrt/env.go
 */
export const readAsStandalone: Reader = bytes => {
  const text = goString(bytes);
  const notes = new ReadingNotes();
  for (let next = 0; next < text.length; ) {
    const found = text.indexOf('\n', next);
    const end = found < 0 ? text.length : found;
    const whole = text.slice(next, end);
    const blanks = countBlanks(whole);
    const line = trimSpaceRight(whole.slice(blanks));
    const equals = line.indexOf('=');
    if (equals >= 0 && !line.startsWith('#')) {
      notes.set(line.slice(0, equals), unquote(line.slice(equals + 1)), next + blanks, next + blanks + line.length);
    }
    next = end + 1;
  }
  return notes;
};

function unquote(value: string): string {
  const first = value.charAt(0);
  const quoted = value.length >= 2 && (first === '"' || first === "'") && value.endsWith(first);
  return quoted ? value.slice(1, -1) : value;
}

import { linesOf, TOO_LONG, trimChar, trimSpace } from './go-text';
import { fromFile, type Reader } from './reader';
import { ReadingNotes } from './reading';

/**
 * `astro deployment variable create|update --load --env FILE`: lines of its own making. What is wrong in a line costs
 * that line and the exit code; a line too long for it ends the reading, with exit 0.
 * https://github.com/astronomer/astro-cli/blob/main/cloud/deployment/deployment_variable.go
 */
export const readAsLoad: Reader = bytes => {
  const { lines, tooLong } = linesOf(bytes);
  const notes = new ReadingNotes();
  const seen = new Set<string>();
  notes.cut = tooLong;
  if (tooLong) notes.say(TOO_LONG);
  for (const { text, start } of lines) {
    if (text === '' || text.startsWith('#')) continue;
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(equals, 0));
    const value = text.slice(equals + 1);
    if (equals < 0) notes.complain(fromFile(text), ' is an improperly formatted variable, no variable created');
    else if (key === '') notes.complain('empty key! skipping creating variable with key: ');
    else if (value === '') notes.complain('empty value! skipping creating variable with key: ', fromFile(key));
    else {
      const read = trimSpace(trimChar(trimChar(value, '"'), "'"));
      if (seen.has(key)) {
        notes.complain('key ', fromFile(key), ' already exists within the file specified, skipping creation');
        notes.ignore(key, read, start, start + text.length);
      } else notes.set(key, read, start, start + text.length);
      seen.add(key);
    }
  }
  return notes;
};

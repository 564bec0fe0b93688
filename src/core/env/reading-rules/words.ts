import { showValue } from '../../text/show-value';
import type { CommandReading } from './file-readings';

/** Commands as a message lists them that says what each reads. */
export function shortNamesOf(commands: readonly CommandReading[]): string {
  return commands.map(({ reader }) => reader.short).join(', ');
}

/** Commands as a message names those that fail. */
export function namesOf(commands: readonly CommandReading[]): string {
  return commands.map(({ reader }) => reader.label).join(', ');
}

/** A text out of the file in quotes, with blanks and joiners that nobody could see or tell apart by their code point. */
export function quoted(text: string): string {
  const shown = showValue(text).replace(
    /[^\S ]|\p{Cf}/gu,
    character => `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `“${shown}”`;
}

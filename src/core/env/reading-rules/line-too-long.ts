import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { CommandReading, FileReadings } from './file-readings';
import { namesOf } from './words';

const OUR_KEYS: readonly string[] = Object.values(EXPORT_KEYS);

/** A line at which `--load` ends without a word, and what it doesn't set because of that. */
export function findLinesTooLong(file: FileReadings): Finding[] {
  return file.commands.flatMap(command => {
    const { cut } = command.reading;
    const lost = cut ? namesFrom(file, cut.start) : [];
    if (!cut || lost.length === 0) return [];
    const ours = OUR_KEYS.filter(key => lost.includes(key));
    const message =
      ours.length > 0
        ? t(
            '{0} stops at this line of more than 65,535 bytes, ends with exit code 0 and sets none of {1}.',
            command.reader.label,
            ours.join(', '),
          )
        : t(
            '{0} stops at this line of more than 65,535 bytes, ends with exit code 0 and sets none of the variables from here on ({1}).',
            command.reader.label,
            lost.length,
          );
    const refusing = file.commands.filter(refusesLength);
    const others = refusing.length > 0 ? ` ${t('The whole file is refused by {0}.', namesOf(refusing))}` : '';
    return makeFinding('line-too-long', { start: cut.start, end: file.lineAt(cut.start).end }, message + others);
  });
}

function refusesLength({ reading }: CommandReading): boolean {
  return reading.refusals.some(({ kind }) => kind === 'line-too-long');
}

/** The variables that a command without such a limit sets from an offset on. */
function namesFrom(file: FileReadings, offset: number): readonly string[] {
  const unlimited = file.commands.find(({ reader }) => reader.name === 'standalone');
  return unlimited?.reading.assignments.filter(({ start }) => start >= offset).map(({ key }) => key) ?? [];
}

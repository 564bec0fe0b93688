import { t } from '@vscode/l10n';
import type { ExportKey } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { EnvLine } from '../env-document';
import { removeLine } from '../merge';
import { type CommandReading, type FileReadings, isExportKey, type KeyLine } from './file-readings';
import { namesOf, shortNamesOf } from './words';

/** What a command makes of the lines of one key. */
interface Choice {
  readonly command: CommandReading;
  /** The lines on which it meets the key. */
  readonly lines: Set<EnvLine>;
  /** The line that counts. */
  winner: EnvLine;
  /** Whether it leaves out what comes too late, and says so. */
  ignoresOthers: boolean;
}

/** The lines of one key, and what the commands make of them. */
interface Duplicates {
  readonly keyLines: KeyLine[];
  readonly choices: Choice[];
  /** What any command reads from any of the lines; what hangs on the shell is like nothing else. */
  readonly values: Set<unknown>;
}

/** More places than a person looks at are not listed, and so many lines not removed at once. */
const MOST_OTHERS = 20;

/** Keys of the export that a command finds on several lines; told on each line but the first. */
export function findDuplicates(file: FileReadings): Finding[] {
  return [...collect(file).values()].flatMap(({ keyLines, choices, values }) => {
    if (choices.every(({ lines }) => lines.size < 2)) return [];
    const met = keyLines.filter(({ line }) => choices.some(({ lines }) => lines.has(line)));
    const isSame = values.size === 1;
    const message = isSame ? messageOfSame(choices) : t('Set more than once. What counts is {0}.', describe(choices));
    return met.slice(1).map((keyLine, i) => {
      const others = met.slice(0, MOST_OTHERS + 1).filter(each => each !== keyLine);
      const related = others
        .slice(0, i + 1)
        .map(({ nameRange }) => ({ range: nameRange, message: t('It is set here too.') }));
      if (!file.isAlone(keyLine.line)) return makeFinding('duplicate-key', keyLine.nameRange, message, { related });
      const removal = remove(file, [keyLine], t('Remove this line'));
      if (isSame && isSpare(choices, keyLine.line)) {
        return makeFinding('duplicate-key', keyLine.nameRange, message, { related, fix: removal });
      }
      const canKeep = met.length <= MOST_OTHERS && others.every(({ line }) => file.isAlone(line));
      const keep = canKeep ? [remove(file, others, t('Keep this line, and remove the others of the variable'))] : [];
      return makeFinding('duplicate-key', keyLine.nameRange, message, { related, alternatives: [removal, ...keep] });
    });
  });
}

function collect(file: FileReadings): ReadonlyMap<ExportKey, Duplicates> {
  const found = new Map<ExportKey, Duplicates>();
  for (const keyLine of file.keyLines) {
    const known = found.get(keyLine.key);
    if (known) known.keyLines.push(keyLine);
    else found.set(keyLine.key, { keyLines: [keyLine], choices: [], values: new Set() });
  }
  for (const command of file.commands) {
    for (const { key, value, start, asksShell, isIgnored } of command.reading.assignments) {
      if (value === undefined || !isExportKey(key)) continue;
      const duplicates = found.get(key);
      if (!duplicates) continue;
      const line = file.lineAt(start);
      const { choices, values } = duplicates;
      values.add(asksShell ? {} : value);
      const choice = choices.at(-1);
      if (choice?.command !== command)
        choices.push({ command, lines: new Set([line]), winner: line, ignoresOthers: false });
      else {
        choice.lines.add(line);
        if (isIgnored) choice.ignoresOthers = true;
        else choice.winner = line;
      }
    }
  }
  return found;
}

/** Whether each command that meets the key on a line meets it on another one too. */
function isSpare(choices: readonly Choice[], line: EnvLine): boolean {
  return choices.every(({ lines }) => !lines.has(line) || lines.size > 1);
}

function messageOfSame(choices: readonly Choice[]): string {
  const failing = choices.filter(({ ignoresOthers }) => ignoresOthers);
  return failing.length > 0
    ? t(
        'Set again, to the same value; {0} ends with an error because of it.',
        namesOf(failing.map(each => each.command)),
      )
    : t('Set again, to the same value; whoever changes the one may overlook the other.');
}

function describe(choices: readonly Choice[]): string {
  const winners = new Map<number, CommandReading[]>();
  for (const { command, winner } of choices) {
    const commands = winners.get(winner.number) ?? [];
    commands.push(command);
    winners.set(winner.number, commands);
  }
  return [...winners].map(([number, commands]) => t('line {0} for {1}', number + 1, shortNamesOf(commands))).join('; ');
}

function remove(file: FileReadings, keyLines: readonly KeyLine[], title: string): Fix {
  return { title, edits: keyLines.map(({ line }) => removeLine(file.document, line, file.lineEnd)) };
}

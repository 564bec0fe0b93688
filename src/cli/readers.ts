import path from 'node:path';
import { t } from '@vscode/l10n';
import { printMessage, type Reading } from '../core/env/readers/reader';
import { READERS } from '../core/env/readers/readers';
import { ExportError } from '../core/export-error';
import { EXPORT_KEYS } from '../core/export-settings';
import { readBytes } from '../jobs/read-bytes';
import type { Command, CommandIo } from './command';

const OUR_KEYS: readonly string[] = Object.values(EXPORT_KEYS);
const HIDDEN = '***';

interface Shown {
  readonly name: string;
  readonly command: string;
  readonly rejected: boolean;
  readonly exit: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly message: string | null;
}

/** `readers`: exit 0 whatever the readers make of the file, 2 when it could not be read. */
export const readersCommand: Command = {
  name: 'readers',
  summary: 'Prints what each Astro command reads from an env file.',
  usage: 'FILE [--show-values] [--format text|json]',
  options: { 'show-values': { type: 'boolean' } },
  async run({ values, positionals }, io) {
    const named = positionals[0] ?? values.env;
    if (typeof named !== 'string' || named === '' || positionals.length > 1) {
      throw new ExportError('usage', t('readers takes one file'), `astro-log-export readers ${readersCommand.usage}`);
    }
    const bytes = await readBytes(path.resolve(io.cwd, named));
    const shell = shellOf(io);
    const all = values['show-values'] === true;
    const shown = READERS.map(({ name, command, read }) => ({ name, command, ...show(read(bytes, shell), all) }));
    await io.stdout(values.format === 'json' ? toJson(shown) : toText(shown, all));
    return 0;
  },
};

function shellOf(io: CommandIo): Readonly<Record<string, string>> {
  const set = Object.entries(io.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
}

function show(reading: Reading, all: boolean): Pick<Shown, 'rejected' | 'exit' | 'variables' | 'message'> {
  const { rejected, exit, variables, message, messageParts } = reading;
  if (all) return { rejected, exit, variables, message };
  const entries = Object.entries(variables).map(([key, value]) => [key, OUR_KEYS.includes(key) ? value : HIDDEN]);
  return {
    rejected,
    exit,
    variables: Object.fromEntries(entries),
    message: printMessage(messageParts, (fromFile, printed) => (isOurs(fromFile) ? printed : HIDDEN)),
  };
}

/** Whether a text out of the file is one line that sets one of our keys: it then holds nothing of another variable. */
function isOurs(text: string): boolean {
  const [, key] = /^\s*(?:export\s+)?(\w+)(?:\s*[=:][^\r\n$]*|\s*)$/.exec(text) ?? [];
  return key !== undefined && OUR_KEYS.includes(key);
}

function toJson(shown: readonly Shown[]): string {
  const readers = Object.fromEntries(
    shown.map(({ name, rejected, exit, variables, message }) => [name, { rejected, exit, variables, message }]),
  );
  return `${JSON.stringify({ readers })}\n`;
}

/** For each reader the keys of the export; with all values, the others after them. */
function toText(shown: readonly Shown[], all: boolean): string {
  return shown.map(reader => `${reader.name} (${reader.command})\n${linesOf(reader, all).join('')}`).join('\n');
}

function linesOf({ rejected, exit, variables, message }: Shown, all: boolean): readonly string[] {
  const said = message === null ? [] : message.split('\n').map(line => `  ${printed(line, /[\p{Cc}]/u)}\n`);
  if (rejected) return [`  ${t('The whole file is refused:')}\n`, ...said];
  const others = Object.keys(variables).filter(key => !OUR_KEYS.includes(key));
  const keys = all ? [...OUR_KEYS, ...others] : OUR_KEYS;
  const width = Math.max(...keys.map(key => key.length));
  const table = keys.map(key => {
    const value = Object.hasOwn(variables, key) ? printed(variables[key] ?? '', /^$|^\s|\s$|[\p{C}]/u) : t('(not set)');
    return `  ${printed(key, /[\p{C}]/u).padEnd(width)}  ${value}\n`;
  });
  if (exit !== 0) said.unshift(`  ${t('The command ends with exit code {0}:', exit)}\n`);
  if (!all && others.length > 0) said.unshift(`  ${t('Other variables: {0}', others.length)}\n`);
  return [...table, ...said];
}

/** A text as it is, or in quotes with escapes where it would not show or would move the cursor. */
function printed(text: string, unclear: RegExp): string {
  return unclear.test(text) ? JSON.stringify(text) : text;
}

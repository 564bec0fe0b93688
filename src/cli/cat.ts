import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError, isExportError } from '../core/export-error';
import { createLogLineReader, type LogLine } from '../core/logs/log-lines';
import { renderLogLine } from '../core/logs/render';
import { loadExport } from '../jobs/load-export';
import { type FollowedPiece, followLog, type ReadLogInput, readLog } from '../jobs/read-log';
import type { Command, CommandIo, OptionValues } from './command';

export const catCommand: Command = {
  name: 'cat',
  summary: 'Prints a task log, its lines made readable.',
  usage: 'KEY [--env FILE] [--tail N] [--raw] [--follow] [--format text|json]',
  options: {
    tail: { type: 'string' },
    raw: { type: 'boolean' },
    follow: { type: 'boolean' },
  },
  async run({ values, positionals }, io) {
    const [key] = positionals;
    if (key === undefined || key === '' || positionals.length > 1) throw usage(t('cat takes one key'));
    if (values.raw && values.format === 'json') throw usage(t('--raw and --format json exclude one another'));
    const tail = readTail(values.tail);
    const { target } = await loadExport(path.resolve(io.cwd, String(values.env ?? '.env')));
    const { openSession } = await import('../aws/open-session');
    const session = await openSession({ target, env: io.env });
    try {
      const input = { bucket: session.bucket, key, tail, asStored: values.raw === true };
      const printer = createPrinter(values, io);
      if (values.follow) await follow(input, printer, io);
      else for await (const bytes of readLog(input, { signal: io.signal })) await printer.print(bytes);
      await printer.end();
      return 0;
    } catch (error) {
      if (!isExportError(error) || error.code !== 'not-found') throw error;
      const message = t('there is no object s3://{0}/{1}', target.bucket, key);
      const nextStep = t('Give the whole key with its prefix, as "astro-log-export ls" prints it.');
      throw new ExportError('not-found', message, nextStep, { cause: error });
    } finally {
      session.close();
    }
  },
};

/** Takes the bytes of a log as they come. */
interface Printer {
  print(bytes: Buffer): Promise<void>;
  /** Prints a last line that has no end yet; what comes after it is a line of its own. */
  flush(): Promise<void>;
  end(): Promise<void>;
}

async function follow(input: ReadLogInput, printer: Printer, io: CommandIo): Promise<void> {
  try {
    for await (const piece of followLog(input, { signal: io.signal })) {
      if ('bytes' in piece) await printer.print(piece.bytes);
      else io.stderr(`${restartWords(piece.restarted, input.key)}\n`);
      await printer.flush();
    }
  } catch (error) {
    // Stopped while the first bytes were on their way: nothing is wrong.
    if (!io.signal.aborted) throw error;
  }
}

type Restart = Extract<FollowedPiece, { restarted: unknown }>['restarted'];

function restartWords(restarted: Restart, key: string): string {
  if (restarted === 'gone') return t('the object was deleted; waiting for it to come again: {0}', key);
  if (restarted === 'shorter') return t('the object was replaced by a shorter one; from its start: {0}', key);
  return t('the object was replaced by another; from its start: {0}', key);
}

function createPrinter(values: OptionValues, io: CommandIo): Printer {
  if (values.raw) return { print: bytes => io.stdout(bytes), flush: async () => {}, end: async () => {} };
  const isJson = values.format === 'json';
  let decoder = new TextDecoder();
  let reader = createLogLineReader();
  let count = 0;
  const write = async (lines: readonly LogLine[]) => {
    if (lines.length === 0) return;
    const rows = isJson ? lines.map(asJson).join(',\n') : lines.map(line => `${renderLogLine(line)}\n`).join('');
    await io.stdout((isJson ? (count === 0 ? '{"lines":[' : ',\n') : '') + rows);
    count += lines.length;
  };
  const flush = async () => {
    await write([...reader.push(decoder.decode()), ...reader.end()]);
    decoder = new TextDecoder();
    reader = createLogLineReader();
  };
  return {
    print: bytes => write(reader.push(decoder.decode(bytes, { stream: true }))),
    flush,
    async end() {
      await flush();
      if (isJson) await io.stdout(count === 0 ? '{"lines":[]}\n' : ']}\n');
    },
  };
}

function asJson({ time, level, logger, message }: LogLine): string {
  return JSON.stringify({ time, level, logger, message });
}

function readTail(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw usage(t('--tail takes a number of lines, not {0}', String(value)));
}

function usage(message: string): ExportError {
  return new ExportError('usage', message, `Usage: astro-log-export cat ${catCommand.usage}`);
}

import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { readableText } from '../core/logs/render';
import type { LogObject } from '../core/logs/task-log';
import { type LogFilter, listLogs } from '../jobs/list-logs';
import { loadExport } from '../jobs/load-export';
import type { Command, OptionValues } from './command';

/** A date, or a date and time; without a zone UTC, as everywhere in this program. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

export const lsCommand: Command = {
  name: 'ls',
  summary: 'Lists the task logs that are in the bucket.',
  usage:
    '[--env FILE] [--dag D] [--run R] [--task T] [--since ISO] [--until ISO] [--format text|json]\n\n' +
    '--since and --until judge when an object was last written, in UTC where they name no zone.',
  options: {
    dag: { type: 'string' },
    run: { type: 'string' },
    task: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
  },
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw usage(t('ls takes no argument: {0}', positionals.join(' ')));
    const filter = readFilter(values);
    const { target } = await loadExport(path.resolve(io.cwd, String(values.env ?? '.env')));
    const { openSession } = await import('../aws/open-session');
    const session = await openSession({ target, env: io.env });
    try {
      const { bucket } = session;
      const pages = listLogs({ bucket, prefix: target.prefix, filter }, { signal: io.signal });
      const isJson = values.format === 'json';
      let count = 0;
      for await (const page of pages) {
        if (page.length === 0) continue;
        const head = isJson ? '[' : HEADER;
        const rows = isJson ? page.map(asJson).join(',\n') : page.map(asText).join('');
        await io.stdout((count === 0 ? head : isJson ? ',\n' : '') + rows);
        count += page.length;
      }
      if (isJson) await io.stdout(count === 0 ? '[]\n' : ']\n');
      if (session.isSandbox) io.stderr(`${t('Sandbox at {0}: nothing here is AWS.', session.endpoint ?? '')}\n`);
      if (!isJson) io.stderr(`${t('{0} objects under s3://{1}/{2}', count, target.bucket, target.prefix)}\n`);
      return 0;
    } finally {
      session.close();
    }
  },
};

const HEADER = `${'LAST MODIFIED'.padEnd(20)}  ${'SIZE'.padStart(11)}  KEY\n`;

function asText({ key, size, lastModified }: LogObject): string {
  const time = lastModified.toISOString().replace(/\.\d+Z$/, 'Z');
  return `${time}  ${String(size).padStart(11)}  ${readableText(key).replaceAll('\n', ' ')}\n`;
}

function asJson({ key, size, lastModified, log }: LogObject): string {
  return JSON.stringify({
    key,
    size,
    lastModified: lastModified.toISOString(),
    dagId: log?.dagId ?? null,
    runId: log?.runId ?? null,
    taskId: log?.taskId ?? null,
    mapIndex: log?.mapIndex ?? null,
    attempt: log?.attempt ?? null,
    triggerJobId: log?.triggerJobId ?? null,
  });
}

function readFilter(values: OptionValues): LogFilter {
  const text = (name: string) => (values[name] === undefined ? undefined : String(values[name]));
  return {
    dagId: text('dag'),
    runId: text('run'),
    taskId: text('task'),
    since: readMoment('since', text('since')),
    until: readMoment('until', text('until')),
  };
}

function readMoment(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const match = MOMENT.exec(text);
  const iso = text.replace(' ', 'T');
  const date = new Date(match && text.length > 10 && !match[1] ? `${iso}Z` : iso);
  if (match && !Number.isNaN(date.getTime())) return date;
  throw usage(t('--{0} takes a date or a moment like 2026-11-23T07:00:00Z, not {1}', option, text));
}

function usage(message: string): ExportError {
  return new ExportError('usage', message, `Usage: astro-log-export ls ${lsCommand.usage}`);
}

import path from 'node:path';
import { t } from '@vscode/l10n';
import { diagnoseLog, type LogContext, type LogMatch } from '../core/diagnosis/log/diagnose-log';
import { ExportError } from '../core/export-error';
import { loadExport } from '../jobs/load-export';
import { readTextFile } from '../jobs/read-text-file';
import type { Command, CommandIo } from './command';

export const diagnoseCommand: Command = {
  name: 'diagnose',
  summary:
    'Reads the log of a worker, triggerer or scheduler, or a probe line, and names why no task log was exported.',
  usage: 'FILE [--env FILE] [--format text|json]',
  options: {},
  async run({ values, positionals }, io) {
    const [name] = positionals;
    if (positionals.length !== 1 || name === undefined) {
      throw new ExportError(
        'usage',
        t('diagnose takes one file'),
        `Usage: astro-log-export diagnose ${diagnoseCommand.usage}`,
      );
    }
    const text = await readTextFile(path.resolve(io.cwd, name));
    const matches = diagnoseLog(text, await contextOf(values.env, io));
    if (values.format === 'json') {
      const rows = matches.map(({ line, symptom, causes, fix }) => ({ line: line + 1, symptom, causes, fix }));
      await io.stdout(`${JSON.stringify({ matches: rows })}\n`);
    } else {
      await io.stdout(asText(matches));
    }
    return matches.length > 0 ? 1 : 0;
  },
};

/** The export gives its bucket and role to the words. Only one that the person has named has to be there. */
async function contextOf(env: unknown, io: CommandIo): Promise<LogContext> {
  const file = path.resolve(io.cwd, String(env ?? '.env'));
  try {
    return { target: (await loadExport(file)).target };
  } catch (error) {
    if (env !== undefined) throw error;
    return {};
  }
}

/** The same failure, repeated for each task, is printed once, with the lines it stands at. */
function asText(matches: readonly LogMatch[]): string {
  if (matches.length === 0) {
    return `${t('No failed upload of a task log was found here.')}\n`;
  }
  const groups = new Map<string, LogMatch[]>();
  for (const match of matches) {
    const key = JSON.stringify([match.causes, match.message, match.fix]);
    groups.set(key, [...(groups.get(key) ?? []), match]);
  }
  const blocks = [...groups.values()].map(group => {
    const [first] = group as [LogMatch];
    const lines = group.slice(0, 5).map(({ line }) => line + 1);
    const more = group.length > lines.length ? `, … (${group.length})` : '';
    return [
      `${t('line {0}', lines.join(', ') + more)}: ${first.symptom}`,
      `  ${t('what happened: {0}', first.message)}`,
      `  ${t('cause: {0}', first.causes.join(', '))}`,
      `  ${t('next: {0}', first.fix)}`,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

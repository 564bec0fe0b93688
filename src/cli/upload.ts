import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { loadExport } from '../jobs/load-export';
import { type UploadProgress, type UploadReport, uploadLogs, watchLogs } from '../jobs/upload';
import type { Command, CommandIo } from './command';

const MAX_CONCURRENCY = 256;

/** Failures printed one by one in text; the JSON has all. */
const SHOWN_FAILURES = 20;

export const uploadCommand: Command = {
  name: 'upload',
  summary: 'Uploads the task logs under a folder to the keys that Airflow gives them.',
  usage: 'DIR [--env FILE] [--watch] [--dry-run] [--concurrency N] [--format text|json]',
  options: {
    watch: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    concurrency: { type: 'string' },
  },
  async run({ values, positionals }, io) {
    const [folder] = positionals;
    if (folder === undefined || folder === '' || positionals.length > 1) throw usage(t('upload takes one folder'));
    const concurrency = readConcurrency(values.concurrency);
    const dryRun = values['dry-run'] === true;
    if (dryRun && values.watch) throw usage(t('--watch and --dry-run exclude one another'));
    const isText = values.format !== 'json';

    const { target } = await loadExport(path.resolve(io.cwd, String(values.env ?? '.env')));
    const { openSession } = await import('../aws/open-session');
    const session = await openSession({ target, env: io.env });
    try {
      const input = { session, folder: path.resolve(io.cwd, folder), concurrency, dryRun };
      const onProgress = dryRun || values.watch ? (progress: UploadProgress) => said(progress, dryRun, io) : undefined;
      const run = values.watch ? watchLogs : uploadLogs;
      const report = await run(input, { signal: io.signal, onProgress });
      if (session.isSandbox) io.stderr(`${t('Sandbox at {0}: nothing here is AWS.', session.endpoint ?? '')}\n`);
      await io.stdout(isText ? asText(report, dryRun) : asJson(report));
      if (!isText && report.ignored > 0) io.stderr(`${t('{0} files are no task logs', report.ignored)}\n`);
      if (report.notTried > 0) io.stderr(`${t('stopped; not tried: {0}', report.notTried)}\n`);
      return report.failed === 0 && report.notTried === 0 ? 0 : 1;
    } finally {
      session.close();
    }
  },
};

function said({ key, what }: UploadProgress, dryRun: boolean, io: CommandIo): void {
  if (what === 'uploaded') io.stderr(`${dryRun ? t('would upload {0}', key) : t('uploaded {0}', key)}\n`);
}

function asJson({ uploaded, skipped, failed, bytes, seconds, failures }: UploadReport): string {
  return `${JSON.stringify({ uploaded, skipped, failed, bytes, seconds, failures })}\n`;
}

function asText(report: UploadReport, dryRun: boolean): string {
  const { uploaded, skipped, failed, bytes, seconds, failures, ignored } = report;
  const lines = failures.slice(0, SHOWN_FAILURES).map(({ key, code, message }) => `✗ ${code}  ${key}\n    ${message}`);
  if (failures.length > SHOWN_FAILURES) lines.push(t('… and {0} more', failures.length - SHOWN_FAILURES));
  lines.push(
    dryRun
      ? t(
          'dry run, nothing was written: {0} to upload ({1} bytes), {2} there already, {3} failed',
          uploaded,
          bytes,
          skipped,
          failed,
        )
      : t(
          '{0} uploaded ({1} bytes in {2} s), {3} there already, {4} failed',
          uploaded,
          bytes,
          seconds,
          skipped,
          failed,
        ),
  );
  if (ignored > 0) lines.push(t('{0} files are no task logs', ignored));
  return `${lines.join('\n')}\n`;
}

function readConcurrency(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(String(value)) ? Number(value) : 0;
  if (number >= 1 && number <= MAX_CONCURRENCY) return number;
  throw usage(t('--concurrency takes a number from 1 to {0}', MAX_CONCURRENCY));
}

function usage(message: string): ExportError {
  return new ExportError('usage', message, `Usage: astro-log-export upload ${uploadCommand.usage}`);
}

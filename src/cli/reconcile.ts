import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { loadExport } from '../jobs/load-export';
import { type ReconcileReport, reconcile } from '../jobs/reconcile';
import type { Command } from './command';

export const reconcileCommand: Command = {
  name: 'reconcile',
  summary: 'Compares the task logs under a folder with the bucket, byte for byte. Uploads nothing.',
  usage: 'DIR [--env FILE] [--format text|json]',
  options: {},
  async run({ values, positionals }, io) {
    const [folder] = positionals;
    if (folder === undefined || folder === '' || positionals.length > 1) {
      const usage = `Usage: astro-log-export reconcile ${reconcileCommand.usage}`;
      throw new ExportError('usage', t('reconcile takes one folder'), usage);
    }
    const { target } = await loadExport(path.resolve(io.cwd, String(values.env ?? '.env')));
    const { openSession } = await import('../aws/open-session');
    const session = await openSession({ target, env: io.env });
    try {
      const input = { bucket: session.bucket, prefix: target.prefix, folder: path.resolve(io.cwd, folder) };
      const report = await reconcile(input, { signal: io.signal });
      if (session.isSandbox) io.stderr(`${t('Sandbox at {0}: nothing here is AWS.', session.endpoint ?? '')}\n`);
      await io.stdout(values.format === 'json' ? `${JSON.stringify(report)}\n` : asText(report));
      return report.missing.length + report.different.length + report.extra.length === 0 ? 0 : 1;
    } finally {
      session.close();
    }
  },
};

function asText({ same, missing, different, extra }: ReconcileReport): string {
  const lines = [
    ...missing.map(key => `missing    ${key}`),
    ...different.map(key => `different  ${key}`),
    ...extra.map(key => `extra      ${key}`),
    t('{0} the same, {1} missing, {2} different, {3} extra', same, missing.length, different.length, extra.length),
  ];
  return `${lines.join('\n')}\n`;
}

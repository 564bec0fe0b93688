import path from 'node:path';
import { t } from '@vscode/l10n';
import type { Check, CheckStatus } from '../core/check';
import { principalName } from '../core/diagnosis/principal';
import { ExportError, isExportError } from '../core/export-error';
import { type LoadedExport, loadExport } from '../jobs/load-export';
import { trustedRoles } from '../jobs/trust-files';
import { type VerifyReport, verify, verifyNothing } from '../jobs/verify';
import type { Command, CommandIo } from './command';

/** Checks a person reads without colours: a mark and a word. */
const MARKS: Readonly<Record<CheckStatus, string>> = { pass: '✓ pass', fail: '✗ FAIL', warn: '! warn', skip: '- skip' };

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Replays what Airflow does to write a log, and says where it fails and what to change.',
  usage: '[--env FILE] [--no-write] [--deployment-role ARN] [--require-proof] [--format text|json]',
  options: {
    'no-write': { type: 'boolean' },
    'deployment-role': { type: 'string' },
    'require-proof': { type: 'boolean' },
  },
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw usage(t('verify takes no argument: {0}', positionals.join(' ')));
    const role = deploymentRole(values['deployment-role']);
    const envFile = path.resolve(io.cwd, String(values.env ?? '.env'));
    const { report, place } = await run(envFile, role, values['no-write'] !== true, io);
    if (values.format === 'json') {
      if (place) io.stderr(`${place}\n`);
      const { ok, proven, identity } = report;
      const checks = report.checks.map(({ id, status, proof, as, message, causes, nextStep }) => {
        return { id, status, proof, as, message, causes, nextStep };
      });
      await io.stdout(`${JSON.stringify({ ok, proven, identity, checks })}\n`);
    } else {
      await io.stdout(asText(report, place));
    }
    return report.ok && (report.proven || values['require-proof'] !== true) ? 0 : 1;
  },
};

async function run(
  envFile: string,
  role: string | undefined,
  write: boolean,
  io: CommandIo,
): Promise<{ report: VerifyReport; place: string }> {
  let loaded: LoadedExport;
  try {
    loaded = await loadExport(envFile);
  } catch (error) {
    if (!isExportError(error) || error.code !== 'bad-settings') throw error;
    return { report: verifyNothing(error), place: '' };
  }
  const { settings, target } = loaded;
  const { openSession } = await import('../aws/open-session');
  const session = await openSession({ target, env: io.env });
  try {
    const trusted = target.accessMode === 'assume-role' ? await trustedRoles(path.dirname(envFile)) : [];
    const deploymentRoles = role === undefined ? trusted : [role];
    const report = await verify({ session, settings, write, deploymentRoles }, { signal: io.signal });
    const place = session.isSandbox
      ? t('Sandbox at {0}: nothing here is AWS.', session.endpoint ?? '')
      : session.endpoint
        ? t('Endpoint: {0}', session.endpoint)
        : '';
    return { report, place };
  } finally {
    session.close();
  }
}

function asText(report: VerifyReport, place: string): string {
  const width = Math.max(...report.checks.map(check => check.id.length));
  const lines = report.checks.flatMap((check, i) => {
    const before = report.checks
      .slice(0, i)
      .find(other => other.nextStep !== null && other.nextStep === check.nextStep);
    return checkLines(check, width, before?.id);
  });
  const who = report.identity === null ? [] : [t('Ran as {0}', report.identity)];
  return `${[...(place ? [place] : []), ...lines, '', ...who, report.verdict].join('\n')}\n`;
}

/** `sameAs`: an earlier check that has the same next step, which isn't printed again. */
function checkLines(check: Check, width: number, sameAs: string | undefined): string[] {
  const indent = ' '.repeat(MARKS.pass.length + width + 4);
  const lines = [`${MARKS[check.status]}  ${check.id.padEnd(width)}  ${check.message}`];
  if (check.causes.length > 0) lines.push(`${indent}${t('cause: {0}', check.causes.join(', '))}`);
  if (sameAs !== undefined) lines.push(`${indent}${t('next: the same as for {0}', sameAs)}`);
  else if (check.nextStep !== null) lines.push(`${indent}${t('next: {0}', check.nextStep)}`);
  return lines;
}

function deploymentRole(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const arn = String(value);
  if (arn.split(':')[2] === 'iam' && principalName(arn)?.kind === 'role') return arn;
  throw usage(t('--deployment-role takes the ARN of a role, not {0}', arn));
}

function usage(message: string): ExportError {
  return new ExportError('usage', message, `Usage: astro-log-export verify ${verifyCommand.usage}`);
}

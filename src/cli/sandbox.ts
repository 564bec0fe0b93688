import path from 'node:path';
import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import type { RunningSandbox, SandboxOptions } from '../sandbox/start-sandbox';
import type { Command, CommandIo } from './command';

export const sandboxCommand: Command = {
  name: 'sandbox',
  summary: 'Starts S3, STS and IAM on this machine, for trying everything without AWS, and stays until it is stopped.',
  usage: '[--port N] [--dir DIR] [--seed-from DIR]',
  options: {
    port: { type: 'string' },
    dir: { type: 'string' },
    'seed-from': { type: 'string' },
  },
  async run({ values, positionals }, io) {
    if (positionals.length > 0) throw usage(t('sandbox takes no argument: {0}', positionals.join(' ')));
    const folder = (name: string) =>
      values[name] === undefined ? undefined : path.resolve(io.cwd, String(values[name]));
    const dir = folder('dir');
    const seedFrom = folder('seed-from');
    const running = await start({
      port: parsePort(values.port),
      ...(dir !== undefined && { dir }),
      ...(seedFrom !== undefined && { seedFrom }),
    });
    const { endpoint, env, admin } = running;
    const adminKeys = { AWS_ACCESS_KEY_ID: admin.accessKeyId, AWS_SECRET_ACCESS_KEY: admin.secretAccessKey };
    try {
      await io.stdout(`${JSON.stringify({ endpoint, env, admin: adminKeys })}\n`);
      io.stderr(`${t('The sandbox answers at {0}. Nothing here is AWS. Ctrl+C ends it.', endpoint)}\n`);
      await untilStopped(io);
    } finally {
      await running.close();
    }
    return 0;
  },
};

async function start(options: SandboxOptions): Promise<RunningSandbox> {
  const { startSandbox } = await import('../sandbox/start-sandbox');
  try {
    return await startSandbox(options);
  } catch (error) {
    const { name, message, nextStep, code } = error as {
      name?: string;
      message: string;
      nextStep?: string;
      code?: string;
    };
    if (name !== 'SandboxError' || nextStep === undefined) throw error;
    throw new ExportError(code === 'bad-seed' ? 'unreadable' : 'usage', message, nextStep, { cause: error });
  }
}

function parsePort(value: unknown): number {
  if (value === undefined) return 0;
  const text = String(value);
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw usage(t('--port takes a number from 0 to 65535, not {0}', text));
  return Number(text);
}

function usage(message: string): ExportError {
  return new ExportError('usage', message, t('Usage: {0}', `astro-log-export sandbox ${sandboxCommand.usage}`));
}

function untilStopped({ signal }: CommandIo): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

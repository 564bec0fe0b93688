import path from 'node:path';
import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import type { RunningSandbox } from '../../sandbox/start-sandbox';
import type { Exports } from '../exports/exports';
import { chooseExport } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { ContextKey } from '../ui/context-key';
import { requireTrust } from '../ui/trust';
import type { UserInput } from '../ui/user-input';

/** Registers the commands that start and stop the sandbox. While it runs, it is the target of all exports. */
export function registerSandbox(
  context: vscode.ExtensionContext,
  exports: Exports,
  ui: UserInput,
  reporter: Reporter,
): void {
  const isRunning = new ContextKey<boolean>('astroLogExport.sandboxRunning');
  let running: RunningSandbox | undefined;
  const stop = async (): Promise<void> => {
    const sandbox = running;
    running = undefined;
    exports.setSandbox(undefined);
    isRunning.set(false);
    await sandbox?.close();
  };
  context.subscriptions.push({ dispose: () => void stop() });
  registerCommands(context, reporter, {
    startSandbox: async () => {
      requireTrust();
      const item = await chooseExport(exports, ui);
      await stop();
      running = await start(path.dirname(item.uri.fsPath));
      const { endpoint, deployment, env } = running;
      exports.setSandbox({ endpoint, credentials: deployment, env });
      isRunning.set(true);
      reporter.log.info(`sandbox started at ${endpoint}, as ${deployment.roleArn}`);
      const message = vscode.l10n.t('Sandbox: all exports now go to S3, STS and IAM on this machine, {0}', endpoint);
      void vscode.window.showInformationMessage(message);
      return endpoint;
    },
    stopSandbox: async () => {
      if (!running) return;
      await stop();
      reporter.log.info('sandbox stopped');
      void vscode.window.showInformationMessage(vscode.l10n.t('The sandbox is stopped; exports go to AWS again.'));
    },
  });
}

async function start(seedFrom: string): Promise<RunningSandbox> {
  const { startSandbox } = await import('../../sandbox/start-sandbox');
  try {
    return await startSandbox({ seedFrom });
  } catch (error) {
    const { name, message, nextStep } = error as Error & { nextStep?: string };
    if (name !== 'SandboxError') throw error;
    throw new ExportError('unreadable', message, nextStep ?? '', { cause: error });
  }
}

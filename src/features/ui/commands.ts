import * as vscode from 'vscode';
import { isExportError } from '../../core/export-error';
import { maskSecrets } from '../../core/text/mask-secrets';
import { asSentences } from './sentences';

/** Where everything that isn't for the eye at once is written. Never holds a secret. */
export interface Reporter {
  readonly log: vscode.LogOutputChannel;
  /** Tells a person what failed and what to do; says nothing where they stopped it themselves. */
  failed(error: unknown): void;
  /** Writes down what went wrong unseen. */
  crashed(error: unknown): void;
}

/** `secrets`: what may not be written down. An error that nobody foresaw may hold anything. */
export function createReporter(context: vscode.ExtensionContext, secrets: () => Promise<readonly string[]>): Reporter {
  const log = vscode.window.createOutputChannel('Airflow Log Export', { log: true });
  context.subscriptions.push(log);
  const show = async (text: string): Promise<void> => {
    const showLog = vscode.l10n.t('Show Output');
    if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) log.show();
  };
  const masked = async (text: string): Promise<string> => maskSecrets(text, await secrets().catch(() => []));
  const crashed = async (error: unknown): Promise<void> => {
    log.error(await masked(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  };
  return {
    log,
    failed(error) {
      if (isExportError(error)) {
        if (error.code === 'cancelled') return;
        log.error(`${error.code}: ${error.message}`);
        void show(asSentences(error.message, error.nextStep));
        return;
      }
      void crashed(error);
      void masked(error instanceof Error ? error.message : `${error}`).then(message =>
        show(vscode.l10n.t('Something went wrong that should not: {0}', message)),
      );
    },
    crashed: error => void crashed(error),
  };
}

/** Registers commands (ids without the extension's prefix); what one throws is told to the person. */
export function registerCommands(
  context: vscode.ExtensionContext,
  reporter: Reporter,
  commands: Readonly<Record<string, (argument?: unknown) => unknown>>,
): void {
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`astroLogExport.${name}`, async (argument?: unknown) => {
        try {
          return await run(argument);
        } catch (error) {
          reporter.failed(error);
          return undefined;
        }
      }),
    );
  }
}

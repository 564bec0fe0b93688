import * as vscode from 'vscode';
import { isExportError } from '../../core/export-error';
import { asSentences } from './sentences';

/** Where everything that isn't for the eye at once is written. Never holds a secret. */
export interface Reporter {
  readonly log: vscode.LogOutputChannel;
  /** Tells a person what failed and what to do; says nothing where they stopped it themselves. */
  failed(error: unknown): void;
}

export function createReporter(context: vscode.ExtensionContext): Reporter {
  const log = vscode.window.createOutputChannel('Airflow Log Export', { log: true });
  context.subscriptions.push(log);
  const show = async (text: string): Promise<void> => {
    const showLog = vscode.l10n.t('Show Output');
    if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) log.show();
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
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      void show(
        vscode.l10n.t('Something went wrong that should not: {0}', error instanceof Error ? error.message : `${error}`),
      );
    },
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

import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';

/** Runs a job under a notification that can be cancelled. Throws `cancelled` once it was. */
export async function runWithProgress<T>(
  title: string,
  job: (signal: AbortSignal, report: (message: string, fraction?: number) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const { signal, dispose } = signalOf(token);
      let reached = 0;
      try {
        return await job(signal, (message, fraction) => {
          const percent = fraction === undefined ? reached : Math.min(100, fraction * 100);
          progress.report({ message, increment: Math.max(0, percent - reached) });
          reached = Math.max(reached, percent);
        });
      } finally {
        dispose();
      }
    },
  );
}

/** The reason of a job that the person stopped. */
export function stopped(): ExportError {
  return new ExportError('cancelled', vscode.l10n.t('Stopped.'), vscode.l10n.t('Run it again when you are ready.'));
}

/** An AbortSignal that follows a cancellation token. */
function signalOf(token: vscode.CancellationToken): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(stopped());
  if (token.isCancellationRequested) abort();
  const listener = token.onCancellationRequested(abort);
  return { signal: controller.signal, dispose: () => listener.dispose() };
}

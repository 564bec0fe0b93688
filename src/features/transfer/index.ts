import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import { type UploadReport, uploadLogs } from '../../jobs/upload';
import { config } from '../config';
import { joinWords, sizeWords } from '../explorer/words';
import { type Export, printTarget } from '../exports/export';
import type { Exports } from '../exports/exports';
import { chooseExport, ensureReady } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { runWithProgress } from '../ui/run-job';
import type { UserInput } from '../ui/user-input';

/** Registers the command that uploads task logs from a folder. */
export function registerTransfer(
  context: vscode.ExtensionContext,
  exports: Exports,
  ui: UserInput,
  reporter: Reporter,
): void {
  registerCommands(context, reporter, {
    upload: async () => {
      const item = await chooseExport(exports, ui);
      await ensureReady(exports, ui, item);
      const folder = await ui.folder({
        title: vscode.l10n.t('Folder with task logs for {0}', item.id),
        openLabel: vscode.l10n.t('Upload Task Logs'),
        defaultUri: await proposedFolder(item),
      });
      if (!folder) return undefined;
      if (folder.scheme !== 'file') {
        throw new ExportError(
          'unreadable',
          vscode.l10n.t('Logs can be uploaded from a folder on disk only: {0}', folder.toString()),
          vscode.l10n.t('Choose a folder on disk.'),
        );
      }
      const report = await upload(exports, item, folder);
      tell(reporter, exports, item, folder, report);
      if (report.uploaded > 0) await vscode.commands.executeCommand('astroLogExport.refreshLogs');
      return report;
    },
  });
}

function upload(exports: Exports, item: Export, folder: vscode.Uri): Promise<UploadReport> {
  const concurrency = config.uploadConcurrency();
  const place = exports.isSandbox(item) ? vscode.l10n.t(' (Sandbox)') : '';
  return runWithProgress(vscode.l10n.t('Uploading task logs{0}', place), (signal, tellProgress) =>
    exports.use(item, session =>
      uploadLogs(
        { session, folder: folder.fsPath, ...(concurrency === 'auto' ? {} : { concurrency }) },
        {
          signal,
          onProgress: ({ done, total, bytes }) =>
            tellProgress(vscode.l10n.t('{0} of {1} · {2}', done, total, sizeWords(bytes)), done / Math.max(total, 1)),
        },
      ),
    ),
  );
}

/** Says in one message what was done, and in the output what was not and why. */
function tell(reporter: Reporter, exports: Exports, item: Export, folder: vscode.Uri, report: UploadReport): void {
  const { uploaded, skipped, failed, failures, ignored, notTried, bytes } = report;
  const target = item.target ? printTarget(item.target) : '';
  const summary = joinWords(
    exports.isSandbox(item) ? vscode.l10n.t('Sandbox') : undefined,
    vscode.l10n.t('{0} uploaded ({1})', uploaded, sizeWords(bytes)),
    vscode.l10n.t('{0} there already', skipped),
    failed > 0 ? vscode.l10n.t('{0} failed', failed) : undefined,
    notTried > 0 ? vscode.l10n.t('{0} not tried', notTried) : undefined,
    ignored > 0 ? vscode.l10n.t('{0} other files left out', ignored) : undefined,
  );
  reporter.log.info(`upload ${folder.fsPath} to ${target}: ${summary}`);
  for (const { key, code, message } of failures) reporter.log.error(`${key}: ${code}: ${message}`);
  const showLog = vscode.l10n.t('Show Output');
  const first = failures[0];
  const shown = first
    ? vscode.window.showErrorMessage(joinWords(summary, first.message), showLog)
    : uploaded + skipped === 0
      ? vscode.window.showWarningMessage(vscode.l10n.t('There is no task log in {0}', folder.fsPath), showLog)
      : vscode.window.showInformationMessage(summary, showLog);
  void shown.then(answer => {
    if (answer === showLog) reporter.log.show();
  });
}

/** The project's `logs` folder where there is one, else the project itself. */
async function proposedFolder(item: Export): Promise<vscode.Uri> {
  const project = vscode.Uri.joinPath(item.uri, '..');
  const logs = vscode.Uri.joinPath(project, 'logs');
  try {
    return (await vscode.workspace.fs.stat(logs)).type & vscode.FileType.Directory ? logs : project;
  } catch {
    return project;
  }
}

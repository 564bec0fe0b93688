import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { ExportError } from '../../core/export-error';
import { PROBE_DAG, probeDag, tokenOf } from '../../core/probe/probe-dag';
import { awaitProbe, type ProbeOutcome } from '../../jobs/await-probe';
import { templateOf } from '../explorer/log-browser';
import { logUri } from '../explorer/log-uri';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { runWithProgress } from '../ui/run-job';

/** Where the probe DAG of an export's project lies. */
function probeFile(item: Export): vscode.Uri {
  return vscode.Uri.joinPath(item.uri, '..', 'dags', PROBE_DAG.file);
}

/** Writes the probe DAG into the project, with a token of its own; one that is there already keeps its token. */
export async function createProbe(item: Export): Promise<vscode.Uri> {
  const file = probeFile(item);
  if ((await readToken(file)) === undefined) {
    if (await isThere(file)) {
      throw new ExportError(
        'unreadable',
        vscode.l10n.t('There is a file of that name which is not the probe DAG: {0}', file.fsPath),
        vscode.l10n.t('Rename it, then run the command again.'),
      );
    }
    await vscode.workspace.fs.writeFile(file, Buffer.from(probeDag(`probe-${randomUUID()}`), 'utf8'));
  }
  return file;
}

/** Takes the probe DAG out of the project; false where there is none. */
export async function removeProbe(item: Export): Promise<boolean> {
  const file = probeFile(item);
  if ((await readToken(file)) === undefined) return false;
  await vscode.workspace.fs.delete(file, { useTrash: false });
  return true;
}

/** Waits for the probe's token in the bucket, under a notification that can be cancelled. */
export async function waitForProbe(exports: Exports, item: Export): Promise<ProbeOutcome> {
  const token = await readToken(probeFile(item));
  if (token === undefined || !item.target) {
    throw new ExportError(
      'not-found',
      vscode.l10n.t('There is no probe DAG in {0}', vscode.workspace.asRelativePath(probeFile(item))),
      vscode.l10n.t('Run "Astro Log Export: Create Probe DAG", and deploy it.'),
    );
  }
  const { prefix } = item.target;
  const template = templateOf(item);
  return runWithProgress(vscode.l10n.t('Waiting for the probe in {0}', item.target.bucket), (signal, tell) =>
    exports.use(item, ({ bucket }) =>
      awaitProbe(
        { bucket, prefix, token, template },
        { signal, onProgress: (waited, words) => tell(vscode.l10n.t('{0} s: {1}', Math.round(waited / 1000), words)) },
      ),
    ),
  );
}

/** Says what came of waiting, with the step that follows from it. */
export async function tellOutcome(item: Export, { found, others, waited }: ProbeOutcome): Promise<void> {
  const seconds = Math.round(waited / 1000);
  if (found) {
    const open = vscode.l10n.t('Open Log');
    const remove = vscode.l10n.t('Remove Probe DAG');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('The probe’s log is in the bucket ({0} s): the export works for the Deployment.', seconds),
      open,
      remove,
    );
    if (answer === open) await vscode.window.showTextDocument(logUri(item, found.key));
    if (answer === remove) await vscode.commands.executeCommand('astroLogExport.removeProbeDag');
    return;
  }
  const again = vscode.l10n.t('Wait Again');
  const answer = await vscode.window.showWarningMessage(
    others.length > 0
      ? vscode.l10n.t(
          'Logs of the probe DAG are there, none with this token ({0} s). Was the new file deployed?',
          seconds,
        )
      : vscode.l10n.t(
          'No log of the probe DAG arrived ({0} s). Did it run? Its line in the Astro UI, pasted into a file, tells the cause: open the file, or run astro-log-export diagnose.',
          seconds,
        ),
    again,
  );
  if (answer === again) await vscode.commands.executeCommand('astroLogExport.waitForProbe');
}

async function readToken(file: vscode.Uri): Promise<string | undefined> {
  try {
    return tokenOf(Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function isThere(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

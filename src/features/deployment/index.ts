import * as vscode from 'vscode';
import { chooseExport, ensureReady, exportOfRow } from '../exports/index';
import type { Exports } from '../exports/exports';
import type { HealthResults } from '../health/health-results';
import type { Preview } from '../setup/preview';
import { type Reporter, registerCommands } from '../ui/commands';
import { requireTrust } from '../ui/trust';
import type { UserInput } from '../ui/user-input';
import type { CliAccess } from './cli-access';
import type { Comparisons } from './comparison';
import { createProbe, removeProbe, tellOutcome, waitForProbe } from './probe';
import { Push } from './push';
import { openSupportReport } from './support-report';

export interface DeploymentParts {
  readonly exports: Exports;
  readonly preview: Preview;
  readonly results: HealthResults;
  readonly access: CliAccess;
  readonly comparisons: Comparisons;
}

/** Registers what has to do with the Deployment itself: comparing, pushing, and the probe DAG that runs in it. */
export function registerDeployment(
  context: vscode.ExtensionContext,
  { exports, preview, results, access, comparisons }: DeploymentParts,
  ui: UserInput,
  reporter: Reporter,
): void {
  const push = new Push(access, ui, preview);
  const itemOf = async (argument: unknown) => exportOfRow(argument) ?? (await chooseExport(exports, ui));
  registerCommands(context, reporter, {
    compareDeployment: async argument => {
      requireTrust();
      const comparison = await comparisons.compare(await itemOf(argument));
      if (comparison?.differences.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('{0} has what the files say.', comparison.facts.name));
      } else if (comparison) await vscode.commands.executeCommand('astroLogExport.health.focus');
      return comparison;
    },
    pushVariables: async argument => {
      requireTrust();
      const item = await itemOf(argument);
      const pushed = await push.run(item);
      if (pushed?.isInAstro) comparisons.forget(item);
      return pushed;
    },
    createProbeDag: async argument => {
      requireTrust();
      const file = await createProbe(await itemOf(argument));
      await vscode.window.showTextDocument(file);
      const wait = vscode.l10n.t('Wait for Its Log');
      const shown = vscode.window.showInformationMessage(
        vscode.l10n.t(
          'Deploy the probe DAG ("astro deploy --dags"): it runs once by itself, and its log shows whether the export works.',
        ),
        wait,
      );
      void shown.then(answer => {
        if (answer === wait) void vscode.commands.executeCommand('astroLogExport.waitForProbe');
      });
      return file;
    },
    waitForProbe: async argument => {
      requireTrust();
      const item = await itemOf(argument);
      await ensureReady(exports, ui, item);
      const outcome = await waitForProbe(exports, item);
      const { found, waited } = outcome;
      if (found) results.noteArrival(item, { key: found.key, at: found.lastModified, waited });
      void tellOutcome(item, outcome).catch(error => reporter.failed(error));
      return outcome;
    },
    exportReport: async argument => {
      const document = await openSupportReport(context.extension, await itemOf(argument), results, comparisons);
      return document.getText();
    },
    removeProbeDag: async argument => {
      requireTrust();
      const removed = await removeProbe(await itemOf(argument));
      void vscode.window.showInformationMessage(
        removed
          ? vscode.l10n.t('The probe DAG is gone from the project. Deploy again to take it out of the Deployment.')
          : vscode.l10n.t('There is no probe DAG in this project.'),
      );
      return removed;
    },
  });
}

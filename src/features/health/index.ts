import * as vscode from 'vscode';
import type { Check } from '../../core/check';
import { ExportError } from '../../core/export-error';
import type { Comparisons } from '../deployment/comparison';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { chooseExport, ensureReady, exportOfRow } from '../exports/index';
import { type Reporter, registerCommands } from '../ui/commands';
import { showSandboxInTitle } from '../ui/sandbox-title';
import { asSentences } from '../ui/sentences';
import type { UserInput } from '../ui/user-input';
import { applyFix } from './apply-fix';
import { openPlaceOf, openPlaceOfDifference } from './check-place';
import { printDifference } from './deployment-rows';
import type { HealthNode } from './health-node';
import { HealthResults } from './health-results';
import { HealthTree } from './health-tree';
import { showStatusItem } from './status-item';

/** What the view shows, and the results behind it. */
export interface Health {
  readonly results: HealthResults;
  readonly tree: HealthTree;
}

/** Registers the Export Health view, the status item, and the command that verifies. */
export function registerHealth(
  context: vscode.ExtensionContext,
  { exports, comparisons }: { exports: Exports; comparisons: Comparisons },
  ui: UserInput,
  reporter: Reporter,
): Health {
  const results = new HealthResults(exports);
  const tree = new HealthTree(exports, results, comparisons);
  const view = vscode.window.createTreeView('astroLogExport.health', { treeDataProvider: tree });
  context.subscriptions.push(results, tree, view, showStatusItem(exports, results));
  context.subscriptions.push(showSandboxInTitle(view, exports));
  registerCommands(context, reporter, {
    verify: async argument => {
      const item = exportOfRow(argument) ?? (await chooseExport(exports, ui));
      await ensureReady(exports, ui, item);
      const result = await results.verify(item);
      const where = result.isSandbox ? ' (Sandbox)' : '';
      for (const check of result.checks) {
        reporter.log.info(`${item.id}${where}: ${check.id} ${check.status}: ${check.message}`);
      }
      await vscode.commands.executeCommand('astroLogExport.health.focus');
      return result;
    },
    stopVerifying: argument => results.stop(rowOf(argument, 'run').item),
    fixCheck: async argument => {
      const row = rowOf(argument, 'check');
      await applyFix(row.item, row.check);
    },
    openCheckPlace: async argument => {
      const row = rowOf(argument, 'check', 'difference');
      if (row.kind === 'check') await openPlaceOf(row.item, row.check);
      else await openPlaceOfDifference(row.item, row.difference);
    },
    copyCheck: async argument => {
      const row = rowOf(argument, 'check', 'difference');
      await vscode.env.clipboard.writeText(
        row.kind === 'check' ? printCheck(row.item, row.check) : printDifference(row.item, row.difference),
      );
    },
  });
  return { results, tree };
}

/** The row that a menu was opened on. Throws where a command was run without one. */
function rowOf<K extends HealthNode['kind']>(argument: unknown, ...kinds: K[]): Extract<HealthNode, { kind: K }> {
  const node = argument as HealthNode | undefined;
  if (typeof node === 'object' && (kinds as string[]).includes(node.kind)) {
    return node as Extract<HealthNode, { kind: K }>;
  }
  throw new ExportError(
    'usage',
    vscode.l10n.t('This is an action of a row in Export Health.'),
    vscode.l10n.t('Run "Astro Log Export: Verify Export", and choose a row.'),
  );
}

/** A check as text, for a chat or a ticket. */
function printCheck(item: Export, { id, status, proof, as, message, causes, nextStep }: Check): string {
  const lines = [
    `${item.id}: ${id} ${status}${proof === null ? '' : ` (${proof})`}`,
    ...(as === null ? [] : [vscode.l10n.t('as {0}', as)]),
    asSentences(message),
    ...(causes.length === 0 ? [] : [vscode.l10n.t('Cause: {0}', causes.join(', '))]),
    ...(nextStep === null ? [] : [asSentences(nextStep)]),
  ];
  return `${lines.join('\n')}\n`;
}

import { release } from 'node:os';
import * as vscode from 'vscode';
import { supportReport } from '../../core/report/support-report';
import type { Export } from '../exports/export';
import { knownSecrets } from '../exports/known-secrets';
import type { HealthResults } from '../health/health-results';
import type { Comparisons } from './comparison';

/** Opens a report on an export as a new, unsaved page. */
export async function openSupportReport(
  extension: vscode.Extension<unknown>,
  item: Export,
  results: HealthResults,
  comparisons: Comparisons,
): Promise<vscode.TextDocument> {
  const { displayName, version } = extension.packageJSON as { displayName: string; version: string };
  const content = supportReport({
    file: item.id,
    settings: item.settings,
    deployment: comparisons.of(item),
    verification: results.of(item),
    arrival: results.arrivalOf(item),
    versions: {
      [displayName]: version,
      'VS Code': vscode.version,
      System: `${process.platform} ${release()} ${process.arch}`,
    },
    now: new Date(),
    secrets: await knownSecrets([item]),
  });
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
  return document;
}

import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import * as vscode from 'vscode';
import { envEntries, parseEnvDocument } from '../../core/env/env-document';
import { EXPORT_KEYS } from '../../core/export-settings';
import { supportReport } from '../../core/report/support-report';
import type { Export } from '../exports/export';
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
    secrets: await secretsOf(item),
  });
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** The values of every other variable of the file, and of the variables that give access here. */
async function secretsOf(item: Export): Promise<readonly string[]> {
  const ours = new Set<string>(Object.values(EXPORT_KEYS));
  const text = await readFile(item.uri.fsPath, 'utf8').catch(() => '');
  const others = envEntries(parseEnvDocument(text)).flatMap(entry => (ours.has(entry.key) ? [] : entry.value));
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value && /SECRET|TOKEN|PASSWORD|ACCESS_KEY/i.test(name) ? value : [],
  );
  return [...others, ...own];
}

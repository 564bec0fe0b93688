import path from 'node:path';
import * as vscode from 'vscode';
import { compareDeployment, type Difference } from '../../core/deployment/compare-deployment';
import type { DeploymentFacts } from '../../core/deployment/deployment-facts';
import { lastEntry, parseEnvDocument } from '../../core/env/env-document';
import { EXPORT_KEYS, type ExportKey, type ExportSettings } from '../../core/export-settings';
import type { TextRange } from '../../core/text/text-range';
import { trustedRoles } from '../../jobs/trust-files';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { readCurrentText } from '../setup/files';
import { DisposableStore } from '../ui/disposable-store';
import { runWithProgress } from '../ui/run-job';
import { loadFileTools } from '../workspace/file-tools';
import type { CliAccess } from './cli-access';

/** What comparing an export with its Deployment showed. */
export interface Comparison {
  readonly facts: DeploymentFacts;
  readonly differences: readonly Difference[];
  readonly at: Date;
}

const SEVERITIES: Readonly<Record<Difference['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/**
 * The last comparison of each export, shown where the person looks: as diagnostics of the env file, and as rows of
 * Export Health for the Deployment's side. One of other settings is forgotten.
 */
export class Comparisons implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly collection = this.store.add(
    vscode.languages.createDiagnosticCollection('astroLogExport.deployment'),
  );
  private readonly known = new Map<string, { readonly key: string; readonly comparison: Comparison }>();

  readonly onDidChange = this.changed.event;

  constructor(
    exports: Exports,
    private readonly access: CliAccess,
  ) {
    this.store.add(exports.onDidChange(async () => this.forgetOutdated(await exports.all())));
  }

  dispose(): void {
    this.store.dispose();
  }

  of(item: Export): Comparison | undefined {
    const known = this.known.get(item.id);
    return known?.key === keyOf(item) ? known.comparison : undefined;
  }

  /** Asks for the Deployment and compares; undefined where there is no CLI to ask. */
  async compare(item: Export): Promise<Comparison | undefined> {
    const comparison = await this.access.use(item, async cli => {
      const { id, name } = await this.access.choose(item, cli);
      const facts = await runWithProgress(vscode.l10n.t('Asking {0}', name), signal => cli.inspect(id, { signal }));
      await this.access.remember(item, facts);
      const files = {
        settings: item.settings,
        runtimeVersion: await runtimeBeside(item),
        trustedRoles: await trustedRoles(path.dirname(item.uri.fsPath)),
      };
      return { facts, differences: compareDeployment(facts, files), at: new Date() };
    });
    if (!comparison) return undefined;
    this.known.set(item.id, { key: keyOf(item), comparison });
    await this.show(item, comparison);
    this.changed.fire();
    return comparison;
  }

  /** Takes back what was compared, since the Deployment has changed. */
  forget(item: Export): void {
    if (!this.known.delete(item.id)) return;
    this.collection.delete(item.uri);
    this.changed.fire();
  }

  private async show(item: Export, { differences }: Comparison): Promise<void> {
    const document = await vscode.workspace.openTextDocument(item.uri);
    const text = document.getText();
    const diagnostics = differences.map(({ setting, severity, kind, message, nextStep }) => {
      const at = placeOfSetting(text, setting);
      const range = new vscode.Range(document.positionAt(at.start), document.positionAt(at.end));
      const diagnostic = new vscode.Diagnostic(range, `${message} ${nextStep}`, SEVERITIES[severity]);
      diagnostic.source = vscode.l10n.t('Astro Deployment');
      diagnostic.code = kind;
      return diagnostic;
    });
    this.collection.set(item.uri, diagnostics);
  }

  private forgetOutdated(all: readonly Export[]): void {
    let isChanged = false;
    for (const [id, { key }] of this.known) {
      const item = all.find(each => each.id === id);
      if (item && keyOf(item) === key) continue;
      this.known.delete(id);
      if (item) this.collection.delete(item.uri);
      isChanged = true;
    }
    if (isChanged) this.changed.fire();
  }
}

/** Where a setting stands in an export's file; where it doesn't, the first of ours that does. */
export function placeOfSetting(text: string, setting: keyof ExportSettings | undefined): TextRange {
  const keys = Object.values(EXPORT_KEYS);
  const places = (setting ? [EXPORT_KEYS[setting], ...keys] : keys).flatMap(key => placeOf(text, key) ?? []);
  return places[0] ?? { start: 0, end: 0 };
}

/** Where a variable is set: its value in an env file, its name in a deployment file. */
function placeOf(text: string, key: ExportKey): TextRange | undefined {
  const entry = lastEntry(parseEnvDocument(text), key);
  if (entry) return entry.valueRange;
  const start = text.indexOf(key);
  return start < 0 ? undefined : { start, end: start + key.length };
}

/** The Runtime that the project of an export names, where its files are beside the export's. */
async function runtimeBeside(item: Export): Promise<string | undefined> {
  const read = (name: string) => readCurrentText(vscode.Uri.joinPath(item.uri, '..', name)).catch(() => undefined);
  const [dockerfile, pyproject] = await Promise.all([read('Dockerfile'), read('pyproject.toml')]);
  if (dockerfile === undefined && pyproject === undefined) return undefined;
  return (await loadFileTools()).runtimeOfProject({ dockerfile, pyproject });
}

function keyOf(item: Export): string {
  return JSON.stringify(item.settings);
}

import * as vscode from 'vscode';
import { printTarget } from '../exports/export';
import type { Exports } from '../exports/exports';
import { DisposableStore } from '../ui/disposable-store';
import { exportState } from './export-state';
import type { HealthResults } from './health-results';

/** One item of the status bar: the active export's worst state in one word. Hidden where there is no export. */
export function showStatusItem(exports: Exports, results: HealthResults): vscode.Disposable {
  const store = new DisposableStore();
  const item = store.add(
    vscode.window.createStatusBarItem('astroLogExport.health', vscode.StatusBarAlignment.Right, 50),
  );
  item.name = vscode.l10n.t('Astro Log Export');
  item.command = 'astroLogExport.health.focus';
  let latest = 0;
  const update = async (): Promise<void> => {
    const turn = ++latest;
    const active = await exports.active();
    if (turn !== latest) return;
    if (!active) {
      item.hide();
      return;
    }
    const state = exportState(active, exports.readiness(active), results);
    const isSandbox = exports.isSandbox(active);
    const name = isSandbox ? vscode.l10n.t('Astro Logs (Sandbox)') : vscode.l10n.t('Astro Logs');
    item.text = `$(${state.icon}) ${name}: ${state.word}`;
    const target = active.target ? printTarget(active.target) : (active.problem?.message ?? '');
    item.tooltip = [`${active.id}: ${state.word}`, target, vscode.l10n.t('Click to open Export Health.')].join('\n');
    item.accessibilityInformation = { label: `${name}, ${active.id}: ${state.word}` };
    item.show();
  };
  store.add(exports.onDidChange(() => void update()));
  store.add(results.onDidChange(() => void update()));
  void update();
  return store;
}

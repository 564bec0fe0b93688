import path from 'node:path';
import * as vscode from 'vscode';
import type { CheckId } from '../../core/check';
import { trustedRoles } from '../../jobs/trust-files';
import { type VerifyReport, verify } from '../../jobs/verify';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { runWithProgress } from '../ui/run-job';
import { checkWords } from './check-words';

/** What verifying an export showed, and when. */
export interface HealthResult extends VerifyReport {
  readonly at: Date;
  /** When each check ended. */
  readonly times: ReadonlyMap<CheckId, Date>;
  readonly isSandbox: boolean;
}

/** The last result of each export; one that is about other settings, or another place, is forgotten. */
export class HealthResults implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly results = new Map<string, { readonly key: string; readonly result: HealthResult }>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly exports: Exports) {}

  dispose(): void {
    this.changed.dispose();
  }

  of(item: Export): HealthResult | undefined {
    const known = this.results.get(item.id);
    return known?.key === this.keyOf(item) ? known.result : undefined;
  }

  /** Verifies an export under a notification that can be cancelled, and keeps the result. */
  async verify(item: Export): Promise<HealthResult> {
    const key = this.keyOf(item);
    const deploymentRoles = await trustedRoles(path.dirname(item.uri.fsPath));
    const result = await runWithProgress(vscode.l10n.t('Verifying {0}', item.id), (signal, tell) =>
      this.exports.use(item, async session => {
        const times = new Map<CheckId, Date>();
        const report = await verify(
          { session, settings: item.settings, deploymentRoles },
          {
            signal,
            onProgress: check => {
              times.set(check.id, new Date());
              tell(checkWords(check.id));
            },
          },
        );
        return { ...report, isSandbox: session.isSandbox, times, at: new Date() };
      }),
    );
    this.results.set(item.id, { key, result });
    this.changed.fire();
    return result;
  }

  private keyOf(item: Export): string {
    const reach = item.target && this.exports.reach(item, item.target);
    return JSON.stringify([item.settings, reach, this.exports.sandbox?.endpoint]);
  }
}

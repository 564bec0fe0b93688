import path from 'node:path';
import * as vscode from 'vscode';
import type { Check, CheckId } from '../../core/check';
import { trustedRoles } from '../../jobs/trust-files';
import { type VerifyReport, verify } from '../../jobs/verify';
import type { Export } from '../exports/export';
import type { Exports } from '../exports/exports';
import { runWithProgress, stopped } from '../ui/run-job';
import { checkWords } from './check-words';

/** What verifying an export showed, and when. */
export interface HealthResult extends VerifyReport {
  readonly at: Date;
  /** When each check ended. */
  readonly times: ReadonlyMap<CheckId, Date>;
  readonly isSandbox: boolean;
}

/** A verification that goes on, or that ended before its last check. */
export interface HealthRun {
  readonly checks: ReadonlyMap<CheckId, Check>;
  readonly times: ReadonlyMap<CheckId, Date>;
  readonly started: ReadonlySet<CheckId>;
  readonly hasEnded: boolean;
}

/** The log of a probe DAG with the token that was waited for. */
export interface Arrival {
  readonly key: string;
  /** When it was written. */
  readonly at: Date;
  /** How long it was waited for, in milliseconds. */
  readonly waited: number;
  readonly isSandbox: boolean;
}

class Run implements HealthRun {
  readonly checks = new Map<CheckId, Check>();
  readonly times = new Map<CheckId, Date>();
  readonly started = new Set<CheckId>();
  readonly stop = new AbortController();
  hasEnded = false;
}

/** What holds for one export as it was set up then. */
class Remembered<T> {
  private readonly byId = new Map<string, { readonly key: string; readonly value: T }>();

  constructor(private readonly keyOf: (item: Export) => string) {}

  get(item: Export): T | undefined {
    const known = this.byId.get(item.id);
    return known?.key === this.keyOf(item) ? known.value : undefined;
  }

  set(item: Export, key: string, value: T): void {
    this.byId.set(item.id, { key, value });
  }

  /** Of one value only, where it is given: not of one that came after it. */
  delete(item: Export, value?: T): void {
    if (value === undefined || this.byId.get(item.id)?.value === value) this.byId.delete(item.id);
  }
}

/** The last result of each export; one that is about other settings, or another place, is forgotten. */
export class HealthResults implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly results = new Remembered<HealthResult>(item => this.keyOf(item));
  private readonly runs = new Remembered<Run>(item => this.keyOf(item));
  private readonly arrivals = new Remembered<Arrival>(item => this.keyOf(item));

  readonly onDidChange = this.changed.event;

  constructor(private readonly exports: Exports) {}

  dispose(): void {
    this.changed.dispose();
  }

  of(item: Export): HealthResult | undefined {
    const result = this.results.get(item);
    return result && withArrival(result, this.arrivals.get(item));
  }

  /** The verification that goes on, or that ended early and has no result. */
  runOf(item: Export): HealthRun | undefined {
    return this.runs.get(item);
  }

  /** The log of the probe DAG that was seen in the bucket. */
  arrivalOf(item: Export): Arrival | undefined {
    return this.arrivals.get(item);
  }

  /** Takes an export for proven, since its Deployment has written to the bucket. */
  noteArrival(item: Export, arrival: Omit<Arrival, 'isSandbox'>): void {
    this.arrivals.set(item, this.keyOf(item), { ...arrival, isSandbox: this.exports.isSandbox(item) });
    this.changed.fire();
  }

  /** Verifies an export under a notification that can be cancelled, and keeps the result. */
  async verify(item: Export): Promise<HealthResult> {
    const key = this.keyOf(item);
    const run = new Run();
    this.runs.set(item, key, run);
    this.results.delete(item);
    this.changed.fire();
    try {
      const result = await this.carryOut(item, run);
      this.runs.delete(item, run);
      this.results.set(item, key, result);
      return withArrival(result, this.arrivals.get(item));
    } finally {
      run.hasEnded = true;
      this.changed.fire();
    }
  }

  /** Stops the verification of an export, where one goes on. */
  stop(item: Export): void {
    this.runs.get(item)?.stop.abort(stopped());
  }

  private async carryOut(item: Export, run: Run): Promise<HealthResult> {
    const deploymentRoles = await trustedRoles(path.dirname(item.uri.fsPath));
    return runWithProgress(vscode.l10n.t('Verifying {0}', item.id), (signal, tell) =>
      this.exports.use(item, async session => {
        const report = await verify(
          { session, settings: item.settings, deploymentRoles },
          {
            signal: AbortSignal.any([signal, run.stop.signal]),
            onStart: id => {
              run.started.add(id);
              this.changed.fire();
            },
            onProgress: check => {
              run.checks.set(check.id, check);
              run.times.set(check.id, new Date());
              tell(checkWords(check.id));
              this.changed.fire();
            },
          },
        );
        return { ...report, isSandbox: session.isSandbox, times: run.times, at: new Date() };
      }),
    );
  }

  private keyOf(item: Export): string {
    const reach = item.target && this.exports.reach(item, item.target);
    return JSON.stringify([item.settings, reach, this.exports.sandbox?.endpoint]);
  }
}

/** What works as somebody else, and has worked as the Deployment, is proven. */
function withArrival(result: HealthResult, arrival: Arrival | undefined): HealthResult {
  if (!arrival || !result.ok || result.proven) return result;
  const verdict = vscode.l10n.t('The export works: the log of the probe DAG arrived in the bucket.');
  return { ...result, proven: true, verdict };
}

/** What a run id that Airflow made says. https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dag-run.html */
export interface RunId {
  /** `scheduled`, `manual`, `backfill`, `dataset_triggered`, `asset_triggered` … */
  readonly kind: string;
  /** The moment it names: of a scheduled run its logical date, of a manual one when it was started. */
  readonly date: Date;
}

/** The kinds by which Airflow 2 and 3 begin a run id. */
export const RUN_KINDS = ['scheduled', 'manual', 'backfill', 'dataset_triggered', 'asset_triggered'] as const;

/** Airflow 3 may add `_` and eight letters. */
const RUN_ID = /^([a-z]+(?:_[a-z]+)*)__(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)(?:_\w+)?$/;

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Undefined for a run id that somebody made up. A date without zone is UTC. */
export function parseRunId(runId: string): RunId | undefined {
  const match = RUN_ID.exec(runId);
  if (!match) return undefined;
  const [, kind = '', stamp = ''] = match;
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(stamp) ? stamp : `${stamp}Z`);
  return Number.isNaN(date.getTime()) ? undefined : { kind, date };
}

/** The moment a run id names; also of the bare timestamp that stands for one in keys from before Airflow 2.3. */
export function runDate(runId: string): Date | undefined {
  if (!TIMESTAMP.test(runId)) return parseRunId(runId)?.date;
  const date = new Date(runId);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

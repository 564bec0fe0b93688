import { t } from '@vscode/l10n';

/** What a row says of a run, and what its tooltip adds. */
export interface RunWords {
  readonly label: string;
  /** `scheduled`, `manual` …; absent for a run id that a person made up. */
  readonly kind?: string;
  /** The moment the run id names. */
  readonly date?: Date;
}

/**
 * `scheduled__2026-11-20T00:00:00+00:00`, with what Airflow may put after it.
 * https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dag-run.html
 */
const RUN_ID =
  /^([a-z]+(?:_[a-z]+)*)__(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)(?:_\w+)?$/;

const KINDS: Readonly<Record<string, () => string>> = {
  scheduled: () => t('scheduled'),
  manual: () => t('manual'),
  backfill: () => t('backfill'),
  dataset_triggered: () => t('dataset'),
  asset_triggered: () => t('asset'),
};

/** A run id in a person's words: `20 Nov 2026, 00:00 UTC` and `scheduled`. One of another form stands as it is. */
export function runWords(runId: string): RunWords {
  const match = RUN_ID.exec(runId);
  if (!match) return { label: runId };
  const [, kind = '', stamp = ''] = match;
  const date = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(stamp) ? stamp : `${stamp}Z`);
  if (Number.isNaN(date.getTime())) return { label: runId };
  return { label: utcWords(date), kind: KINDS[kind]?.() ?? kind.replaceAll('_', ' '), date };
}

/** `20 Nov 2026, 00:00 UTC`; seconds only where there are some, so that two runs of a minute differ. */
export function utcWords(date: Date): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const iso = date.toISOString();
  const time = iso.slice(11, 19).replace(/:00$/, '');
  return `${day.format(date).replace('Sept', 'Sep')}, ${time} UTC`;
}

/** The same moment where the reader is: `20 Nov 2026, 01:00 GMT+1`. */
export function localWords(date: Date): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }).format(date);
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size with one digit after the point from a kilobyte on: `512 B`, `5.1 KB`. One KB is 1,024 bytes. */
export function sizeWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** What belongs together in one row: `attempt 2 · 5.1 KB · failed`. */
export function joinWords(...parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(' · ');
}

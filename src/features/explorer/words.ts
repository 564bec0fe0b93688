import { t } from '@vscode/l10n';
import { parseRunId, runDate } from '../../core/logs/run-id';

/** What a row says of a run, and what its tooltip adds. */
export interface RunWords {
  readonly label: string;
  /** `scheduled`, `manual` …; absent for a run id that a person made up. */
  readonly kind?: string;
  /** The moment the run id names. */
  readonly date?: Date;
}

const KINDS: Readonly<Record<string, () => string>> = {
  scheduled: () => t('scheduled'),
  manual: () => t('manual'),
  backfill: () => t('backfill'),
  dataset_triggered: () => t('dataset'),
  asset_triggered: () => t('asset'),
};

/** A run id in a person's words: `20 Nov 2026, 00:00 UTC` and `scheduled`. One of another form stands as it is. */
export function runWords(runId: string, withSeconds = true): RunWords {
  const date = runDate(runId);
  if (!date) return { label: runId };
  const kind = parseRunId(runId)?.kind;
  return {
    label: utcWords(date, withSeconds),
    date,
    ...(kind && { kind: KINDS[kind]?.() ?? kind.replaceAll('_', ' ') }),
  };
}

/** `20 Nov 2026, 00:00 UTC`; seconds only where there are some. */
export function utcWords(date: Date, withSeconds = true): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const iso = date.toISOString();
  const time = withSeconds ? iso.slice(11, 19).replace(/:00$/, '') : iso.slice(11, 16);
  return `${day.format(date).replace('Sept', 'Sep')}, ${time} UTC`;
}

/** `14:05 UTC`, of a moment of today. */
export function clockWords(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`;
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

/** The ids among these that read alike without their seconds. */
export function sameMinute(runIds: readonly string[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const same = new Set<string>();
  for (const runId of runIds) {
    const { label, kind } = runWords(runId, false);
    const words = joinWords(label, kind);
    const other = first.get(words);
    if (other === undefined) first.set(words, runId);
    else same.add(other).add(runId);
  }
  return same;
}

/** What belongs together in one row: `attempt 2 · 5.1 KB · failed`. */
export function joinWords(...parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(' · ');
}

/**
 * The version of an Astro Runtime. Two numberings follow each other: `11.7.0` for Airflow 2, then `3.1-11` for Airflow
 * 3, so that `3.0-1` is newer than any `13.x` and `3.0.2`, written with dots, is one of the oldest.
 * https://www.astronomer.io/docs/astro/runtime-image-architecture
 */
export interface RuntimeVersion {
  readonly numbering: 'airflow-2' | 'airflow-3';
  readonly major: number;
  /** Undefined in a tag that follows a whole line: `12`. */
  readonly minor: number | undefined;
  /** Undefined in a tag that follows a series, whose newest patch it is: `3.1`. */
  readonly patch: number | undefined;
  /** A release candidate or the like, which comes before the version of the same numbers. */
  readonly isPrerelease: boolean;
  /** The Python that the tag names: `3.11`. */
  readonly python?: string;
  /** Length of the version at the tag's beginning, without `-slim`, `-base`, `-python-3.11` and the like. */
  readonly length: number;
}

const AIRFLOW_3 = /^v?(\d{1,3})\.(\d{1,3})-(\d{1,4})(?=$|[-._+])/;
const AIRFLOW_2 = /^v?(\d{1,3})(?:\.(\d{1,4})(?:\.(\d{1,4})(?:\.\d+)*)?)?(?=$|[-_+]|\.[a-z])/;
const PRERELEASE = /(?:^|[-._+])(?:alpha|beta|rc|dev|pre|preview|nightly|a|b)[.-]?\d*(?=$|[-._+])/;
const PYTHON = /python-?(3\.\d+)/;

/** Above any line there will be: a date or a build number in a company's own numbering. */
const MOST_MAJOR = 50;

/** The version that an image's tag begins with; undefined for a tag that names none, such as `latest`. */
export function parseRuntimeTag(tag: string): RuntimeVersion | undefined {
  const text = tag.toLowerCase();
  const airflow3 = AIRFLOW_3.exec(text);
  const match = airflow3 ?? AIRFLOW_2.exec(text);
  if (!match) return undefined;
  const [major, minor, patch] = match.slice(1).map(part => (part === undefined ? undefined : Number(part)));
  if (major === undefined || major > MOST_MAJOR) return undefined;
  const python = PYTHON.exec(text)?.[1];
  // `3.1` follows Airflow 3.1's Runtimes; the Runtimes 3.x of Airflow 2.1 have had three numbers always.
  const isSeries = major === 3 && minor !== undefined && patch === undefined;
  return {
    numbering: airflow3 || isSeries ? 'airflow-3' : 'airflow-2',
    major,
    minor,
    patch,
    isPrerelease: PRERELEASE.test(text),
    ...(python === undefined ? {} : { python }),
    length: match[0].length,
  };
}

/** Negative where `a` is the older one. What a version leaves open counts as its lowest. */
export function compareRuntimes(a: RuntimeVersion, b: RuntimeVersion): number {
  if (a.numbering !== b.numbering) return a.numbering === 'airflow-3' ? 1 : -1;
  return (
    a.major - b.major ||
    (a.minor ?? 0) - (b.minor ?? 0) ||
    (a.patch ?? 0) - (b.patch ?? 0) ||
    Number(b.isPrerelease) - Number(a.isPrerelease)
  );
}

/** The version as Astronomer writes it, without suffixes. */
export function printRuntime({ numbering, major, minor, patch }: RuntimeVersion): string {
  const head = minor === undefined ? `${major}` : `${major}.${minor}`;
  if (patch === undefined) return head;
  return `${head}${numbering === 'airflow-3' ? '-' : '.'}${patch}`;
}

/** A range of versions, both ends included; `*` as the last patch stands for all there will be. */
export type RuntimeSpan = readonly [from: string, to: string];

/** Whether every version that a tag can stand for lies in a range. */
export function isWithin(version: RuntimeVersion, [from, to]: RuntimeSpan): boolean {
  if (version.minor === undefined) return false;
  const lowest = parseRuntimeTag(from) as RuntimeVersion;
  const highest = lastOf(to);
  // Airflow 3's Runtimes count from 1, the older ones from 0.
  const oldest = { ...version, patch: version.patch ?? (version.numbering === 'airflow-3' ? 1 : 0) };
  const newest = { ...version, patch: version.patch ?? Number.POSITIVE_INFINITY };
  return compareRuntimes(oldest, lowest) >= 0 && compareRuntimes(newest, highest) <= 0;
}

function lastOf(version: string): RuntimeVersion {
  const parsed = parseRuntimeTag(version.replace('*', '0')) as RuntimeVersion;
  return version.endsWith('*') ? { ...parsed, patch: Number.POSITIVE_INFINITY } : parsed;
}

const MINIMUM = parseRuntimeTag('11.7.0') as RuntimeVersion;

/** Whether a Runtime is at least 11.7.0, the export's minimum; undefined where the tag follows a line that has both. */
export function meetsMinimum(version: RuntimeVersion): boolean | undefined {
  if (version.minor === undefined) {
    // `3` is the oldest line or the newest, `11` has Runtimes on both sides.
    if (version.major === 3 || version.major === MINIMUM.major) return undefined;
  }
  return compareRuntimes(version, MINIMUM) >= 0;
}

import { isWithin, type RuntimeSpan, type RuntimeVersion } from './runtime-version';

/** The package that exports the logs, and the first version of it that can. */
export const LOGGING_PACKAGE = 'astronomer-providers-logging';
export const MINIMUM_PACKAGE = '1.6.2';

/** Runtimes that Astronomer withdrew. https://updates.astronomer.io/astronomer-runtime */
const YANKED: readonly RuntimeSpan[] = [
  ['8.0.0', '8.0.0'],
  ['9.0.0', '9.6.0'],
  ['11.0.0', '11.1.0'],
  ['13.5.0', '13.5.0'],
  ['3.1-8', '3.1-8'],
  ['3.2-1', '3.2-1'],
];

/** The newest Runtime of each line that is known here. https://updates.astronomer.io/astronomer-runtime */
const NEWEST: readonly string[] = ['12.12.0', '13.11.0', '3.0-18', '3.1-21', '3.2-10', '3.3-8'];

/**
 * The logging package that Runtimes bundle, where that is known. A patch release takes no package back, so what a series
 * has once, its later patches have too.
 * https://www.astronomer.io/docs/astro/runtime-provider-reference
 */
const BUNDLED: readonly (readonly [RuntimeSpan, string])[] = [
  [['9.10.0', '9.14.*'], '1.4.7'],
  [['9.15.0', '9.15.*'], '1.5.1'],
  [['9.17.0', '9.17.*'], '1.5.1'],
  [['10.3.0', '10.8.*'], '1.4.7'],
  [['10.9.0', '10.9.0'], '1.5.1'],
  [['11.0.0', '11.4.*'], '1.4.7'],
  [['11.5.0', '11.8.0'], '1.5.1'],
  [['3.1-11', '3.1-*'], '1.6.4'],
  [['3.3-1', '3.3-*'], '1.6.7'],
];

/** The versions older than the minimum that some Runtime is known to bundle. */
export const OLD_BUNDLED: readonly string[] = ['1.4.7', '1.5.1'];

export function isYanked(version: RuntimeVersion): boolean {
  return version.patch !== undefined && YANKED.some(span => isWithin(version, span));
}

/** The newest known Runtime of the same line, for Airflow 3 of the same series. */
export function newestOfLine({ numbering, major, minor }: RuntimeVersion): string | undefined {
  const head = numbering === 'airflow-3' ? `${major}.${minor}-` : `${major}.`;
  return NEWEST.find(version => version.startsWith(head) && version.includes('-') === (numbering === 'airflow-3'));
}

/** The version of the logging package that a Runtime bundles, or bundles at least; undefined where that isn't known. */
export function bundledPackage(version: RuntimeVersion): string | undefined {
  return BUNDLED.find(([span]) => isWithin(version, span))?.[1];
}

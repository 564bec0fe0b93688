// Prints each step of a run as it happens.
import { InstallError } from './install.mjs';

/**
 * Announces a step, runs it and says how it ended; a failure is told with its reason and thrown on.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(title, run) {
  console.log(`\n▸ ${title}`);
  const start = Date.now();
  try {
    const result = await run();
    console.log(`  ✓ done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    const why = error instanceof InstallError || error instanceof StepError ? error.message : error;
    console.log(`  ✗ failed: ${title}`);
    console.error(typeof why === 'string' ? indent(why) : why);
    throw new ReportedError();
  }
}

/** Why a step failed, in words for the reader; shown without a stack. */
export class StepError extends Error {}

/** A failure that the reader has been told of already. */
export class ReportedError extends Error {}

/**
 * @param {string} text
 * @param {number} [maxLines]
 */
export function indent(text, maxLines = Number.POSITIVE_INFINITY) {
  const lines = text.trimEnd().split(/\r?\n/);
  const shown = lines.slice(0, maxLines).map(line => `    ${line}`);
  if (lines.length > maxLines) shown.push(`    … and ${lines.length - maxLines} more lines`);
  return shown.join('\n');
}

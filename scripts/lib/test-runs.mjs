// Runs kinds of tests one after another, and adds up what they counted.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { orphanGuard, runProcess } from './processes.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @typedef {{ code: number, counts: Counts | undefined }} RunResult */

/** The counts of several test runs. A run that ended badly, or ran nothing, counts as one failure. */
export class TestRuns {
  /** @type {Counts} */
  total = { passed: 0, failed: 0, skipped: 0 };

  /** @param {string} resultsDir where the runners leave their results; emptied first */
  constructor(resultsDir) {
    this.resultsDir = resultsDir;
    rmSync(resultsDir, { recursive: true, force: true });
    mkdirSync(resultsDir, { recursive: true });
  }

  /**
   * Runs one kind of test and adds up its counts.
   *
   * @param {string} name
   * @param {() => Promise<RunResult>} run
   */
  async add(name, run) {
    this.announce(name);
    const start = Date.now();
    const { code, counts } = await run();
    const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
    this.total.passed += passed;
    this.total.failed += failed;
    this.total.skipped += skipped;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
    if (failed > 0) return;
    if (code !== 0) this.fail(`${name}: the test runner ended with exit code ${code}.`);
    else if (passed === 0) this.fail(`${name}: no test was run.`);
  }

  /** @param {string} name */
  announce(name) {
    console.log(`\n── ${name}`);
  }

  /** @param {string} message */
  fail(message) {
    console.error(message);
    this.total.failed++;
  }

  /** @param {string} message names what was not run, and why */
  skip(message) {
    console.log(`\n${message}`);
    this.total.skipped++;
  }

  /** Prints the closing line; the exit code of the whole. */
  close() {
    const { passed, failed, skipped } = this.total;
    console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    return failed > 0 ? 1 : 0;
  }

  /**
   * @param {string} name
   * @param {readonly string[]} args
   * @param {Record<string, string>} [env]
   * @returns {Promise<RunResult>}
   */
  async vitest(name, args, env) {
    const resultsFile = path.join(this.resultsDir, `${name}.json`);
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
    const code = await runNode([vitest, 'run', ...args, ...reporters], env);
    const results = readResults(resultsFile);
    const counts = results && {
      passed: results.numPassedTests,
      failed: results.numFailedTests,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    return { code, counts };
  }
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export async function runNode(args, env) {
  const options = { cwd: root, env: { ...process.env, ...env } };
  return (await runProcess(process.execPath, ['--require', orphanGuard, ...args], options)).code;
}

/** @param {string} file */
export function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

// `npm test`: installs what is missing, builds, and runs every kind of test. `npm test -- host` runs one of them.
// It ends with one line, `N passed, N failed`, and fails where a test did, or where a kind of test ran none.
import './lib/node-version.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { InstallError, installChromium, installNodeModules } from './lib/install.mjs';
import { extensionVsix, packageExtension } from './lib/package-extension.mjs';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt, orphanGuard, runProcess } from './lib/processes.mjs';
import { findTestDesktop } from './vscode/desktop.mjs';
import { installVSCodeHost } from './vscode/install.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

const resultsDir = path.join(root, 'out/test-results');
const KINDS = ['unit', 'host', 'e2e'];

onInterrupt(endProcesses);
const wanted = process.argv.slice(2);
const unknown = wanted.find(kind => !KINDS.includes(kind));
if (unknown !== undefined) {
  console.error(`There are no ${unknown} tests; the kinds are ${KINDS.join(', ')}.`);
  process.exit(2);
}
const kinds = wanted.length > 0 ? wanted : KINDS;
/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  await runTests();
} catch (error) {
  console.error(error instanceof InstallError ? error.message : error);
  total.failed++;
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);

async function runTests() {
  await installNodeModules();
  const needsVSCode = kinds.includes('host') || kinds.includes('e2e');
  if (needsVSCode) {
    await installVSCodeHost();
    await installChromium();
  }
  rmSync(resultsDir, { recursive: true, force: true });
  mkdirSync(resultsDir, { recursive: true });

  if (kinds.includes('unit')) await runKind('unit tests', () => runVitest('unit', []));
  if (needsVSCode) {
    announce('build and package');
    await packageExtension();
  }
  if (kinds.includes('host')) await runHostTests();
  if (kinds.includes('e2e')) {
    const config = ['--config', 'vitest.e2e.config.mts'];
    rmSync(path.join(root, 'test/e2e/screenshots'), { recursive: true, force: true });
    await runKind('browser-driven tests', () => runVitest('e2e', config, { EXTENSION_VSIX: extensionVsix }));
  }
}

async function runHostTests() {
  const bundling = await runNode([path.join(root, 'scripts/build-host-tests.mjs')]);
  if (bundling !== 0) return fail('The host tests could not be bundled; the messages above say why.');
  await runKind("host tests in VS Code's server", () => runVSCodeTest('server'));
  const desktop = await findTestDesktop();
  if ('executable' in desktop) {
    const env = { VSCODE_PATH: desktop.executable };
    return runKind('host tests in desktop VS Code', () => runVSCodeTest('desktop', env));
  }
  console.log(`\ndesktop VS Code: skipped, ${desktop.reason}`);
  total.skipped++;
}

/**
 * Runs one kind of test and adds up its counts; a run that ended badly, or ran nothing, counts as one failure.
 *
 * @param {string} name
 * @param {() => Promise<{ code: number, counts: Counts | undefined }>} run
 */
async function runKind(name, run) {
  announce(name);
  const start = Date.now();
  const { code, counts } = await run();
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
  if (failed > 0) return;
  if (code !== 0) fail(`${name}: the test runner ended with exit code ${code}.`);
  else if (passed === 0) fail(`${name}: no test was run.`);
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
async function runVitest(name, args, env) {
  const resultsFile = path.join(resultsDir, `${name}.json`);
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

/**
 * @param {'server' | 'desktop'} label
 * @param {Record<string, string>} [env]
 */
async function runVSCodeTest(label, env) {
  const resultsFile = path.join(resultsDir, `host-${label}.json`);
  const vscodeTest = path.join(root, 'node_modules/@vscode/test-cli/out/bin.mjs');
  const code = await runNode([vscodeTest, '--label', label], { ...env, TEST_RESULTS_FILE: resultsFile });
  return { code, counts: readResults(resultsFile) };
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
async function runNode(args, env) {
  const options = { cwd: root, env: { ...process.env, ...env } };
  return (await runProcess(process.execPath, ['--require', orphanGuard, ...args], options)).code;
}

/** @param {string} file */
function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {string} name */
function announce(name) {
  console.log(`\n── ${name}`);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  total.failed++;
}

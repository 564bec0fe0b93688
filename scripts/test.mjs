// `npm test`: installs what is missing, builds, and runs every kind of test but the slow ones, which have to be asked
// for. `npm test -- host` runs one of them.
// It ends with one line, `N passed, N failed`, and fails where a test did, or where a kind of test ran none.
import './lib/node-version.mjs';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { InstallError, installChromium, installNodeModules } from './lib/install.mjs';
import { extensionVsix, packageExtension } from './lib/package-extension.mjs';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt } from './lib/processes.mjs';
import { readResults, runNode, TestRuns } from './lib/test-runs.mjs';
import { findTestDesktop } from './vscode/desktop.mjs';
import { installVSCodeHost } from './vscode/install.mjs';

const USUAL_KINDS = ['unit', 'host', 'e2e'];
const KINDS = [...USUAL_KINDS, 'slow'];

onInterrupt(endProcesses);
const wanted = process.argv.slice(2);
const unknown = wanted.find(kind => !KINDS.includes(kind));
if (unknown !== undefined) {
  console.error(`There are no ${unknown} tests; the kinds are ${KINDS.join(', ')}.`);
  process.exit(2);
}
const kinds = wanted.length > 0 ? wanted : USUAL_KINDS;
const runs = new TestRuns(path.join(root, 'out/test-results'));
try {
  await runTests();
} catch (error) {
  runs.fail(error instanceof InstallError ? error.message : String(error instanceof Error ? error.stack : error));
}
process.exit(runs.close());

async function runTests() {
  await installNodeModules();
  const needsVSCode = kinds.includes('host') || kinds.includes('e2e');
  if (needsVSCode) {
    await installVSCodeHost();
    await installChromium();
  }
  if (kinds.includes('unit')) await runUnitTests();
  if (kinds.includes('slow')) {
    await runs.add('slow tests', () => runs.vitest('slow', ['--config', 'vitest.slow.config.mts']));
  }
  if (needsVSCode) {
    runs.announce('build and package');
    await packageExtension();
  }
  if (kinds.includes('host')) await runHostTests();
  if (kinds.includes('e2e')) {
    const config = ['--config', 'vitest.e2e.config.mts'];
    rmSync(path.join(root, 'test/e2e/screenshots'), { recursive: true, force: true });
    await runs.add('browser-driven tests', () => runs.vitest('e2e', config, { EXTENSION_VSIX: extensionVsix }));
  }
}

/** One of them runs the built command line, to kill it. */
async function runUnitTests() {
  const build = await runNode([path.join(root, 'scripts/build.mjs')]);
  if (build !== 0) return runs.fail('The build failed; the messages above say why.');
  await runs.add('unit tests', () => runs.vitest('unit', []));
}

async function runHostTests() {
  const bundling = await runNode([path.join(root, 'scripts/build-host-tests.mjs')]);
  if (bundling !== 0) return runs.fail('The host tests could not be bundled; the messages above say why.');
  await runs.add("host tests in VS Code's server", () => runVSCodeTest('server'));
  const desktop = await findTestDesktop();
  if ('executable' in desktop) {
    const env = { VSCODE_PATH: desktop.executable };
    return runs.add('host tests in desktop VS Code', () => runVSCodeTest('desktop', env));
  }
  runs.skip(`desktop VS Code: skipped, ${desktop.reason}`);
}

/**
 * @param {'server' | 'desktop'} label
 * @param {Record<string, string>} [env]
 */
async function runVSCodeTest(label, env) {
  const resultsFile = path.join(runs.resultsDir, `host-${label}.json`);
  const vscodeTest = path.join(root, 'node_modules/@vscode/test-cli/out/bin.mjs');
  const code = await runNode([vscodeTest, '--label', label], { ...env, TEST_RESULTS_FILE: resultsFile });
  return { code, counts: readResults(resultsFile) };
}

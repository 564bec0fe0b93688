// `npm run test:strangers`: lets systems that nobody here wrote judge the sandbox and the client. `-- ceph` runs one of them.
// Installs what it needs, and ends with one line, `N passed, N failed`.
import './lib/node-version.mjs';
import path from 'node:path';
import { InstallError, installNodeModules } from './lib/install.mjs';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt } from './lib/processes.mjs';
import { runNode, TestRuns } from './lib/test-runs.mjs';

/**
 * What one stranger needs before its tests run, and how to end it. `scripts/strangers/<name>.mjs` exports it as `prepare`.
 *
 * @typedef {{ readonly env: Record<string, string>, stop?(): Promise<void> } | { readonly skipped: string }} Prepared
 */

const STRANGERS = /** @type {const} */ (['ceph', 'clients', 'airflow', 'versitygw']);

onInterrupt(endProcesses);
const wanted = process.argv.slice(2);
const unknown = wanted.find(name => !STRANGERS.some(stranger => stranger === name));
if (unknown !== undefined) {
  console.error(`There is no stranger ${unknown}; they are ${STRANGERS.join(', ')}.`);
  process.exit(2);
}
const runs = new TestRuns(path.join(root, 'out/stranger-results'));
try {
  await installNodeModules();
  const build = await runNode([path.join(root, 'scripts/build.mjs')]);
  if (build !== 0) throw new InstallError('The build failed; the messages above say why.');
  for (const stranger of STRANGERS) if (wanted.length === 0 || wanted.includes(stranger)) await meet(stranger);
} catch (error) {
  runs.fail(error instanceof InstallError ? error.message : String(error instanceof Error ? error.stack : error));
}
await endProcesses();
process.exit(runs.close());

/** @param {string} stranger */
async function meet(stranger) {
  runs.announce(`${stranger}: installing`);
  /** @type {{ prepare: () => Promise<Prepared> }} */
  const { prepare } = await import(`./strangers/${stranger}.mjs`);
  const prepared = await prepare();
  if ('skipped' in prepared) return runs.skip(`${stranger}: skipped, ${prepared.skipped}`);
  const args = ['--config', 'vitest.strangers.config.mts', '--dir', path.join(root, 'test/strangers', stranger)];
  await runs.add(stranger, () => runs.vitest(stranger, args, prepared.env));
  await prepared.stop?.();
}

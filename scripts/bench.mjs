// `npm run bench`: measures what has a budget, and prints it. Nothing fails because of a time: a busy machine isn't a fault.
// `npm run bench -- lint` runs one program of test/bench, `-- host` the one inside VS Code.
import './lib/node-version.mjs';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './build-host-tests.mjs';
import { root } from './lib/paths.mjs';
import { endProcesses, onInterrupt } from './lib/processes.mjs';
import { runNode } from './lib/test-runs.mjs';

onInterrupt(endProcesses);
const wanted = process.argv.slice(2);
const outDir = path.join(root, 'out/bench');
const programs = readdirSync(path.join(root, 'test/bench'))
  .filter(name => name.endsWith('.bench.ts'))
  .map(name => name.replace(/\.bench\.ts$/, ''));
const unknown = wanted.find(name => name !== 'host' && !programs.includes(name));
if (unknown !== undefined) {
  console.error(`There is no ${unknown} to measure; there are ${[...programs, 'host'].join(', ')}.`);
  process.exit(2);
}

const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
await bundle('test/bench', outDir, '.bench.ts');
let failed = false;
for (const name of programs.filter(isWanted)) {
  failed = (await runNode([path.join(outDir, `${name}.bench.js`)])) !== 0 || failed;
}
if (isWanted('host')) failed = (await runHost()) !== 0 || failed;
process.exit(failed ? 1 : 0);

/** Measures the bundles as they are published, in a folder in which nothing activates the extension. */
async function runHost() {
  const workspace = path.join(outDir, 'workspace');
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace, { recursive: true });
  const built = await runNode([path.join(root, 'scripts/build.mjs'), '--production']);
  if (built !== 0) return built;
  return runNode([path.join(root, 'node_modules/@vscode/test-cli/out/bin.mjs'), '--label', 'bench']);
}

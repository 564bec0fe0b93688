// Airflow from PyPI, a virtual environment for each version under out/strangers.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from '../lib/apt.mjs';
import { findOnPath, InstallError } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { runProcess } from '../lib/processes.mjs';

/** @import { Prepared } from '../strangers.mjs' */

const folder = path.join(root, 'out/strangers');

const UV = 'uv==0.13.9';

/**
 * `before` stands in for Airflow's constraints file, which PyPI doesn't have: nothing that was published later is installed.
 *
 * @typedef {{ version: string, python: string, before: string, packages: readonly string[] }} Release
 */

/** @type {readonly Release[]} */
const RELEASES = [
  {
    version: '2.11.2',
    python: '>=3.10,<3.13',
    before: '2026-04-01',
    packages: ['apache-airflow==2.11.2', 'apache-airflow-providers-amazon', 'apache-airflow-providers-fab<2'],
  },
  {
    version: '3.3.2',
    python: '>=3.10,<3.15',
    before: '2026-09-20',
    packages: ['apache-airflow==3.3.2', 'apache-airflow-providers-amazon'],
  },
];

/**
 * The tests get `STRANGER_AIRFLOW`: as JSON, for each version its Python, or why it isn't there.
 *
 * @returns {Promise<Prepared>}
 */
export async function prepare() {
  if (process.platform === 'win32') return { skipped: 'Airflow does not run on Windows.' };
  const python = findOnPath(['python3', 'python']);
  if (python === undefined) return { skipped: 'there is no Python on this machine (Airflow needs 3.10 or later).' };
  mkdirSync(folder, { recursive: true });
  const uv = await installUv(python);
  if (typeof uv !== 'string') return uv;
  /** @type {Record<string, { python: string } | { skipped: string }>} */
  const installed = {};
  for (const release of RELEASES) installed[release.version] = await installAirflow(uv, release);
  return { env: { STRANGER_AIRFLOW: JSON.stringify(installed) } };
}

/**
 * uv, because it can leave out what was published after a date, and because pip takes minutes for as many packages.
 *
 * @param {string} python
 * @returns {Promise<string | { skipped: string }>}
 */
async function installUv(python) {
  const place = path.join(folder, 'uv');
  const uv = path.join(place, 'bin/uv');
  if (isComplete(place, UV)) return uv;
  rmSync(place, { recursive: true, force: true });
  if ((await quietly(python, ['-c', 'import ensurepip'])).code !== 0) {
    const missing = await installDebianPackages("Python's venv", ['python3-venv']);
    if (missing !== undefined) return { skipped: missing };
  }
  await install(python, ['-m', 'venv', place]);
  await install(path.join(place, 'bin/python'), ['-m', 'pip', 'install', '--quiet', UV]);
  markComplete(place, UV);
  return uv;
}

/**
 * @param {string} uv
 * @param {Release} release
 */
async function installAirflow(uv, release) {
  const place = path.join(folder, `airflow-${release.version}`);
  const python = path.join(place, 'bin/python');
  const recipe = JSON.stringify(release);
  if (isComplete(place, recipe)) return { python };
  rmSync(place, { recursive: true, force: true });
  const search = ['--python', release.python, '--no-python-downloads'];
  if ((await quietly(uv, ['python', 'find', '--system', '--no-python-downloads', release.python])).code !== 0)
    return { skipped: `there is no Python ${release.python} on this machine` };
  console.log(`Installing Airflow ${release.version} (PyPI) …`);
  await install(uv, ['venv', ...search, place]);
  await install(uv, ['pip', 'install', '--python', python, '--exclude-newer', release.before, ...release.packages]);
  markComplete(place, recipe);
  return { python };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
async function install(command, args) {
  const { code, stdout, stderr } = await quietly(command, args);
  if (code === 0) return;
  console.error(`${stdout}${stderr}`.trimEnd());
  throw new InstallError(`${[command, ...args].join(' ')} failed; its message is above. Is PyPI in reach?`);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function quietly(command, args) {
  return runProcess(command, args, { cwd: folder, output: 'capture' });
}

/**
 * Whether a folder was installed to its end, from the same recipe.
 *
 * @param {string} place
 * @param {string} recipe
 */
function isComplete(place, recipe) {
  const mark = path.join(place, 'recipe');
  return existsSync(mark) && readFileSync(mark, 'utf8') === recipe;
}

/**
 * @param {string} place
 * @param {string} recipe
 */
function markComplete(place, recipe) {
  writeFileSync(path.join(place, 'recipe'), recipe);
}

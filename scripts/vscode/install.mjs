// Installs a real VS Code into .vscode-test/host: the server and workbench that the npm package code-server carries,
// from the npm registry alone, with no install script and no compiler. It is VS Code's own code; code-server's wrapper isn't used.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InstallError } from '../lib/install.mjs';
import { workDir } from '../lib/paths.mjs';
import { runNpm } from '../lib/processes.mjs';

const packageDir = path.join(import.meta.dirname, 'host');
const hostDir = path.join(workDir, 'host');

/** Built-in extensions of 88 MB that nothing here needs. More of them can't go: their list is part of the workbench. */
const UNUSED_EXTENSIONS = ['copilot', 'mermaid-markdown-features'];

/** Native modules that a few lines of JavaScript replace. */
const STUBS = [
  ['spdlog-stub.cjs', '@vscode/spdlog/index.js'],
  ['watchdog-stub.cjs', '@vscode/native-watchdog/index.js'],
];

/**
 * @typedef {object} VSCodeHost
 * @property {string} vscodeDir the folder that holds `out/server-main.js`
 * @property {string} nodePath the Node.js that runs it, version 24 or later
 */

/**
 * Installs the VS Code server where it is missing or another version; takes 15–35 s the first time and 390 MB.
 *
 * @returns {Promise<VSCodeHost>}
 */
export async function installVSCodeHost() {
  const host = locate();
  const stampFile = path.join(hostDir, '.stamp');
  const stamp = fingerprint();
  const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!isCurrent) await install(host);
  if (!existsSync(host.nodePath)) {
    throw new InstallError(
      "VS Code's server needs Node.js 24, which is installed along with it only on Linux (x64, arm64). Run this with Node.js 24.",
    );
  }
  if (!isCurrent) writeFileSync(stampFile, stamp);
  return host;
}

/** @param {VSCodeHost} host */
async function install(host) {
  console.log("Installing VS Code's server (npm ci in .vscode-test/host) …");
  rmSync(hostDir, { recursive: true, force: true });
  mkdirSync(hostDir, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(packageDir, name), path.join(hostDir, name));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code } = await runNpm(args, { cwd: hostDir });
  if (code !== 0)
    throw new InstallError('npm ci failed in .vscode-test/host; its message is above. Is the npm registry in reach?');
  const modules = path.join(hostDir, 'node_modules');
  // VS Code looks for its modules beside itself; npm has put them one tree further up.
  const link = path.join(host.vscodeDir, 'node_modules');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(modules, link, process.platform === 'win32' ? 'junction' : 'dir');
  for (const [stub, module] of STUBS)
    copyFileSync(path.join(packageDir, String(stub)), path.join(modules, String(module)));
  for (const name of UNUSED_EXTENSIONS)
    rmSync(path.join(host.vscodeDir, 'extensions', name), { recursive: true, force: true });
  rmSync(path.join(path.dirname(path.dirname(bundledNode(modules))), 'include'), { recursive: true, force: true });
}

/** @returns {VSCodeHost} */
function locate() {
  const modules = path.join(hostDir, 'node_modules');
  const [major = 0] = process.versions.node.split('.').map(Number);
  return {
    vscodeDir: path.join(modules, 'code-server/lib/vscode'),
    nodePath: major >= 24 ? process.execPath : bundledNode(modules),
  };
}

/** @param {string} modules */
function bundledNode(modules) {
  return path.join(modules, `node-linux-${process.arch}/bin/node`);
}

/** Changes whenever the installed files would. */
function fingerprint() {
  const files = ['package.json', 'package-lock.json', ...STUBS.map(([stub]) => String(stub))];
  const hash = createHash('sha256');
  for (const file of [...files.map(name => path.join(packageDir, name)), import.meta.filename])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}

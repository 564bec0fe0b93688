// Configuration of @vscode/test-cli: the host tests in the VS Code server, and in desktop VS Code where VSCODE_PATH names
// one; and what is measured in the server.
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@vscode/test-cli';
import { root, sampleProject } from './scripts/lib/paths.mjs';

const workspaceFolder = path.join(root, 'out/test/workspace');
rmSync(workspaceFolder, { recursive: true, force: true });
cpSync(sampleProject, workspaceFolder, { recursive: true });

const common = {
  files: 'out/test/host/**/*.test.js',
  workspaceFolder,
  extensionDevelopmentPath: root,
  env: { TEST_RESULTS_FILE: process.env.TEST_RESULTS_FILE },
  mocha: {
    ui: /** @type {const} */ ('bdd'),
    timeout: 30_000,
    reporter: path.join(root, 'scripts/lib/mocha-results-reporter.cjs'),
  },
};

export default defineConfig([
  {
    ...common,
    label: 'server',
    useInstallation: { fromPath: path.join(root, 'scripts/vscode/code-stand-in.mjs') },
  },
  {
    ...common,
    label: 'desktop',
    ...(process.env.VSCODE_PATH ? { useInstallation: { fromPath: process.env.VSCODE_PATH } } : {}),
  },
  {
    ...common,
    label: 'bench',
    files: 'out/bench/host/**/*.bench.js',
    workspaceFolder: path.join(root, 'out/bench/workspace'),
    useInstallation: { fromPath: path.join(root, 'scripts/vscode/code-stand-in.mjs') },
  },
]);

// Builds the bundles and packages the extension, as it is published.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { InstallError } from './install.mjs';
import { root, workDir } from './paths.mjs';
import { orphanGuard, runProcess } from './processes.mjs';

export const extensionVsix = path.join(workDir, 'astro-log-export.vsix');

/** Builds (vsce runs `vscode:prepublish`) and writes {@link extensionVsix}; its output is shown only where it fails. */
export async function packageExtension() {
  mkdirSync(workDir, { recursive: true });
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    extensionVsix,
  ];
  const { code, stdout, stderr } = await runProcess(process.execPath, ['--require', orphanGuard, vsce, ...args], {
    cwd: root,
    output: 'capture',
  });
  if (code === 0) return extensionVsix;
  console.error(`${stdout}${stderr}`.trimEnd());
  throw new InstallError('The extension could not be packaged; the messages above say why.');
}

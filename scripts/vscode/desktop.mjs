// A person's own desktop VS Code: where it is, and whether it can be used from here.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { findOnPath, InstallError, isExecutable } from '../lib/install.mjs';
import { workDir } from '../lib/paths.mjs';

/**
 * The `code` command that `npm start` opens a window with, or why there is none.
 * The environment variable `VSCODE_PATH` names one that isn't on the PATH.
 *
 * @returns {{ command: string } | { reason: string }}
 */
export function findCodeCommand() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return { reason: 'this is a remote shell of VS Code' };
  if (process.env.WSL_DISTRO_NAME) return { reason: "in WSL `code` is Windows's" };
  const command = namedDesktop() ?? findOnPath(['code']) ?? usualMacCode();
  if (command === undefined) return { reason: 'no `code` on the PATH' };
  return hasDisplay() ? { command } : { reason: 'there is no display' };
}

/**
 * The desktop executable that runs the host tests: the one `VSCODE_PATH` names, else a downloaded one, else why there is none.
 *
 * @returns {Promise<{ executable: string } | { reason: string }>}
 */
export async function findTestDesktop() {
  const named = namedDesktop();
  if (!hasDisplay()) return { reason: 'there is no display here' };
  if (named !== undefined) return { executable: executableOf(named) };
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    return { executable: await downloadAndUnzipVSCode({ version: 'stable', cachePath: workDir, timeout: 5000 }) };
  } catch (error) {
    return { reason: `cannot be downloaded here (${error instanceof Error ? error.message : String(error)})` };
  }
}

/**
 * The process id of the desktop's main process, which `code` leaves behind it: VS Code notes it in its user data folder.
 *
 * @param {string} userDataDir
 * @returns {number | undefined}
 */
export function desktopProcessId(userDataDir) {
  try {
    const id = Number(readFileSync(path.join(userDataDir, 'code.lock'), 'utf8'));
    return Number.isInteger(id) && id > 1 ? id : undefined;
  } catch {
    return undefined;
  }
}

function namedDesktop() {
  const named = process.env.VSCODE_PATH;
  if (!named) return undefined;
  if (isExecutable(named)) return named;
  throw new InstallError(`VSCODE_PATH names ${named}, which is not a program. Correct it, or unset it.`);
}

/**
 * The program behind the `code` command, which lies in a folder `bin` of the installation; anything else is taken as it is.
 *
 * @param {string} command
 */
function executableOf(command) {
  const real = realpathSync(command);
  if (path.basename(path.dirname(real)) !== 'bin') return real;
  const installation = path.dirname(path.dirname(real));
  const candidates = [
    path.join(installation, 'code'),
    path.join(installation, 'Code.exe'),
    path.join(installation, '../../MacOS/Electron'),
    path.join(installation, '../../MacOS/Code'),
  ];
  return candidates.find(existsSync) ?? real;
}

function usualMacCode() {
  const code = '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
  return process.platform === 'darwin' && existsSync(code) ? code : undefined;
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

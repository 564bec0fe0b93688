// Opens a person's VS Code on a folder with the packaged extension: their desktop's, or the server's.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endProcess, runProcess, startProcess } from '../lib/processes.mjs';
import { desktopProcessId } from './desktop.mjs';
import { installExtension, QUIET_SETTINGS, startServer, workbenchUrl } from './server.mjs';

/** @import { SpawnOptions } from 'node:child_process' */
/** @import { VSCodeHost } from './install.mjs' */

/**
 * @typedef {object} WindowOptions
 * @property {string} folder the folder to open
 * @property {string} vsixFile the packaged extension
 * @property {string} extensionId
 * @property {string} dir a temporary folder for user data and extensions
 * @property {NodeJS.ProcessEnv} env variables for the extension host
 *
 * @typedef {object} VSCodeWindow
 * @property {string} message what to tell the reader
 * @property {string} [url] where a browser finds it; absent for a desktop window
 * @property {Promise<void>} closed resolves when the person has closed it
 * @property {() => Promise<void>} close
 */

/**
 * Starts the server with the extension and makes sure that its workbench answers.
 *
 * @param {VSCodeHost} host
 * @param {WindowOptions} options
 * @returns {Promise<VSCodeWindow>}
 */
export async function openServerWindow(host, { folder, vsixFile, extensionId, dir, env }) {
  const extensionsDir = path.join(dir, 'extensions');
  const installed = await installExtension(host, vsixFile, extensionsDir, extensionId);
  const server = await startServer(host, { extensionsDir, env });
  const url = workbenchUrl(server, { folder });
  // The first answer sets the token's cookie and sends the browser on.
  const page = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000) });
  const cookie = page.headers.getSetCookie().map(value => value.split(';')[0]);
  const workbench =
    page.status === 302 ? await fetch(new URL('/', url), { headers: { cookie: cookie.join('; ') } }) : page;
  if (!workbench.ok) throw new Error(`VS Code's server answered ${workbench.status} to ${url}`);
  return {
    message: `${installed} is installed, and the workbench answers`,
    url,
    closed: new Promise(resolve => server.process.once('exit', () => resolve())),
    close: server.stop,
  };
}

/**
 * Installs the extension for a window of the person's desktop VS Code; `open` opens that window.
 *
 * @param {string} command the `code` command
 * @param {WindowOptions} options
 * @returns {Promise<{ message: string, open(): VSCodeWindow }>}
 */
export async function prepareDesktopWindow(command, { folder, vsixFile, extensionId, dir, env }) {
  const userDataDir = path.join(dir, 'user-data');
  mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  writeFileSync(path.join(userDataDir, 'User/settings.json'), JSON.stringify(QUIET_SETTINGS, null, 2));
  const places = ['--user-data-dir', userDataDir, '--extensions-dir', path.join(dir, 'extensions')];
  if (process.getuid?.() === 0) places.push('--no-sandbox');

  /** @param {string[]} args */
  const runCode = (...args) => {
    const [program, allArgs, options] = codeInvocation(command, [...places, ...args]);
    return runProcess(program, allArgs, { ...options, output: 'capture', timeoutMs: 120_000 });
  };
  const install = await runCode('--install-extension', vsixFile);
  const list = await runCode('--list-extensions', '--show-versions');
  const installed = list.stdout.split(/\r?\n/).find(line => line.toLowerCase().startsWith(`${extensionId}@`));
  if (!installed)
    throw new Error(`${command} did not install the extension:\n${install.stdout}${install.stderr}${list.stderr}`);

  return {
    message: `${command} has ${installed}`,
    open: () => {
      const [program, allArgs, options] = codeInvocation(command, [...places, '--new-window', '--wait', folder]);
      const child = startProcess(program, allArgs, { ...options, env: { ...process.env, ...env }, stdio: 'ignore' });
      return {
        message: `a window of ${command} is open`,
        closed: new Promise(resolve => child.once('exit', () => resolve())),
        close: async () => {
          const main = desktopProcessId(userDataDir);
          if (main !== undefined) endById(main);
          await endProcess(child);
        },
      };
    },
  };
}

/**
 * On Windows `code` is a batch file, which only a shell starts.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, readonly string[], SpawnOptions]}
 */
function codeInvocation(command, args) {
  if (!/\.(cmd|bat)$/i.test(command)) return [command, args, {}];
  return [`"${command}"`, args.map(arg => `"${arg}"`), { shell: true }];
}

/** @param {number} processId */
function endById(processId) {
  try {
    process.kill(processId, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

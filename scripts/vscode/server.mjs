// Starts the VS Code server on loopback and says under which address its workbench opens.
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endProcess, orphanGuard, runProcess, startProcess } from '../lib/processes.mjs';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { VSCodeHost } from './install.mjs' */

/** Keeps the workbench quiet: no welcome pages, no requests to the world, nothing that moves by itself. */
export const QUIET_SETTINGS = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'security.workspace.trust.enabled': false,
  'telemetry.feedback.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.commandCenter': false,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are VS Code's placeholders
  'window.title': '${activeEditorShort}${separator}${rootName}',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {Record<string, unknown>} [settings] user settings beside the quiet ones
 * @property {string} [extensionsDir] where extensions are installed; default an empty folder
 * @property {NodeJS.ProcessEnv} [env] variables for the server, and so for the extension host; undefined removes one
 * @property {string} [logFile] receives the server's output
 * @property {boolean} [withTestDriver] needed by `extensionDevelopmentPath`, `extensionTestsPath` and open files in the address
 *
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {string} token the connection token: without it nobody else on this machine gets in
 * @property {ChildProcess} process
 * @property {() => Promise<void>} stop ends the server and removes its folder
 */

/**
 * Starts the server and resolves when it answers.
 *
 * @param {VSCodeHost} host
 * @param {ServerOptions} [options]
 * @returns {Promise<RunningServer>}
 */
export async function startServer(host, options = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'vscode-server-'));
  const userDir = path.join(folder, 'data/User');
  mkdirSync(userDir, { recursive: true });
  writeFileSync(
    path.join(userDir, 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }, null, 2),
  );
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(folder, 'connection-token');
  writeFileSync(tokenFile, token, { mode: 0o600 });

  const args = [
    ...['--require', orphanGuard, serverMain(host)],
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token-file', tokenFile],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--disable-workspace-trust', '--disable-getting-started-override'],
    ...(options.withTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...['--server-data-dir', folder, '--extensions-dir', options.extensionsDir ?? path.join(folder, 'extensions')],
  ];
  const child = startProcess(host.nodePath, args, {
    env: { ...serverEnvironment(), XDG_RUNTIME_DIR: folder, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  try {
    const port = await readPort(child, log);
    return {
      port,
      token,
      process: child,
      stop: async () => {
        await endProcess(child);
        log?.end();
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/**
 * The address that opens the workbench.
 *
 * @param {RunningServer} server
 * @param {{ folder?: string, extensionDevelopmentPath?: string, extensionTestsPath?: string, openFile?: string }} [what]
 *   absolute paths; all but `folder` need a server `withTestDriver`
 */
export function workbenchUrl(server, what = {}) {
  const { folder, ...paths } = what;
  const address = `127.0.0.1:${server.port}`;
  const remote = Object.entries(paths).map(([name, file]) => [name, `vscode-remote://${address}${uriPath(file)}`]);
  const url = new URL(`http://${address}/`);
  url.searchParams.set('tkn', server.token);
  if (folder !== undefined) url.searchParams.set('folder', uriPath(folder));
  if (remote.length > 0) {
    url.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...remote]));
  }
  return url.href;
}

/**
 * Installs a packaged extension, and fails where the server doesn't list it afterwards.
 *
 * @param {VSCodeHost} host
 * @param {string} vsixFile
 * @param {string} extensionsDir
 * @param {string} extensionId
 */
export async function installExtension(host, vsixFile, extensionsDir, extensionId) {
  const common = { env: serverEnvironment(), output: /** @type {const} */ ('capture'), timeoutMs: 60_000 };
  const dataDir = path.join(extensionsDir, '../server-data');
  const main = [serverMain(host), '--server-data-dir', dataDir, '--extensions-dir', extensionsDir];
  const install = await runProcess(host.nodePath, [...main, '--install-extension', vsixFile], common);
  const list = await runProcess(host.nodePath, [...main, '--list-extensions', '--show-versions'], common);
  const listed = list.stdout
    .split(/\r?\n/)
    .find(line => line.toLowerCase().startsWith(`${extensionId.toLowerCase()}@`));
  if (!listed) {
    throw new Error(
      `VS Code did not install ${path.basename(vsixFile)}:\n${install.stdout}${install.stderr}${list.stderr}`,
    );
  }
  return listed;
}

/** @param {VSCodeHost} host */
function serverMain(host) {
  return path.join(host.vscodeDir, 'out/server-main.js');
}

/** Our environment without what a surrounding VS Code has put there, and with no marketplace. */
function serverEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|CODE_SERVER_|ELECTRON_RUN)/.test(name));
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

/** @param {string} file */
function uriPath(file) {
  const posix = path.resolve(file).split(path.sep).join('/');
  return posix.startsWith('/') ? posix : `/${posix}`;
}

/**
 * @param {ChildProcess} child
 * @param {import('node:fs').WriteStream | undefined} log
 * @returns {Promise<number>}
 */
function readPort(child, log) {
  return new Promise((resolve, reject) => {
    /** @type {string | undefined} */
    let output = '';
    /** @param {Buffer} chunk */
    const read = chunk => {
      log?.write(chunk);
      if (output === undefined) return;
      output += chunk;
      const port = /Web UI available at http:\/\/[^:]+:(\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      output = undefined;
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`VS Code's server ended (${code ?? signal}).\n${output ?? ''}`)),
    );
  });
}

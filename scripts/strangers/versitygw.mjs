// versitygw on loopback: its S3 gateway over a folder, and its IAM server. https://github.com/versity/versitygw
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../lib/free-ports.mjs';
import { findOnPath, InstallError, isExecutable } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { endProcess, runProcess, startBoundProcess } from '../lib/processes.mjs';

/** @import { ChildProcess } from 'node:child_process' */

const VERSION = 'v1.8.0';
const cacheFolder = path.join(root, '.vscode-test/strangers', `versitygw-${VERSION}`);
const START_MS = 30_000;

/** Made up, and good for these two servers alone. */
const ADMIN = { accessKey: 'VGWADMIN00000000001', secret: 'the-admin-of-a-gateway-that-is-gone-soon' };

/** @returns {Promise<import('../strangers.mjs').Prepared>} */
export async function prepare() {
  if (process.platform !== 'linux') return { skipped: 'it is started on Linux only' };
  const go = findOnPath(['go']) ?? ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find(isExecutable);
  if (!go) return { skipped: 'Go is not on this machine, and versitygw is built with it' };
  const program = path.join(cacheFolder, 'versitygw');
  if (!existsSync(program)) await build(go);
  const folder = mkdtempSync(path.join(tmpdir(), 'vgw-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', removeFolder);
  for (const name of ['iam', 'data']) mkdirSync(path.join(folder, name));
  const [s3Port = 0, iamPort = 0] = await freePorts(2);
  const socket = path.join(folder, 'iam.sock');
  const keys = ['--access', ADMIN.accessKey, '--secret', ADMIN.secret, '--quiet'];
  /** @type {ChildProcess[]} */
  const processes = [];
  /** @param {readonly string[]} args */
  const serve = args => processes.push(startBoundProcess(program, args, { stdio: 'ignore' }));
  const stop = async () => {
    await Promise.all(processes.map(endProcess));
    removeFolder();
  };
  try {
    const iam = ['iam', '--dir', path.join(folder, 'iam'), '--private-ports', socket];
    serve(['--port', `127.0.0.1:${iamPort}`, ...keys, ...iam]);
    await answering('its IAM server', iamPort, processes);
    const posix = ['--iam-standalone-endpoint', socket, 'posix', '--versioning-dir', path.join(folder, 'versions')];
    mkdirSync(path.join(folder, 'versions'));
    serve(['--port', `127.0.0.1:${s3Port}`, ...keys, ...posix, path.join(folder, 'data')]);
    await answering('its S3 server', s3Port, processes);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env: {
      VERSITYGW_ENDPOINT: `http://127.0.0.1:${s3Port}`,
      VERSITYGW_IAM_ENDPOINT: `http://127.0.0.1:${iamPort}`,
      VERSITYGW_ADMIN: JSON.stringify({ accessKeyId: ADMIN.accessKey, secretAccessKey: ADMIN.secret }),
      VERSITYGW_PROCESSES: JSON.stringify(processes.map(({ pid }) => pid)),
    },
    stop,
  };
}

/** @param {string} go */
async function build(go) {
  console.log(`Building versitygw ${VERSION} (go install) …`);
  const env = { ...process.env, GOBIN: cacheFolder };
  const module = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
  const { code, stdout, stderr } = await runProcess(go, ['install', module], { env, output: 'capture' });
  if (code === 0) return;
  throw new InstallError(`go install of versitygw failed:\n${stdout}${stderr}`.trimEnd());
}

/**
 * @param {string} what
 * @param {number} port
 * @param {readonly ChildProcess[]} processes
 */
async function answering(what, port, processes) {
  for (const end = Date.now() + START_MS; ; ) {
    try {
      // It sends whoever doesn't sign to its maker's page.
      const options = /** @type {const} */ ({ redirect: 'manual', signal: AbortSignal.timeout(2000) });
      const answer = await fetch(`http://127.0.0.1:${port}/`, options);
      await answer.arrayBuffer();
      return;
    } catch {
      const isDead = processes.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
      if (isDead || Date.now() > end) throw new InstallError(`versitygw: ${what} did not come up.`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

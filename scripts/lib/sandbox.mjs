// Starts the sandbox through the built command line, and runs the command line against it.
import path from 'node:path';
import { root } from './paths.mjs';
import { endProcess, orphanGuard, runProcess, startProcess } from './processes.mjs';

const commandLine = path.join(root, 'dist/cli.js');

/**
 * @typedef {object} RunningSandbox
 * @property {string} endpoint
 * @property {NodeJS.ProcessEnv} env what makes a program talk to the sandbox as the Deployment's role, and to nothing else
 * @property {{ AWS_ACCESS_KEY_ID: string, AWS_SECRET_ACCESS_KEY: string }} admin a key that may call every API
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a sandbox that holds the bucket, the roles and the policies of the files that `scaffold` wrote.
 *
 * @param {string} seedDir
 * @returns {Promise<RunningSandbox>}
 */
export async function startSandbox(seedDir) {
  const args = [commandLine, 'sandbox', '--seed-from', seedDir, '--port', '0', '--format', 'json'];
  const child = startProcess(process.execPath, ['--require', orphanGuard, ...args], {
    cwd: seedDir,
    env: { ...process.env, ...withoutAws() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const line = await readFirstLine(child);
  /** @type {{ endpoint: string, env: Record<string, string>, admin: RunningSandbox['admin'] }} */
  const { endpoint, env, admin } = JSON.parse(line);
  return { endpoint, env: { ...withoutAws(), ...env }, admin, stop: () => endProcess(child) };
}

/**
 * Runs the built command line.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 */
export function runCommandLine(args, { cwd, env = withoutAws() }) {
  return runProcess(process.execPath, [commandLine, ...args], {
    cwd,
    env: { ...process.env, ...env },
    output: 'capture',
    timeoutMs: 120_000,
  });
}

/** Takes a person's own AWS settings away, so that nothing of theirs is used or reached. */
function withoutAws() {
  const names = Object.keys(process.env).filter(name => name.startsWith('AWS_'));
  const nowhere = path.join(root, 'dist/no-aws-config');
  return {
    ...Object.fromEntries(names.map(name => [name, undefined])),
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function readFirstLine(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    let messages = '';
    const timer = setTimeout(() => fail('gave no answer within 30 s'), 30_000);
    /** @param {string} why */
    const fail = why => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`the sandbox ${why}\n${messages}`.trimEnd()));
    };
    child.stderr?.setEncoding('utf8').on('data', chunk => {
      messages += chunk;
    });
    child.stdout?.setEncoding('utf8').on('data', chunk => {
      output += chunk;
      const end = output.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(output.slice(0, end));
    });
    child.once('error', error => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended (${code ?? signal})`));
  });
}

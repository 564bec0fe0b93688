// Child processes that never outlive this one: ended at exit, at SIGINT and SIGTERM, and when our own parent is gone.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @import { ChildProcess, SpawnOptions } from 'node:child_process' */

export const orphanGuard = path.join(import.meta.dirname, 'orphan-guard.cjs');

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Starts a program; `endProcesses` and the end of this process end it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {SpawnOptions} [options]
 * @returns {ChildProcess}
 */
export function startProcess(command, args, options = {}) {
  const child = spawn(command, [...args], options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * Starts a program that isn't Node.js, and that the kernel ends where this process is killed and can't end it. On Linux only.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {SpawnOptions} [options]
 * @returns {ChildProcess}
 */
export function startBoundProcess(command, args, options = {}) {
  return startProcess('setpriv', ['--pdeathsig', 'KILL', command, ...args], options);
}

/**
 * Runs a program to its end. With `output: 'capture'` its output is returned and not shown.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {SpawnOptions & { output?: 'show' | 'capture', timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} code 127 where the program could not be started
 */
export function runProcess(command, args, { output = 'show', timeoutMs, ...options } = {}) {
  const stdio = output === 'show' ? 'inherit' : 'pipe';
  const child = startProcess(command, args, { ...options, stdio: ['ignore', stdio, stdio] });
  const text = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    child[name]?.setEncoding('utf8').on('data', chunk => {
      text[name] += chunk;
    });
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise(resolve => {
    child.once('error', error => {
      clearTimeout(timer);
      resolve({ code: 127, stdout: text.stdout, stderr: `${text.stderr}${error.message}\n` });
    });
    child.once('close', code => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, ...text });
    });
  });
}

/**
 * Runs `npm`: the one that runs us where there is one, so that no shell is needed on Windows.
 *
 * @param {readonly string[]} args
 * @param {SpawnOptions & { output?: 'show' | 'capture' }} [options]
 */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath;
  if (npm && path.basename(npm) === 'npm-cli.js') return runProcess(process.execPath, [npm, ...args], options);
  return runProcess('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * Ends one process: SIGTERM, and SIGKILL where five seconds were not enough.
 *
 * @param {ChildProcess} child
 * @returns {Promise<void>}
 */
export async function endProcess(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}

/** Ends every process that is still running. */
export async function endProcesses() {
  await Promise.all([...running].map(endProcess));
}

/**
 * Calls `end` once at SIGINT, SIGTERM, SIGHUP, or when the process that started us is gone, and exits afterwards
 * with the code that `end` returns, else with the signal's own.
 *
 * @param {() => Promise<number | void>} end
 */
export function onInterrupt(end) {
  const starters = startersOf();
  let isEnding = false;
  /** @param {number} code */
  const interrupt = async code => {
    if (isEnding) return;
    isEnding = true;
    let ownCode;
    try {
      ownCode = await end();
    } finally {
      process.exit(ownCode ?? code);
    }
  };
  process.on('SIGINT', () => interrupt(130));
  process.on('SIGTERM', () => interrupt(143));
  process.on('SIGHUP', () => interrupt(129));
  setInterval(() => {
    if (startersOf().join() !== starters.join()) interrupt(86);
  }, 1000).unref();
  process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
  });
}

/** The process that started us; where npm did, through a shell, npm too as far as the system tells. */
function startersOf() {
  return process.env.npm_lifecycle_event === undefined ? [process.ppid] : [process.ppid, parentOf(process.ppid)];
}

/** @param {number} processId */
function parentOf(processId) {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}

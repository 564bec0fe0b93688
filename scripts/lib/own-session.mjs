// `node own-session.mjs COMMAND ARGUMENT…` runs a program in a session of its own, and ends all that is in the session
// when it is told to end, or when the process that started it is gone. For programs whose children leave their group.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds from SIGTERM to SIGKILL; shorter than what `endProcess` gives us ourselves. */
const GRACE = 3000;

const [command = '', ...args] = process.argv.slice(2);
const parent = process.ppid;
const child = spawn(command, args, { stdio: 'inherit', detached: true });
let isEnding = false;

child.once('error', error => {
  console.error(error.message);
  process.exit(127);
});
child.once('exit', (code, signal) => {
  if (!isEnding) signalSession('SIGKILL');
  process.exit(code ?? (signal === null ? 1 : 143));
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, end);
setInterval(() => {
  if (process.ppid !== parent) end();
}, 1000);

function end() {
  if (isEnding) return;
  isEnding = true;
  child.removeAllListeners('exit');
  signalSession('SIGTERM');
  const start = Date.now();
  setInterval(() => {
    const isOver = Date.now() - start > GRACE;
    if (isOver) signalSession('SIGKILL');
    if (isOver || processesOfSession().length === 0) process.exit(143);
  }, 50);
}

/** @param {NodeJS.Signals} signal */
function signalSession(signal) {
  for (const target of processesOfSession()) {
    try {
      process.kill(target, signal);
    } catch {
      // Gone meanwhile.
    }
  }
}

/** What is in the session that the program leads; without /proc, its process group. */
function processesOfSession() {
  const { pid } = child;
  if (pid === undefined) return [];
  let entries;
  try {
    entries = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  } catch {
    return child.exitCode === null ? [-pid] : [];
  }
  return entries.filter(name => sessionOf(name) === pid).map(Number);
}

/**
 * Undefined for a process that has ended, its parent not having noticed yet.
 *
 * @param {string} processId
 */
function sessionOf(processId) {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name in parentheses may hold anything; state, parent, group and session follow it.
    const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(session);
  } catch {
    return undefined;
  }
}

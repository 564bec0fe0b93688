// Debian's packages: installed as root, else said what to install. Only Node.js's own modules here: this runs before node_modules exists.
import { readFileSync } from 'node:fs';
import { runProcess } from './processes.mjs';

/**
 * Installs packages with apt-get where this is Debian (or Ubuntu) and we are root; never through sudo.
 *
 * @param {string} subject what they bring, in words for a person: `Chromium`
 * @param {readonly string[]} packages
 * @returns {Promise<string | undefined>} why they are not there, with the command that a person can run; nothing where they now are
 */
export async function installDebianPackages(subject, packages) {
  if (!isDebian()) return `${subject} was not found, and only on Debian can it be installed from here.`;
  if (process.getuid?.() !== 0) {
    const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
    return `${subject} was not found. As root:\n  ${command}`;
  }
  console.log(`Installing ${subject} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const { code, stdout, stderr } = await runProcess('apt-get', args, { env, output: 'capture' });
    if (code === 0) continue;
    console.error(`${stdout}${stderr}`.trimEnd());
    return `apt-get ${args[0]} failed for ${subject}; its message is above.`;
  }
  return undefined;
}

/** Whether packages can be installed from here at all, so that one that is missing is a failure and not the machine's nature. */
export function canInstallDebianPackages() {
  return isDebian() && process.getuid?.() === 0;
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

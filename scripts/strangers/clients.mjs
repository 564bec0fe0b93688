// The S3 clients that Debian packages.
import { installDebianPackages } from '../lib/apt.mjs';
import { findOnPath, isExecutable } from '../lib/install.mjs';

/** @import { Prepared } from '../strangers.mjs' */

/** Package → program. */
const CLIENTS = /** @type {const} */ ({ rclone: 'rclone', awscli: 'aws', s3cmd: 's3cmd' });

/**
 * The tests get `STRANGER_RCLONE`, `STRANGER_AWS` and `STRANGER_S3CMD`.
 *
 * @returns {Promise<Prepared>}
 */
export async function prepare() {
  const missing = Object.entries(CLIENTS).filter(([, program]) => !isExecutable(debians(program)));
  const packages = missing.map(([name]) => name);
  const failure = missing.length > 0 ? await installDebianPackages(packages.join(', '), packages) : undefined;
  /** @type {Record<string, string>} */
  const env = {};
  for (const program of Object.values(CLIENTS)) {
    const file = isExecutable(debians(program)) ? debians(program) : findOnPath([program]);
    if (file === undefined)
      return { skipped: failure ?? `${program} is not there, although its package is installed.` };
    env[`STRANGER_${program.toUpperCase()}`] = file;
  }
  return { env };
}

/**
 * Where Debian puts a program; another of the same name on the PATH may be a version manager's stand-in.
 *
 * @param {string} program
 */
function debians(program) {
  return `/usr/bin/${program}`;
}

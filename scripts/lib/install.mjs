// Installs what a fresh clone lacks. Only Node.js's own modules here: this runs before node_modules exists.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from './apt.mjs';
import { root } from './paths.mjs';
import { runNpm } from './processes.mjs';

/** Says what a person has to do; shown without a stack. */
export class InstallError extends Error {}

/** Runs `npm ci` where node_modules is missing or isn't what package-lock.json says. */
export async function installNodeModules() {
  if (nodeModulesAreCurrent(root)) return;
  console.log('Installing the packages of package-lock.json (npm ci) …');
  const { code } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (code !== 0) throw new InstallError('npm ci failed; its message is above. Is the npm registry in reach?');
}

/**
 * Compares package-lock.json with what npm noted of its last installation. Packages for other platforms may be missing.
 *
 * @param {string} folder
 */
function nodeModulesAreCurrent(folder) {
  const installedFile = path.join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([place, { version, integrity, optional }]) => {
    if (place === '') return true;
    const found = installed[place];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

/** A Chromium or Chrome that is there: the one `CHROMIUM` names, else one on the PATH, else one in the usual place. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new InstallError(`CHROMIUM names ${named}, which is not a program. Correct it, or unset it.`);
  }
  return findOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) ?? usualChrome();
}

/** Finds a Chromium, or installs Debian's; only as root, and never through sudo. */
export async function installChromium() {
  const present = findChromium();
  if (present) return present;
  const advice = 'Or install Chrome, or name a Chromium in the environment variable CHROMIUM.';
  const missing = await installDebianPackages('Chromium', ['chromium', 'fonts-dejavu-core']);
  if (missing) throw new InstallError(`${missing}\n${advice}`);
  const installed = findChromium();
  if (!installed) throw new InstallError(`apt-get installed no Chromium on the PATH. ${advice}`);
  return installed;
}

/**
 * The first of these programs that the PATH holds.
 *
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
export function findOnPath(names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => folder !== '');
  const files = names.flatMap(name => folders.flatMap(folder => endings.map(end => path.join(folder, name + end))));
  return files.find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function usualChrome() {
  const candidates =
    process.platform === 'darwin'
      ? [
          '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
          '/Applications/Chromium.app/Contents/MacOS/Chromium',
        ]
      : ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
          .map(name => process.env[name])
          .filter(folder => folder !== undefined)
          .map(folder => path.join(folder, 'Google/Chrome/Application/chrome.exe'));
  return candidates.find(isExecutable);
}

// `npm start`: installs what is missing, builds, does the main job against the sandbox in front of the reader, and opens
// VS Code on the result. With `--check` nothing stays open: exit code 0 when everything works, else 1.
import './lib/node-version.mjs';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installNodeModules } from './lib/install.mjs';
import { doMainJob } from './lib/main-job.mjs';
import { extensionVsix, packageExtension } from './lib/package-extension.mjs';
import { workDir } from './lib/paths.mjs';
import { endProcesses, onInterrupt } from './lib/processes.mjs';
import { ReportedError, step } from './lib/steps.mjs';
import { findCodeCommand } from './vscode/desktop.mjs';
import { installVSCodeHost } from './vscode/install.mjs';
import { openServerWindow, prepareDesktopWindow } from './vscode/open.mjs';

/** @import { VSCodeWindow } from './vscode/open.mjs' */

const EXTENSION_ID = 'astro-log-export.astro-log-export';

const isCheck = process.argv.includes('--check');
const runDir = path.join(workDir, `start-${process.pid}`);
/** @type {VSCodeWindow | undefined} */
let window;
let isOpen = false;

const cleanUp = async () => {
  await window?.close();
  await endProcesses();
  rmSync(runDir, { recursive: true, force: true, maxRetries: 5 });
};
onInterrupt(async () => {
  await cleanUp();
  return isOpen ? 0 : undefined;
});

let exitCode = 0;
try {
  await start();
} catch (error) {
  if (!(error instanceof ReportedError)) console.error(error);
  exitCode = 1;
}
await cleanUp();
process.exit(exitCode);

async function start() {
  removeOldRuns();
  mkdirSync(runDir, { recursive: true });
  const desktop = findCodeCommand();
  const host = await step('Install what is missing', async () => {
    await installNodeModules();
    if ('command' in desktop) return undefined;
    console.log(`  The VS Code server is used, not the desktop: ${desktop.reason}.`);
    return installVSCodeHost();
  });
  await step('Build, and package the extension', packageExtension);

  const first = await doMainJob('workload-identity', runDir);
  await first.sandbox.stop();
  const { project, sandbox } = await doMainJob('assume-role', runDir);

  const options = {
    folder: project,
    vsixFile: extensionVsix,
    extensionId: EXTENSION_ID,
    dir: runDir,
    env: sandbox.env,
  };
  window = await step('Open VS Code with the packaged extension', async () => {
    if ('command' in desktop) {
      const prepared = await prepareDesktopWindow(desktop.command, options);
      console.log(`  ${prepared.message}`);
      return isCheck ? undefined : prepared.open();
    }
    const opened = await openServerWindow(host ?? (await installVSCodeHost()), options);
    console.log(`  ${opened.message}`);
    return opened;
  });
  if (isCheck) {
    console.log('\nEverything works.');
    return;
  }
  isOpen = true;
  if (window?.url) console.log(`\nOpen VS Code in your browser:\n\n  ${window.url}`);
  console.log(`\nThe folder is ${project}; its AWS is the sandbox at ${sandbox.endpoint}.`);
  console.log('Ctrl+C ends both.');
  await window?.closed;
}

/** What a run that was killed has left behind. */
function removeOldRuns() {
  mkdirSync(workDir, { recursive: true });
  for (const name of readdirSync(workDir)) {
    const owner = Number(/^start-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(owner) && !isRunning(owner)) rmSync(path.join(workDir, name), { recursive: true, force: true });
  }
}

/** @param {number} processId */
function isRunning(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

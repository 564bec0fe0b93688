#!/usr/bin/env node
// Stands in for the desktop `code` program: takes the arguments that @vscode/test-electron gives it, opens the folder in
// the VS Code server's workbench, and ends with the test run's output and exit code.
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { onInterrupt } from '../lib/processes.mjs';
import { openBrowser } from './browser.mjs';
import { installVSCodeHost } from './install.mjs';
import { startServer, workbenchUrl } from './server.mjs';

const TIMEOUT_MS = Number(process.env.CODE_STAND_IN_TIMEOUT_MS ?? 300_000);

/** What the workbench says at every start and means nothing for a test. */
const NOISE =
  /^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|(Ignoring fetching|Updating) additional builtin|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|Creation of workbench contribution|No search provider registered)/;

const { options, folder } = readArguments(process.argv.slice(2));
const testOptions = process.env.VSCODE_TEST_OPTIONS;
const server = await startServer(await installVSCodeHost(), {
  withTestDriver: true,
  // As on the desktop; a workbench in a browser saves by itself after a second.
  settings: { 'files.autoSave': 'off' },
  env: testOptions === undefined ? {} : { VSCODE_TEST_OPTIONS: testOptions },
});
const { browser, page } = await openBrowser();
const close = async () => {
  server.process.removeAllListeners('exit');
  await browser.close();
  await server.stop();
};
onInterrupt(close);

/** @type {(code: number) => void} */
let finish = () => {};
/** @type {Promise<number>} */
const exitCode = new Promise(resolve => {
  finish = resolve;
});
/** @param {number} code @param {string} why */
const giveUp = (code, why) => {
  console.error(why);
  finish(code);
};
// These two page functions are how the workbench hands over what a test run prints, and its exit code.
await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
  const text = format(...args);
  if (!NOISE.test(text)) (type === 'error' ? console.error : console.log)(text);
});
await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => finish(code));
page.on('crash', () => giveUp(70, 'the workbench page crashed'));
server.process.once('exit', code => giveUp(71, `the VS Code server ended (${code})`));
setTimeout(() => giveUp(72, `the test run gave no result within ${TIMEOUT_MS} ms`), TIMEOUT_MS).unref();

const { extensionDevelopmentPath, extensionTestsPath } = options;
await page.goto(workbenchUrl(server, { folder, extensionDevelopmentPath, extensionTestsPath }));
const code = await exitCode;
await close();
process.exit(code);

/** @param {readonly string[]} args */
function readArguments(args) {
  /** @type {Record<string, string>} */
  const options = {};
  const places = [];
  for (const arg of args) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== undefined) options[name] = plainPath(value ?? '');
    else places.push(plainPath(arg));
  }
  return { options, folder: places.find(place => statSync(place, { throwIfNoEntry: false })?.isDirectory()) };
}

/** @param {string} place */
function plainPath(place) {
  return place.startsWith('file://') ? fileURLToPath(place) : place;
}

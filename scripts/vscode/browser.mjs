// A headless Chromium that shows the workbench.
import { chromium } from 'playwright-core';
import { findChromium, InstallError } from '../lib/install.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** The first four make it run as root, without a GPU and without a network; the others keep it from asking for one. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Opens a browser with one empty page of 1280 × 800 at two device pixels each.
 *
 * @returns {Promise<{ browser: Browser, page: Page }>}
 */
export async function openBrowser() {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new InstallError('No Chromium was found; npm test installs one, or says how.');
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: FLAGS,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
  return { browser, page: await context.newPage() };
}

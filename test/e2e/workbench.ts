import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.mjs';
import { openBrowser } from '../../scripts/vscode/browser.mjs';
import { installVSCodeHost } from '../../scripts/vscode/install.mjs';
import { installExtension, startServer, workbenchUrl } from '../../scripts/vscode/server.mjs';

const EXTENSION_ID = 'astro-log-export.astro-log-export';
const SCREENSHOT_DIR = path.join(root, 'test/e2e/screenshots');

export interface WorkbenchOptions {
  /** The folder to open. */
  readonly folder: string;
  /** Variables for the extension host, beside our own. */
  readonly env?: NodeJS.ProcessEnv;
  /** A file of the folder to open first. */
  readonly file?: string;
}

/** A VS Code window in a browser, with the packaged extension installed. */
export interface Workbench {
  readonly page: Page;
  close(): Promise<void>;
}

/** Opens a folder in VS Code with the packaged extension, and waits until the workbench is there. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const vsix = process.env.EXTENSION_VSIX;
  if (!vsix) throw new Error('EXTENSION_VSIX names no packaged extension; run npm run test:e2e');
  const dir = mkdtempSync(path.join(tmpdir(), 'workbench-'));
  const extensionsDir = path.join(dir, 'extensions');
  const cleanUp: (() => Promise<void> | void)[] = [() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const step of cleanUp.reverse()) await step();
  };
  try {
    const host = await installVSCodeHost();
    await installExtension(host, vsix, extensionsDir, EXTENSION_ID);
    const server = await startServer(host, {
      extensionsDir,
      withTestDriver: true,
      settings: { 'workbench.colorTheme': 'Dark Modern', 'editor.minimap.enabled': false },
      env: options.env,
    });
    cleanUp.push(server.stop);
    const { browser, page } = await openBrowser();
    cleanUp.push(() => browser.close());
    const openFile = options.file === undefined ? {} : { openFile: path.join(options.folder, options.file) };
    await page.goto(workbenchUrl(server, { folder: options.folder, ...openFile }));
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-viewlet .monaco-list-row').first().waitFor({ timeout: 60_000 });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs a command from the palette by its title, category included. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input');
  await pressUntil(page, 'F1', input);
  await input.fill(`>${title}`);
  await page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: title }).waitFor();
  await page.keyboard.press('Enter');
}

/** Opens a file of the folder by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** The view of the side bar with this title. */
export function view(page: Page, title: string): Locator {
  return page.locator('.pane', { has: page.locator('.pane-header', { hasText: title }) });
}

/** The first row of a view that shows this text. */
export function row(page: Page, viewTitle: string, text: string | RegExp): Locator {
  return view(page, viewTitle).locator('.monaco-list-row', { hasText: text }).first();
}

/** Expands one row after the other, each a child of the one before, and returns the last. */
export async function expand(page: Page, viewTitle: string, ...texts: (string | RegExp)[]): Promise<Locator> {
  let last = view(page, viewTitle);
  for (const text of texts) {
    last = row(page, viewTitle, text);
    await last.waitFor();
    if ((await last.getAttribute('aria-expanded')) !== 'true') await last.click();
    await last.and(page.locator('[aria-expanded=true]')).waitFor();
  }
  return last;
}

/** Presses a key until what it brings up is there: a workbench that is busy drops keys. */
export async function pressUntil(page: Page, key: string, shown: Locator): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await page.keyboard.press(key);
    if (await appears(shown, 5000)) return;
  }
  throw new Error(`${key} brought nothing up`);
}

async function appears(locator: Locator, timeout: number): Promise<boolean> {
  try {
    await locator.waitFor({ timeout });
    return true;
  } catch {
    return false;
  }
}

/** What an editor shows, blanks as they are in the file. */
export async function editorText(page: Page): Promise<string> {
  const lines = await page.locator('.editor-instance .view-lines .view-line').allInnerTexts();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** Saves what the window shows as `test/e2e/screenshots/<name>.png`. */
export async function takeScreenshot(page: Page, name: string, { withPointer = false } = {}): Promise<void> {
  mkdirSync(SCREENSHOT_DIR, { recursive: true });
  // A pointer that rests on something would show its tooltip.
  if (!withPointer) await page.mouse.move(640, 5);
  await page.screenshot({ path: path.join(SCREENSHOT_DIR, `${name}.png`) });
}

/** A temporary copy of a folder, with further files; removed by `remove`. */
export function copyFolder(
  source: string,
  files: Readonly<Record<string, string>> = {},
): { dir: string; remove(): void } {
  const parent = mkdtempSync(path.join(tmpdir(), 'e2e-'));
  const dir = path.join(parent, path.basename(source));
  cpSync(source, dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  return { dir, remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }) };
}

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sampleLogs, sampleProject } from '../../scripts/lib/paths.mjs';
import { runCommandLine, startSandbox } from '../../scripts/lib/sandbox.mjs';
import {
  copyFolder,
  editorText,
  expand,
  openFile,
  openWorkbench,
  pressUntil,
  row,
  runCommand,
  takeScreenshot,
  view,
  type Workbench,
} from './workbench';

const ANSWERS = [
  ...['--bucket', 'acme-airflow-logs', '--prefix', 'orders', '--region', 'us-east-1', '--mode', 'assume-role'],
  ...['--role-arn', 'arn:aws:iam::222233334444:role/astro-task-logs'],
  ...['--deployment-role', 'arn:aws:iam::111122223333:role/astro-deployment-role'],
];

const project = copyFolder(sampleProject);
const envFile = path.join(project.dir, '.env');
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let workbench: Workbench;
let rightEnv: string;

beforeAll(async () => {
  await run('scaffold', ...ANSWERS);
  sandbox = await startSandbox(project.dir);
  await run('upload', sampleLogs);
  rightEnv = readFileSync(envFile, 'utf8');
  writeFileSync(envFile, rightEnv.replace('acme-airflow', 'acme\u2011airflow'));
  workbench = await openWorkbench({ folder: project.dir, env: sandbox.env });
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await takeScreenshot(workbench.page, 'failed');
});

afterAll(async () => {
  await workbench?.close();
  await sandbox?.stop();
  project.remove();
});

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await runCommandLine(args, { cwd: project.dir, env: sandbox?.env });
  expect(code, stderr).toBe(0);
}

test('a mistake in .env is underlined, explained and repaired', async () => {
  const { page } = workbench;
  await openFile(page, '.env');
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
  await pressUntil(page, 'F8', page.locator('.marker-widget'));
  await takeScreenshot(page, 'finding');
  await page.keyboard.press('Escape');
  await page.locator('.marker-widget').waitFor({ state: 'detached' });
  await pressUntil(page, 'Control+.', page.locator('.action-widget .monaco-list-row.focused'));
  await takeScreenshot(page, 'quick-fix');
  await page.keyboard.press('Enter');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+S');
  await expect.poll(() => readFileSync(envFile, 'utf8')).toBe(rightEnv);
});

test('a variable tells what each Astro command reads, and what can be done stands above the first', async () => {
  const { page } = workbench;
  await page.locator('.codelens-decoration', { hasText: 'Verify' }).waitFor();
  const hover = page.locator('.monaco-hover', { hasText: 'Every Astro command reads' });
  await page.locator('.view-line', { hasText: 'S3_BASE_LOG_FOLDER' }).hover({ position: { x: 200, y: 8 } });
  await hover.waitFor();
  await takeScreenshot(page, 'hover', { withPointer: true });
  await page.keyboard.press('Escape');
});

test('the task logs are shown once the target is confirmed, and an attempt opens as a readable log', async () => {
  const { page } = workbench;
  await page.getByRole('tab', { name: 'Astro Logs' }).click();
  await view(page, 'Task Logs').getByRole('button', { name: 'Confirm Target' }).click();
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Confirm' }).first().waitFor();
  await takeScreenshot(page, 'confirm-target');
  await page.keyboard.press('Enter');

  await expand(page, 'Task Logs', '.env', 'billing_failures', /2026, 07:03/, 'flaky');
  const attempt = row(page, 'Task Logs', /attempt 1 .*failed/);
  await attempt.waitFor();
  await attempt.dblclick();
  await page.locator('.tab.active', { hasText: 'attempt=1.log' }).waitFor();
  await expect.poll(() => editorText(page)).toMatch(/^ConnectionResetError: payment gateway closed the connection$/m);
  expect(await editorText(page)).toMatch(/^2026-11-23T07:04:23\.860132Z ERROR +\[task\] Task failed with exception$/m);
  await takeScreenshot(page, 'task-log');
});

test('the export is verified in the Export Health view', async () => {
  const { page } = workbench;
  await view(page, 'Export Health').getByRole('button', { name: 'Verify Export' }).click();
  await row(page, 'Export Health', 'Proven for the Deployment').waitFor();
  await takeScreenshot(page, 'health');
});

test('the tree, a log and a mistake in .env stand side by side', async () => {
  const { page } = workbench;
  await page.locator('.tab', { hasText: '.env' }).click();
  await runCommand(page, 'View: Move Editor into Group Below');
  const below = page.locator('.editor-group-container').nth(1);
  await below.locator('.view-line').first().click();
  await pressUntil(page, 'Control+End', page.locator('.statusbar-item', { hasText: 'Ln 5, Col 1' }));
  await page.keyboard.type('AIRFLOW__ASTRO_SECONDARY_LOGS__REGOIN=us-east-1');
  await page.locator('.squiggly-warning').waitFor();
  await row(page, 'Task Logs', /attempt 1 .*failed/).waitFor();
  const log = page.locator('.editor-group-container').first().locator('.view-line');
  await log.first().click();
  await pressUntil(page, 'Control+End', log.filter({ hasText: 'ConnectionResetError' }));
  await takeScreenshot(page, 'overview');
});

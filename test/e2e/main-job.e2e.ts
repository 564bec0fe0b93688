import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleProject } from '../../scripts/lib/paths.mjs';
import { copyFolder, openFile, openWorkbench, takeScreenshot, type Workbench } from './workbench';

const KEY = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const ENV_WITH_MISTAKE = `${KEY}S3_BUCKET_ENABLED=yes\n${KEY}S3_BASE_LOG_FOLDER=s3://acme-airflow-logs/orders\n`;

let workbench: Workbench;
let project: ReturnType<typeof copyFolder>;

beforeAll(async () => {
  project = copyFolder(sampleProject, { '.env': ENV_WITH_MISTAKE });
  workbench = await openWorkbench({ folder: project.dir });
});

afterAll(async () => {
  await workbench?.close();
  project?.remove();
});

test('a mistake in .env is underlined', async () => {
  const { page } = workbench;
  await openFile(page, '.env');
  const squiggle = page.locator('.squiggly-error').first();
  await squiggle.waitFor({ timeout: 60_000 });
  await takeScreenshot(page, 'env-squiggle');
  expect(await squiggle.count()).toBe(1);
});

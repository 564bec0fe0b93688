import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, createProject, eventually, runCommand } from './workspace';

describe('an empty Task Logs view', () => {
  let project: Awaited<ReturnType<typeof createProject>> | undefined;
  const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';

  afterEach(async () => {
    await project?.remove();
    project = undefined;
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.length === 0,
    );
  });

  async function emptinessOf(env?: string): Promise<string | undefined> {
    const { logs, exports } = await activate();
    if (env !== undefined) {
      project = await createProject({ '.env': env });
      await eventually(
        () => exports.all(),
        all => all.length === 1,
      );
    }
    assert.deepEqual(await logs.getChildren(), []);
    return logs.emptiness;
  }

  it('says that there is no env file', async () => {
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.length === 0,
    );
    assert.equal(await emptinessOf(), 'noEnvFile');
  });

  it('says that the variables name no bucket', async () => {
    assert.equal(await emptinessOf(`${PREFIX}S3_BUCKET_ENABLED=true\n`), 'badSettings');
  });

  it('says that the export is off', async () => {
    assert.equal(
      await emptinessOf(`${PREFIX}S3_BUCKET_ENABLED=false\n${PREFIX}S3_BASE_LOG_FOLDER=s3://abc/x\n`),
      'disabled',
    );
  });

  it('says that the target is not confirmed', async () => {
    assert.equal(
      await emptinessOf(`${PREFIX}S3_BUCKET_ENABLED=true\n${PREFIX}S3_BASE_LOG_FOLDER=s3://abc/x\n`),
      'unconfirmed',
    );
  });

  it('says that there are no credentials', async () => {
    const saved = { ...process.env };
    const { exports } = await activate();
    project = await createProject({
      '.env': `${PREFIX}S3_BUCKET_ENABLED=true\n${PREFIX}S3_BASE_LOG_FOLDER=s3://abc/x\n${PREFIX}REGION=us-east-1\n`,
    });
    const nowhere = vscode.Uri.joinPath(project.uri, 'nowhere').fsPath;
    Object.assign(process.env, {
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    try {
      await eventually(
        () => exports.all(),
        all => all.length === 1,
      );
      await runCommand('confirmTarget', 'Confirm');
      assert.equal(await emptinessOf(), 'noCredentials');
    } finally {
      for (const name of [
        'AWS_CONFIG_FILE',
        'AWS_SHARED_CREDENTIALS_FILE',
        'AWS_EC2_METADATA_DISABLED',
        'AWS_ENDPOINT_URL',
      ]) {
        if (saved[name] === undefined) delete process.env[name];
        else process.env[name] = saved[name];
      }
    }
  });
});

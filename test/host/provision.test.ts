import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { buildPermissionPolicy, buildTrustPolicy, formatPolicy } from '../../src/core/iam/build';
import type { Provisioned } from '../../src/features/setup/provision';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/start-sandbox';
import { CANCEL } from './scripted-input';
import { activate, createProject, eventually, exists, read, runCommand } from './workspace';

const ROLE = 'arn:aws:iam::123456789012:role/provisioned';
const BUCKET = 'provisioned-logs';
const VARIABLES = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

/** The sandbox stands in for an AWS account that the person administers. */
describe('provisioning in AWS', function () {
  // IAM's delay is waited for in each of them.
  this.timeout(90_000);
  let project: Awaited<ReturnType<typeof createProject>>;
  let account: RunningSandbox;
  const saved = { ...process.env };
  const file = (name: string) => vscode.Uri.joinPath(project.uri, name);

  beforeEach(async () => {
    account = await startSandbox();
    process.env.AWS_ENDPOINT_URL = account.endpoint;
    process.env.AWS_ACCESS_KEY_ID = account.admin.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = account.admin.secretAccessKey;
    project = await createProject({
      '.env': [
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
        `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://${BUCKET}/logs`,
        `AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=${ROLE}`,
        'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=eu-west-1',
        '',
      ].join('\n'),
      'secondary-logs-policy.json': formatPolicy(buildPermissionPolicy({ bucket: BUCKET, prefix: 'logs' })),
      'secondary-logs-trust-policy.json': formatPolicy(
        buildTrustPolicy({ deploymentRoles: [account.deployment.roleArn] }),
      ),
    });
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.some(item => item.id === `${project.name}/.env`),
    );
  });

  afterEach(async () => {
    for (const name of VARIABLES) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await project.remove();
    await account.close();
  });

  async function provision(...answers: Parameters<typeof runCommand>[1][]): Promise<Provisioned | undefined> {
    const { exports } = await activate();
    const which = (await exports.all()).length > 1 ? [`${project.name}/.env`] : [];
    return (await runCommand<Provisioned | undefined>('provision', ...which, ...answers)).result;
  }

  it('sends nothing before the target is confirmed', async () => {
    assert.equal(await provision('Not Now'), undefined);
    assert.equal(account.identities.findRoleByArn(ROLE), undefined);
  });

  it('makes role and bucket, changes nothing when run again, and shows and takes over what differs', async () => {
    const made = await provision('Confirm', 'Create the Bucket', 'Keep No Versions', '90', '', 'team=data', 'Apply');
    assert.equal(made?.kind, 'applied');
    assert.deepEqual(made.result.remaining, []);
    assert.equal(made.result.effect?.isInEffect, true);
    assert.ok(account.identities.findRoleByArn(ROLE));

    // It is known by now, so nothing is asked; what it created could be deleted again.
    assert.equal(await provision(/Change Nothing/), undefined);

    const policy = JSON.parse(await read(file('secondary-logs-policy.json')));
    policy.Statement[0].Action.push('s3:AbortMultipartUpload');
    await vscode.workspace.fs.writeFile(
      file('secondary-logs-policy.json'),
      Buffer.from(`${JSON.stringify(policy, null, 2)}\n`),
    );
    const pulled = await provision(/Take What AWS Has/);
    assert.equal(pulled?.kind, 'pulled');
    assert.doesNotMatch(await read(file('secondary-logs-policy.json')), /AbortMultipartUpload/);
  });

  it('saves the plan instead, and changes nothing where it is cancelled', async () => {
    assert.equal(await provision('Confirm', 'Create the Bucket', 'Keep No Versions', '', '', '', CANCEL), undefined);
    assert.equal(account.identities.findRoleByArn(ROLE), undefined);
    const saved = await provision('Create the Bucket', 'Keep No Versions', '', '', '', 'Save as Terraform');
    assert.equal(saved?.kind, 'saved');
    assert.match(await read(file('secondary-logs.tf')), /resource "aws_s3_bucket" "secondary_logs"/);
    assert.equal(account.identities.findRoleByArn(ROLE), undefined);
    assert.equal(await exists(file('secondary-logs.sh')), false);
  });

  it('deletes what it created, once asked', async () => {
    await provision('Confirm', 'Create the Bucket', 'Keep No Versions', '', '', '', 'Apply');
    assert.equal(await provision(/Delete What Was Created/, 'Keep It'), undefined);
    assert.ok(account.identities.findRoleByArn(ROLE));
    const removed = await provision(/Delete What Was Created/, /Delete$/);
    assert.equal(removed?.kind, 'removed');
    assert.equal(account.identities.findRoleByArn(ROLE), undefined);
  });
});

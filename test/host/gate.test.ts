import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { CANCEL } from './scripted-input';
import { activate, createProject, eventually, runCommand } from './workspace';

const ENV = [
  'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://gate-bucket/logs',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=arn:aws:iam::222233334444:role/gate',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1',
  '',
].join('\n');

describe('before the target is confirmed', () => {
  let project: Awaited<ReturnType<typeof createProject>>;
  let server: Server;
  let requests: string[];
  const saved = { ...process.env };

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(403).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'not-a-secret';
    project = await createProject({ '.env': ENV });
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.some(item => item.id === `${project.name}/.env`),
    );
    await vscode.window.showTextDocument(vscode.Uri.joinPath(project.uri, '.env'));
  });

  afterEach(async () => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await project.remove();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  it('sends nothing, whatever is asked of it, and says so', async () => {
    const { exports } = await activate();
    const item = await exports.active();
    assert.equal(item?.id, `${project.name}/.env`);
    assert.equal(exports.readiness(item), 'unconfirmed');
    await assert.rejects(exports.session(item), /confirmed/);
    await runCommand('verify', ...(await pickExport()), 'Not Now');
    await runCommand('upload', ...(await pickExport()), CANCEL);
    const uri = vscode.Uri.from({
      scheme: 'astro-log',
      authority: 'gate-bucket',
      path: '/logs/x.log',
      query: `export=${item.id}`,
    });
    await assert.rejects(async () => vscode.workspace.fs.readFile(uri), /onfirm/);
    assert.deepEqual(requests, []);
  });

  it('names bucket, role, endpoint and profile together, and asks again when one of them changes', async () => {
    const { exports } = await activate();
    const item = await exports.find(`${project.name}/.env`);
    assert.ok(item?.target);
    assert.deepEqual(exports.reach(item, item.target), {
      bucket: 'gate-bucket',
      roleArn: 'arn:aws:iam::222233334444:role/gate',
      endpoint: process.env.AWS_ENDPOINT_URL,
      profile: null,
    });
    assert.deepEqual(requests, []);
    // From here on a view that is in sight may ask.
    await runCommand('confirmTarget', ...(await pickExport()), 'Confirm');
    assert.equal(exports.readiness(item), 'ready');

    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    assert.equal(exports.readiness(item), 'unconfirmed');
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await exports.setProfile(item, 'other');
    assert.equal(exports.readiness(item), 'unconfirmed');
    await exports.setProfile(item, undefined);
    const other = { ...item, target: { ...item.target, roleArn: 'arn:aws:iam::222233334444:role/other' } };
    assert.equal(exports.readiness(other), 'unconfirmed');
    assert.equal(exports.readiness(item), 'ready');
  });

  /** Several exports in the workspace are asked about first. */
  async function pickExport(): Promise<string[]> {
    const { exports } = await activate();
    return (await exports.all()).length > 1 ? [`${project.name}/.env`] : [];
  }
});

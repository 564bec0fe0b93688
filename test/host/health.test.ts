import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { HealthResult } from '../../src/features/health/health-results';
import { DEFAULT } from './scripted-input';
import { activate, createProject, eventually, read, runCommand } from './workspace';

const ENV = [
  'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://slow-bucket/logs',
  'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1',
  '',
].join('\n');

/** The rows of Export Health, as `icon label: description`. */
async function rows(): Promise<string[]> {
  const { tree } = (await activate()).health;
  return (await tree.getChildren()).map(node => {
    const { iconPath, label, description } = tree.getTreeItem(node);
    return `${(iconPath as vscode.ThemeIcon).id} ${label}: ${description ?? ''}`;
  });
}

async function onlyExport(name: string) {
  const { exports } = await activate();
  const [item] = await eventually(
    () => exports.all(),
    all => all.length === 1 && all[0]?.id === `${name}/.env`,
  );
  assert.ok(item);
  return item;
}

describe('while an export is verified', () => {
  let project: Awaited<ReturnType<typeof createProject>>;
  let server: Server;
  const saved = { ...process.env };

  before(async () => {
    // Takes requests, and never answers.
    server = createServer(() => {});
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'not-a-secret';
    project = await createProject({ '.env': ENV });
    await onlyExport(project.name);
  });

  after(async () => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await project.remove();
  });

  it('shows each check as waiting, running or done, and after a stop which were not made', async () => {
    const { health } = await activate();
    await runCommand('confirmTarget', 'Confirm');
    const verifying = vscode.commands.executeCommand<HealthResult | undefined>('astroLogExport.verify');
    const running = await eventually(rows, seen => seen.some(row => row.endsWith('Ask who they are: running')));
    assert.deepEqual(
      running.filter(row => row.startsWith('loading~spin')),
      ['loading~spin Verifying…: 3 of 13 checks', 'loading~spin Ask who they are: running'],
    );
    assert.ok(running.includes('pass Read the variables: passed'), running.join(', '));
    assert.ok(running.includes('circle-outline Write a log: waiting'), running.join(', '));

    const [first] = await health.tree.getChildren();
    assert.ok(first);
    assert.equal(health.tree.getTreeItem(first).contextValue, 'running');
    await vscode.commands.executeCommand('astroLogExport.stopVerifying', first);
    assert.equal(await verifying, undefined);
    const ended = await rows();
    assert.equal(ended[0], 'circle-slash Stopped before the end: 3 of 13 checks');
    assert.ok(ended.includes('pass Find credentials: passed'), ended.join(', '));
    assert.ok(ended.includes('dash Ask who they are: not run'), ended.join(', '));
    assert.ok(ended.includes('dash Write a log: not run'), ended.join(', '));
    assert.equal(ended.at(-1), 'arrow-right Verify Export: ');
    assert.ok(!ended.some(row => row.includes('spin')));
  });
});

describe('a probe DAG’s log that arrived', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(async () => {
    project = await createProject();
    const answers = [project.name, 'Workload identity', 'arrival-logs', DEFAULT, 'eu-west-1', 'Write 2 Files'] as const;
    await runCommand('setUp', ...answers);
    await onlyExport(project.name);
    await runCommand('startSandbox');
  });

  after(async () => {
    await runCommand('stopSandbox');
    await project.remove();
  });

  it('proves an export that nobody here can prove, and is a row with its key and time', async () => {
    const { exports, health } = await activate();
    const item = await onlyExport(project.name);
    const { result: before } = await runCommand<HealthResult>('verify');
    assert.deepEqual([before.ok, before.proven], [true, false]);

    const { result: file } = await runCommand<vscode.Uri>('createProbeDag');
    const token = /^TOKEN = "(.+)"$/m.exec(await read(file))?.[1];
    assert.ok(token);
    const prefix = item.target?.prefix ?? '';
    const key = `${prefix}dag_id=astro_log_export_probe/run_id=once/task_id=probe/attempt=1.log`.replace(/^\/+/, '');
    await exports.use(item, ({ bucket }) => bucket.put(key, Buffer.from(`{"token":"${token}"}\n`)));
    await runCommand('waitForProbe');

    const arrived = await rows();
    assert.deepEqual(arrived.slice(0, 2), [
      'pass Proven for the Deployment: Sandbox',
      'pass Probe DAG’s log arrived: arrived in the bucket · Sandbox',
    ]);
    const node = (await health.tree.getChildren()).find(({ kind }) => kind === 'arrival');
    assert.ok(node);
    const details = (await health.tree.getChildren(node)).map(each => String(health.tree.getTreeItem(each).tooltip));
    assert.ok(details.includes(key), details.join(', '));
    assert.ok(details.some(text => /^written \d+ \w+ \d{4}, .* UTC$/.test(text)));
    assert.ok(details.some(text => /^found after \d+ s$/.test(text)));

    const { result: again } = await runCommand<HealthResult>('verify');
    assert.equal(again.proven, true);
    const { result: report } = await runCommand<string>('exportReport');
    assert.ok(report.includes(`arrived in **a sandbox, not AWS**: \`${key}\``));
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LogNode } from '../../src/features/explorer/log-nodes';
import { DEFAULT } from './scripted-input';
import { activate, closeEditors, createProject, eventually, runCommand } from './workspace';

const ROLE = 'arn:aws:iam::222233334444:role/astro-task-logs';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';
const RUN = 'run_id=scheduled__2026-11-20T00:00:00+00:00';

const AIRFLOW_2 = `[2026-11-20T00:00:05.120+0000] {taskinstance.py:1997} INFO - Starting attempt 2 of 3
[2026-11-20T00:00:06.001+0000] {visible.py:26} WARNING - 3 of 42 orders have no postcode
[2026-11-20T00:00:07.001+0000] {taskinstance.py:340} INFO - Marking task as FAILED. dag_id=orders_daily
`;
const ERROR_DETAIL = [
  {
    exc_type: 'KeyError',
    exc_value: "'postcode'",
    is_cause: false,
    frames: [{ filename: 'a.py', lineno: 7, name: 'f' }],
  },
];
const AIRFLOW_3 = [
  { timestamp: '2026-11-20T00:00:05.120Z', level: 'info', event: 'reading orders', logger: 'task' },
  {
    timestamp: '2026-11-20T00:00:06Z',
    level: 'error',
    event: 'Task failed with exception',
    logger: 'task',
    error_detail: ERROR_DETAIL,
  },
]
  .map(record => `${JSON.stringify(record)}\n`)
  .join('');

const LOGS = {
  [`dag_id=orders_daily/${RUN}/task_id=stage.raw.copy_files/map_index=3/attempt=1.log`]: 'first\n',
  [`dag_id=orders_daily/${RUN}/task_id=stage.raw.copy_files/map_index=3/attempt=2.log`]: AIRFLOW_2,
  [`dag_id=orders_daily/${RUN}/task_id=wait/attempt=1.log`]: AIRFLOW_3,
  [`dag_id=orders_daily/${RUN}/task_id=wait/attempt=1.log.trigger.12.log`]: 'from the triggerer\n',
  'dag_id=refunds/run_id=release-4.2~rc1+build:7/task_id=load/attempt=1.log': 'x\n',
};

describe('the task logs in the sandbox', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(async () => {
    project = await createProject();
    await runCommand(
      'setUp',
      project.name,
      'Assume a role',
      'sandbox-logs',
      'logs/orders',
      'us-east-1',
      ROLE,
      DEPLOYMENT,
      'Write 3 Files',
    );
    const folder = vscode.Uri.joinPath(project.uri, 'logs');
    for (const [path, text] of Object.entries(LOGS)) {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), Buffer.from(text));
    }
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.length === 1,
    );
    await runCommand('startSandbox');
    const { result } = await runCommand<{ uploaded: number; failed: number }>('upload', folder);
    assert.deepEqual([result.uploaded, result.failed], [5, 0]);
  });

  after(async () => {
    await runCommand('stopSandbox');
    await project.remove();
  });

  async function children(...path: string[]): Promise<LogNode[]> {
    const { logs } = await activate();
    let rows = await logs.getChildren();
    for (const label of path) {
      const row = rows.find(each => labelOf(logs.getTreeItem(each)).startsWith(label));
      assert.ok(row, `there is no row ${label} among ${rows.map(each => labelOf(logs.getTreeItem(each))).join(', ')}`);
      rows = await logs.getChildren(row);
    }
    return rows;
  }

  async function labels(...path: string[]): Promise<string[]> {
    const { logs } = await activate();
    return (await children(...path)).map(node => labelOf(logs.getTreeItem(node)));
  }

  it('shows DAG, run, task with map index, and attempt with its state', async () => {
    const run = '20 Nov 2026, 00:00 UTC · scheduled';
    assert.deepEqual(await labels(), [`Sandbox · ${project.name}/.env`]);
    assert.deepEqual(await labels('Sandbox'), ['orders_daily', 'refunds']);
    assert.deepEqual(await labels('Sandbox', 'orders_daily'), [run]);
    assert.deepEqual(await labels('Sandbox', 'refunds'), ['release-4.2~rc1+build:7']);
    assert.deepEqual(await labels('Sandbox', 'orders_daily', run), ['stage.raw.copy_files [3]', 'wait']);
    await eventually(
      () => labels('Sandbox', 'orders_daily', run, 'stage.raw'),
      seen => seen[1] === 'attempt 2 · 278 B · failed',
    );
    await eventually(
      () => labels('Sandbox', 'orders_daily', run, 'wait'),
      ([row]) => /failed$/.test(row ?? ''),
    );
  });

  it('says Sandbox at the root and in the report while it is the target', async () => {
    const { logs, exports } = await activate();
    const [root] = await logs.getChildren();
    assert.ok(root);
    assert.equal(labelOf(logs.getTreeItem(root)), `Sandbox · ${project.name}/.env`);
    assert.equal(exports.isSandbox(root.item), true);
  });

  it('opens an attempt as one readable, read-only document: the worker’s log, then the trigger log', async () => {
    const { logs } = await activate();
    const [attempt] = await children('Sandbox', 'orders_daily', '20 Nov 2026', 'wait');
    assert.ok(attempt);
    const { command } = logs.getTreeItem(attempt);
    await vscode.commands.executeCommand(command?.command ?? '', ...(command?.arguments ?? []));
    const document = await eventually(
      () => vscode.window.activeTextEditor?.document,
      seen => seen?.uri.scheme === 'astro-log',
    );
    assert.equal(document?.uri.path, `/logs/orders/dag_id=orders_daily/${RUN}/task_id=wait/attempt=1.log`);
    assert.equal(document.languageId, 'log');
    const text = document.getText();
    assert.match(text, /^2026-11-20T00:00:05.120Z INFO +\[task\] reading orders$/m);
    assert.match(text, /KeyError: 'postcode'/);
    assert.match(text, /Trigger log of triggerer job 12[^\n]*\nfrom the triggerer\n$/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('astro-log'), false);
    await closeEditors();
    // What a window does after a reload: the address alone has to be enough.
    const again = vscode.Uri.parse(document.uri.toString());
    assert.equal((await vscode.workspace.openTextDocument(again)).getText(), text);
    await closeEditors();
  });

  it('shows the last part of a log that is longer than the setting allows, and says so', async () => {
    const { exports } = await activate();
    const [item] = await exports.all();
    assert.ok(item);
    const long = Array.from({ length: 5000 }, (_, i) => `line ${i} of a long log\n`).join('');
    const key = 'logs/orders/dag_id=orders_daily/run_id=long/task_id=t/attempt=1.log';
    await exports.use(item, session => session.bucket.put(key, Buffer.from(long)));
    const settings = vscode.workspace.getConfiguration('astroLogExport');
    await settings.update('logs.pageBytes', 65_536);
    try {
      const uri = vscode.Uri.from({
        scheme: 'astro-log',
        authority: 'sandbox-logs',
        path: `/${key}`,
        query: `export=${item.id}`,
      });
      const [notice, first] = (await vscode.workspace.openTextDocument(uri)).getText().split('\n');
      assert.match(notice ?? '', /the first .* are not shown/);
      assert.match(first ?? '', /^line \d+ of a long log$/);
    } finally {
      await settings.update('logs.pageBytes', undefined);
    }
  });

  it('reads keys by a template of one’s own, and says what is wrong with one', async () => {
    const { logs, exports } = await activate();
    const [item] = await exports.all();
    assert.ok(item);
    const key = 'logs/orders/mine/orders/daily-1/load/2.log';
    await exports.use(item, session => session.bucket.put(key, Buffer.from('x\n')));
    const settings = vscode.workspace.getConfiguration('astroLogExport');
    try {
      const template = 'mine/{{ ti.dag_id }}/{{ ti.run_id }}/{{ ti.task_id }}/{{ try_number }}.log';
      await settings.update('logFilenameTemplate', template);
      await eventually(
        () => labels('Sandbox', 'orders', 'daily-1', 'load').catch(() => []),
        seen => seen[0]?.startsWith('attempt 2 · 2 B') === true,
      );
      await settings.update('logFilenameTemplate', '{{ nonsense }}');
      await eventually(
        () => labels('Sandbox'),
        seen => seen[0] === 'Not listed: bad settings',
      );
    } finally {
      await settings.update('logFilenameTemplate', undefined);
      await exports.use(item, session => session.bucket.delete(key));
      logs.refresh();
    }
  });

  it('finds the newest of many runs first, and lists the others when asked', async () => {
    const { logs, exports } = await activate();
    const [item] = await exports.all();
    assert.ok(item);
    const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const keys = Array.from(
      { length: 1005 },
      (_, i) => `logs/orders/dag_id=many/run_id=scheduled__${day(i)}T00:00:00+00:00/task_id=t/attempt=1.log`,
    );
    const newest = '1 Oct 2022, 00:00 UTC · scheduled';
    await exports.use(item, async ({ bucket }) => {
      const waiting = [...keys];
      const put = async () => {
        for (let key = waiting.pop(); key; key = waiting.pop()) await bucket.put(key, Buffer.from('x'));
      };
      await Promise.all(Array.from({ length: 32 }, put));
    });
    logs.refresh();
    const first = await labels('Sandbox', 'many');
    assert.equal(first[0], newest);
    assert.equal(first.at(-1), 'Load more…');
    const more = (await children('Sandbox', 'many')).at(-1);
    await vscode.commands.executeCommand('astroLogExport.loadMoreLogs', more);
    const all = await labels('Sandbox', 'many');
    assert.deepEqual([all.length, all[0], all.at(-1)], [1005, newest, '1 Jan 2020, 00:00 UTC · scheduled']);
  });

  it('verifies the export: every check is a row, and all pass', async () => {
    const { health } = await activate();
    const { result } = await runCommand<{ ok: boolean; proven: boolean; isSandbox: boolean }>('verify');
    assert.deepEqual([result.ok, result.proven, result.isSandbox], [true, true, true]);
    const rows = (await health.tree.getChildren()).map(node => health.tree.getTreeItem(node));
    assert.equal(labelOf(rows[0]), 'Proven for the Deployment');
    assert.equal(rows[0]?.description, 'Sandbox');
    const checks = rows.slice(1, -1);
    assert.deepEqual(checks.map(labelOf), [
      'Read the variables',
      'Find the bucket',
      'Read its settings',
      'Look for a missing log',
      'Write a log',
      'Read it back',
      'Append to it',
      'List the folder',
      'Delete it',
      'Find credentials',
      'Ask who they are',
      'Assume the role',
      'Speak for the Deployment',
    ]);
    assert.equal(checks[8]?.description, 'passed · as astro-task-logs');
    // The Deployment's role may not read how the bucket is set up.
    assert.ok(
      checks.every((row, i) => (i === 2 ? /^skipped/ : /^passed/).test(String(row.description))),
      checks.map(row => row.description).join(', '),
    );
    assert.equal(labelOf(rows.at(-1)), 'Open Worker Log…');
  });

  it('says of a failed check what happened, why and what to do', async () => {
    const { health } = await activate();
    const policy = vscode.Uri.joinPath(project.uri, 'secondary-logs-policy.json');
    const text = Buffer.from(await vscode.workspace.fs.readFile(policy)).toString();
    await vscode.workspace.fs.writeFile(policy, Buffer.from(text.replace(/\s*"s3:PutObject",/, '')));
    // The editor may keep the text from before for a moment, and wouldn't save over a newer file.
    await eventually(
      async () => (await vscode.workspace.openTextDocument(policy)).getText(),
      seen => !seen.includes('"s3:PutObject"'),
    );
    await runCommand('startSandbox');
    const { result } = await runCommand<{ ok: boolean; checks: { id: string; causes: string[] }[] }>('verify');
    assert.equal(result.ok, false);
    assert.equal(result.checks.find(({ id }) => id === 'put')?.causes[0], 'missing-put-object');
    const rows = await health.tree.getChildren();
    const failed = rows.find(node => node.kind === 'check' && node.check.id === 'put');
    assert.ok(failed);
    const row = health.tree.getTreeItem(failed);
    assert.match(String(row.description), /^failed · missing put object · as astro-task-logs$/);
    assert.equal(row.contextValue, 'check place fixable');
    const details = (await health.tree.getChildren(failed)).map(node => health.tree.getTreeItem(node));
    assert.ok(details.some(row => String(row.tooltip).includes('s3:PutObject')));
    assert.ok(details.some(row => row.accessibilityInformation?.label.startsWith('what to do')));

    const { logs } = await activate();
    assert.deepEqual(await logs.getChildren(), []);
    assert.equal(logs.emptiness, 'empty');

    await vscode.commands.executeCommand('astroLogExport.copyCheck', failed);
    assert.match(
      await vscode.env.clipboard.readText(),
      /put fail \(replayed\)\n[\s\S]*Cause: missing-put-object\nAdd s3:PutObject/,
    );
    await vscode.commands.executeCommand('astroLogExport.openCheckPlace', failed);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.path, policy.path);
    assert.match(editor?.document.lineAt(editor.selection.start.line).text ?? '', /"Statement"/);
    await vscode.commands.executeCommand('astroLogExport.fixCheck', failed);
    const fixed = await vscode.workspace.openTextDocument(policy);
    assert.ok(fixed.isDirty, 'the person sees the edit before it is saved');
    const statements = JSON.parse(fixed.getText()).Statement;
    assert.equal(statements.length, 2);
    assert.deepEqual(statements[1].Action, 's3:PutObject');
    assert.ok(await fixed.save());
    await runCommand('startSandbox');
    const again = await runCommand<{ checks: { id: string; status: string; message: string }[] }>('verify');
    assert.deepEqual(
      again.result.checks.filter(check => check.status === 'fail'),
      [],
    );
  });
});

describe('several exports', () => {
  const ENV = `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\nAIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://`;
  let project: Awaited<ReturnType<typeof createProject>>;

  before(async () => {
    project = await createProject({ '.env': `${ENV}first/x\n`, 'prod.env': `${ENV}second\n`, 'bad.env': `${ENV}x\n` });
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.length === 3,
    );
  });

  after(() => project.remove());

  it('are roots of their own, each with what it needs next', async () => {
    const { logs } = await activate();
    const rows: string[][] = [];
    for (const root of await logs.getChildren()) {
      const inside = (await logs.getChildren(root)).map(node => labelOf(logs.getTreeItem(node)));
      rows.push([labelOf(logs.getTreeItem(root)), ...inside]);
    }
    assert.deepEqual(rows, [
      ['first/x', 'Confirm Target…'],
      [`${project.name}/bad.env`, 'Open Env File'],
      ['second', 'Confirm Target…'],
    ]);
  });

  it('are active by their nearness to the editor, else by what was picked', async () => {
    const { exports } = await activate();
    await runCommand('selectExport', 'prod.env');
    await closeEditors();
    assert.equal((await exports.active())?.id, `${project.name}/prod.env`);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(project.uri, '.env'));
    assert.equal((await exports.active())?.id, `${project.name}/.env`);
    await closeEditors();
  });
});

describe('an export as the workload identity', () => {
  it('is set up, uploaded to and proven in the sandbox', async () => {
    const project = await createProject({ 'logs/dag_id=d/run_id=r/task_id=t/attempt=1.log': 'x\n' });
    const { exports, logs } = await activate();
    try {
      await runCommand(
        'setUp',
        project.name,
        'Workload identity',
        'identity-logs',
        DEFAULT,
        'eu-west-1',
        'Write 2 Files',
      );
      await eventually(
        () => exports.all(),
        all => all.length === 1,
      );
      await runCommand('startSandbox');
      const { result: uploaded } = await runCommand<{ uploaded: number }>('upload', DEFAULT);
      assert.equal(uploaded.uploaded, 1);
      const { result: verified } = await runCommand<{ ok: boolean; checks: { id: string; status: string }[] }>(
        'verify',
      );
      assert.equal(verified.ok, true);
      assert.equal(verified.checks.find(({ id }) => id === 'assume-role')?.status, 'skip');
      const [root] = await logs.getChildren();
      assert.deepEqual(
        (await logs.getChildren(root)).map(node => labelOf(logs.getTreeItem(node))),
        ['d'],
      );
    } finally {
      await runCommand('stopSandbox');
      await project.remove();
    }
  });
});

function labelOf(item: vscode.TreeItem | undefined): string {
  return typeof item?.label === 'string' ? item.label : (item?.label?.label ?? '');
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Comparison } from '../../src/features/deployment/comparison';
import type { Pushed } from '../../src/features/deployment/push';
import type { HealthNode } from '../../src/features/health/health-node';
import { AstroCli, DEPLOYMENT_ID } from './astro-cli';
import { activate, closeEditors, createProject, eventually, exists, read, runCommand } from './workspace';

const ENABLED = 'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED';
const FOLDER = 'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER';
const ENV = `${ENABLED}=true\n${FOLDER}=s3://my-bucket/logs\nDB_PASSWORD=canary-password\n`;

describe('the Deployment', function () {
  if (process.platform === 'win32') this.pending = true;
  let project: Awaited<ReturnType<typeof createProject>>;
  let cli: AstroCli | undefined;

  afterEach(async () => {
    cli?.remove();
    cli = undefined;
    await project.remove();
  });

  /** A project whose exports are the only ones of the workspace: with one alone no command asks which. */
  async function open(files: Readonly<Record<string, string>>, exportCount = 1): Promise<void> {
    project = await createProject(files);
    const { exports } = await activate();
    await eventually(
      async () => (await exports.all()).map(item => item.id),
      ids => ids.length === exportCount && ids.every(id => id.startsWith(`${project.name}/`)),
    );
  }

  const run = runCommand;

  /** The rows of one kind in Export Health. */
  async function rows(kind: HealthNode['kind'], parent?: HealthNode) {
    const { tree } = (await activate()).health;
    const nodes = (await tree.getChildren(parent)).filter(node => node.kind === kind);
    return nodes.map(node => ({ node, item: tree.getTreeItem(node) }));
  }

  it('gets the variables in one call after a preview, and has them afterwards', async () => {
    await open({ '.env': ENV });
    cli = new AstroCli({});
    const { result } = await run<Pushed>('pushVariables', 'The Deployment', 'Orders prod', 'Push to Orders prod');
    assert.equal(result.set, 2);
    assert.deepEqual(
      cli.state.variables.map(({ key, value }) => `${key}=${value}`),
      [`${ENABLED}=true`, `${FOLDER}=s3://my-bucket/logs`],
    );
    assert.equal(cli.state.calls.filter(args => args.includes('update')).length, 1);
  });

  it('is left alone where a file of the workspace manages it, and that file is changed', async () => {
    const file = `deployment:\n  environment_variables:\n    - key: ${ENABLED}\n      value: "false"\n  configuration:\n    name: Orders prod\n`;
    await open({ '.env': ENV, 'deployment.yaml': file }, 2);
    cli = new AstroCli({});
    // The deployment file is an export of its own.
    await run<Pushed>('pushVariables', `${project.name}/.env`, 'The Deployment', 'Orders prod', 'Write the File');
    const text = await read(vscode.Uri.joinPath(project.uri, 'deployment.yaml'));
    assert.match(text, /S3_BUCKET_ENABLED\n {6}value: "true"\n/);
    assert.match(text, /S3_BASE_LOG_FOLDER\n {6}value: "s3:\/\/my-bucket\/logs"\n/);
    assert.deepEqual(
      cli.state.calls.filter(args => args.includes('update')),
      [],
    );
  });

  it('is compared with the file, and each difference stands at its variable', async () => {
    await open({ '.env': ENV });
    cli = new AstroCli({ variables: [{ key: ENABLED, value: 'false', is_secret: false }] });
    const { result } = await run<Comparison>('compareDeployment', 'Orders prod');
    assert.deepEqual(
      result.differences.map(({ kind }) => kind),
      ['different', 'missing'],
    );
    const uri = vscode.Uri.joinPath(project.uri, '.env');
    const diagnostics = await eventually(
      () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Astro Deployment'),
      found => found.length === 2,
    );
    assert.deepEqual(
      diagnostics.map(({ range }) => range.start.line),
      [0, 1],
    );
  });

  it('is a group in Export Health, with a row for each difference and what to do about it', async () => {
    await open({ '.env': `${ENV}AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1\n` });
    const variables = [
      { key: ENABLED, value: 'false', is_secret: false },
      { key: FOLDER, value: 's3://user:canary-password@my-bucket/logs', is_secret: false },
      { key: 'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION', value: 'canary-region', is_secret: true },
    ];
    cli = new AstroCli({ variables });
    await run<Comparison>('compareDeployment', 'Orders prod');
    const [group] = await rows('deployment');
    assert.ok(group);
    assert.match(
      `${group.item.label} ${group.item.description}`,
      /^Deployment Orders prod 3 differences · \d\d:\d\d UTC$/,
    );
    assert.equal((group.item.iconPath as vscode.ThemeIcon).id, 'error');
    const differences = await rows('difference', group.node);
    assert.deepEqual(
      differences.map(({ item }) => `${item.label}: ${item.description}`),
      [
        'S3_BUCKET_ENABLED: different in the Deployment',
        'S3_BASE_LOG_FOLDER: different in the Deployment',
        'REGION: a secret of the Deployment',
      ],
    );
    assert.deepEqual(
      differences.map(({ item }) => item.contextValue),
      ['difference place pushable', 'difference place pushable', 'difference place'],
    );
    const texts = await Promise.all(differences.map(async ({ node }) => textsOf(await rows('detail', node))));
    assert.deepEqual(texts[0]?.slice(-3), [
      'in the file: true',
      'in the Deployment: false',
      'Push the variables to the Deployment.',
    ]);
    assert.ok(texts[1]?.some(text => text.includes('s3://user:***@my-bucket/logs')));
    assert.ok(texts[2]?.includes('in the Deployment: ***'));
    assert.doesNotMatch(JSON.stringify([texts, differences.map(({ item }) => item)]), /canary/);

    await vscode.commands.executeCommand('astroLogExport.openCheckPlace', differences[1]?.node);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.path, vscode.Uri.joinPath(project.uri, '.env').path);
    assert.equal(editor.selection.start.line, 1);
    await vscode.commands.executeCommand('astroLogExport.copyCheck', differences[0]?.node);
    assert.match(
      await vscode.env.clipboard.readText(),
      /: different\nOrders prod has .*S3_BUCKET_ENABLED=false, the file says true\.\nPush the variables/,
    );

    await run<Pushed>('pushVariables', 'The Deployment', 'Orders prod', 'Push to Orders prod');
    assert.deepEqual(await rows('deployment'), [], 'what was compared no longer holds');
  });

  it('is told apart by its Runtime too, and the Dockerfile is opened at the image', async () => {
    await open({ '.env': ENV, Dockerfile: '# Ours\nFROM quay.io/astronomer/astro-runtime:11.3.0\n' });
    const variables = [
      { key: ENABLED, value: 'true', is_secret: false },
      { key: FOLDER, value: 's3://my-bucket/logs', is_secret: false },
    ];
    cli = new AstroCli({ variables });
    await run<Comparison>('compareDeployment', 'Orders prod');
    const [group] = await rows('deployment');
    const [difference, ...more] = await rows('difference', group?.node);
    assert.ok(difference);
    assert.deepEqual(more, []);
    assert.equal(difference.item.label, 'Astro Runtime');
    const texts = textsOf(await rows('detail', difference.node));
    assert.ok(texts.includes('in the file: 11.3.0') && texts.includes('in the Deployment: 12.1.0'), texts.join(', '));
    await vscode.commands.executeCommand('astroLogExport.openCheckPlace', difference.node);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.path, vscode.Uri.joinPath(project.uri, 'Dockerfile').path);
    assert.equal(editor.selection.start.line, 1);
  });

  it('is well in Export Health where it has what the file says', async () => {
    await open({ '.env': ENV });
    const variables = [
      { key: ENABLED, value: 'True', is_secret: false },
      { key: FOLDER, value: 's3://my-bucket/logs/', is_secret: false },
    ];
    cli = new AstroCli({ variables });
    await run<Comparison>('compareDeployment', 'Orders prod');
    const [group] = await rows('deployment');
    assert.ok(group);
    assert.match(String(group.item.description), /^has what the files say · /);
    assert.equal((group.item.iconPath as vscode.ThemeIcon).id, 'pass');
    assert.equal(group.item.collapsibleState, vscode.TreeItemCollapsibleState.None);
  });

  it('asks for no CLI where there is none, and fails nothing', async () => {
    await open({ '.env': ENV });
    cli = new AstroCli({ isLoggedOut: true });
    const { result } = await run<Comparison | undefined>('compareDeployment');
    assert.equal(result, undefined);
  });

  it('gets a probe DAG with a token, once, and is rid of it again', async () => {
    await open({ '.env': ENV });
    const { result } = await run<vscode.Uri>('createProbeDag');
    const text = await read(result);
    assert.match(text, /^TOKEN = "probe-[\w-]+"$/m);
    await run('createProbeDag');
    assert.equal(await read(result), text);
    await run('removeProbeDag');
    assert.equal(await exists(result), false);
  });

  it('is described in a report that holds no secret', async () => {
    await open({ '.env': ENV });
    cli = new AstroCli({ variables: [{ key: 'OTHER_SECRET', value: 'canary-other', is_secret: false }] });
    await run<Comparison>('compareDeployment', 'Orders prod');
    const { result } = await run<string>('exportReport');
    assert.match(result, new RegExp(`Deployment ID \\| \`${DEPLOYMENT_ID}\``));
    assert.match(result, /s3:\/\/my-bucket\/logs/);
    assert.doesNotMatch(result, /canary/);
    await closeEditors();
  });
});

/** What rows say, each text once however many rows it takes. */
function textsOf(rows: readonly { item: vscode.TreeItem }[]): string[] {
  return [...new Set(rows.map(({ item }) => String(item.tooltip)))];
}

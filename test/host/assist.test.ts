import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, createProject, eventually } from './workspace';

const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const ENV = [
  '# log export',
  `${PREFIX}S3_BUCKET_ENABLED="true"`,
  `${PREFIX}S3_BASE_LOG_FOLDER=s3://assist-bucket/logs`,
  '',
].join('\n');
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::assist-bucket/from-policy/*'] }],
});

describe('help in an env file', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(activate);
  afterEach(() => project.remove());

  async function open(files: Readonly<Record<string, string>>, name: string): Promise<vscode.TextDocument> {
    project = await createProject(files);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(project.uri, name));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function hover(document: vscode.TextDocument, word: string): Promise<string> {
    const position = document.positionAt(document.getText().indexOf(word));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    return hovers
      .flatMap(({ contents }) => contents.map(each => (typeof each === 'string' ? each : each.value)))
      .join('\n');
  }

  async function complete(
    document: vscode.TextDocument,
    at: vscode.Position,
  ): Promise<readonly vscode.CompletionItem[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    );
    return list.items;
  }

  const label = ({ label }: vscode.CompletionItem): string => (typeof label === 'string' ? label : label.label);

  async function lensesOf(document: vscode.TextDocument): Promise<readonly vscode.CodeLens[]> {
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    return all.filter(({ command }) => command?.command.startsWith('astroLogExport.'));
  }

  it('hovers over a variable tell what it does, and what each command reads', async () => {
    const document = await open({ '.env': ENV }, '.env');
    const text = await hover(document, 'S3_BUCKET_ENABLED');
    assert.match(text, /Switches the export of task logs/);
    assert.match(text, /`astro dev start`.*: reads `true`/);
    assert.match(text, /`astro dev pytest`.*: reads `"true"`/);
    assert.equal(await hover(document, 'log export'), '');
  });

  it('completion proposes what is missing, and values out of other files', async () => {
    const document = await open({ '.env': `${ENV}${PREFIX}REGION=\n\n`, 'my-policy.json': POLICY }, '.env');
    const names = (await complete(document, new vscode.Position(4, 0))).map(label);
    assert.ok(names.includes(`${PREFIX}ROLE_ARN`), names.join());
    assert.ok(!names.includes(`${PREFIX}REGION`), names.join());
    const regions = await complete(document, new vscode.Position(3, `${PREFIX}REGION=`.length));
    const ireland = regions.find(item => label(item) === 'eu-west-1');
    assert.ok(typeof ireland?.label === 'object');
    assert.equal(ireland.label.description, 'Europe (Ireland)');
    const folder = new vscode.Position(2, `${PREFIX}S3_BASE_LOG_FOLDER=`.length);
    const item = await eventually(
      async () => (await complete(document, folder)).find(each => label(each).includes('from-policy')),
      found => found !== undefined,
    );
    assert.equal(item?.insertText, 's3://assist-bucket/from-policy');
    const range = item?.range instanceof vscode.Range ? item.range : item?.range?.replacing;
    assert.equal(document.getText(range), 's3://assist-bucket/logs');
  });

  it('a lens above the first variable verifies, shows logs and sets up', async () => {
    const document = await open({ '.env': ENV }, '.env');
    const lenses = await eventually(
      () => lensesOf(document),
      seen => seen.length === 3,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['Verify', 'Show logs', 'Set up'],
    );
    assert.deepEqual(
      lenses.map(({ range }) => range.start.line),
      [1, 1, 1],
    );
    const { exports } = await activate();
    const showLogs = lenses[1]?.command;
    await vscode.commands.executeCommand(showLogs?.command ?? '', ...(showLogs?.arguments ?? []));
    assert.equal((await exports.active())?.id, `${project.name}/.env`);
  });

  it('there is no lens in a file that holds no export', async () => {
    const document = await open({ '.env': 'A=1\n' }, '.env');
    assert.deepEqual(await lensesOf(document), []);
  });

  it('the folder leads to its logs', async () => {
    const document = await open({ '.env': ENV }, '.env');
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const link = links.find(({ target }) => target?.scheme === 'command');
    assert.ok(link?.target, JSON.stringify(links));
    assert.equal(document.getText(link.range), 's3://assist-bucket/logs');
    const [argument] = JSON.parse(decodeURIComponent(link.target.query));
    await vscode.commands.executeCommand(link.target.path, argument);
    const { exports } = await activate();
    assert.equal((await exports.active())?.id, `${project.name}/.env`);
  });
});

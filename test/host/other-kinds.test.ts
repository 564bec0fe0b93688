import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, codesOf, createProject, diagnosticsOf, eventually, hasFindings, write } from './workspace';

const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const ENV = `${PREFIX}S3_BUCKET_ENABLED=true\n${PREFIX}S3_BASE_LOG_FOLDER=s3://kinds-bucket/logs\n`;

function policy(bucket: string): string {
  const statement = {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'],
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  };
  return `${JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2)}\n`;
}

function deployment(folder: string): string {
  return [
    'deployment:',
    '  environment_variables:',
    '    - is_secret: false',
    `      key: ${PREFIX}S3_BUCKET_ENABLED`,
    '      value: "true"',
    '    - is_secret: false',
    `      key: ${PREFIX}S3_BASE_LOG_FOLDER`,
    `      value: ${folder}`,
    '  configuration:',
    '    name: prod',
    '',
  ].join('\n');
}

describe('files beside the env file', () => {
  let project: Awaited<ReturnType<typeof createProject>>;
  const settings = () => vscode.workspace.getConfiguration('astroLogExport');

  before(activate);
  afterEach(async () => {
    await settings().update('findings.project', undefined);
    await settings().update('findings.policies', undefined);
    await project.remove();
  });

  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(project.uri, path);

  it('a Dockerfile with a Runtime that is too old is told, and not where the setting is off', async () => {
    project = await createProject({ 'prod.env': ENV, Dockerfile: 'FROM quay.io/astronomer/astro-runtime:9.1.0\n' });
    const [found] = await eventually(
      () => diagnosticsOf(at('Dockerfile')),
      seen => seen.length > 0,
    );
    assert.ok(found);
    assert.ok(codesOf(at('Dockerfile')).includes('runtime-too-old'), codesOf(at('Dockerfile')).join());
    await settings().update('findings.project', false);
    await hasFindings(at('Dockerfile'));
  });

  it('a requirement that can never be new enough is told in the file that another one includes', async () => {
    project = await createProject({
      'prod.env': ENV,
      Dockerfile: 'FROM quay.io/astronomer/astro-runtime:11.7.0\n',
      'requirements.txt': '-r deps/logging.in\n',
      'deps/logging.in': 'astronomer-providers-logging==1.5.1\n',
    });
    await eventually(
      () => codesOf(at('deps/logging.in')),
      codes => codes.includes('logging-package-too-old'),
    );
    await write(at('deps/logging.in'), 'astronomer-providers-logging==1.6.2\n');
    await hasFindings(at('deps/logging.in'));
  });

  it('a policy for another bucket is told at both ends, and leads from one to the other', async () => {
    project = await createProject({ 'prod.env': ENV, 'secondary-logs-policy.json': policy('other-bucket') });
    const ofPolicy = await eventually(
      () => codesOf(at('secondary-logs-policy.json')),
      codes => codes.includes('wrong-bucket'),
    );
    assert.ok(ofPolicy);
    const mismatch = await eventually(
      () => diagnosticsOf(at('prod.env')).find(({ code }) => (code as { value: string }).value === 'bucket-mismatch'),
      found => found !== undefined,
    );
    const [related] = mismatch?.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), at('secondary-logs-policy.json').toString());
    assert.notEqual(related?.location.range.start.line, 0);
    await write(at('secondary-logs-policy.json'), policy('kinds-bucket'));
    await hasFindings(at('secondary-logs-policy.json'));
    await hasFindings(at('prod.env'));
  });

  it('policies are left alone where the setting is off', async () => {
    project = await createProject({ 'prod.env': ENV, 'secondary-logs-policy.json': policy('other-bucket') });
    await eventually(
      () => codesOf(at('prod.env')),
      codes => codes.includes('bucket-mismatch'),
    );
    await settings().update('findings.policies', false);
    await hasFindings(at('secondary-logs-policy.json'));
    await hasFindings(at('prod.env'));
  });

  it('any open JSON that is a policy is checked, fixed at once, and described', async () => {
    const text = policy('kinds-bucket').replace(/\]\n/, '],\n');
    project = await createProject({ 'prod.env': ENV, 'iam.json': text });
    assert.deepEqual(codesOf(at('iam.json')), []);
    const document = await vscode.workspace.openTextDocument(at('iam.json'));
    await vscode.window.showTextDocument(document);
    await eventually(
      () => codesOf(at('iam.json')),
      codes => codes.includes('json-syntax'),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, 0, 0),
      'source.fixAll.astroLogExport',
    );
    assert.ok(actions[0]?.edit, 'there is no action that fixes all');
    await vscode.workspace.applyEdit(actions[0].edit);
    assert.doesNotThrow(() => JSON.parse(document.getText()));
    await hasFindings(at('iam.json'));
    const hover = async (): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        document.positionAt(document.getText().indexOf('s3:PutObject')),
      );
      const contents = hovers.flatMap(each => each.contents);
      return contents.map(each => (typeof each === 'string' ? each : each.value)).join('\n');
    };
    // Of the folder as soon as the export beside it has been found.
    await eventually(hover, words => /logs\//.test(words));
  });

  it('a Deployment of a YAML file is an export: checked, listed, with lenses and a link', async () => {
    project = await createProject({ 'deployment.yaml': deployment('s3://Kinds-Bucket/logs') });
    const { exports } = await activate();
    await eventually(
      () => codesOf(at('deployment.yaml')),
      codes => codes.includes('bad-bucket-name'),
    );
    await write(at('deployment.yaml'), deployment('s3://kinds-bucket/yaml'));
    await hasFindings(at('deployment.yaml'));
    const item = await eventually(
      () => exports.find(`${project.name}/deployment.yaml (prod)`),
      found => found?.target !== undefined,
    );
    assert.equal(item?.target?.prefix, 'yaml/');
    assert.equal(item?.isEnabled, true);
    const document = await vscode.workspace.openTextDocument(at('deployment.yaml'));
    await vscode.window.showTextDocument(document);
    const lenses = await eventually(
      async () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10),
      seen => seen.some(({ command }) => command?.command === 'astroLogExport.verify'),
    );
    assert.equal(lenses[0]?.range.start.line, 2);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const link = links.find(({ target }) => target?.scheme === 'command');
    assert.equal(document.getText(link?.range), 's3://kinds-bucket/yaml');
  });
});

describe('findings that take a pause', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(activate);
  afterEach(() => project.remove());

  it('move along with the text while someone types, and are found anew after a pause', async () => {
    project = await createProject({
      'prod.env': `# one\n${ENV}B=2\n${PREFIX}REGION=us-east-1\n${PREFIX}REGION=us-east-2\n`,
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(project.uri, 'prod.env'));
    const editor = await vscode.window.showTextDocument(document);
    const duplicates = (): readonly string[] =>
      diagnosticsOf(document.uri)
        .filter(({ code }) => (code as { value: string }).value === 'duplicate-key')
        .map(({ range }) => document.getText(range));
    const before = await eventually(duplicates, seen => seen.length > 0);
    const { editor: ours } = await activate();
    const derived: string[] = [];
    const listener = ours.findings.onDidLint(({ uri, tier }) => {
      if (uri.toString() === document.uri.toString()) derived.push(tier);
    });
    try {
      for (const character of '# a\n') {
        await editor.edit(edit => edit.insert(document.positionAt(document.getText().indexOf('# one')), character));
        assert.deepEqual(duplicates(), before);
      }
      await eventually(
        () => derived.includes('derived'),
        seen => seen,
      );
      assert.deepEqual(duplicates(), before);
    } finally {
      listener.dispose();
    }
    await editor.edit(edit => edit.delete(document.lineAt(document.lineCount - 2).rangeIncludingLineBreak));
    await hasFindings(document.uri);
  });
});

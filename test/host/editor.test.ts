import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  activate,
  closeEditors,
  codesOf as codesOfFile,
  createProject,
  diagnosticsOf as diagnosticsOfFile,
  eventually,
} from './workspace';

const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const RIGHT = `${PREFIX}S3_BUCKET_ENABLED=true\n${PREFIX}S3_BASE_LOG_FOLDER=s3://my-bucket/logs\n`;

describe('an env file in the editor', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(activate);
  afterEach(async () => {
    await vscode.workspace.getConfiguration('astroLogExport').update('findings.severity', undefined);
    await project.remove();
  });

  async function open(text: string, name = '.env'): Promise<vscode.TextDocument> {
    project = await createProject({ [name]: text });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(project.uri, name));
    await vscode.window.showTextDocument(document);
    return document;
  }

  const diagnosticsOf = (document: vscode.TextDocument) => diagnosticsOfFile(document.uri);
  const codesOf = (document: vscode.TextDocument) => codesOfFile(document.uri);

  it('underlines exactly what is wrong, with a link to the page that explains it', async () => {
    const document = await open(`${PREFIX}S3_BUCKET_ENABLED=true\n${PREFIX}S3_BASE_LOG_FOLDER=s3://My-Bucket/logs\n`);
    const [found] = await eventually(
      () => diagnosticsOf(document),
      seen => seen.length > 0,
    );
    assert.ok(found);
    assert.match(document.getText(found.range), /^M/);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    const code = found.code as { value: string; target: vscode.Uri };
    assert.equal(code.value, 'bad-bucket-name');
    assert.match(code.target.toString(), /^https:\/\/docs\.aws\.amazon\.com\//);
  });

  it('follows what is typed, and what stands on disk once the file is closed', async () => {
    const document = await open(RIGHT);
    await eventually(
      () => codesOf(document),
      codes => codes.length === 0,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(2, 0), `${PREFIX}REGION=us\u2011east\u20111\n`);
    await vscode.workspace.applyEdit(edit);
    await eventually(
      () => codesOf(document),
      codes => codes.includes('non-ascii'),
    );
    await closeEditors();
    await eventually(
      () => codesOf(document),
      codes => codes.length === 0,
    );
  });

  it('offers a preferred fix that changes nothing else', async () => {
    const document = await open(`A="x"\n${RIGHT}${PREFIX}REGION=us-east\u20111\n# end`);
    const [found] = await eventually(
      () => diagnosticsOf(document),
      seen => seen.length > 0,
    );
    assert.ok(found);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(action => action.isPreferred);
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), `A="x"\n${RIGHT}${PREFIX}REGION=us-east-1\n# end`);
    await eventually(
      () => codesOf(document),
      codes => codes.length === 0,
    );
  });

  it('fixes all that is safe in one source action', async () => {
    const document = await open(
      `${PREFIX}S3_BUCKET_ENABLED=yes\n${PREFIX}S3_BASE_LOG_FOLDER=s3://my\u2011bucket/logs\n`,
    );
    await eventually(
      () => codesOf(document),
      codes => codes.length >= 2,
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, 0, 0),
      'source.fixAll.astroLogExport',
    );
    assert.equal(actions.length, 1);
    assert.ok(actions[0]?.edit);
    await vscode.workspace.applyEdit(actions[0].edit);
    assert.equal(document.getText(), RIGHT);
  });

  it('takes severities from the settings, and leaves out what is switched off', async () => {
    const document = await open(`${PREFIX}S3_BUCKET_ENABLED=false\n${PREFIX}S3_BASE_LOG_FOLDER=s3://My-Bucket/logs\n`);
    await eventually(
      () => codesOf(document),
      codes => codes.includes('export-disabled'),
    );
    await vscode.workspace
      .getConfiguration('astroLogExport')
      .update('findings.severity', { 'export-disabled': 'off', 'bad-bucket-name': 'warning' });
    const found = await eventually(
      () => diagnosticsOf(document),
      seen => seen.length === 1,
    );
    assert.equal(found[0]?.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('looks into files of other names that the pattern takes, and into no others', async () => {
    const other = await open('bucket=My-Bucket\n', 'notes.txt');
    assert.deepEqual(codesOf(other), []);
    await project.remove();
    const document = await open(`${PREFIX}S3_BASE_LOG_FOLDER=s3://b\n`, 'prod.env');
    await eventually(
      () => codesOf(document),
      codes => codes.includes('bad-bucket-name') && codes.includes('missing-key'),
    );
  });
});

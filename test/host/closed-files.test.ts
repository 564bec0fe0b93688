import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, closeEditors, codesOf, createProject, eventually, hasFindings, write } from './workspace';

const PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';
const WRONG = `${PREFIX}S3_BUCKET_ENABLED=maybe\n${PREFIX}S3_BASE_LOG_FOLDER=s3://closed-files/logs\n`;
const RIGHT = WRONG.replace('maybe', 'true');

describe('files that are not open', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(activate);
  afterEach(async () => {
    await vscode.workspace.getConfiguration('files').update('exclude', undefined);
    await project.remove();
  });

  const at = (path: string): vscode.Uri => vscode.Uri.joinPath(project.uri, path);

  it('are checked when they come, change and go', async () => {
    project = await createProject({ 'prod.env': WRONG });
    await hasFindings(at('prod.env'), 'not-boolean');
    await write(at('prod.env'), RIGHT);
    await hasFindings(at('prod.env'));
    await write(at('prod.env'), WRONG);
    await hasFindings(at('prod.env'), 'not-boolean');
    await vscode.workspace.fs.delete(at('prod.env'));
    await hasFindings(at('prod.env'));
  });

  it('count as what an open document says of them, saved or not, until it is closed', async () => {
    project = await createProject({ 'prod.env': WRONG });
    await hasFindings(at('prod.env'), 'not-boolean');
    const { exports } = await activate();
    const document = await vscode.workspace.openTextDocument(at('prod.env'));
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 2, 0), RIGHT.replace('/logs', '/unsaved'));
    await vscode.workspace.applyEdit(edit);
    await hasFindings(at('prod.env'));
    const item = await exports.find(`${project.name}/prod.env`);
    assert.equal(item?.target?.prefix, 'unsaved/');
    await closeEditors();
    await hasFindings(at('prod.env'), 'not-boolean');
  });

  it('are left alone where they are others’, hidden, or no env files', async () => {
    await vscode.workspace.getConfiguration('files').update('exclude', { '**/build': true });
    project = await createProject({
      'node_modules/x/.env': WRONG,
      'my-python/pyvenv.cfg': 'home = /usr/bin\n',
      'my-python/share/.env': WRONG,
      'build/out/.env': WRONG,
      'notes.txt': WRONG,
      'z/last.env': WRONG,
    });
    await hasFindings(at('z/last.env'), 'not-boolean');
    for (const path of ['node_modules/x/.env', 'my-python/share/.env', 'build/out/.env', 'notes.txt']) {
      assert.deepEqual(codesOf(at(path)), [], path);
    }
    const { exports } = await activate();
    const ids = (await exports.all()).map(({ id }) => id).filter(id => id.startsWith(project.name));
    assert.deepEqual(ids, [`${project.name}/z/last.env`]);
  });

  it('follow the setting that says which files are env files', async () => {
    project = await createProject({ 'vars.prod': WRONG });
    assert.deepEqual(codesOf(at('vars.prod')), []);
    const settings = vscode.workspace.getConfiguration('astroLogExport');
    await settings.update('envFiles', ['**/vars.*']);
    try {
      await hasFindings(at('vars.prod'), 'not-boolean');
    } finally {
      await settings.update('envFiles', undefined);
    }
    await hasFindings(at('vars.prod'));
  });

  it('are found also in a folder that comes later', async () => {
    project = await createProject();
    const folder = await createProject({ 'deep/er/.env': WRONG });
    try {
      await eventually(
        () => codesOf(vscode.Uri.joinPath(folder.uri, 'deep/er/.env')),
        codes => codes.includes('not-boolean'),
      );
    } finally {
      await folder.remove();
    }
  });
});

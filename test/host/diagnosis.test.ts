import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, createProject, eventually } from './workspace';

const FAILED = [
  '[2026-11-23T07:14:57.645+0000] {connection_wrapper.py:331} INFO - AWS Connection credentials retrieved.',
  '[2026-11-23T07:14:58.343+0000] {s3_task_handler.py:124} ERROR - Could not verify previous log to append',
  'Traceback (most recent call last):',
  '  File "/x/airflow/providers/amazon/aws/log/s3_task_handler.py", line 120, in write',
  '    if append and self.s3_log_exists(remote_log_location):',
  'botocore.exceptions.NoCredentialsError: Unable to locate credentials',
  '',
].join('\n');

describe('an opened log of a worker', () => {
  let project: Awaited<ReturnType<typeof createProject>>;

  before(async () => {
    await activate();
    project = await createProject({
      'worker.log': FAILED,
      'task.txt': '[2026-11-23T07:14:58.343+0000] {load.py:1} ERROR - AccessDenied\n',
      'notes.md': FAILED,
    });
  });
  after(() => project.remove());

  const open = (name: string) => vscode.workspace.openTextDocument(vscode.Uri.joinPath(project.uri, name));
  const problems = (document: vscode.TextDocument) => vscode.languages.getDiagnostics(document.uri);

  it('has a problem where an upload failed, which names the cause and what to do', async () => {
    const document = await open('worker.log');
    const [problem] = await eventually(
      () => problems(document),
      found => found.length === 1,
    );
    assert.equal(problem?.range.start.line, 1);
    assert.equal(problem?.code, 'no-credentials');
    assert.match(problem?.message ?? '', /A task log was not exported.*workload identity/);
  });

  it('explains each line of the failure on hover, and no other', async () => {
    const document = await open('worker.log');
    await eventually(
      () => problems(document),
      found => found.length === 1,
    );
    const hover = async (line: number) => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(line, 2),
      );
      return hovers.flatMap(({ contents }) => contents.map(one => (one as vscode.MarkdownString).value)).join('\n');
    };
    assert.match(await hover(1), /no&nbsp;credentials|no credentials/);
    assert.match(await hover(5), /workload/);
    assert.equal(await hover(0), '');
  });

  it('follows what is written, and forgets what is closed', async () => {
    const document = await open('worker.log');
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().length), FAILED);
    await vscode.workspace.applyEdit(edit);
    await eventually(
      () => problems(document),
      found => found.length === 2,
    );
    // Another editor may have become the active one since.
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    const again = await open('worker.log');
    await eventually(
      () => problems(again),
      found => found.length === 1,
    );
  });

  it("leaves a task's own errors and other files alone", async () => {
    const documents = await Promise.all(['task.txt', 'notes.md'].map(open));
    const log = await open('worker.log');
    await eventually(
      () => problems(log),
      found => found.length > 0,
    );
    for (const document of documents) assert.deepEqual(problems(document), []);
  });
});

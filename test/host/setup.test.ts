import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { BACK, CANCEL, DEFAULT } from './scripted-input';
import { closeEditors, createProject, exists, read, runCommand } from './workspace';

const ROLE = 'arn:aws:iam::222233334444:role/astro-task-logs';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';

describe('setting an export up', () => {
  let project: Awaited<ReturnType<typeof createProject>>;
  const file = (name: string) => vscode.Uri.joinPath(project.uri, name);

  /** Answers the question for the project, which is asked because the workspace holds several. */
  const run = (name: string, ...answers: Parameters<typeof runCommand>[1][]) =>
    runCommand(name, project.name, ...answers);

  afterEach(() => project.remove());

  it('writes policy, trust policy and variables for a role, and proposes a folder of the project', async () => {
    project = await createProject();
    const { asked } = await run(
      'setUp',
      'Assume a role',
      'my-bucket',
      DEFAULT,
      'us-east-1',
      'astro-task-logs',
      '222233334444',
      DEPLOYMENT,
      'Write 3 Files',
    );
    assert.equal(asked.length, 9);
    assert.equal(
      await read(file('.env')),
      [
        'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
        `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://my-bucket/logs/${project.name}`,
        `AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=${ROLE}`,
        'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1',
        '',
      ].join('\n'),
    );
    const policy = JSON.parse(await read(file('secondary-logs-policy.json')));
    assert.deepEqual(policy.Statement[0].Resource, ['arn:aws:s3:::my-bucket', 'arn:aws:s3:::my-bucket/*']);
    const trust = JSON.parse(await read(file('secondary-logs-trust-policy.json')));
    assert.equal(trust.Statement[0].Principal.AWS, DEPLOYMENT);
  });

  it('goes back, keeps what was answered, and writes nothing when it is cancelled at the preview', async () => {
    project = await createProject();
    const { asked } = await run(
      'setUp',
      'Workload identity',
      'my-bucket',
      BACK,
      'other-bucket',
      DEFAULT,
      DEFAULT,
      CANCEL,
    );
    assert.equal(asked.filter(question => question.includes('bucket that the task logs')).length, 2);
    assert.deepEqual(await Promise.all([exists(file('.env')), exists(file('secondary-logs-policy.json'))]), [
      false,
      false,
    ]);

    const again = await run('setUp', DEFAULT, DEFAULT, DEFAULT, DEFAULT, 'Write 2 Files');
    assert.equal(again.asked.length, 6);
    assert.match(await read(file('.env')), /s3:\/\/other-bucket\/logs\//);
    assert.doesNotMatch(await read(file('.env')), /ROLE_ARN|REGION/);
  });

  it('merges into an existing .env in place, byte for byte otherwise, and can be undone', async () => {
    const before =
      '# mine\r\nB=2 # note\r\nAIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://old/x\r\n\r\nC="a b"\r\n';
    project = await createProject({ '.env': before });
    await run('addVariables', 'Workload identity', 'my-bucket', 'logs/new', 'eu-west-1', 'Write the File');
    const after =
      '# mine\r\nB=2 # note\r\nAIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://my-bucket/logs/new\r\n\r\nC="a b"\r\n' +
      'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\r\nAIRFLOW__ASTRO_SECONDARY_LOGS__REGION=eu-west-1\r\n';
    assert.equal(await read(file('.env')), after);

    await vscode.window.showTextDocument(file('.env'));
    await vscode.commands.executeCommand('undo');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), before);
    await closeEditors();
  });

  it('keeps mixed line ends and a byte order mark as they are', async () => {
    project = await createProject({ '.env': '\uFEFFA=1\r\nB=2\nC=3\r\n' });
    await run('addVariables', 'Workload identity', 'my-bucket', 'logs/x', 'Same as the Deployment', 'Write the File');
    assert.ok((await read(file('.env'))).startsWith('\uFEFFA=1\r\nB=2\nC=3\r\nAIRFLOW__'));
  });

  it('takes a role and a region out that the answers leave out', async () => {
    const before = [
      'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true',
      'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER=s3://my-bucket/logs/x',
      `AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN=${ROLE}`,
      'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1',
      '',
    ];
    project = await createProject({ '.env': before.join('\n') });
    await run('addVariables', 'Workload identity', DEFAULT, DEFAULT, 'Same as the Deployment', 'Write the File');
    assert.equal(await read(file('.env')), [...before.slice(0, 2), ''].join('\n'));
  });

  it('creates the permission policy and the trust policy alone', async () => {
    project = await createProject();
    await run('createPermissionPolicy', 'my-bucket', 'Least Privilege', 'logs/own', 'Write the File');
    await run('createTrustPolicy', `${DEPLOYMENT}, ${DEPLOYMENT}-2`, 'Write the File');
    const trust = JSON.parse(await read(file('secondary-logs-trust-policy.json')));
    assert.deepEqual(trust.Statement[0].Principal.AWS, [DEPLOYMENT, `${DEPLOYMENT}-2`]);
    const { Statement } = JSON.parse(await read(file('secondary-logs-policy.json')));
    assert.equal(Statement[1].Resource, 'arn:aws:s3:::my-bucket/logs/own/*');
    assert.equal(await exists(file('.env')), false);
  });

  it('shows every change before it is written', async () => {
    project = await createProject();
    const seen: string[][] = [];
    const listener = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => seen.push(opened.map(tab => tab.label)));
    try {
      await run('createPermissionPolicy', 'my-bucket', 'As Documented', CANCEL);
    } finally {
      listener.dispose();
    }
    assert.ok(seen.flat().includes('Create Permission Policy: Preview'), JSON.stringify(seen));
    assert.equal(await exists(file('secondary-logs-policy.json')), false);
  });
});

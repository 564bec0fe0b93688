import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { HealthResult } from '../../src/features/health/health-results';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/start-sandbox';
import { AstroCli } from './astro-cli';
import { activate, createProject, eventually, runCommand } from './workspace';

const ROLE = 'arn:aws:iam::222233334444:role/astro-task-logs';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/astro-deployment-role';

/** Each begins the same way, so that a part of one is found too. */
const CANARY = 'tweety';
const PRESIGNED = `https://b.s3.amazonaws.com/k?X-Amz-Signature=${CANARY}-signature&X-Amz-Security-Token=${CANARY}-token`;
const DATABASE = `postgresql://airflow:${CANARY}-database@db/airflow`;

const VARIABLES = ['ASTRO_API_TOKEN', 'AWS_ENDPOINT_URL', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'] as const;

describe('no secret', function () {
  if (process.platform === 'win32') this.pending = true;
  const folder = mkdtempSync(path.join(tmpdir(), 'canaries-'));
  const saved = { ...process.env };
  let project: Awaited<ReturnType<typeof createProject>>;
  let sandbox: RunningSandbox;
  let cli: AstroCli;
  /** What gives access to the sandbox, and what would elsewhere. */
  let planted: string[];

  before(async () => {
    project = await createProject();
    await runCommand(
      'setUp',
      project.name,
      'Assume a role',
      'canary-logs',
      'logs/orders',
      'us-east-1',
      ROLE,
      DEPLOYMENT,
      'Write 3 Files',
    );
    sandbox = await startSandbox({ seedFrom: project.uri.fsPath });
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL } = sandbox.env;
    const keys = (secret: string | undefined) =>
      `aws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${secret}\naws_session_token = ${AWS_SESSION_TOKEN}\n`;
    const credentials = path.join(folder, 'credentials');
    writeFileSync(credentials, `[works]\n${keys(AWS_SECRET_ACCESS_KEY)}\n[fails]\n${keys(`${CANARY}-profile-secret`)}`);
    process.env.ASTRO_API_TOKEN = `${CANARY}-astro-token`;
    process.env.AWS_ENDPOINT_URL = AWS_ENDPOINT_URL;
    process.env.AWS_SHARED_CREDENTIALS_FILE = credentials;
    process.env.AWS_CONFIG_FILE = path.join(folder, 'none');
    planted = [CANARY, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN].filter(each => each !== undefined);
    appendFileSync(
      path.join(project.uri.fsPath, '.env'),
      `\nAIRFLOW__DATABASE__SQL_ALCHEMY_CONN=${DATABASE}\nREPORT_URL="${PRESIGNED}"\n`,
    );
    cli = new AstroCli({ variables: [{ key: 'OTHER_SECRET', value: `${CANARY}-other`, is_secret: false }] });
    const { exports } = await activate();
    await eventually(
      () => exports.all(),
      all => all.length === 1,
    );
  });

  after(async () => {
    cli.remove();
    for (const name of VARIABLES) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    const { exports } = await activate();
    const [item] = await exports.all();
    if (item) await exports.setProfile(item, undefined);
    await sandbox.close();
    await project.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything that the output channel has written to its file, up to a line written now. */
  async function written(): Promise<string> {
    const { log, context } = await activate();
    const last = `end of ${Math.random().toString(36).slice(2)}`;
    log.info(last);
    const look = () =>
      readdirSync(context.logUri.fsPath, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.log'))
        .map(name => readFileSync(path.join(context.logUri.fsPath, name), 'utf8'))
        .join('\n');
    return eventually(look, text => text.includes(last));
  }

  async function remembered(): Promise<string> {
    const { workspaceState, globalState } = (await activate()).context;
    return [workspaceState, globalState]
      .flatMap(memento => memento.keys().map(key => `${key}=${JSON.stringify(memento.get(key))}`))
      .join('\n');
  }

  async function assertNoSecret(...texts: readonly string[]): Promise<void> {
    for (const text of [await written(), await remembered(), ...texts]) {
      for (const secret of planted) assert.ok(!text.includes(secret), `${secret} stands in\n${text}`);
    }
  }

  it('is written down where everything works, nor where the Deployment is compared and reported on', async () => {
    await runCommand('selectProfile', 'works');
    const { result } = await runCommand<HealthResult>('verify', 'Confirm');
    assert.deepEqual([result.ok, result.proven], [true, true]);
    await runCommand('compareDeployment', 'Orders prod');
    const { result: report } = await runCommand<string>('exportReport');
    assert.match(report, /canary-logs/);
    assert.match(await written(), /: put pass: /);
    assert.match(await remembered(), /canary-logs/);
    await assertNoSecret(report, JSON.stringify(result));
  });

  const faults: readonly (readonly [string, string, () => Promise<readonly string[]>])[] = [
    [
      'a secret key that is wrong',
      'bad-signature',
      async () => {
        await runCommand('selectProfile', 'fails');
        return ['Confirm'];
      },
    ],
    [
      'a session that has run out',
      'expired-credentials',
      async () => {
        await runCommand('selectProfile', 'works');
        sandbox.faults.add({ effect: { kind: 'error', code: 'ExpiredToken', status: 400, message: PRESIGNED } });
        return [];
      },
    ],
    [
      'an address with a password, where nobody answers',
      'endpoint-unreachable',
      async () => {
        // A session lasts while the profile does.
        await runCommand('selectProfile', 'fails');
        process.env.AWS_ENDPOINT_URL = `http://user:${CANARY}-endpoint@127.0.0.1:9`;
        return ['Confirm'];
      },
    ],
  ];
  for (const [name, cause, breakIt] of faults) {
    it(`is written down on a fault: ${name}`, async () => {
      const answers = await breakIt();
      const { result } = await runCommand<HealthResult>('verify', ...answers);
      assert.equal(result.ok, false);
      assert.ok(
        result.checks.some(({ causes }) => causes.includes(cause as (typeof causes)[number])),
        JSON.stringify(result.checks),
      );
      const { result: report } = await runCommand<string>('exportReport');
      await assertNoSecret(report, JSON.stringify(result));
    });
  }

  it('is written down by a command that fails, nor by one that crashes', async () => {
    await vscode.commands.executeCommand('astroLogExport.waitForProbe');
    const inUse = planted.filter(secret => secret !== CANARY);
    const all = [
      ...inUse,
      PRESIGNED,
      DATABASE,
      `${CANARY}-database`,
      `${CANARY}-profile-secret`,
      `${CANARY}-astro-token`,
    ];
    await vscode.commands.executeCommand('astroLogExport.verify', {
      get item(): never {
        throw new TypeError(`crashed while it held ${all.join(' and ')}`);
      },
    });
    await eventually(written, text => text.includes('TypeError: crashed while it held'));
    await assertNoSecret();
  });
});

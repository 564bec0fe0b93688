import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../../scripts/lib/paths.mjs';
import { endProcess, runProcess, startProcess } from '../../../scripts/lib/processes.mjs';
import { listening } from './listening';

export const AIRFLOW_VERSIONS = ['2.11.2', '3.3.2'] as const;
export type AirflowVersion = (typeof AIRFLOW_VERSIONS)[number];

/** Longer than a busy machine takes to start Airflow, or to end a run of a few tasks. */
const PATIENCE = 300_000;

export interface AirflowOptions {
  /** File name → text. To read the log of another DAG: drop its file in here, `trigger` it, wait with `whenEnded`. */
  readonly dags: Readonly<Record<string, string>>;
  /** `s3://bucket/prefix`. */
  readonly logFolder: string;
  /** What the handler's connection says beside the credentials. */
  readonly connection: { readonly roleArn?: string; readonly region: string };
  /** Credentials and endpoint of whoever Airflow runs as; variables for the DAGs. Nothing else of ours is passed on. */
  readonly env: NodeJS.ProcessEnv;
}

/** One attempt of a task, as Airflow's database has it. */
export interface Attempt {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId: string;
  /** −1 for a task that isn't mapped. */
  readonly mapIndex: number;
  /** 0 for a task that was never started. */
  readonly attempt: number;
  readonly state: string | null;
}

export interface AirflowDatabase {
  readonly dags: readonly string[];
  readonly runs: readonly { readonly dagId: string; readonly runId: string; readonly state: string }[];
  readonly attempts: readonly Attempt[];
  readonly triggererJobs: readonly number[];
}

/** The Python of a version's environment, or why there is none; `scripts/strangers/airflow.mjs` tells. */
export function installedAirflow(version: AirflowVersion): { python: string } | { skipped: string } {
  const installed = JSON.parse(process.env.STRANGER_AIRFLOW ?? '{}') as Record<string, { python: string }>;
  const found = installed[version];
  if (!found) throw new Error('STRANGER_AIRFLOW names no Airflow; run npm run test:strangers -- airflow');
  return found;
}

/** Starts every process of an Airflow with an empty database, and resolves once they run. */
export async function startAirflow(version: AirflowVersion, options: AirflowOptions): Promise<Airflow> {
  const airflow = new Airflow(version, options);
  try {
    await airflow.start();
    return airflow;
  } catch (error) {
    const output = airflow.output();
    await airflow.stop();
    throw new Error(`Airflow ${version} did not start\n${output}`, { cause: error });
  }
}

class Airflow {
  private readonly home = realpathSync(mkdtempSync(path.join(tmpdir(), 'airflow-')));
  private readonly python: string;
  private readonly processes: ChildProcess[] = [];
  private env: NodeJS.ProcessEnv = {};

  constructor(
    readonly version: AirflowVersion,
    private readonly options: AirflowOptions,
  ) {
    const installed = installedAirflow(version);
    if ('skipped' in installed) throw new Error(installed.skipped);
    this.python = installed.python;
  }

  async start(): Promise<void> {
    const port = await freePort();
    this.env = this.settings(port);
    mkdirSync(path.join(this.home, 'dags'));
    for (const [name, text] of Object.entries(this.options.dags))
      writeFileSync(path.join(this.home, 'dags', name), text);
    await this.run(['db', 'migrate']);
    if (this.version.startsWith('3.')) {
      this.startPart('dag-processor', []);
      this.startPart('api-server', ['--apps', 'execution', '--host', '127.0.0.1', '--port', String(port)]);
      await this.until('the API server answers', () => answers(`http://127.0.0.1:${port}/execution/health`));
    }
    this.startPart('scheduler', ['--skip-serve-logs']);
    this.startPart('triggerer', ['--skip-serve-logs']);
  }

  /** Starts a run, as a person does with `airflow dags trigger`. */
  async trigger(dagId: string, runId: string): Promise<void> {
    await this.until(`${dagId} is known`, async () => (await this.database()).dags.includes(dagId));
    await this.run(['dags', 'trigger', dagId, '--run-id', runId]);
  }

  /** Resolves with the state of a run, `success` or `failed`, once it has ended. */
  async whenEnded(dagId: string, runId: string): Promise<string> {
    let state = '';
    await this.until(`${dagId} ${runId} has ended`, async () => {
      const { runs } = await this.database();
      state = runs.find(run => run.dagId === dagId && run.runId === runId)?.state ?? '';
      return ['success', 'failed'].includes(state);
    });
    return state;
  }

  async database(): Promise<AirflowDatabase> {
    const script = path.join(import.meta.dirname, 'read_database.py');
    const { code, stdout, stderr } = await runProcess(this.python, [script, this.databaseFile()], {
      output: 'capture',
    });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as AirflowDatabase;
  }

  /** What the processes have printed so far. */
  output(): string {
    const parts = ['api-server', 'dag-processor', 'scheduler', 'triggerer'];
    return parts.map(part => readIfThere(this.outputFile(part))).join('');
  }

  /** Where its processes wait for connections; Linux only. */
  listening(): readonly string[] {
    return listening(this.home);
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map(endProcess));
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Waits for what Airflow does in its own time; one of its processes that ends meanwhile is the end of the wait. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!(await isSo())) {
      const ended = this.processes.find(child => child.exitCode !== null);
      const why = ended ? `${ended.spawnargs.join(' ')} ended` : Date.now() > end ? 'it took too long' : undefined;
      if (why !== undefined) throw new Error(`waited until ${what}; ${why}\n${this.output().slice(-10_000)}`);
      await sleep(250);
    }
  }

  private async run(args: readonly string[]): Promise<void> {
    const result = await runProcess(this.program(), args, { env: this.env, cwd: this.home, output: 'capture' });
    if (result.code !== 0) throw new Error(`airflow ${args.join(' ')}\n${result.stdout}${result.stderr}`);
  }

  private startPart(name: string, args: readonly string[]): void {
    const output = openSync(this.outputFile(name), 'a');
    const wrapper = path.join(root, 'scripts/lib/own-session.mjs');
    const child = startProcess(process.execPath, [wrapper, this.program(), name, ...args], {
      env: this.env,
      cwd: this.home,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.processes.push(child);
  }

  private settings(port: number): NodeJS.ProcessEnv {
    const { logFolder, connection, env } = this.options;
    const extra = { region_name: connection.region, ...(connection.roleArn && { role_arn: connection.roleArn }) };
    return {
      PATH: `${path.dirname(this.python)}:${process.env.PATH}`,
      HOME: this.home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NO_PROXY: '127.0.0.1,localhost',
      AIRFLOW_HOME: this.home,
      AIRFLOW__CORE__DAGS_FOLDER: path.join(this.home, 'dags'),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
      AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
      AIRFLOW__CORE__PARALLELISM: '2',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${this.databaseFile()}?timeout=60`,
      // Airflow 2 refuses to run tasks side by side on SQLite, which locks no rows: so one process alone may schedule.
      _AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK: '1',
      AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION: 'False',
      AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME: '0.3',
      // A machine that is busy with other things fails no task.
      AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '60',
      AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '120',
      AIRFLOW__LOGGING__REMOTE_LOGGING: 'True',
      AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER: logFolder,
      AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID: 'aws_default',
      AIRFLOW_CONN_AWS_DEFAULT: JSON.stringify({ conn_type: 'aws', extra }),
      // Airflow 3 only.
      AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
      AIRFLOW__API__WORKERS: '1',
      AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(48).toString('hex'),
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
      ...env,
    };
  }

  private program(): string {
    return path.join(path.dirname(this.python), 'airflow');
  }

  private databaseFile(): string {
    return path.join(this.home, 'airflow.db');
  }

  private outputFile(part: string): string {
    return path.join(this.home, `${part}.out`);
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

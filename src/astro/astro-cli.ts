import { spawn } from 'node:child_process';
import { t } from '@vscode/l10n';
import {
  type DeploymentFacts,
  type DeploymentVariable,
  parseEnvironmentObjects,
  parseInspection,
} from '../core/deployment/deployment-facts';
import type { PushedVariable } from '../core/deployment/push-plan';
import { ExportError } from '../core/export-error';

/** A Deployment as `astro deployment list` names it. */
export interface ListedDeployment {
  readonly id: string;
  readonly name: string;
}

export interface AstroCliOptions {
  /** The program (a name on the PATH or a path) and what comes before every argument; default `astro` alone. */
  readonly command?: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for one call; default 60,000. */
  readonly timeout?: number;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

const NOT_LOGGED_IN = /no context set|have you authenticated|run astro login|unauthorized|not authenticated|401\b/i;
const UNKNOWN_FLAG = /unknown flag|unknown shorthand flag/i;
const UNKNOWN_COMMAND = /unknown command/i;

/**
 * The installed Astro CLI as a child process: arguments as an array, never a shell. What it prints holds the values of
 * other variables, so nothing of it is logged, and errors repeat only its last line of complaint.
 * Throws an {@link ExportError}: `cli-missing` where there is none, `cli-logged-out` where nobody is logged in.
 */
export class AstroCli {
  constructor(private readonly options: AstroCliOptions = {}) {}

  /** The Deployments of the current Workspace. */
  async deployments(options: CallOptions = {}): Promise<readonly ListedDeployment[]> {
    const { stdout } = await this.call(['deployment', 'list'], options);
    return parseDeploymentList(stdout);
  }

  /** All that Astro tells of a Deployment, its workload identity included where this version of the CLI tells it. */
  async inspect(deploymentId: string, options: CallOptions = {}): Promise<DeploymentFacts> {
    const args = ['deployment', 'inspect', deploymentId, '--output', 'json', '--clean-output'];
    const ended = await this.run([...args, '--show-workload-identity'], options);
    const isOlder = ended.code !== 0 && UNKNOWN_FLAG.test(ended.stderr);
    const { stdout } = isOlder ? await this.call(args.slice(0, -1), options) : this.check(ended, args);
    return parseInspection(stdout);
  }

  /**
   * Sets variables of a Deployment in one call, so that it restarts once. Secrets stay secrets, and other variables
   * stay as they are. `--load` isn't used: it would send the whole file.
   */
  async setDeploymentVariables(
    deploymentId: string,
    variables: readonly PushedVariable[],
    options: CallOptions = {},
  ): Promise<void> {
    const pairs = variables.map(({ key, after }) => `${key}=${after}`);
    await this.call(['deployment', 'variable', 'update', ...pairs, '--deployment-id', deploymentId], options);
  }

  /** The variables of a Workspace's environment manager. */
  async workspaceVariables(
    workspaceId: string | undefined,
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, DeploymentVariable>> {
    const args = ['env', 'variable', 'list', '--format', 'json', ...scope(workspaceId)];
    return parseEnvironmentObjects((await this.call(args, options)).stdout);
  }

  /** Sets a variable of a Workspace's environment manager, and creates it where it isn't there. */
  async setWorkspaceVariable(
    { key, after }: PushedVariable,
    workspaceId: string | undefined,
    options: CallOptions = {},
  ): Promise<void> {
    await this.call(['env', 'variable', 'update', key, '--value', after, ...scope(workspaceId)], options);
  }

  private async call(args: readonly string[], options: CallOptions): Promise<Ended> {
    return this.check(await this.run(args, options), args);
  }

  private check(ended: Ended, args: readonly string[]): Ended {
    const said = `${ended.stderr}\n${ended.stdout}`;
    if (ended.code === 0) return ended;
    if (NOT_LOGGED_IN.test(ended.stderr)) {
      throw new ExportError(
        'cli-logged-out',
        t('The Astro CLI is not logged in.'),
        t('Run "astro login" in a terminal, then try again.'),
      );
    }
    const command = ['astro', ...args.slice(0, 3).filter(arg => /^[a-z-]+$/.test(arg))].join(' ');
    const isOld = UNKNOWN_COMMAND.test(ended.stderr) || UNKNOWN_FLAG.test(ended.stderr);
    throw new ExportError(
      'cli-failed',
      t('"{0}" failed: {1}', command, lastComplaint(said) || t('exit code {0}', ended.code)),
      isOld
        ? t('Update the Astro CLI: this version does not know the command.')
        : t('Run the command in a terminal to see all that it says.'),
    );
  }

  private run(args: readonly string[], { signal }: CallOptions): Promise<Ended> {
    const { command = ['astro'], cwd, env = process.env, timeout = 60_000 } = this.options;
    const [executable, ...before] = command;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const child = spawn(executable, [...before, ...args], {
        cwd,
        env: { ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
      });
      const text = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', chunk => {
        text.stdout += chunk;
      });
      child.stderr.setEncoding('utf8').on('data', chunk => {
        text.stderr += chunk;
      });
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill();
      }, timeout);
      const abort = () => child.kill();
      signal?.addEventListener('abort', abort, { once: true });
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      child.once('error', cause => {
        done();
        reject(cliMissing(executable, cause));
      });
      child.once('close', code => {
        done();
        if (signal?.aborted) reject(signal.reason);
        else if (isLate) reject(tooLate(timeout));
        else resolve({ code: code ?? 1, ...text });
      });
    });
  }
}

function scope(workspaceId: string | undefined): string[] {
  return workspaceId === undefined ? [] : ['--workspace-id', workspaceId];
}

function cliMissing(executable: string, cause: unknown): ExportError {
  return new ExportError(
    'cli-missing',
    t('The Astro CLI could not be started: {0}', executable),
    t('Install it (https://www.astronomer.io/docs/astro/cli/install-cli), or open VS Code where it is on the PATH.'),
    { cause },
  );
}

function tooLate(timeout: number): ExportError {
  return new ExportError(
    'timeout',
    t('The Astro CLI gave no answer within {0} seconds.', Math.round(timeout / 1000)),
    t('Check the network, and try again.'),
  );
}

/** The CLI's own complaint without values of variables, which it repeats in some. */
function lastComplaint(output: string): string {
  const lines = output.split(/\r?\n/).map(line => line.trim());
  const complaint = lines.findLast(line => /^Error\b/i.test(line)) ?? '';
  return complaint.replace(/^Error:?\s*/i, '').replace(/([A-Z][A-Z0-9_]+)=\S*/g, '$1=***');
}

/** Ids as Astro makes them: https://www.astronomer.io/docs/astro/cli/astro-deployment-list */
const DEPLOYMENT_ID = /\bc[a-z0-9]{24}\b/;

/** Reads the table, by its heading: columns are set apart by blanks, and a name may hold one. */
function parseDeploymentList(table: string): readonly ListedDeployment[] {
  return table.split(/\r?\n/).flatMap(line => {
    const id = DEPLOYMENT_ID.exec(line)?.[0];
    const name = line.trim().split(/\s{2,}/)[0];
    return id === undefined || !name ? [] : { id, name };
  });
}

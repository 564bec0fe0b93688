import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession } from '../../../src/aws/open-session';
import type { CommandIo } from '../../../src/cli/command';
import { main } from '../../../src/cli/main';
import type { Check, CheckId } from '../../../src/core/check';
import { isExportError } from '../../../src/core/export-error';
import { loadExport } from '../../../src/jobs/load-export';
import { trustedRoles } from '../../../src/jobs/trust-files';
import { type VerifyInput, type VerifyReport, verify, verifyNothing } from '../../../src/jobs/verify';
import { startSandbox } from '../../../src/sandbox/start-sandbox';

export const BUCKET = 'acme-airflow-logs';
export const DEPLOYMENT_ROLE = 'arn:aws:iam::111122223333:role/astro-deployment-role';
export const EXPORT_ROLE = 'arn:aws:iam::123456789012:role/astro-task-logs';

export type Mode = 'workload-identity' | 'assume-role';

/** The same two modes, and a role that lies in the Deployment's own account, where AWS gives its reasons. */
export type World = Mode | 'one-account';
const ROLE_OF_ONE_ACCOUNT = 'arn:aws:iam::111122223333:role/astro-task-logs';
type Env = Record<string, string | undefined>;

/** Changes one of the scaffolded files before the sandbox takes them up. */
export interface Edits {
  readonly env?: (text: string) => string;
  readonly policy?: (text: string) => string;
  readonly trust?: (text: string) => string;
  readonly answers?: readonly string[];
}

export interface VerifyRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ok: boolean;
  readonly proven: boolean;
  readonly identity: string | null;
  readonly checks: readonly Check[];
  check(id: CheckId): Check;
}

export async function runCli(args: readonly string[], cwd: string, env: Env, signal?: AbortSignal) {
  let stdout = '';
  let stderr = '';
  const io: CommandIo = {
    stdout: async text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    env,
    cwd,
    signal: signal ?? new AbortController().signal,
  };
  const code = await main(args, io);
  return { code, stdout, stderr };
}

export type ReportOptions = Omit<Partial<VerifyInput>, 'session' | 'settings'> & { readonly env?: Env };

/** An export as scaffold writes it, in a folder of its own, with its policies edited. */
export async function scaffoldExport(kind: World, edits: Edits) {
  const mode = kind === 'workload-identity' ? kind : 'assume-role';
  const exportRole =
    mode === 'workload-identity' ? DEPLOYMENT_ROLE : kind === 'one-account' ? ROLE_OF_ONE_ACCOUNT : EXPORT_ROLE;
  const dir = mkdtempSync(path.join(tmpdir(), 'verify-'));
  const roles = mode === 'assume-role' ? ['--role-arn', exportRole, '--deployment-role', DEPLOYMENT_ROLE] : [];
  const answers = edits.answers ?? ['--region', 'us-east-1'];
  const scaffolded = await runCli(
    ['scaffold', '--bucket', BUCKET, '--prefix', 'logs', '--mode', mode, ...answers, ...roles],
    dir,
    {},
  );
  if (scaffolded.code !== 0) throw new Error(scaffolded.stderr);
  const edit = (name: string, change: ((text: string) => string) | undefined) => {
    if (!change) return;
    const file = path.join(dir, name);
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the edit changed nothing in ${name}:\n${before}`);
    writeFileSync(file, after);
  };
  edit('secondary-logs-policy.json', edits.policy);
  edit('secondary-logs-trust-policy.json', edits.trust);
  return { dir, mode, exportRole, edit } as const;
}

/**
 * The job itself, whose checks say what a program could change. `deploymentRole`: that of workload identity, which no file
 * names.
 */
export async function reportOn(
  { dir, mode, env }: { readonly dir: string; readonly mode: Mode; readonly env: Env },
  deploymentRole: string,
  input: Omit<ReportOptions, 'env'>,
): Promise<VerifyReport> {
  let loaded: Awaited<ReturnType<typeof loadExport>>;
  try {
    loaded = await loadExport(path.join(dir, '.env'));
  } catch (error) {
    if (isExportError(error)) return verifyNothing(error);
    throw error;
  }
  const { settings, target } = loaded;
  const session = await openSession({ target, env });
  const deploymentRoles = mode === 'assume-role' ? await trustedRoles(dir) : [deploymentRole];
  try {
    return await verify({ session, settings, deploymentRoles, ...input });
  } finally {
    session.close();
  }
}

/** An export as scaffold writes it, and a sandbox seeded from its files. */
export async function startWorld(kind: World, edits: Edits = {}) {
  const { dir, mode, exportRole, edit } = await scaffoldExport(kind, edits);
  const sandbox = await startSandbox({ seedFrom: dir });
  // After the seeding, which takes the bucket's name and region from the file as scaffold wrote it.
  edit('.env', edits.env);
  const env: Env = { ...sandbox.env, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  return {
    dir,
    sandbox,
    env,
    mode,
    exportRole,
    editEnv: (change: (text: string) => string) => edit('.env', change),
    report: ({ env: change = {}, ...input }: ReportOptions = {}): Promise<VerifyReport> =>
      reportOn({ dir, mode, env: { ...env, ...change } }, DEPLOYMENT_ROLE, input),
    async verify(args: readonly string[] = [], change: Env = {}, signal?: AbortSignal): Promise<VerifyRun> {
      const run = await runCli(['verify', '--format', 'json', ...args], dir, { ...env, ...change }, signal);
      if (run.code === 2)
        return { ...run, ok: false, proven: false, identity: null, checks: [], check: () => undefined as never };
      const report = JSON.parse(run.stdout) as Omit<VerifyRun, 'check'>;
      const check = (id: CheckId) => report.checks.find(one => one.id === id) as Check;
      return { ...report, ...run, check };
    },
    async stop() {
      await sandbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

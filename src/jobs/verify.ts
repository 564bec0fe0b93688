import { t } from '@vscode/l10n';
import type { AwsSession } from '../aws/session';
import { CHECK_IDS, type Check, type CheckId } from '../core/check';
import type { Cause } from '../core/diagnosis/cause';
import type { Change } from '../core/diagnosis/change';
import { principalName } from '../core/diagnosis/principal';
import { isExportEnabled, parseAirflowBoolean } from '../core/env/settings';
import type { ExportError } from '../core/export-error';
import { EXPORT_KEYS, type ExportSettings, type ExportTarget } from '../core/export-settings';
import { PERMISSION_CHECKS } from '../core/proof/needs';
import { checkSettings as checkBucketSettings, checkRegion } from './check-bucket';
import { CheckRunner, failureOf, skip } from './check-step';
import { isAboutWho, withAssumptions, withPermission } from './proof/merge-proof';
import { type DeploymentProof, isOneOf, proveDeployment } from './proof/prove-deployment';
import { BUCKET_CHECKS, BucketReplay } from './replay';

/** Milliseconds for all that is read and simulated. */
const PROOF_TIMEOUT = 60_000;

export interface VerifyInput {
  /** Stays open; the caller closes it. */
  readonly session: AwsSession;
  readonly settings: ExportSettings;
  /** False: nothing is written to the bucket. Default true. */
  readonly write?: boolean;
  /** The roles that are known to be the Deployments' own. Without one nothing is proven for the Deployment. */
  readonly deploymentRoles?: readonly string[];
  /** Milliseconds that one check may take; default a minute. */
  readonly checkTimeout?: number;
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: () => number;
}

export interface VerifyReport {
  /** No check failed. */
  readonly ok: boolean;
  /** Every permission was replayed as, or simulated for, the export's own role. */
  readonly proven: boolean;
  /** The ARN of the caller; null where it could not be asked. */
  readonly identity: string | null;
  /** In the order of {@link CHECK_IDS}. */
  readonly checks: readonly Check[];
  /** One sentence: what this means for the export. */
  readonly verdict: string;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Hears of each check as it ends, not in their order. */
  onProgress?(check: Check): void;
  /** Hears of each check that takes a while as it begins. */
  onStart?(id: CheckId): void;
}

/**
 * Replays what Airflow's S3 writer does, step by step, and says of each step whether it worked, as whom, and what to change.
 * Throws an ExportError `cancelled` when stopped; everything else is a failed check.
 */
export async function verify(input: VerifyInput, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { session, settings } = input;
  const checks = new Map<CheckId, Check>();
  const report = (check: Check): Check => {
    checks.set(check.id, check);
    options.onProgress?.(check);
    return check;
  };
  report(checkSettings(settings, session.target));
  const runner = new CheckRunner(session, report, id => options.onStart?.(id), options.signal, input.checkTimeout);
  const deploymentRoles = input.deploymentRoles ?? [];
  const caller = replayCaller(session, runner);
  const isDeployment = caller.identity.then(identity => isOneOf(identity, deploymentRoles));
  const proving = Promise.all([caller.identity, isDeployment]).then(([identity, isItself]) =>
    identity === null || isItself ? undefined : proveFor(session, identity, deploymentRoles, options.signal),
  );
  // Awaited below; where the run is stopped before that, nobody is left to hear of it.
  proving.catch(() => {});
  const [identity, as] = await Promise.all([caller.identity, caller.as]);
  const exportRole = session.target.roleArn ?? deploymentRoles[0];
  const bucket = { session, runner, as, identity, exportRole };
  if (as !== undefined) {
    await new BucketReplay({ ...bucket, as, write: input.write ?? true, now: input.now }).run();
  } else if (checks.get('credentials')?.status === 'pass') {
    await Promise.all([checkRegion(bucket), checkBucketSettings(bucket)]);
  }
  options.onStart?.('deployment');
  const isDenied = [...checks.values()].some(isAboutWho);
  const proof =
    (await proving) ??
    (isDenied && identity !== null ? await proveFor(session, identity, deploymentRoles, options.signal) : undefined);
  if (proof) for (const check of merged(checks, proof, deploymentRoles)) report(check);
  report(deploymentCheck(checks, identity, deploymentRoles, proof));
  return conclude(checks, identity, deploymentRoles, proof);
}

async function proveFor(
  session: AwsSession,
  identity: string,
  deploymentRoles: readonly string[],
  signal: AbortSignal | undefined,
): Promise<DeploymentProof | undefined> {
  const timeout = AbortSignal.timeout(PROOF_TIMEOUT);
  const account = principalName(identity)?.account ?? '';
  const roles = deploymentRoles.length > 0 ? deploymentRoles : roleOf(identity);
  return proveDeployment({
    session,
    account,
    deploymentRoles: roles,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
}

/** Where nobody says who the Deployment is, a denial is still explained by the caller's own policies. */
function roleOf(identity: string): string[] {
  const principal = principalName(identity);
  if (principal?.kind !== 'role') return [];
  return [`arn:${identity.split(':')[1]}:iam::${principal.account}:role/${principal.name}`];
}

function merged(
  checks: ReadonlyMap<CheckId, Check>,
  proof: DeploymentProof,
  deploymentRoles: readonly string[],
): Check[] {
  const changed: Check[] = [];
  const assumption = checks.get('assume-role');
  if (assumption && assumption.status !== 'skip') {
    changed.push(withAssumptions(assumption, proof.assumptions, deploymentRoles));
  }
  for (const [id, permission] of proof.permissions) {
    const check = checks.get(id);
    if (check) changed.push(withPermission(check, permission, proof));
  }
  return changed.filter(check => check !== checks.get(check.id));
}

/** The result where the settings name no target: one failed check, and nothing that could be asked. */
export function verifyNothing(problem: ExportError): VerifyReport {
  const failed = settingsCheck('fail', problem.message, ['bad-settings'], problem.nextStep);
  const others = CHECK_IDS.filter(id => id !== 'settings').map(id =>
    skip(id, t('the settings do not say what to check')),
  );
  return conclude(new Map([failed, ...others].map(check => [check.id, check])), null, [], undefined);
}

function checkSettings(settings: ExportSettings, target: ExportTarget): Check {
  const { bucket, prefix, roleArn } = target;
  if (isExportEnabled(settings)) {
    const where = `s3://${bucket}/${prefix}`;
    return settingsCheck(
      'pass',
      roleArn === undefined
        ? t("logs go to {0}, as the Deployment's workload identity", where)
        : t('logs go to {0}, through the role {1}', where, roleArn),
    );
  }
  const key = EXPORT_KEYS.enabled;
  const nextStep = t('Set {0}', `${key}=true`);
  const change: Change = { document: 'env', key, value: 'true' };
  if (settings.enabled === undefined) {
    return settingsCheck(
      'fail',
      t('the export is switched off: {0} is not set', key),
      ['export-disabled'],
      nextStep,
      change,
    );
  }
  return parseAirflowBoolean(settings.enabled) === false
    ? settingsCheck(
        'fail',
        t('the export is switched off: {0}', `${key}=${settings.enabled}`),
        ['export-disabled'],
        nextStep,
        change,
      )
    : settingsCheck(
        'fail',
        t('Airflow reads no boolean from {0}', `${key}=${settings.enabled}`),
        ['bad-settings'],
        nextStep,
        change,
      );
}

function settingsCheck(
  status: 'pass' | 'fail',
  message: string,
  causes: Cause[] = [],
  nextStep: string | null = null,
  change?: Change,
): Check {
  return { id: 'settings', status, proof: 'read', as: null, message, causes, nextStep, ...(change && { change }) };
}

/** Who asks. `as` undefined: the bucket can't be asked as the export's role; null: it can, but nobody knows as whom. */
interface Caller {
  readonly identity: Promise<string | null>;
  readonly as: Promise<string | null | undefined>;
}

/** The steps before the bucket is asked: credentials, who they are, and in `assume-role` the role. */
function replayCaller(session: AwsSession, runner: CheckRunner): Caller {
  const nobody = async () => null;
  const credentials = runner.step('credentials', nobody, async () => {
    await session.checkCredentials();
    return { message: t('credentials were found') };
  });
  const hasCredentials = credentials.then(({ status }) => {
    if (status === 'pass') return true;
    for (const id of ['identity', 'assume-role', ...BUCKET_CHECKS] as const) {
      runner.report(skip(id, t('there are no credentials')));
    }
    return false;
  });
  const identity = hasCredentials.then(has => (has ? askIdentity(session, runner) : null));
  const as = hasCredentials.then(has => (has ? assumeRole(session, runner, identity) : undefined));
  return { identity, as };
}

async function askIdentity(session: AwsSession, runner: CheckRunner): Promise<string | null> {
  let arn: string | null = null;
  await runner.step(
    'identity',
    async () => arn,
    async signal => {
      try {
        ({ arn } = await session.callerIdentity({ signal }));
      } catch (error) {
        // A store that is S3 alone has no STS.
        const isMissing = [404, 405, 501].includes(failureOf(error)?.status ?? 0);
        if (!isMissing || session.endpoint === undefined) throw error;
        const message = t('the identity is not known, since there is no GetCallerIdentity at {0}', session.endpoint);
        return { status: 'warn', message };
      }
      return { message: t('the caller is {0}', arn) };
    },
  );
  return arn;
}

/** The ARN that the bucket is asked as; undefined where the role could not be assumed. */
async function assumeRole(
  session: AwsSession,
  runner: CheckRunner,
  caller: Promise<string | null>,
): Promise<string | null | undefined> {
  const { accessMode, roleArn = '' } = session.target;
  if (accessMode === 'workload-identity') {
    runner.report(skip('assume-role', t('the export uses the workload identity itself and assumes no role')));
    return caller;
  }
  let arn: string | undefined;
  await runner.step(
    'assume-role',
    () => caller,
    async signal => {
      ({ arn } = await session.assumeRole({ signal }));
      return { message: t('assumed {0}', roleArn) };
    },
  );
  if (arn === undefined) {
    for (const id of BUCKET_CHECKS) runner.report(skip(id, t("the export's role could not be assumed")));
  }
  return arn;
}

/** What IAM's simulator takes no account of: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html */
function unseen(): string {
  return t('not seen by a simulation: policies of VPC endpoints and of KMS keys, and resource control policies');
}

/** Whether what was found speaks for the Deployment, and if not, what would have to be allowed for it to. */
function deploymentCheck(
  checks: ReadonlyMap<CheckId, Check>,
  identity: string | null,
  deploymentRoles: readonly string[],
  proof: DeploymentProof | undefined,
): Check {
  const base = { id: 'deployment', causes: [], nextStep: null } as const;
  if (isOneOf(identity, deploymentRoles)) {
    return {
      ...base,
      status: 'pass',
      proof: 'replayed',
      as: identity,
      message: t("the caller is the Deployment's own role"),
    };
  }
  if (identity === null) return skip('deployment', t('the caller is not known'));
  if (deploymentRoles.length === 0) {
    return skip('deployment', t("the Deployment's role is not known; name it with --deployment-role"));
  }
  if (speaksForExport(checks, deploymentRoles, proof)) {
    const role = proof?.exportRole ?? null;
    return {
      ...base,
      status: 'pass',
      proof: 'simulated',
      as: role,
      message: `${t('IAM simulated it for {0}', role ?? '')}; ${unseen()}`,
    };
  }
  const why = t("the Deployment's role is {0}, the caller {1}", deploymentRoles.join(', '), identity);
  const unread = proof?.unread ?? [];
  return {
    ...skip('deployment', [why, ...unread].join('; ')),
    nextStep: t(
      'Verify as a person who may call iam:SimulatePrincipalPolicy, iam:GetRole, iam:GetRolePolicy and s3:GetBucketPolicy, or run the probe DAG.',
    ),
  };
}

/** The checks that Airflow's writer can't do without. It deletes nothing. */
const NEEDED: readonly CheckId[] = ['identity', 'bucket-region', 'head', 'put', 'get', 'append', 'list'];

/** Whether each permission was replayed as, or simulated for, the export's own role, and the way to it too. */
function speaksForExport(
  checks: ReadonlyMap<CheckId, Check>,
  deploymentRoles: readonly string[],
  proof: DeploymentProof | undefined,
): boolean {
  const assumption = checks.get('assume-role');
  const isAssumed = assumption?.proof !== null && assumption?.proof !== undefined;
  if (isAssumed && !(assumption.status === 'pass' && isOneOf(assumption.as, deploymentRoles))) return false;
  return PERMISSION_CHECKS.filter(id => id !== 'delete').every(id => {
    const check = checks.get(id);
    if (check?.status !== 'pass') return false;
    if (check.proof === 'simulated') return proof?.isWhole === true;
    // In assume-role mode the role itself was asked; who may become it is the other check's matter.
    return isAssumed || isOneOf(check.as, deploymentRoles);
  });
}

function conclude(
  found: ReadonlyMap<CheckId, Check>,
  identity: string | null,
  deploymentRoles: readonly string[],
  proof: DeploymentProof | undefined,
): VerifyReport {
  const checks = CHECK_IDS.flatMap(id => found.get(id) ?? []);
  const failed = checks.filter(check => check.status === 'fail').map(check => check.id);
  const open = NEEDED.filter(id => found.get(id)?.status !== 'pass');
  const ok = failed.length === 0;
  const proven = ok && open.length === 0 && speaksForExport(found, deploymentRoles, proof);
  return { ok, proven, identity, checks, verdict: verdict() };

  function verdict(): string {
    if (!ok) return t('The export does not work; failed: {0}', failed.join(', '));
    if (proven) {
      return checks.some(check => check.proof === 'simulated')
        ? t("The export works: every step was replayed as, or simulated for, the export's own role.")
        : t("The export works: every step was replayed as the Deployment's own role.");
    }
    const why = open.length > 0 ? t('not replayed: {0}', open.join(', ')) : (found.get('deployment')?.message ?? '');
    return t('Works as you, not proven for the Deployment: {0}', why);
  }
}

import { t } from '@vscode/l10n';
import type { AwsSession } from '../aws/session';
import { CHECK_IDS, type Check, type CheckId } from '../core/check';
import type { Cause } from '../core/diagnosis/cause';
import { isSameRole } from '../core/diagnosis/principal';
import { isExportEnabled, parseAirflowBoolean } from '../core/env/settings';
import type { ExportError } from '../core/export-error';
import { EXPORT_KEYS, type ExportSettings, type ExportTarget } from '../core/export-settings';
import { CheckRunner, failureOf, skip } from './check-step';
import { BUCKET_CHECKS, BucketReplay } from './replay';

export interface VerifyInput {
  /** Stays open; the caller closes it. */
  readonly session: AwsSession;
  readonly settings: ExportSettings;
  /** False: nothing is written to the bucket. Default true. */
  readonly write?: boolean;
  /** The roles that are known to be the Deployments' own. Without one nothing is proven for the Deployment. */
  readonly deploymentRoles?: readonly string[];
}

export interface VerifyReport {
  /** No check failed. */
  readonly ok: boolean;
  /** Every permission was replayed as the export's own role. */
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
  const runner = new CheckRunner(session, report, options.signal);
  const { identity, as } = await replayCaller(session, runner);
  if (as !== undefined) await new BucketReplay({ session, runner, as, write: input.write ?? true }).run();
  return conclude(checks, identity, whyNotProven(input.deploymentRoles ?? [], identity));
}

/** The result where the settings name no target: one failed check, and nothing that could be asked. */
export function verifyNothing(problem: ExportError): VerifyReport {
  const failed = settingsCheck('fail', problem.message, ['bad-settings'], problem.nextStep);
  const others = CHECK_IDS.filter(id => id !== 'settings').map(id =>
    skip(id, t('the settings do not say what to check')),
  );
  return conclude(new Map([failed, ...others].map(check => [check.id, check])), null, '');
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
  if (settings.enabled === undefined) {
    return settingsCheck('fail', t('the export is switched off: {0} is not set', key), ['export-disabled'], nextStep);
  }
  return parseAirflowBoolean(settings.enabled) === false
    ? settingsCheck(
        'fail',
        t('the export is switched off: {0}', `${key}=${settings.enabled}`),
        ['export-disabled'],
        nextStep,
      )
    : settingsCheck(
        'fail',
        t('Airflow reads no boolean from {0}', `${key}=${settings.enabled}`),
        ['bad-settings'],
        nextStep,
      );
}

function settingsCheck(
  status: 'pass' | 'fail',
  message: string,
  causes: Cause[] = [],
  nextStep: string | null = null,
): Check {
  return { id: 'settings', status, proof: 'read', as: null, message, causes, nextStep };
}

/** Who asks. `as` undefined: the bucket can't be asked as the export's role; null: it can, but nobody knows as whom. */
interface Caller {
  readonly identity: string | null;
  readonly as: string | null | undefined;
}

/** The steps before the bucket is asked: credentials, who they are, and in `assume-role` the role. */
async function replayCaller(session: AwsSession, runner: CheckRunner): Promise<Caller> {
  const nobody = async () => null;
  const { status } = await runner.step('credentials', nobody, async () => {
    await session.checkCredentials();
    return { message: t('credentials were found') };
  });
  if (status !== 'pass') {
    for (const id of ['identity', 'assume-role', ...BUCKET_CHECKS] as const) {
      runner.report(skip(id, t('there are no credentials')));
    }
    return { identity: null, as: undefined };
  }
  const asking = askIdentity(session, runner);
  const [identity, as] = await Promise.all([asking, assumeRole(session, runner, asking)]);
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

/** Why the caller doesn't count as the Deployment; empty where it does. */
function whyNotProven(deploymentRoles: readonly string[], identity: string | null): string {
  if (identity === null) return t('the caller is not known');
  if (deploymentRoles.length === 0) return t("the Deployment's role is not known; name it with --deployment-role");
  if (deploymentRoles.some(role => isSameRole(role, identity))) return '';
  return t("the Deployment's role is {0}, the caller {1}", deploymentRoles.join(', '), identity);
}

/** The checks that Airflow's writer can't do without. It deletes nothing. */
const NEEDED: readonly CheckId[] = ['identity', 'bucket-region', 'head', 'put', 'get', 'append', 'list'];

function conclude(found: ReadonlyMap<CheckId, Check>, identity: string | null, whyNotRole: string): VerifyReport {
  const checks = CHECK_IDS.flatMap(id => found.get(id) ?? []);
  const failed = checks.filter(check => check.status === 'fail').map(check => check.id);
  const open = NEEDED.filter(id => found.get(id)?.status !== 'pass');
  const ok = failed.length === 0;
  const proven = ok && open.length === 0 && whyNotRole === '';
  return { ok, proven, identity, checks, verdict: verdict() };

  function verdict(): string {
    if (!ok) return t('The export does not work; failed: {0}', failed.join(', '));
    if (proven) return t("The export works: every step was replayed as the Deployment's own role.");
    const why = open.length > 0 ? t('not replayed: {0}', open.join(', ')) : whyNotRole;
    return t('Works as you, not proven for the Deployment: {0}', why);
  }
}

import { t } from '@vscode/l10n';
import { findBucketNameProblem } from '../aws-names';
import { isExportEnabled, parseAirflowBoolean, resolveTarget } from '../env/settings';
import { isExportError } from '../export-error';
import { EXPORT_KEYS, type ExportSettings, type ExportTarget } from '../export-settings';
import type { AwsFailure } from './aws-failure';
import { diagnose } from './diagnose';
import type { Diagnosis } from './diagnosis';
import { diagnosePythonError } from './log/python-error';

/**
 * What one step of the probe DAG came to. `ok` is true where it did what the export needs: a HEAD of a key that isn't
 * there is `ok` with status 404. Otherwise `code` is AWS's error code (or the status as text, as botocore gives it for a
 * HEAD), or the class of the Python exception where nothing answered.
 */
export interface ProbeStep {
  readonly ok: boolean;
  readonly status?: number | null;
  readonly code?: string | null;
  readonly message?: string | null;
}

/**
 * The line that the probe DAG logs, as one JSON object on one line. It is all that a Deployment tells about itself where
 * no log arrives, so that it can be copied out of the Astro UI.
 *
 * `settings` holds what Airflow's `conf` reads for the four keys, null where it reads nothing. `package` is the version of
 * astronomer-providers-logging, null where it isn't installed. `identity` and `role` are ARNs as GetCallerIdentity gives
 * them, before and after ROLE_ARN was assumed, or the step that failed; null where they were not asked. `head`, `put` and
 * `get` are about a key of `<prefix>/.astro-log-export/`; null where boto3 isn't there or the step before failed.
 */
export interface ProbeLine {
  readonly astro_log_export_probe: 1;
  /** What to look for in the bucket. */
  readonly token: string;
  /** Airflow's version. */
  readonly airflow: string;
  readonly settings: {
    readonly S3_BUCKET_ENABLED: string | null;
    readonly S3_BASE_LOG_FOLDER: string | null;
    readonly ROLE_ARN: string | null;
    readonly REGION: string | null;
  };
  readonly package: string | null;
  readonly identity: string | ProbeStep | null;
  readonly role: string | ProbeStep | null;
  readonly head: ProbeStep | null;
  readonly put: ProbeStep | null;
  readonly get: ProbeStep | null;
}

const PROBE_START = /\{\s*"astro_log_export_probe"\s*:/;

/** The first version that exports to a bucket: https://www.astronomer.io/docs/astro/export-secondary-s3-bucket */
const NEEDED_PACKAGE = [1, 6, 2] as const;

/** The probe line in a text; `'cut'` where only a part of it is there, undefined where there is none. */
export function findProbeLine(text: string): ProbeLine | 'cut' | undefined {
  const start = PROBE_START.exec(text)?.index;
  if (start === undefined) return undefined;
  const end = endOfObject(text, start);
  if (end === undefined) return 'cut';
  try {
    const value = JSON.parse(text.slice(start, end)) as ProbeLine;
    return typeof value.settings === 'object' && value.settings !== null ? value : 'cut';
  } catch {
    return 'cut';
  }
}

function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (isInString) {
      if (character === '\\') i++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}

/** Why the export doesn't work, as far as a probe line tells; undefined where each step of it worked. */
export function diagnoseProbeLine(probe: ProbeLine | 'cut'): Diagnosis | undefined {
  if (probe === 'cut') {
    return {
      causes: ['unknown'],
      message: t('the probe line is not whole'),
      nextStep: t('Copy the whole line, from the first brace to the last, out of the log of the probe task.'),
    };
  }
  return diagnoseSettings(probe) ?? diagnosePackage(probe) ?? diagnoseSteps(probe);
}

function settingsOf({ settings }: ProbeLine): ExportSettings {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const enabled = text(settings.S3_BUCKET_ENABLED);
  const baseLogFolder = text(settings.S3_BASE_LOG_FOLDER);
  const roleArn = text(settings.ROLE_ARN);
  const region = text(settings.REGION);
  return {
    ...(enabled !== undefined && { enabled }),
    ...(baseLogFolder !== undefined && { baseLogFolder }),
    ...(roleArn !== undefined && { roleArn }),
    ...(region !== undefined && { region }),
  };
}

function diagnoseSettings(probe: ProbeLine): Diagnosis | undefined {
  const settings = settingsOf(probe);
  const key = EXPORT_KEYS.enabled;
  if (!isExportEnabled(settings)) {
    const isOff = settings.enabled === undefined || parseAirflowBoolean(settings.enabled) === false;
    return {
      causes: [isOff ? 'export-disabled' : 'bad-settings'],
      message:
        settings.enabled === undefined
          ? t('the Deployment does not have {0}', key)
          : t('the Deployment has {0}', `${key}=${settings.enabled}`),
      nextStep: t('Set {0} on the Deployment.', `${key}=true`),
    };
  }
  try {
    const { bucket } = resolveTarget(settings);
    if (findBucketNameProblem(bucket) === undefined) return undefined;
  } catch (error) {
    if (!isExportError(error)) throw error;
    return { causes: ['bad-settings'], message: error.message, nextStep: error.nextStep };
  }
  return undefined;
}

function diagnosePackage(probe: ProbeLine): Diagnosis | undefined {
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(probe.package ?? '');
  if (numbers === null && probe.package !== null) return undefined;
  const found = numbers?.slice(1).map(part => Number(part ?? 0));
  if (found !== undefined && compare(found, NEEDED_PACKAGE) >= 0) return undefined;
  return {
    causes: ['bad-settings'],
    message:
      probe.package === null
        ? t('the image has no astronomer-providers-logging')
        : t('the image has astronomer-providers-logging {0}, which is too old for the export', probe.package),
    nextStep: t('Add {0} to requirements.txt and deploy again.', 'astronomer-providers-logging>=1.6.2'),
  };
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < other.length; i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const STEPS = [
  ['identity', 'sts:GetCallerIdentity'],
  ['role', 'sts:AssumeRole'],
  ['head', 's3:ListBucket'],
  ['put', 's3:PutObject'],
  ['get', 's3:GetObject'],
] as const;

function diagnoseSteps(probe: ProbeLine): Diagnosis | undefined {
  const target = resolveTarget(settingsOf(probe));
  const as = [probe.role, probe.identity].find(value => typeof value === 'string');
  for (const [name, action] of STEPS) {
    const step = probe[name];
    if (step === null || step === undefined || typeof step === 'string' || step.ok) continue;
    if (name === 'head' && step.status === 404) continue;
    return diagnoseStep(step, action, target, typeof as === 'string' ? as : undefined);
  }
  return undefined;
}

function diagnoseStep(step: ProbeStep, action: string, target: ExportTarget, as: string | undefined): Diagnosis {
  const code = step.code ?? '';
  const message = step.message ?? '';
  const context = { target, ...(as !== undefined && { as }) };
  const isStatus = /^\d{3}$/.test(code);
  const python = `${code}: ${message}`;
  const said = step.status || isStatus ? undefined : diagnosePythonError({ last: python, chain: python }, context);
  if (said) return said;
  const failure: AwsFailure = {
    awsCode: isStatus ? '' : code,
    status: step.status ?? (isStatus ? Number(code) : 403),
    message,
    action,
  };
  return diagnose(failure, context);
}

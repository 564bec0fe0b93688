import { t } from '@vscode/l10n';
import { findBucketNameProblem, parseRoleArn, partitionOfRegion, regionProblem } from '../aws-names';
import { ExportError } from '../export-error';
import { EXPORT_KEYS, type ExportSettings, type ExportTarget } from '../export-settings';
import { findLookAlikes, replaceLookAlikes } from '../text/look-alikes';
import { showValue } from '../text/show-value';
import { type EnvDocument, lastEntry } from './env-document';
import { parseS3Uri } from './s3-uri';

/** What a file's variables say: the last of several counts; values without quotes, blanks round them and comment. */
export function readSettings(document: EnvDocument): ExportSettings {
  const read = (name: keyof ExportSettings) => lastEntry(document, EXPORT_KEYS[name])?.value;
  const all = {
    enabled: read('enabled'),
    baseLogFolder: read('baseLogFolder'),
    roleArn: read('roleArn'),
    region: read('region'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * Reads a value as Airflow's `getboolean` does: what follows a `#` cut off, blanks round it off, any case.
 * Undefined is where Airflow raises "Failed to convert value to bool".
 * https://github.com/apache/airflow/blob/main/shared/configuration/src/airflow_shared/configuration/parser.py
 */
export function parseAirflowBoolean(value: string): boolean | undefined {
  const word = value.split('#', 1)[0]?.trim().toLowerCase();
  if (word === 't' || word === 'true' || word === '1') return true;
  if (word === 'f' || word === 'false' || word === '0') return false;
  return undefined;
}

/** Whether the export is switched on; a value that isn't a boolean switches nothing on. */
export function isExportEnabled(settings: ExportSettings): boolean {
  return settings.enabled !== undefined && parseAirflowBoolean(settings.enabled) === true;
}

/**
 * The bucket, prefix, region and access mode that the settings name; whether the export is switched on isn't asked.
 * Throws an {@link ExportError} `bad-settings` that names the variable and what to write instead.
 */
export function resolveTarget(settings: ExportSettings): ExportTarget {
  const { bucket, prefix } = resolveFolder(settings.baseLogFolder ?? '');
  const region = settings.region || undefined;
  const roleArn = settings.roleArn || undefined;
  if (region !== undefined) checkRegion(region);
  if (roleArn !== undefined) checkRole(roleArn, region);
  return {
    bucket,
    prefix,
    ...(region === undefined ? {} : { region }),
    ...(roleArn === undefined ? { accessMode: 'workload-identity' } : { accessMode: 'assume-role', roleArn }),
  };
}

function resolveFolder(value: string): { bucket: string; prefix: string } {
  const key = EXPORT_KEYS.baseLogFolder;
  if (value === '') {
    throw badSettings(t('{0} is not set.', key), t('Set it to the bucket and folder of the logs: s3://bucket/folder'));
  }
  refuseLookAlikes(key, value);
  const uri = parseS3Uri(value);
  if ('problem' in uri) {
    throw badSettings(
      t('{0} is not of the form s3://bucket/folder: {1}', key, showValue(value)),
      t('{0} Write it as s3://bucket/folder.', uri.problem),
    );
  }
  const problem = findBucketNameProblem(uri.bucket);
  if (problem) {
    throw badSettings(
      t('{0} names no possible bucket: {1}', key, showValue(uri.bucket)),
      t('{0} Write the bucket’s own name.', problem.message),
    );
  }
  return { bucket: uri.bucket, prefix: uri.prefix };
}

function checkRegion(value: string): void {
  refuseLookAlikes(EXPORT_KEYS.region, showValue(value));
  const problem = regionProblem(value);
  if (problem) throw badSettings(t('{0} is not an AWS region: {1}', EXPORT_KEYS.region, showValue(value)), problem);
}

function checkRole(value: string, region: string | undefined): void {
  refuseLookAlikes(EXPORT_KEYS.roleArn, showValue(value));
  const arn = parseRoleArn(value);
  if ('problem' in arn) {
    throw badSettings(
      t('{0} is not the ARN of a role: {1}', EXPORT_KEYS.roleArn, showValue(value)),
      t('{0} Copy the ARN from the role’s page in IAM.', arn.problem),
    );
  }
  const partition = region === undefined ? arn.partition : partitionOfRegion(region);
  if (partition !== arn.partition) {
    throw badSettings(
      t(
        '{0} is a role of the partition {1}, but {2} lies in {3}.',
        EXPORT_KEYS.roleArn,
        arn.partition,
        region ?? '',
        partition ?? '',
      ),
      t('Name a role and a region of the same partition.'),
    );
  }
}

/** Look-alikes first: every other message about such a value would show a text that looks right. */
function refuseLookAlikes(key: string, value: string): void {
  const [found] = findLookAlikes(value);
  if (!found) return;
  throw badSettings(
    t('{0} holds the character {1}, which only looks right: {2}', key, found.name, showValue(value)),
    t('Type it as {0}, or let astro-log-export lint --fix do it.', showValue(replaceLookAlikes(value).trim())),
  );
}

function badSettings(message: string, nextStep: string): ExportError {
  return new ExportError('bad-settings', message, nextStep);
}

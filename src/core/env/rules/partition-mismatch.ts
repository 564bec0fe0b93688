import { t } from '@vscode/l10n';
import { parseRoleArn, partitionOfRegion, type RoleArn } from '../../aws-names';
import { EXPORT_KEYS, type ExportKey } from '../../export-settings';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { EnvLintOptions } from '../env-rule';
import type { ExportVariables } from '../export-variables';

/** Region, role and the Deployment's identity: partitions of AWS share neither roles nor buckets. */
export function findPartitionMismatch({ set, claims }: ExportVariables, options: EnvLintOptions): Finding[] {
  const judge = (key: ExportKey) => (set.get(key) ?? claims.get(key))?.value;
  const role = judge(EXPORT_KEYS.roleArn);
  const region = judge(EXPORT_KEYS.region);
  const arn = readArn(role?.text);
  const regionPartition = region && partitionOfRegion(region.text);
  const findings: Finding[] = [];
  if (role && arn && region && regionPartition && arn.partition !== regionPartition) {
    const message = t(
      'The role is one of {0}, the region lies in {1}: the role can’t reach a bucket there.',
      arn.partition,
      regionPartition,
    );
    const related = [{ range: region.range, message: t('This region lies in the partition {0}.', regionPartition) }];
    findings.push(makeFinding('partition-mismatch', role.rangeOf(arn.ranges.partition), message, { related }));
  }
  const identity = readArn(options.deploymentIdentity);
  for (const [value, partition] of [
    [role, arn?.partition],
    [region, regionPartition],
  ] as const) {
    if (!identity || !value || !partition || partition === identity.partition) continue;
    const message = t(
      'This lies in {0}, the Deployment’s identity in {1}: the one can’t reach the other.',
      partition,
      identity.partition,
    );
    findings.push(makeFinding('partition-mismatch', value.range, message));
  }
  return findings;
}

function readArn(text: string | undefined): RoleArn | undefined {
  const arn = text === undefined ? undefined : parseRoleArn(text);
  return arn && 'problem' in arn ? undefined : arn;
}

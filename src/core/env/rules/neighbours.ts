import { t } from '@vscode/l10n';
import { EXPORT_KEYS, type ExportKey } from '../../export-settings';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { TextRange } from '../../text/text-range';
import type { ExportLines } from '../export-lines';

/** Settings of Airflow's own remote logging, through which Astro stores its logs. */
const RESERVED = [
  'AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS',
  'AIRFLOW__LOGGING__ENCRYPT_S3_LOGS',
  'AIRFLOW__LOGGING__DAG_PROCESSOR_LOG_TARGET',
  'AIRFLOW_CONN_ASTRO_S3_LOGGING',
];
const RESERVED_PREFIX = 'AIRFLOW__LOGGING__REMOTE_';

/** Variables of Astro's CloudWatch and Datadog exports that have a counterpart here. */
const COUNTERPARTS: Readonly<Record<string, ExportKey>> = {
  ASTRO_CLOUDWATCH_TASK_LOGS_ENABLED: EXPORT_KEYS.enabled,
  ASTRO_CLOUDWATCH_ROLE_ARN: EXPORT_KEYS.roleArn,
  ASTRO_CLOUDWATCH_AWS_REGION: EXPORT_KEYS.region,
  ASTRO_DATADOG_TASK_LOGS_ENABLED: EXPORT_KEYS.enabled,
};
const OTHER_EXPORT = /^(?:ASTRO_CLOUDWATCH_|ASTRO_DATADOG_|DATADOG_API_KEY$|DATADOG_SITE$)/;

/** `reserved-key`, `static-credentials` and variables of other exports: what other lines do to the export. */
export function findNeighbours({ document }: ExportLines): Finding[] {
  const findings: Finding[] = [];
  for (const line of document.lines) {
    if (line.kind !== 'entry' || !mayBeNeighbour(document.text, line.keyStart)) continue;
    const { entry } = line;
    if (entry?.separator === '=') findings.push(...judgeNeighbour(entry.key, entry.keyRange, entry.value === ''));
  }
  return findings;
}

const BEGINNING = /AIRFLOW__LOGGING__|AIRFLOW_CONN_ASTRO_|ASTRO_|AWS_ACCESS_|DATADOG_/y;

/** Of the thousands of lines that a file may have, only those that begin so are looked at. */
function mayBeNeighbour(text: string, at: number): boolean {
  BEGINNING.lastIndex = at;
  return BEGINNING.test(text);
}

/** What another variable of the same file does to the export. */
export function judgeNeighbour(key: string, keyRange: TextRange, isEmpty: boolean): Finding[] {
  if (key === 'AWS_ACCESS_KEY_ID') {
    if (isEmpty) return [];
    const message = t(
      'boto3 takes these keys before the workload identity, so the export writes as their owner or not at all.',
    );
    return [makeFinding('static-credentials', keyRange, message)];
  }
  if (key.startsWith(RESERVED_PREFIX) || RESERVED.includes(key)) {
    const message = t(
      'Astro sets this itself to keep its own copy of the logs; the export needs no setting of it, and changing it can lose logs.',
    );
    return [makeFinding('reserved-key', keyRange, message)];
  }
  if (!OTHER_EXPORT.test(key)) return [];
  const counterpart = COUNTERPARTS[key];
  const message = counterpart
    ? t(
        'This belongs to another of Astro’s exports; the export to S3 does not read it. Its own variable is {0}',
        counterpart,
      )
    : t('This belongs to another of Astro’s exports; the export to S3 does not read it.');
  return [makeFinding('unknown-key', keyRange, message)];
}

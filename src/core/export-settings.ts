/** How the export gets at the bucket: as the Deployment's own workload identity, or through a role that it assumes. */
export type AccessMode = 'workload-identity' | 'assume-role';

/** The section that all four keys share. */
export const KEY_PREFIX = 'AIRFLOW__ASTRO_SECONDARY_LOGS__';

/** The four variables of the export. */
export const EXPORT_KEYS = {
  enabled: `${KEY_PREFIX}S3_BUCKET_ENABLED`,
  baseLogFolder: `${KEY_PREFIX}S3_BASE_LOG_FOLDER`,
  roleArn: `${KEY_PREFIX}ROLE_ARN`,
  region: `${KEY_PREFIX}REGION`,
} as const;

export type ExportKey = (typeof EXPORT_KEYS)[keyof typeof EXPORT_KEYS];

/** What an export's variables say, as written: values are not judged here. Absent means the key isn't set. */
export interface ExportSettings {
  readonly enabled?: string;
  readonly baseLogFolder?: string;
  readonly roleArn?: string;
  readonly region?: string;
}

/** A resolved bucket, prefix, region and access mode. */
export interface ExportTarget {
  readonly bucket: string;
  /** The literal text before `dag_id=…` in every key: `''`, or ends in `/` (`logs/`). */
  readonly prefix: string;
  /** Undefined: the Deployment's own region, which a file can't tell. */
  readonly region?: string;
  readonly accessMode: AccessMode;
  /** The role to assume; present exactly in `assume-role`. */
  readonly roleArn?: string;
}

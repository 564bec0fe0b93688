export type Severity = 'error' | 'warning' | 'info';

/** The families that a setting can switch off as a whole. */
export type FindingFamily = 'env' | 'project' | 'policy' | 'cross-file';

interface FindingRow {
  readonly family: FindingFamily;
  /** The default; a rule may give a lower one where the table in the README says so. */
  readonly severity: Severity;
  /** One line for the README: what is found. */
  readonly summary: string;
  readonly docs: string;
  /** Whether some occurrences have a safe fix. */
  readonly fix: boolean;
}

const EXPORT_PAGE = 'https://www.astronomer.io/docs/astro/export-secondary-s3-bucket';
const VARIABLES_PAGE = 'https://www.astronomer.io/docs/astro/manage-env-vars';
const PLATFORM_PAGE = 'https://www.astronomer.io/docs/astro/platform-variables';
const RUNTIME_PAGE = 'https://www.astronomer.io/docs/astro/runtime-release-notes';
const BUCKET_PAGE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html';
const REGION_PAGE = 'https://docs.aws.amazon.com/general/latest/gr/s3.html';
const ROLE_ARN_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html';
const POLICY_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html';
const S3_ACTIONS_PAGE = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html';
const EVALUATION_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html';
const PRINCIPAL_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html';
const IAM_LIMITS_PAGE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';

function row(family: FindingFamily, severity: Severity, fix: boolean, docs: string, summary: string): FindingRow {
  return { family, severity, summary, docs, fix };
}

/** Every finding there is. The README's list is generated from this table. */
export const FINDINGS = {
  'missing-key': row('env', 'error', true, EXPORT_PAGE, 'A variable that the export needs is not set.'),
  'not-boolean': row(
    'env',
    'error',
    true,
    EXPORT_PAGE,
    'S3_BUCKET_ENABLED is not a value that Airflow reads as a boolean.',
  ),
  'export-disabled': row('env', 'info', false, EXPORT_PAGE, 'The export is switched off.'),
  'bad-s3-uri': row('env', 'error', true, EXPORT_PAGE, 'S3_BASE_LOG_FOLDER is not of the form s3://bucket/folder.'),
  'bad-bucket-name': row('env', 'error', true, BUCKET_PAGE, 'The bucket name breaks a rule of S3.'),
  'bad-region': row('env', 'error', true, REGION_PAGE, 'REGION is not of the form of an AWS region.'),
  'unknown-region': row(
    'env',
    'warning',
    true,
    REGION_PAGE,
    'REGION has the form of an AWS region, but none of that name is known.',
  ),
  'bad-role-arn': row('env', 'error', true, ROLE_ARN_PAGE, 'ROLE_ARN is not the ARN of an IAM role.'),
  'partition-mismatch': row(
    'env',
    'error',
    true,
    ROLE_ARN_PAGE,
    'Region, role and identity lie in different AWS partitions.',
  ),
  'unknown-key': row(
    'env',
    'warning',
    true,
    EXPORT_PAGE,
    'A variable that looks like one of the export, but that nothing reads.',
  ),
  'empty-value': row('env', 'error', false, EXPORT_PAGE, 'A variable of the export is set to nothing.'),
  'duplicate-key': row(
    'env',
    'error',
    true,
    VARIABLES_PAGE,
    'A variable of the export is set twice; the Astro commands disagree about which one counts.',
  ),
  'non-ascii': row(
    'env',
    'error',
    true,
    EXPORT_PAGE,
    'A character that only looks like the right one: non-breaking hyphen, smart quote, invisible space, BOM.',
  ),
  'loader-divergence': row(
    'env',
    'warning',
    true,
    VARIABLES_PAGE,
    'The Astro commands read different values from this line.',
  ),
  'file-rejected': row(
    'env',
    'warning',
    true,
    VARIABLES_PAGE,
    'An Astro command refuses the whole file because of this line.',
  ),
  'swallowed-key': row(
    'env',
    'error',
    false,
    VARIABLES_PAGE,
    "A variable of the export stands inside another variable's quotes.",
  ),
  'yaml-style-line': row('env', 'error', true, VARIABLES_PAGE, 'KEY: value instead of KEY=value.'),
  'line-too-long': row(
    'env',
    'error',
    false,
    VARIABLES_PAGE,
    'A line so long that --load drops the rest of the file without a word.',
  ),
  'secret-placeholder': row(
    'env',
    'error',
    false,
    VARIABLES_PAGE,
    'The placeholder of a secret, which would overwrite the secret when it is loaded.',
  ),
  'copied-line-number': row('env', 'error', true, EXPORT_PAGE, 'A line number that was copied along with the line.'),
  'reserved-key': row('env', 'warning', false, PLATFORM_PAGE, 'A variable that Astro manages itself.'),
  'static-credentials': row(
    'env',
    'warning',
    false,
    EXPORT_PAGE,
    'Access keys beside the export, which hide the workload identity.',
  ),
  'local-env-enabled': row(
    'env',
    'info',
    false,
    EXPORT_PAGE,
    'Local Airflow reads this file too, and writes into the same folder.',
  ),

  'runtime-too-old': row('project', 'error', false, RUNTIME_PAGE, 'The Astro Runtime is older than 11.7.0.'),
  'runtime-yanked': row('project', 'warning', false, RUNTIME_PAGE, 'Astronomer withdrew this Astro Runtime.'),
  'runtime-unknown': row('project', 'info', false, RUNTIME_PAGE, 'The image does not tell which Astro Runtime it is.'),
  'logging-package-missing': row(
    'project',
    'warning',
    true,
    EXPORT_PAGE,
    'astronomer-providers-logging is not pinned, and the Runtime may bundle an older one.',
  ),
  'logging-package-too-old': row(
    'project',
    'error',
    true,
    EXPORT_PAGE,
    'The requirement can never reach astronomer-providers-logging 1.6.2.',
  ),
  'remote-execution': row(
    'project',
    'info',
    false,
    EXPORT_PAGE,
    'A Remote Execution agent has log settings of its own.',
  ),

  'json-syntax': row(
    'policy',
    'error',
    true,
    POLICY_PAGE,
    'The policy is not valid JSON, or not of the form that IAM takes.',
  ),
  'duplicate-json-key': row('policy', 'error', true, POLICY_PAGE, 'A key stands twice in one object.'),
  'policy-too-large': row('policy', 'error', false, IAM_LIMITS_PAGE, 'The policy is larger than IAM takes.'),
  'missing-action': row('policy', 'error', true, EXPORT_PAGE, 'An action that the export needs is not allowed.'),
  'resource-mismatch': row(
    'policy',
    'error',
    true,
    S3_ACTIONS_PAGE,
    'A bucket action on objects, or an object action on the bucket.',
  ),
  'wrong-bucket': row('policy', 'error', true, EXPORT_PAGE, 'The policy names another bucket than the export.'),
  'wrong-prefix': row('policy', 'error', true, EXPORT_PAGE, "The policy's objects do not cover the export's folder."),
  'deny-overrides': row('policy', 'error', false, EVALUATION_PAGE, 'A Deny hits what the export does.'),
  overbroad: row('policy', 'warning', false, EXPORT_PAGE, 'The policy allows far more than the export needs.'),
  'trust-principal': row('policy', 'error', true, PRINCIPAL_PAGE, "The trusted principal is not a Deployment's role."),
  'trust-action': row('policy', 'error', true, PRINCIPAL_PAGE, 'The trust policy does not allow sts:AssumeRole.'),
  'trust-resource': row('policy', 'error', true, PRINCIPAL_PAGE, 'A trust policy takes no Resource.'),
  'bad-version': row('policy', 'warning', true, POLICY_PAGE, 'The Version is not 2012-10-17.'),
  'unknown-action': row('policy', 'warning', true, S3_ACTIONS_PAGE, 'No AWS action has this name.'),

  'bucket-mismatch': row('cross-file', 'error', false, EXPORT_PAGE, 'Two files name different buckets for one export.'),
  'role-mismatch': row('cross-file', 'error', false, EXPORT_PAGE, 'Two files name different roles for one export.'),
  'account-mismatch': row(
    'cross-file',
    'error',
    false,
    EXPORT_PAGE,
    "The trust's OIDC provider lies in another account than ROLE_ARN.",
  ),
  'shared-log-folder': row(
    'cross-file',
    'error',
    false,
    EXPORT_PAGE,
    'Two exports write to the same folder, so that same DAG, run and attempt become one object.',
  ),
} as const satisfies Record<string, FindingRow>;

/** The code of a finding, as settings and reports name it. */
export type FindingCode = keyof typeof FINDINGS;

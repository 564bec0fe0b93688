import { t } from '@vscode/l10n';
import { EXPORT_KEYS, type ExportKey } from '../export-settings';

/** When an export needs a variable; only the first can be seen in a file. */
type Requirement = 'always' | 'assume-role' | 'other-region';

/** What a person may want to know of one of the four variables. Texts are functions, since they follow the language. */
interface KeyFacts {
  readonly required: Requirement;
  /** What it does. */
  readonly purpose: () => string;
  /** The values it takes. */
  readonly allowed: () => string;
  /** What happens where it is set to nothing. */
  readonly whenEmpty: () => string;
  /** The documentation's example. */
  readonly example: string;
  /** Address of the page that describes it. */
  readonly docs: string;
}

const EXPORT_PAGE = 'https://www.astronomer.io/docs/astro/export-secondary-s3-bucket';

/** The four variables, in the order in which the documentation shows them. */
export const KEY_FACTS: Readonly<Record<ExportKey, KeyFacts>> = {
  [EXPORT_KEYS.enabled]: {
    required: 'always',
    purpose: () => t('Switches the export of task logs to the bucket on.'),
    allowed: () => t('true or false, as Airflow reads booleans: t, true, 1, f, false or 0 in any case.'),
    whenEmpty: () => t('No value: Airflow fails to read it as a boolean, and the export does not start.'),
    example: 'true',
    docs: EXPORT_PAGE,
  },
  [EXPORT_KEYS.baseLogFolder]: {
    required: 'always',
    purpose: () => t('The bucket, and the folder in it, under which every task log gets its key.'),
    allowed: () => t('s3://bucket/folder. Two Deployments need two folders, or they overwrite each other’s logs.'),
    whenEmpty: () => t('No value: the export has no bucket to write to, and no log arrives.'),
    example: 's3://my-bucket/logs',
    docs: EXPORT_PAGE,
  },
  [EXPORT_KEYS.roleArn]: {
    required: 'assume-role',
    purpose: () =>
      t('The role that the Deployment’s own identity assumes to write. Left out, that identity writes itself.'),
    allowed: () => t('The ARN of an IAM role: arn:aws:iam::123456789012:role/Name'),
    whenEmpty: () =>
      t('No value: no role is assumed. Name the role, or leave the variable out to use the workload identity.'),
    example: 'arn:aws:iam::123456789012:role/SecondaryS3LoggerRole',
    docs: EXPORT_PAGE,
  },
  [EXPORT_KEYS.region]: {
    required: 'other-region',
    purpose: () => t('The bucket’s region. It may be left out where that is the Deployment’s own.'),
    allowed: () => t('The id of an AWS region, such as us-east-1.'),
    whenEmpty: () => t('No value: leave the variable out where the bucket lies in the Deployment’s own region.'),
    example: 'us-east-1',
    docs: EXPORT_PAGE,
  },
};

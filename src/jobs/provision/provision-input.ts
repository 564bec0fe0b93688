import { t } from '@vscode/l10n';
import { ExportError } from '../../core/export-error';
import type { ExportTarget } from '../../core/export-settings';
import { buildTlsOnlyStatement } from '../../core/iam/build';
import { type PolicyGrammar, parsePolicyText } from '../../core/iam/parse-policy';
import type { PolicyDocument, PolicyStatement } from '../../core/iam/policy';
import type { BucketSettings, ExportStack } from '../../core/iam/render-stack';

/** What a person wants to have in AWS: the export's files, and what they were asked for beyond. */
export interface ProvisionInput {
  readonly target: ExportTarget;
  /** The role that gets the permission policy: the one to assume, or the Deployment's own. */
  readonly roleArn?: string;
  /** The texts of the export's files; a trust policy where the role is to be made. */
  readonly policy: string;
  readonly trust?: string;
  readonly bucketPolicy?: string;
  /** Present where the bucket is to be made. */
  readonly bucket?: BucketSettings;
  readonly boundaryArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The tag of whatever was created here: only that is ever deleted. */
export const CREATED_TAG = 'astro-log-export';
export const CREATED_VALUE = 'created';

/** The documents of the input's texts. Throws an ExportError `unreadable` for one that IAM would refuse. */
export function parseInput({ policy, trust, bucketPolicy, target, bucket }: ProvisionInput): {
  policy: PolicyDocument;
  trust?: PolicyDocument;
  bucketPolicy?: PolicyDocument;
} {
  const wanted = bucketPolicy === undefined ? undefined : parse(bucketPolicy, 'resource', t('the bucket policy'));
  const own = bucket ? [buildTlsOnlyStatement(target.bucket, partitionOf(policy))] : [];
  const statements = [...(wanted?.Statement ?? []), ...own];
  return {
    policy: parse(policy, 'identity', t('the permission policy')),
    ...(trust !== undefined && { trust: parse(trust, 'trust', t('the trust policy')) }),
    ...(statements.length > 0 && { bucketPolicy: { Version: '2012-10-17', Statement: statements } }),
  };
}

function partitionOf(policy: string): string {
  return /"arn:(aws[\w-]*):s3:::/.exec(policy)?.[1] ?? 'aws';
}

function parse(text: string, grammar: PolicyGrammar, what: string) {
  const { document, problems } = parsePolicyText(text, grammar);
  if (document && problems.length === 0) return document;
  throw new ExportError(
    'unreadable',
    t('{0} is not one that IAM takes: {1}', what, problems[0]?.message ?? ''),
    t('Correct the file: the editor marks what is wrong in it.'),
  );
}

/** The same wishes as the model that Terraform, CloudFormation and the AWS CLI's script are written from. */
export function stackOf(input: ProvisionInput, bucketAccount?: string): ExportStack {
  const { policy, trust, bucketPolicy } = parseInput(input);
  return {
    bucket: input.target.bucket,
    roles: input.roleArn === undefined ? [] : [input.roleArn],
    policy,
    ...(trust && { trust }),
    ...(bucketPolicy && { bucketPolicy }),
    ...(bucketAccount !== undefined && { bucketAccount }),
    ...(input.bucket && { bucketSettings: input.bucket }),
    ...(input.boundaryArn !== undefined && { boundaryArn: input.boundaryArn }),
    ...(input.tags && { tags: input.tags }),
  };
}

/** A bucket's policy with our statements in it: those of the same name are replaced, all others stay as they are. */
export function mergeBucketPolicy(present: string | undefined, own: PolicyDocument): string {
  const ours = own.Statement as readonly PolicyStatement[];
  if (present === undefined) return JSON.stringify(own, null, 2);
  const { Statement, ...rest } = JSON.parse(present) as { Statement: PolicyStatement | PolicyStatement[] };
  const kept = [Statement]
    .flat()
    .filter(({ Sid }) => Sid === undefined || !ours.some(statement => statement.Sid === Sid));
  return JSON.stringify({ ...rest, Statement: [...kept, ...ours] }, null, 2);
}

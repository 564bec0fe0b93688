import { type ExportStack, keyStatementComment, lifecycleRule, POLICY_NAME, rolesOf, tagsOf } from './render-stack';

/**
 * The stack as a shell script for the AWS CLI. It can be run again: it changes what differs and leaves the rest. With a
 * bucket in another account it is run once with credentials of each, and stops at a bucket policy that isn't its own.
 * https://docs.aws.amazon.com/cli/latest/reference/iam/put-role-policy.html
 */
export function renderAwsCli(stack: ExportStack): string {
  const roleSide = renderRoles(stack);
  const bucketSide = [...renderBucket(stack), ...renderBucketPolicy(stack)];
  const body =
    stack.bucketAccount === undefined
      ? [...roleSide, ...bucketSide]
      : [
          'account=$(aws sts get-caller-identity --query Account --output text)',
          `if [ "$account" != ${quote(stack.bucketAccount)} ]; then`,
          ...roleSide,
          'else',
          ...(bucketSide.length === 0 ? [':'] : bucketSide),
          'fi',
        ];
  return `${['#!/usr/bin/env bash', ...keyStatementComment(stack), 'set -euo pipefail', '', ...body].join('\n')}\n`;
}

function renderRoles(stack: ExportStack): string[] {
  const roles = rolesOf(stack);
  const lines = [...assignDocument('policy', stack.policy)];
  if (stack.trust) lines.push(...assignDocument('trust', stack.trust));
  const names =
    roles.length === 0
      ? [`"\${1:?Give the name of the role as the first argument}"`]
      : roles.map(role => quote(role.name));
  for (const [i, name] of names.entries()) {
    lines.push(`role=${name}`);
    if (stack.trust) lines.push(...renderRole(stack, roles[i]?.path));
    lines.push(`aws iam put-role-policy --role-name "$role" --policy-name ${POLICY_NAME} --policy-document "$policy"`);
  }
  return lines;
}

function renderRole(stack: ExportStack, path: string | undefined): string[] {
  const at = path === undefined ? '' : ` --path ${quote(path)}`;
  const boundary = stack.boundaryArn === undefined ? '' : ` --permissions-boundary ${quote(stack.boundaryArn)}`;
  const tags = tagsOf(stack).length === 0 ? '' : ` --tags ${quote(JSON.stringify(tagList(stack)))}`;
  return [
    'if aws iam get-role --role-name "$role" >/dev/null 2>&1; then',
    '  aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"',
    ...(boundary === '' ? [] : [`  aws iam put-role-permissions-boundary --role-name "$role"${boundary}`]),
    ...(tags === '' ? [] : [`  aws iam tag-role --role-name "$role"${tags}`]),
    'else',
    `  aws iam create-role --role-name "$role"${at} --assume-role-policy-document "$trust"${boundary}${tags} >/dev/null`,
    'fi',
  ];
}

function tagList(stack: ExportStack): readonly object[] {
  return tagsOf(stack).map(([Key, Value]) => ({ Key, Value }));
}

/** https://docs.aws.amazon.com/cli/latest/reference/s3api/ */
function renderBucket(stack: ExportStack): string[] {
  const settings = stack.bucketSettings;
  if (!settings) return [];
  const put = (operation: string, argument: string, value: unknown) =>
    `aws s3api ${operation} --bucket "$bucket" --region "$region" --${argument} ${quote(JSON.stringify(value))}`;
  const { region, kmsKeyArn } = settings;
  const place = region === 'us-east-1' ? '' : ` --create-bucket-configuration LocationConstraint=${quote(region)}`;
  const encryption =
    kmsKeyArn === undefined
      ? { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
      : {
          BucketKeyEnabled: true,
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
        };
  return [
    `bucket=${quote(stack.bucket)}`,
    `region=${quote(region)}`,
    'if ! aws s3api head-bucket --bucket "$bucket" --region "$region" >/dev/null 2>&1; then',
    `  aws s3api create-bucket --bucket "$bucket" --region "$region"${place} >/dev/null`,
    'fi',
    put('put-public-access-block', 'public-access-block-configuration', {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    }),
    put('put-bucket-ownership-controls', 'ownership-controls', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }),
    put('put-bucket-encryption', 'server-side-encryption-configuration', { Rules: [encryption] }),
    ...(settings.versioning ? [put('put-bucket-versioning', 'versioning-configuration', { Status: 'Enabled' })] : []),
    put('put-bucket-lifecycle-configuration', 'lifecycle-configuration', { Rules: [lifecycleRule(settings)] }),
    ...(tagsOf(stack).length === 0 ? [] : [put('put-bucket-tagging', 'tagging', { TagSet: tagList(stack) })]),
  ];
}

function renderBucketPolicy(stack: ExportStack): string[] {
  if (!stack.bucketPolicy) return [];
  return [
    ...assignDocument('bucket_policy', stack.bucketPolicy),
    `bucket=${quote(stack.bucket)}`,
    'if current=$(aws s3api get-bucket-policy --bucket "$bucket" --query Policy --output text 2>&1); then',
    '  if [ "$(tr -d \'[:space:]\' <<<"$current")" != "$(tr -d \'[:space:]\' <<<"$bucket_policy")" ]; then',
    '    echo "The bucket $bucket has a policy already: add these statements to it." >&2',
    '    echo "$bucket_policy" >&2',
    '    exit 1',
    '  fi',
    'elif [[ $current == *NoSuchBucketPolicy* ]]; then',
    '  aws s3api put-bucket-policy --bucket "$bucket" --policy "$bucket_policy"',
    'else',
    '  echo "$current" >&2',
    '  exit 1',
    'fi',
  ];
}

/** A quoted here-document keeps `$` and quotes of the JSON as they are. `read` returns 1 at its end. */
function assignDocument(variable: string, document: unknown): string[] {
  return [`IFS= read -r -d '' ${variable} <<'POLICY' || true`, JSON.stringify(document, null, 2), 'POLICY'];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { type ExportStack, POLICY_NAME, rolesOf } from './render-stack';

/**
 * The stack as a shell script for the AWS CLI. It can be run again: it changes what differs and leaves the rest. With a
 * bucket in another account it is run once with credentials of each, and stops at a bucket policy that isn't its own.
 * https://docs.aws.amazon.com/cli/latest/reference/iam/put-role-policy.html
 */
export function renderAwsCli(stack: ExportStack): string {
  const roleSide = renderRoles(stack);
  const body = stack.bucketPolicy
    ? [
        'account=$(aws sts get-caller-identity --query Account --output text)',
        `if [ "$account" != ${quote(stack.bucketAccount ?? '')} ]; then`,
        ...roleSide,
        'else',
        ...renderBucketPolicy(stack),
        'fi',
      ]
    : roleSide;
  return `${['#!/usr/bin/env bash', 'set -euo pipefail', '', ...body].join('\n')}\n`;
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
    if (stack.trust) {
      const path = roles[i] ? ` --path ${quote(roles[i].path)}` : '';
      lines.push(
        'if aws iam get-role --role-name "$role" >/dev/null 2>&1; then',
        '  aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"',
        'else',
        `  aws iam create-role --role-name "$role"${path} --assume-role-policy-document "$trust" >/dev/null`,
        'fi',
      );
    }
    lines.push(`aws iam put-role-policy --role-name "$role" --policy-name ${POLICY_NAME} --policy-document "$policy"`);
  }
  return lines;
}

function renderBucketPolicy(stack: ExportStack): string[] {
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

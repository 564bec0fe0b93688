import {
  ABORT_UPLOAD_DAYS,
  type BucketSettings,
  type ExportStack,
  indentRest,
  keyStatementComment,
  POLICY_NAME,
  rolesOf,
  tagsOf,
} from './render-stack';

/**
 * The stack as Terraform. A policy is the argument of `jsonencode`, in the JSON that HCL takes as it is. With a bucket in
 * another account the same file is applied once with credentials of each.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy
 */
export function renderTerraform(stack: ExportStack): string {
  const blocks: string[] = [];
  const comment = keyStatementComment(stack);
  if (comment.length > 0) blocks.push(comment.join('\n'));
  const roles = rolesOf(stack);
  const hasTwoSides = stack.bucketAccount !== undefined;
  if (hasTwoSides) {
    blocks.push(
      '# Apply it once with credentials of each account, and a state for each: either makes its own part.\n' +
        'data "aws_caller_identity" "current" {}',
      block('locals', [
        ['in_bucket_account', `data.aws_caller_identity.current.account_id == ${quote(stack.bucketAccount ?? '')}`],
      ]),
    );
  }
  if (roles.length === 0) {
    const description = stack.trust ? 'Name of the role to make' : "Name of the Deployment's role";
    blocks.push(
      block('variable "role_name"', [
        ['type', 'string'],
        ['description', quote(description)],
      ]),
    );
  }
  const onRoleSide: Argument[] = hasTwoSides ? [['count', 'local.in_bucket_account ? 0 : 1']] : [];
  const onBucketSide: Argument[] = hasTwoSides ? [['count', 'local.in_bucket_account ? 1 : 0']] : [];
  const names = roles.length === 0 ? ['var.role_name'] : roles.map(role => quote(role.name));
  if (stack.trust) {
    blocks.push(
      block('resource "aws_iam_role" "secondary_logs"', [
        ...onRoleSide,
        ['name', names[0] as string],
        ...optional('path', roles[0] && quote(roles[0].path)),
        ...optional('permissions_boundary', stack.boundaryArn && quote(stack.boundaryArn)),
        ['assume_role_policy', encode(stack.trust)],
        ...tagArgument(stack),
      ]),
    );
  }
  const made = hasTwoSides ? 'aws_iam_role.secondary_logs[0].name' : 'aws_iam_role.secondary_logs.name';
  names.forEach((name, i) => {
    const label = i === 0 ? 'secondary_logs' : `secondary_logs_${i + 1}`;
    blocks.push(
      block(`resource "aws_iam_role_policy" "${label}"`, [
        ...onRoleSide,
        ['name', quote(POLICY_NAME)],
        ['role', stack.trust ? made : name],
        ['policy', encode(stack.policy)],
      ]),
    );
  });
  if (stack.bucketSettings) blocks.push(...bucketBlocks(stack, stack.bucketSettings, onBucketSide));
  if (stack.bucketPolicy) {
    const policy = block('resource "aws_s3_bucket_policy" "secondary_logs"', [
      ...onBucketSide,
      ['bucket', bucketOf(stack)],
      ['policy', encode(stack.bucketPolicy)],
    ]);
    const warning = '# A bucket has one policy: where it has one already, add these statements to it instead.\n';
    blocks.push(stack.bucketSettings ? policy : warning + policy);
  }
  return `${blocks.join('\n\n')}\n`;
}

/** The bucket's name, by the resource that makes it where there is one, so that Terraform makes that first. */
function bucketOf({ bucket, bucketSettings, bucketAccount }: ExportStack): string {
  if (!bucketSettings) return quote(bucket);
  return bucketAccount === undefined ? 'aws_s3_bucket.secondary_logs.id' : 'aws_s3_bucket.secondary_logs[0].id';
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket */
function bucketBlocks(stack: ExportStack, settings: BucketSettings, side: readonly Argument[]): string[] {
  const bucket: Argument = ['bucket', bucketOf(stack)];
  const part = (kind: string, ...args: readonly (Argument | Nested)[]) =>
    block(`resource "aws_s3_bucket_${kind}" "secondary_logs"`, [...side, bucket, ...args]);
  const rule: (Argument | Nested)[] = [
    ['id', quote(POLICY_NAME)],
    ['status', quote('Enabled')],
    nested('filter', []),
    nested('abort_incomplete_multipart_upload', [['days_after_initiation', String(ABORT_UPLOAD_DAYS)]]),
  ];
  if (settings.expireDays !== undefined) rule.push(nested('expiration', [['days', String(settings.expireDays)]]));
  if (settings.noncurrentDays !== undefined) {
    rule.push(nested('noncurrent_version_expiration', [['noncurrent_days', String(settings.noncurrentDays)]]));
  }
  const encryption: Argument[] =
    settings.kmsKeyArn === undefined
      ? [['sse_algorithm', quote('AES256')]]
      : [
          ['sse_algorithm', quote('aws:kms')],
          ['kms_master_key_id', quote(settings.kmsKeyArn)],
        ];
  return [
    `# The provider has to be set up for the bucket's region, ${settings.region}.\n` +
      block('resource "aws_s3_bucket" "secondary_logs"', [
        ...side,
        ['bucket', quote(stack.bucket)],
        ...tagArgument(stack),
      ]),
    part(
      'public_access_block',
      ['block_public_acls', 'true'],
      ['block_public_policy', 'true'],
      ['ignore_public_acls', 'true'],
      ['restrict_public_buckets', 'true'],
    ),
    part('ownership_controls', nested('rule', [['object_ownership', quote('BucketOwnerEnforced')]])),
    part(
      'server_side_encryption_configuration',
      nested('rule', [
        ...optional('bucket_key_enabled', settings.kmsKeyArn && 'true'),
        nested('apply_server_side_encryption_by_default', encryption),
      ]),
    ),
    ...(settings.versioning
      ? [part('versioning', nested('versioning_configuration', [['status', quote('Enabled')]]))]
      : []),
    part('lifecycle_configuration', nested('rule', rule)),
  ];
}

type Argument = readonly [name: string, expression: string];

/** A block within a block. */
interface Nested {
  readonly nested: string;
}

function nested(head: string, args: readonly (Argument | Nested)[]): Nested {
  return { nested: block(head, args) };
}

function optional(name: string, expression: string | undefined): Argument[] {
  return expression ? [[name, expression]] : [];
}

function tagArgument(stack: ExportStack): Argument[] {
  const tags = tagsOf(stack);
  if (tags.length === 0) return [];
  const width = Math.max(...tags.map(([key]) => quote(key).length));
  const lines = tags.map(([key, value]) => `  ${quote(key).padEnd(width)} = ${quote(value)}`);
  return [['tags', `{\n${lines.join('\n')}\n}`]];
}

/** As `terraform fmt` lays it out: the equals signs of neighbouring one-line arguments stand below one another. */
function block(head: string, args: readonly (Argument | Nested)[]): string {
  if (args.length === 0) return `${head} {}`;
  const lines: string[] = [];
  args.forEach((arg, i) => {
    if ('nested' in arg) {
      if (i > 0) lines.push('');
      lines.push(`  ${indentRest(arg.nested, 2)}`);
      return;
    }
    const [name, expression] = arg;
    lines.push(`  ${name.padEnd(widthAt(args, i))} = ${indentRest(expression, 2)}`);
  });
  return `${head} {\n${lines.join('\n').replaceAll(/^ +$/gm, '')}\n}`;
}

/** The longest name among an argument's neighbours on lines of their own. */
function widthAt(args: readonly (Argument | Nested)[], at: number): number {
  const isShort = (arg: Argument | Nested | undefined): arg is Argument =>
    arg !== undefined && !('nested' in arg) && !arg[1].includes('\n');
  if (!isShort(args[at])) return 0;
  let from = at;
  while (isShort(args[from - 1])) from--;
  let width = 0;
  for (let i = from; isShort(args[i]); i++) width = Math.max(width, (args[i] as Argument)[0].length);
  return width;
}

function encode(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replace(/^( *"(?:[^"\\]|\\.)*"):/gm, '$1 :');
  return `jsonencode(${escapeTemplates(json)})`;
}

function quote(text: string): string {
  return escapeTemplates(JSON.stringify(text));
}

/** `${` and `%{` begin an expression inside of a string. */
function escapeTemplates(text: string): string {
  return text.replace(/[$%](?=\{)/g, marker => marker + marker);
}

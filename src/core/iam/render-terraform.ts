import { type ExportStack, indentRest, POLICY_NAME, rolesOf } from './render-stack';

/**
 * The stack as Terraform. A policy is the argument of `jsonencode`, in the JSON that HCL takes as it is. With a bucket in
 * another account the same file is applied once with credentials of each.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy
 */
export function renderTerraform(stack: ExportStack): string {
  const blocks: string[] = [];
  const roles = rolesOf(stack);
  if (stack.bucketAccount !== undefined) {
    blocks.push(
      '# Apply it once with credentials of each account, and a state for each: either makes its own part.\n' +
        'data "aws_caller_identity" "current" {}',
      block('locals', [
        ['in_bucket_account', `data.aws_caller_identity.current.account_id == ${quote(stack.bucketAccount)}`],
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
  const onRoleSide: Argument[] =
    stack.bucketAccount === undefined ? [] : [['count', 'local.in_bucket_account ? 0 : 1']];
  const names = roles.length === 0 ? ['var.role_name'] : roles.map(role => quote(role.name));
  if (stack.trust) {
    const path: Argument[] = roles[0] ? [['path', quote(roles[0].path)]] : [];
    const name: Argument = ['name', names[0] as string];
    blocks.push(
      block('resource "aws_iam_role" "secondary_logs"', [
        ...onRoleSide,
        name,
        ...path,
        ['assume_role_policy', encode(stack.trust)],
      ]),
    );
  }
  const made =
    stack.bucketAccount === undefined ? 'aws_iam_role.secondary_logs.name' : 'aws_iam_role.secondary_logs[0].name';
  names.forEach((name, i) => {
    const label = i === 0 ? 'secondary_logs' : `secondary_logs_${i + 1}`;
    const role: Argument = ['role', stack.trust ? made : name];
    blocks.push(
      block(`resource "aws_iam_role_policy" "${label}"`, [
        ...onRoleSide,
        ['name', quote(POLICY_NAME)],
        role,
        ['policy', encode(stack.policy)],
      ]),
    );
  });
  if (stack.bucketPolicy) {
    blocks.push(
      '# A bucket has one policy: where it has one already, add these statements to it instead.\n' +
        block('resource "aws_s3_bucket_policy" "secondary_logs"', [
          ['count', 'local.in_bucket_account ? 1 : 0'],
          ['bucket', quote(stack.bucket)],
          ['policy', encode(stack.bucketPolicy)],
        ]),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

type Argument = readonly [name: string, expression: string];

/** As `terraform fmt` lays it out: the equals signs of neighbouring one-line arguments stand below one another. */
function block(head: string, args: readonly Argument[]): string {
  const isLong = ([, expression]: Argument) => expression.includes('\n');
  const width = Math.max(...args.filter(arg => !isLong(arg)).map(([name]) => name.length));
  const lines = args.map(arg => {
    const [name, expression] = arg;
    return `  ${isLong(arg) ? name : name.padEnd(width)} = ${indentRest(expression, 2)}`;
  });
  return `${head} {\n${lines.join('\n')}\n}`;
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

import type { PolicyDocument } from './policy';

/** What has to exist in AWS for an export: the one model behind every rendering. */
export interface ExportStack {
  readonly bucket: string;
  /** The bucket's account, where it isn't the roles'. */
  readonly bucketAccount?: string;
  /** ARNs of the roles that write; empty where the name isn't known, which the rendering then asks for. */
  readonly roles: readonly string[];
  readonly policy: PolicyDocument;
  /** Present where the role is to be made; otherwise the roles are there and only get the policy. */
  readonly trust?: PolicyDocument;
  readonly bucketPolicy?: PolicyDocument;
}

/** The name of the inline policy in every rendering. */
export const POLICY_NAME = 'secondary-logs';

export interface RoleName {
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
}

/** Name and path of a role's ARN: `arn:aws:iam::123456789012:role/team/Name` → `Name`, `/team/`. */
function roleNameOf(arn: string): RoleName {
  const resource = arn.split(':').slice(5).join(':');
  const slash = resource.lastIndexOf('/');
  return { name: resource.slice(slash + 1), path: resource.slice('role'.length, slash + 1) };
}

/** The roles of a stack, only one of them where it is to be made; none where the name has to be asked for. */
export function rolesOf(stack: ExportStack): readonly RoleName[] {
  const roles = stack.roles.map(roleNameOf);
  return stack.trust ? roles.slice(0, 1) : roles;
}

/** Moves all lines but the first to the right. */
export function indentRest(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** A role or user behind an ARN. */
export interface PrincipalName {
  readonly kind: 'role' | 'user' | 'root' | 'other';
  readonly account: string;
  /** Without its path. */
  readonly name: string;
}

/**
 * Who an ARN speaks of: a role's session and the role itself give the same answer, because the session's ARN leaves out the path.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function principalName(arn: string): PrincipalName | undefined {
  const match = /^arn:[\w-]+:(iam|sts)::(\d{12}):(.+)$/.exec(arn);
  if (!match) return undefined;
  const [, service, account, resource] = match as unknown as [string, string, string, string];
  const [kind, ...rest] = resource.split('/');
  if (resource === 'root') return { kind: 'root', account, name: 'root' };
  if (service === 'sts' && kind === 'assumed-role' && rest.length >= 2) {
    return { kind: 'role', account, name: rest[0] as string };
  }
  const name = rest.at(-1);
  if (service === 'iam' && (kind === 'role' || kind === 'user') && name) return { kind, account, name };
  return { kind: 'other', account, name: resource };
}

/** Whether two ARNs, of sessions or of roles, speak of the same role. */
export function isSameRole(one: string, other: string): boolean {
  const a = principalName(one);
  const b = principalName(other);
  return a?.kind === 'role' && b?.kind === 'role' && a.account === b.account && a.name === b.name;
}

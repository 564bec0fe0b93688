import type { PolicyStatement } from '../iam/policy';

/** What has to be allowed, where: one statement more, never a wider one, and never a Deny less. */
interface Allowed {
  /** `s3:PutObject`; both of KMS's belong together. */
  readonly actions: readonly string[];
  readonly resource: string;
  /** What `s3:prefix` has to match, where the statement is about listing one folder. */
  readonly listedPrefix?: string;
}

/**
 * The smallest change that cures a cause, for a program to make: a statement in one of the policies, or one variable.
 * Causes that take a person's judgement (a Deny, a key, a network) have none.
 */
export type Change =
  | ({ readonly document: 'permission' | 'boundary' | 'caller-permission' } & Allowed)
  | ({ readonly document: 'bucket'; readonly principal: string } & Allowed)
  | { readonly document: 'trust'; readonly principal: string; readonly action: string }
  | { readonly document: 'env'; readonly key: string; readonly value: string };

/** The statement that a change adds to its policy; undefined for a variable. */
export function statementOf(change: Change): PolicyStatement | undefined {
  if (change.document === 'env') return undefined;
  if (change.document === 'trust') {
    return { Effect: 'Allow', Principal: { AWS: change.principal }, Action: change.action };
  }
  const [only, ...others] = change.actions;
  return {
    Effect: 'Allow',
    ...(change.document === 'bucket' && { Principal: { AWS: change.principal } }),
    Action: only !== undefined && others.length === 0 ? only : change.actions,
    Resource: change.resource,
    ...(change.listedPrefix !== undefined && { Condition: { StringLike: { 's3:prefix': change.listedPrefix } } }),
  };
}

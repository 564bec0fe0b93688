import type { Finding } from '../../finding';
import type { JudgedPolicy } from './judged-policy';
import { findOverbroad } from './overbroad';
import { findDenialFaults, findPermissionFaults } from './permission-findings';
import type { StatementView } from './policy-view';

/**
 * A bucket policy has to let the export in only where the bucket's account isn't the role's, which no file tells: what it
 * doesn't allow is reported where it was plainly written to let the role in.
 */
export function findBucketPolicyFaults(policy: JudgedPolicy): Finding[] {
  const { reading, target } = policy;
  const isMeant =
    reading.isNamedAsOurs || reading.hasOurSid || reading.statements.some(view => letsIn(view, target.roleArn));
  const faults = isMeant ? findPermissionFaults(policy) : findDenialFaults(policy);
  return [...faults, ...findOverbroad(policy)];
}

/** Whether a statement gives the export's role the right to write. */
function letsIn({ effect, principals, actions }: StatementView, roleArn: string | undefined): boolean {
  return (
    effect === 'Allow' &&
    principals.some(({ value }) => value === roleArn) &&
    actions.some(({ value }) => /^s3:putobject$/i.test(value))
  );
}

import type { Finding } from '../../finding';
import type { JudgedPolicy } from './judged-policy';
import { NEEDED_ACTIONS } from './needed-requests';
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
    reading.isNamedAsOurs || reading.hasOurSid || reading.statements.some(view => isForExport(view, target.roleArn));
  const faults = isMeant ? findPermissionFaults(policy) : findDenialFaults(policy);
  return [...faults, ...findOverbroad(policy)];
}

/** Whether a statement gives the export's role the right to write, or one role all that the export needs. */
function isForExport({ effect, principals, actions }: StatementView, roleArn: string | undefined): boolean {
  const names = actions.map(({ value }) => value.toLowerCase());
  if (effect !== 'Allow' || roleArn === undefined) return false;
  if (principals.some(({ value }) => value === roleArn)) return names.includes('s3:putobject');
  const isOneRole = principals.length === 1 && principals.every(({ value }) => /:iam::\d{12}:role\//.test(value));
  return isOneRole && NEEDED_ACTIONS.every(action => names.includes(action.toLowerCase()));
}

import type { PolicyRecord } from '../identity-records';
import type { IdentityStore } from '../identity-store';
import { malformedPolicy, policyRecord, policySize } from '../policy-record';
import { awsPrincipals } from '../principal-binding';
import { limitExceeded } from './iam-call';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
const MAX_TRUST_SIZE = 2048;

/**
 * A trust policy that comes through IAM's API: roles and users that it names have to exist.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
 */
export function trustRecord(text: string, store: IdentityStore): PolicyRecord {
  const record = policyRecord(text, 'trust');
  if (policySize(text) > MAX_TRUST_SIZE) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_SIZE}`);
  }
  for (const name of awsPrincipals(record.document)) {
    if (!store.principalExists(name)) throw malformedPolicy(`Invalid principal in policy: "AWS":"${name}"`);
  }
  return record;
}

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
    if (!isKnown(name, store)) throw malformedPolicy(`Invalid principal in policy: "AWS":"${name}"`);
  }
  return record;
}

function isKnown(name: string, store: IdentityStore): boolean {
  if (/^A(ROA|IDA)/.test(name)) return store.findPrincipalById(name) !== undefined;
  const [, account, kind, session] =
    /^arn:[^:]+:(?:iam|sts)::(\d{12}):(role|user|assumed-role)\/(.+)$/.exec(name) ?? [];
  if (account === undefined || session === undefined) return true;
  if (kind === 'role') return store.findRoleByArn(name) !== undefined;
  if (kind === 'user') return store.findUserByArn(name) !== undefined;
  return store.accounts.get(account)?.roles.has(session.split('/')[0]!) ?? false;
}

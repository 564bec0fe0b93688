import { t } from '@vscode/l10n';
import type { Check } from '../../core/check';
import type { Cause } from '../../core/diagnosis/cause';
import { isSameRole, principalName } from '../../core/diagnosis/principal';
import type { Judgement } from '../../core/proof/judge-permission';
import { type DeploymentProof, isOneOf, type RoleProof } from './prove-deployment';

/** Causes that are about who asks, not about the bucket or the way to it. */
const ABOUT_WHO: ReadonlySet<Cause> = new Set<Cause>([
  'missing-list-bucket',
  'missing-get-object',
  'missing-put-object',
  'missing-delete-object',
  'explicit-deny',
  'bucket-policy-denies',
  'other-account-bucket',
  'scp-denies',
  'boundary-denies',
  'trust-denies',
  'caller-may-not-assume',
  'role-not-found',
  'role-recreated',
]);

export function isAboutWho({ status, causes }: Check): boolean {
  return status === 'fail' && causes[0] !== undefined && ABOUT_WHO.has(causes[0]);
}

/** A replayed check of the bucket, with what is known of the export's role beside it. */
export function withPermission(
  check: Check,
  proof: RoleProof,
  { exportRole, isBucketRead }: Pick<DeploymentProof, 'exportRole' | 'isBucketRead'>,
): Check {
  const { judgement } = proof;
  if (check.as !== null && isSameRole(check.as, exportRole)) {
    if (!isAboutWho(check)) return check;
    return judgement.allowed && !isBucketRead ? ofForeignBucket(check, exportRole) : explained(check, judgement);
  }
  if (!judgement.allowed) return failed(check, proof);
  if (proof.knownBy !== 'simulated') return check;
  if (check.status === 'warn' || (check.status === 'fail' && !isAboutWho(check))) return check;
  const who = principalName(exportRole)?.name ?? exportRole;
  return {
    id: check.id,
    status: 'pass',
    proof: 'simulated',
    as: proof.as,
    message:
      check.status === 'pass'
        ? t('allowed for role {0} by simulation; as you: {1}', who, check.message)
        : t('allowed for role {0} by simulation; not done as you: {1}', who, check.message),
    causes: [],
    nextStep: null,
  };
}

/** The replayed assumption of the role, with what is known of the Deployments' way to it. */
export function withAssumptions(check: Check, proofs: readonly RoleProof[], deploymentRoles: readonly string[]): Check {
  const refused = proofs.find(({ judgement }) => !judgement.allowed);
  if (isOneOf(check.as, deploymentRoles)) {
    return refused && check.status === 'fail' ? explained(check, refused.judgement) : check;
  }
  if (refused) return failed(check, refused);
  const [first] = proofs;
  if (first === undefined || proofs.length < deploymentRoles.length) return check;
  if (check.status === 'fail' && !isAboutWho(check)) return check;
  const message = proofs.map(({ judgement }) => judgement.message).join('; ');
  if (proofs.every(({ knownBy }) => knownBy === 'simulated')) {
    return { id: check.id, status: 'pass', proof: 'simulated', as: first.as, message, causes: [], nextStep: null };
  }
  if (check.status === 'pass') return check;
  return {
    id: check.id,
    status: 'warn',
    proof: 'read',
    as: first.as,
    message: t(
      "{0}; whether that role's own policy allows it too is not known here, and you may not assume it",
      message,
    ),
    causes: [],
    nextStep: t('Run the probe DAG, or verify with the credentials of the Deployment.'),
  };
}

function failed(check: Check, { judgement, knownBy, as }: RoleProof): Check {
  const { message, causes, nextStep = null, change } = judgement;
  return { id: check.id, status: 'fail', proof: knownBy, as, message, causes, nextStep, ...(change && { change }) };
}

/** AWS denied it: the documents say which statement is missing or denies, or that they allow it and something else doesn't. */
function explained(check: Check, judgement: Judgement): Check {
  if (!judgement.allowed) {
    const { nextStep = check.nextStep, change } = judgement;
    // What comes of a denied append is worse than the denial, and stays said.
    const message = check.id === 'append' ? `${check.message}; ${judgement.message}` : judgement.message;
    const causes = [
      ...new Set([...judgement.causes, ...check.causes.filter(cause => judgement.causes.includes(cause))]),
    ];
    return { ...check, message, causes, nextStep, ...(change && { change }) };
  }
  if (check.causes.length < 2) return check;
  const { change: _, ...rest } = check;
  return {
    ...rest,
    causes: ['explicit-deny', 'scp-denies', 'kms-denied'],
    message: t('{0}, although every policy that can be read allows it', check.message),
    nextStep: t(
      'Ask who manages the AWS organization and the VPC endpoints: a service or resource control policy, or the policy of an endpoint, denies it.',
    ),
  };
}

/** The role's own policies allow it, and nobody may read the bucket's: it belongs to another account, most likely. */
function ofForeignBucket(check: Check, exportRole: string): Check {
  if (!check.causes.includes('other-account-bucket')) return check;
  const { change, ...rest } = check;
  const isPermission = change?.document === 'permission';
  const rights = isPermission ? `${change.actions.join(', ')} on ${change.resource}` : t('these actions');
  return {
    ...rest,
    causes: [
      'other-account-bucket',
      'bucket-policy-denies',
      'explicit-deny',
      'scp-denies',
      'kms-denied',
      'requester-pays',
    ],
    message: t(
      '{0}, although the policies of the role allow it; the policy of the bucket cannot be read',
      check.message,
    ),
    nextStep: t('Ask the account that owns the bucket to allow {0} for {1} in its bucket policy.', rights, exportRole),
    ...(isPermission && { change: { ...change, document: 'bucket', principal: exportRole } }),
  };
}

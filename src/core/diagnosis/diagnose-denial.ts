import { t } from '@vscode/l10n';
import type { AwsFailure } from './aws-failure';
import type { Cause } from './cause';
import type { Change } from './change';
import { type Denial, parseDenial } from './denial';
import type { Diagnosis, DiagnosisContext } from './diagnosis';
import { principalName } from './principal';

const PERMISSION_POLICY_FILE = 'secondary-logs-policy.json';
const TRUST_POLICY_FILE = 'secondary-logs-trust-policy.json';

const MISSING: Readonly<Record<string, Cause>> = {
  's3:ListBucket': 'missing-list-bucket',
  's3:GetObject': 'missing-get-object',
  's3:PutObject': 'missing-put-object',
  's3:DeleteObject': 'missing-delete-object',
};

/** Who is missing which permission, and which document has to change. Undefined for what is no denial. */
export function diagnoseDenial(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  if (failure.status !== 403 && !/^AccessDenied/.test(failure.awsCode)) return undefined;
  const denial = parseDenial(failure.message);
  const action = denial.action ?? failure.action;
  if (action === 'sts:AssumeRole' || action === 'sts:AssumeRoleWithWebIdentity') {
    return diagnoseAssumeRole(action, denial, context);
  }
  if (action.startsWith('sts:') || action.startsWith('iam:')) {
    return {
      causes: [denial.effect === 'explicit' ? 'explicit-deny' : 'unknown'],
      message: t('{0} is denied', action),
      nextStep: t('Ask who manages your AWS account to allow {0}.', action),
    };
  }
  return diagnoseS3Denial(action, denial, failure, context);
}

function diagnoseAssumeRole(action: string, denial: Denial, context: DiagnosisContext): Diagnosis {
  const role = context.target.roleArn ?? denial.resource ?? '';
  const known = denial.principal ?? context.as;
  const caller = known ?? t('the caller');
  const message = t('{0} may not assume {1}', caller, role);
  const limited = limitedBy(action, denial, message);
  if (limited) return limited;
  if (action === 'sts:AssumeRoleWithWebIdentity') return webIdentityDenied(message, role);
  if (denial.policy === 'identity') {
    return {
      causes: [denial.effect === 'explicit' ? 'explicit-deny' : 'caller-may-not-assume'],
      message,
      nextStep:
        denial.effect === 'explicit'
          ? t('Remove the Deny of {0} on {1} from the policies of {2}.', action, role, describePrincipal(caller))
          : t('Add {0} on {1} to the permission policy of {2}.', action, role, describePrincipal(caller)),
      ...(denial.effect !== 'explicit' && {
        change: { document: 'caller-permission', actions: [action], resource: role },
      }),
    };
  }
  if (denial.policy === 'resource' && denial.effect === 'explicit') {
    return {
      causes: ['trust-denies'],
      message,
      nextStep: t(
        'Remove the Deny that hits {0} from the trust policy of {1} ({2}).',
        trusted(caller),
        describePrincipal(role),
        TRUST_POLICY_FILE,
      ),
    };
  }
  const trustStep = t(
    'Name {0} as Principal with sts:AssumeRole in the trust policy of {1} ({2}), without a condition on sts:ExternalId, which Astro does not send, then save that policy in IAM again.',
    trusted(caller),
    describePrincipal(role),
    TRUST_POLICY_FILE,
  );
  // Without a name there is nothing that a program could write into the policy.
  const change: Pick<Diagnosis, 'change'> =
    known === undefined ? {} : { change: { document: 'trust', principal: trusted(known), action } };
  if (denial.policy === 'resource') return { causes: ['trust-denies'], message, nextStep: trustStep, ...change };
  // AWS gives one text for all of these: https://repost.aws/knowledge-center/iam-assume-role-error
  return {
    causes: ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    message,
    nextStep: trustStep,
    ...change,
  };
}

/**
 * A service account of the cluster asks, which no policy of its own could stop.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
function webIdentityDenied(message: string, role: string): Diagnosis {
  return {
    causes: ['trust-denies', 'role-not-found'],
    message,
    nextStep: t(
      'Compare the trust policy of {0} with the Deployment: the OIDC provider, its :aud, and its :sub, which has to name the service accounts of worker and triggerer.',
      role === '' ? t("the Deployment's role") : describePrincipal(role),
    ),
  };
}

/** What a trust policy has to name for a caller: the role, not its session. The path of a session's role isn't known. */
function trusted(arn: string): string {
  const principal = principalName(arn);
  if (principal?.kind !== 'role' || !arn.includes(':sts:')) return arn;
  const partition = arn.split(':')[1];
  return `arn:${partition}:iam::${principal.account}:role/${principal.name}`;
}

/** Policies of the organisation, a boundary or a VPC endpoint, which neither the role's nor the bucket's policy can lift. */
function limitedBy(action: string, denial: Denial, message: string, resource?: string): Diagnosis | undefined {
  switch (denial.policy) {
    case 'scp':
    case 'rcp':
      return {
        causes: ['scp-denies'],
        message: t('{0}: a policy of the AWS organization stands against it', message),
        nextStep: t(
          'Ask who manages the AWS organization to allow {0} in its {1} control policies.',
          action,
          denial.policy === 'scp' ? 'service' : 'resource',
        ),
      };
    case 'boundary':
      return {
        causes: ['boundary-denies'],
        message: t('{0}: the permissions boundary stands against it', message),
        nextStep: t('Allow {0} in the permissions boundary of the role.', action),
        ...(denial.effect !== 'explicit' &&
          resource !== undefined && { change: { document: 'boundary', actions: [action], resource } }),
      };
    case 'vpc-endpoint':
      return {
        causes: ['explicit-deny'],
        message: t('{0}: the policy of a VPC endpoint stands against it', message),
        nextStep: t('Allow {0} in the policy of the VPC endpoint that the requests pass.', action),
      };
    case 'session':
      return {
        causes: [denial.effect === 'explicit' ? 'explicit-deny' : (MISSING[action] ?? 'unknown')],
        message: t('{0}: the session policy stands against it', message),
        nextStep: t('Allow {0} in the policy that was passed when the role was assumed.', action),
      };
    default:
      return undefined;
  }
}

function diagnoseS3Denial(action: string, denial: Denial, failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  const resource = resourceOf(action, context);
  const who = exportPrincipal(context, denial);
  const message = t('{0} on {1} is denied', action, resource);
  const limited = limitedBy(action, denial, message, resource);
  if (limited) return limited;
  const change: Change = { document: 'permission', actions: [action], resource };
  const missing = MISSING[action] ?? 'unknown';
  const addStatement = t(
    'Add {0} on {1} to the permission policy of {2} ({3}).',
    action,
    resource,
    who,
    PERMISSION_POLICY_FILE,
  );
  if (denial.effect === 'explicit') {
    return denial.policy === 'resource'
      ? {
          causes: ['bucket-policy-denies'],
          message: t('{0} by a Deny in the bucket policy', message),
          nextStep: t(
            'Except {0} from the Deny of {1} in the policy of the bucket {2}.',
            who,
            action,
            context.target.bucket,
          ),
        }
      : {
          causes: ['explicit-deny'],
          message: t('{0} by a Deny', message),
          nextStep: t('Remove the Deny that hits {0} on {1} from the policies of {2}.', action, resource, who),
        };
  }
  if (denial.policy === 'identity') return { causes: [missing], message, nextStep: addStatement, change };
  if (denial.policy === 'resource') {
    return {
      causes: ['other-account-bucket', missing],
      message: t('{0}: the bucket belongs to another account, whose bucket policy does not allow it', message),
      nextStep: t('Allow {0} for {1} in the policy of the bucket {2}.', action, who, context.target.bucket),
      ...(context.target.roleArn !== undefined && {
        change: { document: 'bucket', principal: context.target.roleArn, actions: [action], resource },
      }),
    };
  }
  if (failure.awsCode === '') {
    // A HEAD's answer has no body: S3 says the same 403 for all of these.
    return {
      causes: [
        'missing-list-bucket',
        'missing-get-object',
        'bucket-policy-denies',
        'other-account-bucket',
        'unknown-access-key',
        'bad-signature',
        'clock-skew',
        'explicit-deny',
        'kms-denied',
        'scp-denies',
        'boundary-denies',
        'requester-pays',
      ],
      message: t('S3 answers 403 without a reason, as it does where {0} is denied', 's3:ListBucket'),
      nextStep: t(
        'Add {0} on {1} to the permission policy of {2} ({3}).',
        's3:ListBucket',
        bucketArn(context),
        who,
        PERMISSION_POLICY_FILE,
      ),
      change: { document: 'permission', actions: ['s3:ListBucket'], resource: bucketArn(context) },
    };
  }
  const others: Cause[] = ['bucket-policy-denies', 'other-account-bucket', 'explicit-deny'];
  if (action === 's3:GetObject' || action === 's3:PutObject') others.push('kms-denied', 'requester-pays');
  return { causes: [missing, ...others], message, nextStep: addStatement, change };
}

function partitionOf(context: DiagnosisContext): string {
  const { region, roleArn } = context.target;
  const stated = /^arn:([\w-]+):/.exec(roleArn ?? context.as ?? '')?.[1];
  if (stated) return stated;
  if (region?.startsWith('cn-')) return 'aws-cn';
  if (region?.startsWith('us-gov-')) return 'aws-us-gov';
  if (region?.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}

function bucketArn(context: DiagnosisContext): string {
  return `arn:${partitionOf(context)}:s3:::${context.target.bucket}`;
}

/** The resource that a statement has to name for the whole export, not for one object of it. */
function resourceOf(action: string, context: DiagnosisContext): string {
  const bucket = bucketArn(context);
  const isObjectAction = /^s3:(Get|Put|Delete|Restore|Abort|ListMultipartUploadParts)\w*(Object|Parts|Upload)/.test(
    action,
  );
  return isObjectAction ? `${bucket}/${context.target.prefix}*` : bucket;
}

function describePrincipal(arn: string): string {
  const principal = principalName(arn);
  if (principal?.kind === 'role') return t('role {0}', principal.name);
  if (principal?.kind === 'user') return t('user {0}', principal.name);
  return arn;
}

function exportPrincipal(context: DiagnosisContext, denial: Denial): string {
  const arn = context.target.roleArn ?? denial.principal ?? context.as;
  return arn === undefined ? t("the Deployment's role") : describePrincipal(arn);
}

/** A bucket encrypted with a KMS key needs rights on that key too. */
export function kmsDenied(failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  const denial = parseDenial(failure.message);
  const isDenied = denial.effect !== 'explicit' && /^AccessDenied/.test(failure.awsCode);
  const action = denial.action?.startsWith('kms:')
    ? denial.action
    : failure.action === 's3:GetObject'
      ? 'kms:Decrypt'
      : 'kms:GenerateDataKey';
  const key = denial.resource?.includes(':kms:') ? denial.resource : t('the KMS key of the bucket');
  return {
    causes: ['kms-denied'],
    message: t('{0} is denied on {1}', action, key),
    nextStep: t(
      'Add kms:GenerateDataKey and kms:Decrypt on {0} to the permission policy of {1} ({2}), and allow the role in the key policy.',
      key,
      exportPrincipal(context, denial),
      PERMISSION_POLICY_FILE,
    ),
    ...(isDenied &&
      denial.resource?.includes(':kms:') && {
        change: { document: 'permission', actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resource: denial.resource },
      }),
  };
}

import { t } from '@vscode/l10n';
import type { ExportTarget } from '../export-settings';
import { EXPORT_KEYS } from '../export-settings';
import type { AwsFailure } from './aws-failure';
import type { Cause } from './cause';
import { type Denial, parseDenial } from './denial';
import { principalName } from './principal';

/** What was asked, and as whom. */
export interface DiagnosisContext {
  readonly target: ExportTarget;
  /** The object that was asked for. */
  readonly key?: string;
  /** The ARN that asked, as GetCallerIdentity prints it. */
  readonly as?: string;
  /** The endpoint in use where it isn't AWS's own. */
  readonly endpoint?: string;
}

/** Why a request failed and what to change. */
export interface Diagnosis {
  /** Most likely first, never empty. */
  readonly causes: readonly [Cause, ...Cause[]];
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do now. */
  readonly nextStep: string;
}

const PERMISSION_POLICY_FILE = 'secondary-logs-policy.json';
const TRUST_POLICY_FILE = 'secondary-logs-trust-policy.json';

/** Names the causes that a failure's code, status and words leave open, and the next step for the first of them. */
export function diagnose(failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  return (
    (failure.status === 0 ? diagnoseNetwork(failure, context) : undefined) ??
    diagnoseCredentials(failure, context) ??
    diagnosePlace(failure, context) ??
    diagnoseService(failure, context) ??
    diagnoseDenial(failure, context) ??
    unknownFailure(failure)
  );
}

function unknownFailure(failure: AwsFailure): Diagnosis {
  const said = [failure.awsCode, failure.message].filter(Boolean).join(': ') || `HTTP ${failure.status}`;
  return {
    causes: ['unknown'],
    message: t('{0} failed: {1}', failure.action, said),
    nextStep: t('Look up this answer in the AWS documentation of {0}.', failure.action),
  };
}

// ---- the network ----

const UNTRUSTED_CERTIFICATE =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT\w*|CERT_\w+)$/;

function diagnoseNetwork(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  const where = context.endpoint ?? 'AWS';
  const code = failure.awsCode;
  const says = (cause: Cause, message: string, nextStep: string): Diagnosis => ({
    causes: [cause],
    message: `${message} (${code})`,
    nextStep,
  });
  if (UNTRUSTED_CERTIFICATE.test(code)) {
    return says(
      'tls-untrusted',
      t('the certificate of {0} is not trusted', where),
      t('Name the certificate authority in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE, or check who answers for {0}.', where),
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return says(
      'tls-mismatch',
      t('the certificate is for another name than that of {0}', where),
      t('Use the name that the certificate is for, and check that no proxy answers for {0}.', where),
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return says(
      'tls-mismatch',
      t('no TLS connection with {0}', where),
      t('Check whether the endpoint takes http or https: {0}.', where),
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return context.endpoint === undefined
      ? says(
          'endpoint-name',
          t('the name of the AWS endpoint does not resolve'),
          t(
            'Check {0} and the AWS region variables for a mistyped region, and the machine for its DNS.',
            EXPORT_KEYS.region,
          ),
        )
      : says(
          'endpoint-name',
          t('the name of the endpoint {0} does not resolve', where),
          t('Correct the endpoint (AWS_ENDPOINT_URL, or endpoint_url of the profile): {0}.', where),
        );
  }
  if (code === 'ETIMEDOUT' || code === 'TimeoutError' || code === 'ESOCKETTIMEDOUT') {
    return says(
      'timeout',
      t('no answer in time from {0}', where),
      t('Check firewall, proxy and VPC endpoint on the way to {0}.', where),
    );
  }
  if (
    /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/.test(
      code,
    )
  ) {
    return says(
      'endpoint-unreachable',
      t('no connection to {0}', where),
      context.endpoint === undefined
        ? t('Check the network, firewall and proxy on the way to AWS.')
        : t('Check that the endpoint is running and that its address is right: {0}.', where),
    );
  }
  return undefined;
}

// ---- credentials and signatures ----

const EXPIRED = /^(ExpiredToken(Exception)?|TokenRefreshRequired)$/;
const UNKNOWN_KEY =
  /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|InvalidToken|InvalidSecurity)$/;

function diagnoseCredentials(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  const { awsCode: code, message } = failure;
  if (code === 'CredentialsProviderError') {
    return {
      causes: ['no-credentials'],
      message: t('no AWS credentials were found'),
      nextStep: t('Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login.'),
    };
  }
  if (code === 'RequestTimeTooSkewed' || /Signature (expired|not yet current)/i.test(message)) {
    return {
      causes: ['clock-skew'],
      message: t("this machine's clock differs too much from AWS's"),
      nextStep: t('Set the clock right (NTP); AWS takes up to 15 minutes of difference for S3.'),
    };
  }
  if (EXPIRED.test(code) || (code === 'RequestExpired' && failure.status !== 0)) {
    return {
      causes: ['expired-credentials'],
      message: t('the AWS credentials have expired'),
      nextStep: t('Get new credentials (aws sso login, or a new session token), then run it again.'),
    };
  }
  if (UNKNOWN_KEY.test(code)) {
    return {
      causes: ['unknown-access-key'],
      message:
        code === 'InvalidToken' ? t('AWS does not take the session token') : t('AWS does not know the access key'),
      nextStep: t(
        'Check that AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN belong together and to the partition in use.',
      ),
    };
  }
  if (code === 'SignatureDoesNotMatch' && /scoped to a valid region/i.test(message))
    return wrongRegion(failure, context);
  if (code === 'SignatureDoesNotMatch' || code === 'IncompleteSignature' || code === 'MissingAuthenticationToken') {
    return {
      causes: ['bad-signature'],
      message: t('the signature does not match: the secret access key is wrong, or a proxy changes the requests'),
      nextStep: t('Set AWS_SECRET_ACCESS_KEY anew, whole and without quotes or blanks around it.'),
    };
  }
  return undefined;
}

// ---- the bucket and its region ----

function diagnosePlace(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  const { awsCode: code, status } = failure;
  const { bucket } = context.target;
  if (code === 'AuthorizationHeaderMalformed' && failure.region === undefined && !/region/i.test(failure.message)) {
    return {
      causes: ['bad-signature'],
      message: t('S3 does not take the form of the access key'),
      nextStep: t('Set AWS_ACCESS_KEY_ID anew, whole and without quotes or blanks around it.'),
    };
  }
  if (
    /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/.test(
      code,
    ) ||
    status === 301 ||
    status === 307
  ) {
    return wrongRegion(failure, context);
  }
  if (status === 400 && code === '') {
    if (failure.region !== undefined && failure.region !== context.target.region) return wrongRegion(failure, context);
    return {
      causes: failure.region === undefined ? ['wrong-region', 'expired-credentials'] : ['expired-credentials'],
      message: t('S3 answers 400 without a reason: another region, or expired credentials'),
      nextStep: t('Check {0} and that the credentials still hold.', EXPORT_KEYS.region),
    };
  }
  if (code === 'NoSuchBucket' || (status === 404 && failure.action === 's3:ListBucket')) {
    return {
      causes: ['no-such-bucket'],
      message: t('there is no bucket {0}', bucket),
      nextStep: t('Create the bucket, or correct its name in {0}: {1}.', EXPORT_KEYS.baseLogFolder, bucket),
    };
  }
  if (code === 'InvalidBucketName') {
    return {
      causes: ['bad-settings'],
      message: t('S3 does not take the bucket name {0}', bucket),
      nextStep: t('Correct the bucket name in {0}: {1}.', EXPORT_KEYS.baseLogFolder, bucket),
    };
  }
  if (code === 'RegionDisabledException') {
    return {
      causes: ['wrong-region'],
      message: t('STS is not active in this region for the account'),
      nextStep: t('Activate STS for the region in the account settings of IAM, or use another region.'),
    };
  }
  return undefined;
}

function wrongRegion(failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  const { bucket, region } = context.target;
  const right = failure.region ?? /expecting '([\w-]+)'/.exec(failure.message)?.[1];
  const named = region === undefined ? t('{0} is not set', EXPORT_KEYS.region) : `${EXPORT_KEYS.region}=${region}`;
  if (right === undefined) {
    return {
      causes: ['wrong-region'],
      message: t('the bucket {0} lies in another region; {1}', bucket, named),
      nextStep: t('Look up the region of the bucket and set {0} to it.', EXPORT_KEYS.region),
    };
  }
  return {
    causes: ['wrong-region'],
    message: t('the bucket {0} lies in {1}; {2}', bucket, right, named),
    nextStep: t('Set {0}', `${EXPORT_KEYS.region}=${right}`),
  };
}

// ---- what S3, STS and KMS say beside permissions ----

function diagnoseService(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  const { awsCode: code, message, status } = failure;
  const { bucket, roleArn } = context.target;
  if (
    /^(SlowDown|ServiceUnavailable|Throttling(Exception)?|RequestLimitExceeded|RequestThrottled|TooManyRequests\w*)$/.test(
      code,
    ) ||
    status === 429 ||
    status === 503
  ) {
    return {
      causes: ['throttled'],
      message: t('AWS asks to slow down'),
      nextStep: t('Wait a moment, then run it again with fewer requests at a time.'),
    };
  }
  if (status === 407 || /proxy/i.test(code)) {
    return {
      causes: ['proxy'],
      message: t('a proxy refuses the request'),
      nextStep: t('Check the proxy settings and the login that the proxy wants.'),
    };
  }
  if (/^KMS\b|^KMS\./i.test(code) || /\bkms:\w+/i.test(message)) return kmsDenied(failure, context);
  if (/object lock/i.test(message)) {
    return {
      causes: ['object-lock'],
      message: t('Object Lock of the bucket {0} stands against it', bucket),
      nextStep: t('Use a bucket without default retention for logs, since Airflow rewrites an object at each append.'),
    };
  }
  if (
    /^(AccessControlListNotSupported|InvalidBucketAclWithObjectOwnership|OwnershipControlsNotFoundError)$/.test(code)
  ) {
    return {
      causes: ['bucket-ownership'],
      message: t('the Object Ownership of the bucket {0} stands against it', bucket),
      nextStep: t('Set Object Ownership to "Bucket owner enforced" on the bucket {0}.', bucket),
    };
  }
  if (/requester[ -]?pays/i.test(message)) {
    return {
      causes: ['requester-pays'],
      message: t('the requester pays for the bucket {0}, which Airflow does not offer to', bucket),
      nextStep: t('Switch off Requester Pays on the bucket {0}.', bucket),
    };
  }
  if (/1 hour session limit|exceeds the MaxSessionDuration/i.test(message)) {
    return {
      causes: ['session-too-long'],
      message: t('the session asked for is longer than the role allows'),
      nextStep: t('Leave the duration at its default: a role assumed by a role lasts one hour at most.'),
    };
  }
  if (/^NoSuchEntity(Exception)?$/.test(code)) {
    return {
      causes: ['role-not-found'],
      message: t('there is no role {0}', roleArn ?? ''),
      nextStep: t('Create the role, or correct {0}.', EXPORT_KEYS.roleArn),
    };
  }
  return undefined;
}

function kmsDenied(failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  const denial = parseDenial(failure.message);
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
  };
}

// ---- permissions ----

const MISSING: Readonly<Record<string, Cause>> = {
  's3:ListBucket': 'missing-list-bucket',
  's3:GetObject': 'missing-get-object',
  's3:PutObject': 'missing-put-object',
  's3:DeleteObject': 'missing-delete-object',
};

function diagnoseDenial(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
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
  const caller = denial.principal ?? context.as ?? t('the caller');
  const message = t('{0} may not assume {1}', caller, role);
  const limited = limitedBy(action, denial, message);
  if (limited) return limited;
  if (denial.policy === 'identity') {
    return {
      causes: [denial.effect === 'explicit' ? 'explicit-deny' : 'caller-may-not-assume'],
      message,
      nextStep:
        denial.effect === 'explicit'
          ? t('Remove the Deny of {0} on {1} from the policies of {2}.', action, role, describePrincipal(caller))
          : t('Add {0} on {1} to the permission policy of {2}.', action, role, describePrincipal(caller)),
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
    'Name {0} as Principal with sts:AssumeRole in the trust policy of {1} ({2}), then save that policy in IAM again.',
    trusted(caller),
    describePrincipal(role),
    TRUST_POLICY_FILE,
  );
  if (denial.policy === 'resource') return { causes: ['trust-denies'], message, nextStep: trustStep };
  // AWS gives one text for all of these: https://repost.aws/knowledge-center/iam-assume-role-error
  return {
    causes: ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    message,
    nextStep: trustStep,
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
function limitedBy(action: string, denial: Denial, message: string): Diagnosis | undefined {
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
  const limited = limitedBy(action, denial, message);
  if (limited) return limited;
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
  if (denial.policy === 'identity') return { causes: [missing], message, nextStep: addStatement };
  if (denial.policy === 'resource') {
    return {
      causes: ['other-account-bucket', missing],
      message: t('{0}: the bucket belongs to another account, whose bucket policy does not allow it', message),
      nextStep: t('Allow {0} for {1} in the policy of the bucket {2}.', action, who, context.target.bucket),
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
        'kms-denied',
      ],
      message: t('S3 answers 403 without a reason, as it does where {0} is denied', 's3:ListBucket'),
      nextStep: t(
        'Add {0} on {1} to the permission policy of {2} ({3}).',
        's3:ListBucket',
        bucketArn(context),
        who,
        PERMISSION_POLICY_FILE,
      ),
    };
  }
  const others: Cause[] = ['bucket-policy-denies', 'other-account-bucket', 'explicit-deny'];
  if (action === 's3:GetObject' || action === 's3:PutObject') others.push('kms-denied', 'requester-pays');
  return { causes: [missing, ...others], message, nextStep: addStatement };
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

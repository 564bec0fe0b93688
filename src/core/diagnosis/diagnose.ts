import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../export-settings';
import type { AwsFailure } from './aws-failure';
import { diagnoseDenial, kmsDenied } from './diagnose-denial';
import { diagnoseNetwork, proxyLogin } from './diagnose-network';
import type { Diagnosis, DiagnosisContext } from './diagnosis';

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
    change: { document: 'env', key: EXPORT_KEYS.region, value: right },
  };
}

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
  if (code === 'RequestTimeout' || status === 504 || status === 408) {
    return {
      causes: ['timeout'],
      message: t('AWS got no whole request in time'),
      nextStep: t('Check firewall, proxy and VPC endpoint on the way to {0}.', context.endpoint ?? 'AWS'),
    };
  }
  if (status === 407 || /proxy/i.test(code)) return proxyLogin(context.proxy);
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
  if (/^(InvalidIdentityToken|IDPRejectedClaim|IDPCommunicationError)(Exception)?$/.test(code)) {
    return {
      causes: ['trust-denies'],
      message: t('STS does not take the token of the Deployment: {0}', message),
      nextStep: t(
        "Create an OIDC provider in the role's account for the issuer of the Deployment's cluster, with sts.amazonaws.com as its audience.",
      ),
    };
  }
  if (code === 'ValidationError' && /roleArn/i.test(message)) {
    return {
      causes: ['bad-settings'],
      message: t('STS does not take the ARN of the role'),
      nextStep: t('Correct {0}: arn:aws:iam::<12 digits>:role/<name>.', EXPORT_KEYS.roleArn),
    };
  }
  if (code === 'MalformedPolicyDocument') {
    return {
      causes: ['bad-settings'],
      message: t('IAM does not take the policy: {0}', message),
      nextStep: t('Use the policies that Set Up Log Export (or astro-log-export scaffold) writes.'),
    };
  }
  // Other stores than AWS answer 404 where AWS doesn't tell a missing role from one that trusts somebody else.
  if (/^NoSuchEntity(Exception)?$/.test(code) || (status === 404 && failure.action === 'sts:AssumeRole')) {
    return {
      causes: ['role-not-found'],
      message: t('there is no role {0}', roleArn ?? ''),
      nextStep: t('Create the role, or correct {0}.', EXPORT_KEYS.roleArn),
    };
  }
  return undefined;
}

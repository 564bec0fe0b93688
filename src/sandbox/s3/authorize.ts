import type { RequestContext } from '../../core/iam/decision';
import { accessDenied, compactContext, refusalByPolicies } from '../authorization';
import type { Caller, SandboxRequest, ServiceError } from '../service';
import { isPublicPolicy } from './public-access';
import { header, partitionOf } from './request';
import { type Bucket, publicAccessBlockOf } from './state';

/** What a request wants to do, in the words of policies. */
export interface WantedAction {
  /** `s3:GetObject` */
  readonly action: string;
  /** The object's key; absent: the bucket itself. */
  readonly key?: string;
  /** Keys of this action alone, such as `s3:prefix`. */
  readonly context?: RequestContext;
}

export function bucketArn(bucket: Bucket, key?: string): string {
  const arn = `arn:${partitionOf(bucket.record.region)}:s3:::${bucket.record.name}`;
  return key === undefined ? arn : `${arn}/${key}`;
}

/** Throws AccessDenied unless the policies in force allow all of what is wanted on a bucket. */
export function authorize(request: SandboxRequest, bucket: Bucket, ...wanted: readonly WantedAction[]): void {
  for (const one of wanted) {
    const refusal = refusalOf(request, bucket, one);
    if (refusal) throw refusal;
  }
}

export function isAuthorized(request: SandboxRequest, bucket: Bucket, wanted: WantedAction): boolean {
  return refusalOf(request, bucket, wanted) === undefined;
}

function refusalOf(request: SandboxRequest, bucket: Bucket, wanted: WantedAction): ServiceError | undefined {
  const { caller } = request;
  if (caller?.isAdmin) return undefined;
  const { record } = bucket;
  if (isOwnersEmergencyExit(caller, bucket, wanted.action)) return undefined;
  if (
    record.requesterPays &&
    caller?.account !== record.ownerAccount &&
    header(request, 'x-amz-request-payer') !== 'requester'
  ) {
    return accessDenied();
  }
  const isOutsider = caller?.account !== record.ownerAccount;
  if (
    isOutsider &&
    record.policy &&
    publicAccessBlockOf(bucket).restrictPublicBuckets &&
    isPublicPolicy(record.policy)
  ) {
    return accessDenied();
  }
  return refusalByPolicies(request, {
    action: wanted.action,
    resource: bucketArn(bucket, wanted.key),
    resourceAccount: record.ownerAccount,
    resourcePolicy: record.policy,
    context: {
      ...s3Context(request),
      's3:ResourceAccount': record.ownerAccount,
      'aws:ResourceAccount': record.ownerAccount,
      'aws:RequestedRegion': record.region,
      ...wanted.context,
    },
  });
}

/** The root of the owner's account can always mend a bucket policy that locks everybody out. */
function isOwnersEmergencyExit(caller: Caller | undefined, bucket: Bucket, action: string): boolean {
  return (
    caller?.kind === 'root' &&
    caller.account === bucket.record.ownerAccount &&
    /^s3:(Get|Put|Delete)BucketPolicy$/.test(action)
  );
}

/** Throws AccessDenied unless the caller may do something that concerns no one bucket. */
export function authorizeAccount(
  request: SandboxRequest,
  action: string,
  resource: string,
  context: RequestContext = {},
): void {
  const { caller } = request;
  if (!caller) throw accessDenied();
  if (caller.isAdmin) return;
  const refusal = refusalByPolicies(request, {
    action,
    resource,
    resourceAccount: caller.account,
    resourcePolicy: undefined,
    context: { ...s3Context(request), ...context },
  });
  if (refusal) throw refusal;
}

/** Headers that S3 hands to policies under their own name. */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
  'x-amz-content-sha256',
  'x-amz-object-ownership',
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys */
function s3Context(request: SandboxRequest): RequestContext {
  const { caller } = request;
  const isWrite = request.method === 'PUT' || request.method === 'POST';
  return compactContext({
    's3:authType': caller && (request.isPresigned ? 'REST-QUERY-STRING' : 'REST-HEADER'),
    's3:signatureversion': caller && 'AWS4-HMAC-SHA256',
    's3:signatureAge': request.signatureAge === undefined ? undefined : String(request.signatureAge),
    's3:TlsVersion': request.isSecureTransport ? '1.3' : undefined,
    's3:if-none-match': isWrite ? header(request, 'if-none-match') : undefined,
    's3:if-match': isWrite ? header(request, 'if-match') : undefined,
    's3:object-lock-mode': header(request, 'x-amz-object-lock-mode'),
    's3:object-lock-retain-until-date': header(request, 'x-amz-object-lock-retain-until-date'),
    's3:object-lock-legal-hold': header(request, 'x-amz-object-lock-legal-hold'),
    ...Object.fromEntries(HEADER_KEYS.map(name => [`s3:${name}`, header(request, name)])),
  });
}

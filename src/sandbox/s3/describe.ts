import { accessDenied } from '../authorization';
import { type Caller, type SandboxRequest, ServiceError } from '../service';

import type { BucketCall } from './call';
import { keyArnOf } from './kms';
import { requestedLegalHold, requestedRetention } from './object-lock';
import type { Encryption, ObjectDescription, ObjectVersion } from './records';
import { header, invalidArgument, notImplemented } from './request';
import { type Bucket, ownershipOf, publicAccessBlockOf } from './state';
import { parseTagHeader } from './tags';

/** System metadata that is kept and sent back. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'REDUCED_REDUNDANCY',
  'GLACIER_IR',
];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const MAX_METADATA_BYTES = 2048;

/** All that the headers of a PUT, a copy or a new multipart upload say of the object to be. */
export function describeObject(call: BucketCall): ObjectDescription {
  const { request, bucket } = call;
  const retention = requestedRetention(call);
  const legalHold = requestedLegalHold(call);
  return {
    headers: keptHeaders(request),
    metadata: userMetadata(request),
    tags: parseTagHeader(header(request, 'x-amz-tagging')),
    encryption: requestedEncryption(request, bucket),
    storageClass: storageClass(request),
    ...ownershipByAcl(request, bucket),
    ...(retention && { retention }),
    ...(legalHold !== undefined && { legalHold }),
  };
}

function keptHeaders(request: SandboxRequest): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT_HEADERS) {
    const value = header(request, name);
    if (value !== undefined && value !== '') kept[name] = value;
  }
  if (kept['content-encoding'] !== undefined) {
    // aws-chunked is the framing of the wire, not part of the object.
    const encodings = kept['content-encoding']
      .split(',')
      .map(one => one.trim())
      .filter(one => one.toLowerCase() !== 'aws-chunked' && one !== '');
    if (encodings.length > 0) kept['content-encoding'] = encodings.join(',');
    else delete kept['content-encoding'];
  }
  return kept;
}

function userMetadata(request: SandboxRequest): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith('x-amz-meta-')) continue;
    const key = name.slice('x-amz-meta-'.length);
    metadata[key] = header(request, name) ?? '';
    bytes += key.length + metadata[key].length;
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new ServiceError('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(bytes),
      MaxSizeAllowed: String(MAX_METADATA_BYTES),
    });
  }
  return metadata;
}

function storageClass(request: SandboxRequest): string {
  const name = header(request, 'x-amz-storage-class') ?? 'STANDARD';
  if (STORAGE_CLASSES.includes(name)) return name;
  if (['GLACIER', 'DEEP_ARCHIVE', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE'].includes(name)) {
    throw notImplemented(`x-amz-storage-class: ${name}`);
  }
  throw new ServiceError('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: name,
  });
}

/** What the request asks for, or the bucket's default. */
function requestedEncryption(request: SandboxRequest, bucket: Bucket): Encryption {
  if (Object.keys(request.headers).some(name => name.startsWith('x-amz-server-side-encryption-customer-'))) {
    throw notImplemented('server-side encryption with a key of the customer (SSE-C)');
  }
  const algorithm = header(request, 'x-amz-server-side-encryption');
  const keyName = header(request, 'x-amz-server-side-encryption-aws-kms-key-id');
  const bucketKey = header(request, 'x-amz-server-side-encryption-bucket-key-enabled');
  if (algorithm === undefined) {
    if (keyName !== undefined) {
      throw invalidArgument(
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        'x-amz-server-side-encryption',
        'null',
      );
    }
    return bucket.record.encryption;
  }
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') {
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      algorithm,
    );
  }
  if (algorithm === 'AES256' && keyName !== undefined) {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      algorithm,
    );
  }
  const account = request.caller?.account ?? bucket.record.ownerAccount;
  const isDefaultAlgorithm = bucket.record.encryption.algorithm === algorithm;
  const keyId = keyName
    ? keyArnOf(keyName, bucket.record.region, account)
    : isDefaultAlgorithm
      ? bucket.record.encryption.keyId
      : undefined;
  const hasBucketKey = bucketKey === undefined ? bucket.record.encryption.hasBucketKey : bucketKey === 'true';
  return { algorithm, ...(keyId && { keyId }), ...(hasBucketKey && algorithm !== 'AES256' && { hasBucketKey }) };
}

/** Headers of an answer that say how an object is encrypted. */
export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  return {
    'x-amz-server-side-encryption': encryption.algorithm,
    ...(encryption.keyId && { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }),
    ...(encryption.hasBucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
  };
}

/**
 * Who owns the object, by the bucket's object ownership and the ACL that the request asks for. Only the ACLs that
 * concern the bucket's owner are known.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
function ownershipByAcl(
  request: SandboxRequest,
  bucket: Bucket,
): Pick<ObjectDescription, 'ownerAccount' | 'bucketOwnerHasControl'> {
  const acl = header(request, 'x-amz-acl');
  const grants = Object.keys(request.headers).filter(name => name.startsWith('x-amz-grant-'));
  const ownership = ownershipOf(bucket);
  const bucketOwner = bucket.record.ownerAccount;
  if (ownership === 'BucketOwnerEnforced') {
    // `private` from the bucket's own account grants what bucket-owner-full-control grants, and rclone always sends it.
    const isOwnersPrivate = acl === 'private' && request.caller?.account === bucketOwner;
    if ((acl !== undefined && acl !== 'bucket-owner-full-control' && !isOwnersPrivate) || grants.length > 0) {
      throw new ServiceError('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
    }
    return { ownerAccount: bucketOwner, bucketOwnerHasControl: true };
  }
  if (grants.length > 0) throw notImplemented(grants[0]!);
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    if (/^public-/.test(acl) && publicAccessBlockOf(bucket).blockPublicAcls) throw accessDenied();
    throw notImplemented(`x-amz-acl: ${acl}`);
  }
  const writer: Caller['account'] = request.caller?.account ?? bucketOwner;
  const givesControl = acl === 'bucket-owner-full-control';
  return {
    ownerAccount: givesControl && ownership === 'BucketOwnerPreferred' ? bucketOwner : writer,
    bucketOwnerHasControl: givesControl,
  };
}

/** Headers of an answer that describe one version. */
export function versionHeaders(call: BucketCall, version: ObjectVersion): Record<string, string> {
  return call.bucket.record.versioning === undefined && version.versionId === 'null'
    ? {}
    : { 'x-amz-version-id': version.versionId };
}

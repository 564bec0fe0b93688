import { Readable } from 'node:stream';
import { accessDenied } from '../authorization';
import { type SandboxResponse, ServiceError } from '../service';
import { authorize, isAuthorized } from './authorize';
import { type BucketCall, headerOf, httpDate } from './call';
import { checksumHeader } from './checksums';
import { encryptionHeaders, versionHeaders } from './describe';
import { authorizeKey } from './kms';
import { lockHeaders, retentionContext } from './object-lock';
import { checkRead } from './preconditions';
import type { ObjectVersion } from './records';
import { invalidArgument } from './request';
import { existingTagContext } from './tags';

const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(call: BucketCall): Promise<SandboxResponse> {
  return readObject(call, true);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(call: BucketCall): Promise<SandboxResponse> {
  return readObject(call, false);
}

async function readObject(call: BucketCall, hasBody: boolean): Promise<SandboxResponse> {
  const { state, params } = call;
  const version = findReadable(call, call.key, params.get('versionId'));
  const condition = checkRead(
    {
      ifMatch: headerOf(call, 'if-match'),
      ifNoneMatch: headerOf(call, 'if-none-match'),
      ifModifiedSince: headerOf(call, 'if-modified-since'),
      ifUnmodifiedSince: headerOf(call, 'if-unmodified-since'),
    },
    version,
  );
  const validators = {
    etag: `"${version.etag}"`,
    'last-modified': httpDate(version.lastModified),
    ...versionHeaders(call, version),
  };
  if (condition === 'not-modified') return { status: 304, headers: validators };
  const part = partRange(call, version);
  const range = part ?? parseRange(headerOf(call, 'range'), version.size);
  const { start, end } = range ?? { start: 0, end: version.size };
  return {
    status: range ? 206 : 200,
    headers: {
      ...validators,
      'accept-ranges': 'bytes',
      'content-length': String(end - start),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${version.size}` }),
      ...(part && version.parts && { 'x-amz-mp-parts-count': String(version.parts.length) }),
      ...version.headers,
      ...overrides(call),
      ...metadataHeaders(version),
      ...encryptionHeaders(version.encryption),
      ...(version.storageClass !== 'STANDARD' && { 'x-amz-storage-class': version.storageClass }),
      ...(version.tags.length > 0 && { 'x-amz-tagging-count': String(version.tags.length) }),
      ...lockHeaders(version),
      ...(headerOf(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' &&
        !range &&
        version.checksum && {
          [checksumHeader(version.checksum.algorithm)]: version.checksum.value,
          'x-amz-checksum-type': version.checksum.type,
        }),
    },
    ...(hasBody && { body: Readable.from(state.read(version, start, end), { objectMode: false }) }),
  };
}

/**
 * The version a read asks for, once the policies allow the read. Without `s3:ListBucket` a missing key is a 403,
 * not a 404: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestBody (Permissions)
 */
export function findReadable(
  call: BucketCall,
  key: string,
  versionId: string | undefined,
  extraActions: readonly string[] = [],
): ObjectVersion {
  const { request, bucket } = call;
  const versions = bucket.objects.get(key) ?? [];
  const found = versionId === undefined ? versions[0] : versions.find(one => one.versionId === versionId);
  authorizeRead(call, key, versionId, found, extraActions);
  if (!found) {
    requireListBucket(call, key);
    if (versionId !== undefined) throw noSuchVersion(key, versionId);
    throw noSuchKey(key);
  }
  if (found.isDeleteMarker) {
    const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
    if (versionId !== undefined) {
      throw new ServiceError(
        'MethodNotAllowed',
        405,
        'The specified method is not allowed against this resource.',
        { Method: request.method, ResourceType: 'DeleteMarker' },
        { ...headers, allow: 'DELETE', 'last-modified': httpDate(found.lastModified) },
      );
    }
    requireListBucket(call, key);
    throw noSuchKey(key, headers);
  }
  authorizeKey(request, call.kms, found.encryption, bucket.record.ownerAccount, 'kms:Decrypt');
  return found;
}

function authorizeRead(
  call: BucketCall,
  key: string,
  versionId: string | undefined,
  version: ObjectVersion | undefined,
  extraActions: readonly string[],
): void {
  const { request, bucket } = call;
  const context = {
    ...existingTagContext(version?.tags),
    ...retentionContext(version, request.time),
    ...(versionId !== undefined && { 's3:VersionId': versionId }),
  };
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  authorize(request, bucket, ...[action, ...extraActions].map(one => ({ action: one, key, context })));
  // An object that somebody else owns is out of the bucket owner's hands, and of the bucket policy's.
  if (
    version &&
    !version.isDeleteMarker &&
    version.ownerAccount !== bucket.record.ownerAccount &&
    !request.caller?.isAdmin
  ) {
    const account = request.caller?.account;
    const mayRead =
      account === version.ownerAccount || (account === bucket.record.ownerAccount && version.bucketOwnerHasControl);
    if (!mayRead) throw accessDenied();
  }
}

/** Judged as if the caller listed with the key itself for a prefix. */
function requireListBucket(call: BucketCall, key: string): void {
  authorize(call.request, call.bucket, { action: 's3:ListBucket', context: { 's3:prefix': key } });
}

/** Whether the caller may learn that a key isn't there. */
export function mayLearnAbsence(call: BucketCall, key: string): boolean {
  return isAuthorized(call.request, call.bucket, { action: 's3:ListBucket', context: { 's3:prefix': key } });
}

export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): ServiceError {
  return new ServiceError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key }, headers);
}

export function noSuchVersion(key: string, versionId: string): ServiceError {
  return new ServiceError('NoSuchVersion', 404, 'The specified version does not exist.', {
    Key: key,
    VersionId: versionId,
  });
}

interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * One range: `bytes=0-9`, `bytes=10-`, `bytes=-5`. Anything else is ignored, as S3 does with several ranges.
 * https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function parseRange(text: string | undefined, size: number): ByteRange | undefined {
  const match = text?.match(/^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i);
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const first = match[1] === '' ? undefined : Number(match[1]);
  const last = match[2] === '' ? undefined : Number(match[2]);
  if (first !== undefined && last !== undefined && last < first) return undefined;
  const range =
    first === undefined
      ? { start: Math.max(0, size - last!), end: size }
      : { start: first, end: Math.min(size, (last ?? size - 1) + 1) };
  if (range.start >= range.end) {
    throw new ServiceError(
      'InvalidRange',
      416,
      'The requested range is not satisfiable',
      { RangeRequested: text!, ActualObjectSize: String(size) },
      { 'content-range': `bytes */${size}` },
    );
  }
  return range;
}

function partRange(call: BucketCall, version: ObjectVersion): ByteRange | undefined {
  const text = call.params.get('partNumber');
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', text);
  }
  if (headerOf(call, 'range') !== undefined) {
    throw new ServiceError('InvalidRequest', 400, 'Cannot specify both Range header and partNumber query parameter');
  }
  const parts = version.parts ?? [{ number: 1, size: version.size }];
  let start = 0;
  for (const part of parts) {
    if (part.number === number) return { start, end: start + part.size };
    start += part.size;
  }
  throw new ServiceError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
    PartNumberRequested: text,
    ActualPartCount: String(parts.length),
  });
}

/** `response-content-type` and its kin, which only signed requests may use. */
function overrides(call: BucketCall): Record<string, string> {
  const given = OVERRIDES.filter(name => call.params.has(`response-${name}`));
  if (given.length > 0 && !call.request.caller) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  }
  return Object.fromEntries(given.map(name => [name, call.params.get(`response-${name}`)!]));
}

function metadataHeaders(version: ObjectVersion): Record<string, string> {
  return Object.fromEntries(Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

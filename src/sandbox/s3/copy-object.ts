import { percentDecode } from '../request-target';
import { type SandboxResponse, ServiceError } from '../service';
import { elements, xmlDocument } from '../xml';
import { type BucketCall, headerOf, isoDate } from './call';
import { checksumAlgorithm, checksumElement, createChecksum } from './checksums';
import { describeObject, encryptionHeaders, versionHeaders } from './describe';
import { findReadable } from './get-object';
import { checkRead } from './preconditions';
import { authorizeWrite, commit, etagOf } from './put-object';
import { receiveStream } from './receive-body';
import type { Checksum, ObjectDescription, ObjectVersion } from './records';
import { checkedKey, invalidArgument } from './request';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MAX_COPY = 5 * 1024 ** 3;

/** The object that a copy reads, with the call as it would be on the source's bucket. */
export interface CopySource {
  readonly call: BucketCall;
  readonly version: ObjectVersion;
}

/** Finds the source of a copy and checks the right to read it and its conditions. */
export function findCopySource(call: BucketCall, extraActions: readonly string[] = []): CopySource {
  const text = headerOf(call, 'x-amz-copy-source') ?? '';
  const [path = '', query = ''] = text.split(/\?(?=versionId=[^?]*$)/);
  const decoded = percentDecode(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  const key = decoded.slice(slash + 1);
  if (slash < 1 || key === '') {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', text);
  }
  if (/^arn:/.test(decoded))
    throw invalidArgument('Copy from an access point is not supported', 'x-amz-copy-source', text);
  const versionId = query === '' ? undefined : percentDecode(query.slice('versionId='.length));
  const bucket = call.state.bucket(decoded.slice(0, slash));
  const source: BucketCall = { ...call, bucket, bucketName: bucket.record.name, key: checkedKey(key) };
  const version = findReadable(source, key, versionId, extraActions);
  const condition = checkRead(
    {
      ifMatch: headerOf(call, 'x-amz-copy-source-if-match'),
      ifNoneMatch: headerOf(call, 'x-amz-copy-source-if-none-match'),
      ifModifiedSince: headerOf(call, 'x-amz-copy-source-if-modified-since'),
      ifUnmodifiedSince: headerOf(call, 'x-amz-copy-source-if-unmodified-since'),
    },
    version,
  );
  if (condition === 'not-modified') {
    throw new ServiceError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition: 'x-amz-copy-source-If-None-Match',
    });
  }
  return { call: source, version };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(call: BucketCall): Promise<SandboxResponse> {
  const { state } = call;
  const replacesMetadata = directive(call, 'x-amz-metadata-directive') === 'REPLACE';
  const replacesTags = directive(call, 'x-amz-tagging-directive') === 'REPLACE';
  const source = findCopySource(call);
  const tags = replacesTags ? undefined : source.version.tags;
  if (tags && tags.length > 0) findCopySource(call, ['s3:GetObjectTagging']);
  const own = describeObject(call);
  const description: ObjectDescription = {
    ...own,
    ...(!replacesMetadata && { headers: source.version.headers, metadata: source.version.metadata }),
    ...(tags && { tags }),
  };
  authorizeWrite(call, description);
  refuseCopyToItself(call, source, replacesMetadata);
  if (source.version.size > MAX_COPY) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY}`,
    );
  }
  const wanted = headerOf(call, 'x-amz-checksum-algorithm');
  const algorithm = checksumAlgorithm(wanted ?? source.version.checksum?.algorithm) ?? 'CRC64NVME';
  const copied = await receiveStream(state.read(source.version), state.store, createChecksum(algorithm));
  const checksum: Checksum = { algorithm, value: copied.checksum, type: 'FULL_OBJECT' };
  const version: ObjectVersion = {
    ...description,
    versionId: state.newVersionId(call.bucket),
    isDeleteMarker: false,
    lastModified: state.now(),
    etag: etagOf(copied.md5, description.encryption),
    size: copied.segment.size,
    segments: [copied.segment],
    checksum,
  };
  await commit(call, version);
  return {
    status: 200,
    headers: {
      ...versionHeaders(call, version),
      ...encryptionHeaders(version.encryption),
      ...sourceVersionHeader(source),
    },
    body: xmlDocument(
      'CopyObjectResult',
      elements({
        LastModified: isoDate(version.lastModified),
        ETag: `"${version.etag}"`,
        ChecksumType: checksum.type,
        [checksumElement(algorithm)]: checksum.value,
      }),
    ),
  };
}

export function sourceVersionHeader({ call, version }: CopySource): Record<string, string> {
  return call.bucket.record.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.versionId };
}

function directive(call: BucketCall, name: string): 'COPY' | 'REPLACE' {
  const value = headerOf(call, name) ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw invalidArgument(`Unknown ${name.includes('tagging') ? 'tagging' : 'metadata'} directive.`, name, value);
}

function refuseCopyToItself(call: BucketCall, source: CopySource, replacesMetadata: boolean): void {
  const isItself =
    source.call.bucket === call.bucket &&
    source.call.key === call.key &&
    source.version === call.state.current(call.bucket, call.key);
  const changesSomething =
    replacesMetadata ||
    ['x-amz-storage-class', 'x-amz-server-side-encryption', 'x-amz-checksum-algorithm'].some(
      name => headerOf(call, name) !== undefined,
    );
  if (!isItself || changesSomething) return;
  throw new ServiceError(
    'InvalidRequest',
    400,
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

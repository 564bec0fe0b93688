import { randomBytes } from 'node:crypto';
import type { SandboxResponse } from '../service';
import { authorize, type WantedAction } from './authorize';
import { type BucketCall, headerOf } from './call';
import { checksumHeader } from './checksums';
import { describeObject, encryptionHeaders, versionHeaders } from './describe';
import { authorizeKey } from './kms';
import { requireChecksumForLock } from './object-lock';
import { checkWrite, hasIfMatch } from './preconditions';
import { receiveBody } from './receive-body';
import type { Encryption, ObjectDescription, ObjectVersion } from './records';
import { existingTagContext, requestTagContext } from './tags';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket, key } = call;
  const description = describeObject(call);
  authorizeWrite(call, description);
  checkWrite(call, state.current(bucket, key));
  requireChecksumForLock(call, description.retention !== undefined);
  const received = await receiveBody(request, state.store);
  const version: ObjectVersion = {
    ...description,
    versionId: state.newVersionId(bucket),
    isDeleteMarker: false,
    lastModified: state.now(),
    etag: etagOf(received.md5, description.encryption),
    size: received.segment.size,
    segments: [received.segment],
    checksum: { ...received.checksum, type: 'FULL_OBJECT' },
  };
  await commit(call, version);
  return {
    status: 200,
    headers: {
      etag: `"${version.etag}"`,
      ...encryptionHeaders(version.encryption),
      ...versionHeaders(call, version),
      [checksumHeader(received.checksum.algorithm)]: received.checksum.value,
      'x-amz-checksum-type': 'FULL_OBJECT',
    },
  };
}

/** Throws unless the caller may write an object so described, with its key in KMS. */
export function authorizeWrite(call: BucketCall, description: ObjectDescription): void {
  const { request, bucket, key, state } = call;
  const wanted: WantedAction[] = [
    {
      action: 's3:PutObject',
      key,
      context: {
        ...requestTagContext(description.tags),
        ...existingTagContext(state.current(bucket, key)?.tags),
      },
    },
  ];
  if (headerOf(call, 'x-amz-tagging')) {
    wanted.push({ action: 's3:PutObjectTagging', key, context: requestTagContext(description.tags) });
  }
  // `private` is what every object has anyway.
  if ((headerOf(call, 'x-amz-acl') ?? 'private') !== 'private') wanted.push({ action: 's3:PutObjectAcl', key });
  if (headerOf(call, 'x-amz-object-lock-mode') !== undefined) wanted.push({ action: 's3:PutObjectRetention', key });
  if (headerOf(call, 'x-amz-object-lock-legal-hold') !== undefined)
    wanted.push({ action: 's3:PutObjectLegalHold', key });
  if (hasIfMatch(call)) wanted.push({ action: 's3:GetObject', key });
  authorize(request, bucket, ...wanted);
  authorizeKey(request, call.kms, description.encryption, bucket.record.ownerAccount, 'kms:GenerateDataKey');
}

/** Makes a version whose bytes are stored the current one, unless its condition no longer holds. */
export async function commit(call: BucketCall, version: ObjectVersion): Promise<void> {
  const { state, bucket, key } = call;
  try {
    // The bucket may have gone while the bytes came in.
    state.bucket(bucket.record.name);
    checkWrite(call, state.current(bucket, key));
  } catch (error) {
    for (const { blob } of version.segments) await state.store.removeBlob(blob);
    throw error;
  }
  await state.addVersion(bucket, key, version);
}

/** The MD5, except where KMS is at work: there S3's ETag is no digest of the data. */
export function etagOf(md5: string, encryption: Encryption): string {
  return encryption.algorithm === 'AES256' ? md5 : randomBytes(16).toString('hex');
}

import { type SandboxResponse, ServiceError } from '../service';
import { childText, element, elements, malformedXml, parseXmlOf, type XmlElement, xmlDocument } from '../xml';
import { authorize } from './authorize';
import { type BucketCall, headerOf } from './call';
import { noSuchKey } from './get-object';
import { checkRemovable, retentionContext } from './object-lock';
import { receiveDocument } from './receive-body';
import type { ObjectVersion } from './records';
import { checkedKey } from './request';
import { existingTagContext } from './tags';

/** What a delete did: nothing at all, a version gone, or a delete marker written. */
interface Deletion {
  readonly versionId?: string;
  readonly isDeleteMarker: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export async function deleteObject(call: BucketCall): Promise<SandboxResponse> {
  const { key, params } = call;
  const versionId = params.get('versionId');
  authorizeDelete(call, key, versionId);
  checkIfMatch(call, key, headerOf(call, 'if-match'));
  const done = await deleteKey(call, key, versionId);
  return {
    status: 204,
    headers: {
      ...(done.versionId !== undefined && { 'x-amz-version-id': done.versionId }),
      ...(done.isDeleteMarker && { 'x-amz-delete-marker': 'true' }),
    },
  };
}

function authorizeDelete(call: BucketCall, key: string, versionId: string | undefined): void {
  const versions = call.bucket.objects.get(key) ?? [];
  const version = versionId === undefined ? versions[0] : versions.find(one => one.versionId === versionId);
  authorize(call.request, call.bucket, {
    action: versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
    key,
    context: {
      ...existingTagContext(version?.tags),
      ...retentionContext(version, call.request.time),
      ...(versionId !== undefined && { 's3:VersionId': versionId }),
    },
  });
}

function checkIfMatch(call: BucketCall, key: string, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  const current = call.state.current(call.bucket, key);
  if (!current) throw noSuchKey(key);
  if (ifMatch.trim() !== '*' && ifMatch.trim().replace(/^"(.*)"$/, '$1') !== current.etag) {
    throw new ServiceError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition: 'If-Match',
    });
  }
}

async function deleteKey(call: BucketCall, key: string, versionId: string | undefined): Promise<Deletion> {
  const { state, bucket } = call;
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined) {
    const version = versions.find(one => one.versionId === versionId);
    if (!version) return { versionId, isDeleteMarker: false };
    if (!version.isDeleteMarker) checkRemovable(call, key, version);
    await state.removeVersion(bucket, key, version);
    return { versionId, isDeleteMarker: version.isDeleteMarker };
  }
  if (bucket.record.versioning === undefined) {
    const version = versions[0];
    if (version) await state.removeVersion(bucket, key, version);
    return { isDeleteMarker: false };
  }
  const marker = deleteMarker(call);
  const replaced = versions.find(one => one.versionId === marker.versionId);
  if (replaced && !replaced.isDeleteMarker) checkRemovable(call, key, replaced);
  await state.addVersion(bucket, key, marker);
  return { versionId: marker.versionId, isDeleteMarker: true };
}

function deleteMarker({ state, bucket }: BucketCall): ObjectVersion {
  return {
    versionId: state.newVersionId(bucket),
    isDeleteMarker: true,
    lastModified: state.now(),
    etag: '',
    size: 0,
    segments: [],
    headers: {},
    metadata: {},
    tags: [],
    encryption: { algorithm: 'AES256' },
    storageClass: 'STANDARD',
    ownerAccount: bucket.record.ownerAccount,
    bucketOwnerHasControl: true,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(call: BucketCall): Promise<SandboxResponse> {
  const names = Object.keys(call.request.headers);
  if (!names.includes('content-md5') && !names.some(name => /^x-amz-(checksum-|trailer$)/.test(name))) {
    throw new ServiceError('InvalidRequest', 400, 'Missing required header for this request: Content-MD5');
  }
  const root = parseXmlOf(await receiveDocument(call.request), 'Delete');
  const isQuiet = childText(root, 'Quiet')?.trim() === 'true';
  const wanted = root.children.filter(one => one.name === 'Object');
  if (wanted.length === 0 || wanted.length > 1000) throw malformedXml();
  const results: XmlElement[] = [];
  for (const one of wanted) {
    const key = childText(one, 'Key');
    if (key === undefined || key === '') throw malformedXml();
    const versionId = childText(one, 'VersionId') || undefined;
    try {
      authorizeDelete(call, checkedKey(key), versionId);
      checkIfMatch(call, key, childText(one, 'ETag'));
      const done = await deleteKey(call, key, versionId);
      if (isQuiet) continue;
      results.push(
        element(
          'Deleted',
          elements({
            Key: key,
            VersionId: versionId,
            DeleteMarker: done.isDeleteMarker || undefined,
            DeleteMarkerVersionId: done.isDeleteMarker ? done.versionId : undefined,
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message } = error;
      results.push(element('Error', elements({ Key: key, VersionId: versionId, Code: code, Message: message })));
    }
  }
  return { status: 200, body: xmlDocument('DeleteResult', results) };
}

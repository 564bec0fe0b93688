import { accessDenied } from '../authorization';
import { type SandboxResponse, ServiceError } from '../service';
import { childText, elements, malformedXml, parseXmlOf, xmlDocument } from '../xml';
import { authorize } from './authorize';
import type { BucketCall } from './call';
import { versionHeaders } from './describe';
import { mayLearnAbsence, noSuchKey, noSuchVersion } from './get-object';
import { checkRetentionChange, missingConfiguration, parseRetention, retentionContext } from './object-lock';
import { receiveDocument } from './receive-body';
import type { ObjectVersion } from './records';
import { existingTagContext, parseTagging, requestTagContext, type Tags, taggingDocument } from './tags';

/** The version that a request on an object's settings means, once its action is allowed. */
function findVersion(call: BucketCall, action: string, tags: Tags = []): ObjectVersion {
  const { request, bucket, key, params } = call;
  const versionId = params.get('versionId');
  const versions = bucket.objects.get(key) ?? [];
  const version = versionId === undefined ? versions[0] : versions.find(one => one.versionId === versionId);
  authorize(request, bucket, {
    action: versionId === undefined ? action : action.replace(/(Tagging)$/, 'Version$1'),
    key,
    context: {
      ...existingTagContext(version?.tags),
      ...retentionContext(version, request.time),
      ...requestTagContext(tags),
      ...(versionId !== undefined && { 's3:VersionId': versionId }),
    },
  });
  if (!version || (version.isDeleteMarker && versionId === undefined)) {
    if (!mayLearnAbsence(call, key)) throw accessDenied();
    throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  }
  if (version.isDeleteMarker) {
    throw new ServiceError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
      Method: request.method,
      ResourceType: 'DeleteMarker',
    });
  }
  return version;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export async function getObjectTagging(call: BucketCall): Promise<SandboxResponse> {
  const version = findVersion(call, 's3:GetObjectTagging');
  return { status: 200, headers: versionHeaders(call, version), body: taggingDocument(version.tags) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export async function putObjectTagging(call: BucketCall): Promise<SandboxResponse> {
  const tags = parseTagging(await receiveDocument(call.request), 10);
  const version = findVersion(call, 's3:PutObjectTagging', tags);
  await call.state.replaceVersion(call.bucket, call.key, { ...version, tags });
  return { status: 200, headers: versionHeaders(call, version) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export async function deleteObjectTagging(call: BucketCall): Promise<SandboxResponse> {
  const version = findVersion(call, 's3:DeleteObjectTagging');
  await call.state.replaceVersion(call.bucket, call.key, { ...version, tags: [] });
  return { status: 204, headers: versionHeaders(call, version) };
}

function noLockOnObject(): ServiceError {
  return new ServiceError(
    'NoSuchObjectLockConfiguration',
    404,
    'The specified object does not have a ObjectLock configuration',
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html */
export async function getObjectRetention(call: BucketCall): Promise<SandboxResponse> {
  const { retention } = findVersion(call, 's3:GetObjectRetention');
  if (!call.bucket.record.objectLock) throw missingConfiguration();
  if (!retention) throw noLockOnObject();
  const RetainUntilDate = new Date(retention.until).toISOString();
  return { status: 200, body: xmlDocument('Retention', elements({ Mode: retention.mode, RetainUntilDate })) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html */
export async function putObjectRetention(call: BucketCall): Promise<SandboxResponse> {
  const retention = parseRetention(await receiveDocument(call.request), call.request.time);
  const version = findVersion(call, 's3:PutObjectRetention');
  if (!call.bucket.record.objectLock) throw missingConfiguration();
  checkRetentionChange(call, version, retention);
  const { retention: _before, ...rest } = version;
  await call.state.replaceVersion(call.bucket, call.key, { ...rest, ...(retention && { retention }) });
  return { status: 200 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html */
export async function getObjectLegalHold(call: BucketCall): Promise<SandboxResponse> {
  const { legalHold } = findVersion(call, 's3:GetObjectLegalHold');
  if (!call.bucket.record.objectLock) throw missingConfiguration();
  if (legalHold === undefined) throw noLockOnObject();
  return { status: 200, body: xmlDocument('LegalHold', elements({ Status: legalHold ? 'ON' : 'OFF' })) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html */
export async function putObjectLegalHold(call: BucketCall): Promise<SandboxResponse> {
  const status = childText(parseXmlOf(await receiveDocument(call.request), 'LegalHold'), 'Status')?.trim();
  if (status !== 'ON' && status !== 'OFF') throw malformedXml();
  const version = findVersion(call, 's3:PutObjectLegalHold');
  if (!call.bucket.record.objectLock) throw missingConfiguration();
  await call.state.replaceVersion(call.bucket, call.key, { ...version, legalHold: status === 'ON' });
  return { status: 200 };
}

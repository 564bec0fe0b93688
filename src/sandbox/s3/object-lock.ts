import type { RequestContext } from '../../core/iam/decision';
import { accessDenied } from '../authorization';
import { ServiceError } from '../service';
import { child, childText, element, elements, malformedXml, parseXmlOf, xmlDocument } from '../xml';
import { isAuthorized } from './authorize';
import { type BucketCall, headerOf } from './call';
import type { BucketSettings, ObjectVersion, Retention } from './records';
import { invalidArgument } from './request';
import type { Bucket } from './state';

const DAY = 24 * 60 * 60 * 1000;

function missingConfiguration(): ServiceError {
  return new ServiceError('InvalidRequest', 400, 'Bucket is missing Object Lock Configuration');
}

/** The retention that headers ask for, or the bucket's default. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
export function requestedRetention(call: BucketCall): Retention | undefined {
  const mode = headerOf(call, 'x-amz-object-lock-mode');
  const until = headerOf(call, 'x-amz-object-lock-retain-until-date');
  const lock = call.bucket.record.objectLock;
  if (mode === undefined && until === undefined) {
    if (!lock?.mode) return undefined;
    return { mode: lock.mode, until: call.request.time.getTime() + defaultDays(call.bucket, call.request.time) };
  }
  if (!lock) throw missingConfiguration();
  if (mode === undefined || until === undefined) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
      '',
    );
  }
  return checkedRetention(mode, until, call.request.time);
}

function defaultDays(bucket: Bucket, now: Date): number {
  const { days, years } = bucket.record.objectLock ?? {};
  if (days !== undefined) return days * DAY;
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + (years ?? 0));
  return end.getTime() - now.getTime();
}

function checkedRetention(mode: string | undefined, untilText: string | undefined, now: Date): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode ?? '');
  }
  const until = Date.parse(untilText ?? '');
  if (Number.isNaN(until)) {
    throw invalidArgument(
      'The retain until date must be provided in ISO 8601 format',
      'x-amz-object-lock-retain-until-date',
      untilText ?? '',
    );
  }
  if (until <= now.getTime()) {
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      untilText ?? '',
    );
  }
  return { mode, until };
}

export function requestedLegalHold(call: BucketCall): boolean | undefined {
  const status = headerOf(call, 'x-amz-object-lock-legal-hold');
  if (status === undefined) return undefined;
  if (!call.bucket.record.objectLock) throw missingConfiguration();
  if (status !== 'ON' && status !== 'OFF') {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', status);
  }
  return status === 'ON';
}

/** A bucket with a default retention, and an object with one of its own, need a checksum or Content-MD5. */
export function requireChecksumForLock(call: BucketCall, hasRetention: boolean): void {
  if (!hasRetention && !call.bucket.record.objectLock?.mode) return;
  const names = Object.keys(call.request.headers);
  const hasChecksum = names.some(name => /^x-amz-checksum-(?!algorithm|type|mode)/.test(name));
  if (hasChecksum || names.includes('content-md5') || headerOf(call, 'x-amz-trailer')?.includes('x-amz-checksum-'))
    return;
  throw new ServiceError(
    'InvalidRequest',
    400,
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

/** Condition keys of the retention an object has. */
export function retentionContext(version: ObjectVersion | undefined, now: Date): RequestContext {
  if (!version?.retention) return {};
  const days = Math.max(0, Math.ceil((version.retention.until - now.getTime()) / DAY));
  return { 's3:object-lock-remaining-retention-days': String(days) };
}

/** Throws where Object Lock keeps a version from being removed for good. */
export function checkRemovable(call: BucketCall, key: string, version: ObjectVersion): void {
  if (version.legalHold) throw accessDenied('Access Denied because object protected by object lock.');
  if (!version.retention || version.retention.until <= call.request.time.getTime()) return;
  if (
    version.retention.mode === 'GOVERNANCE' &&
    headerOf(call, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true' &&
    isAuthorized(call.request, call.bucket, { action: 's3:BypassGovernanceRetention', key })
  ) {
    return;
  }
  throw accessDenied('Access Denied because object protected by object lock.');
}

export function lockHeaders(version: ObjectVersion): Record<string, string> {
  return {
    ...(version.retention && {
      'x-amz-object-lock-mode': version.retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(version.retention.until).toISOString(),
    }),
    ...(version.legalHold !== undefined && { 'x-amz-object-lock-legal-hold': version.legalHold ? 'ON' : 'OFF' }),
  };
}

/** An `<ObjectLockConfiguration>` document. */
export function parseLockConfiguration(source: string): NonNullable<BucketSettings['objectLock']> {
  const root = parseXmlOf(source, 'ObjectLockConfiguration');
  if (childText(root, 'ObjectLockEnabled') !== 'Enabled') throw malformedXml();
  const rule = child(root, 'Rule');
  if (!rule) return {};
  const retention = child(rule, 'DefaultRetention');
  const mode = retention && childText(retention, 'Mode');
  const days = retention && childText(retention, 'Days');
  const years = retention && childText(retention, 'Years');
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw malformedXml();
  if ((days === undefined) === (years === undefined)) throw malformedXml();
  const period = Number(days ?? years);
  if (!Number.isInteger(period)) throw malformedXml();
  if (period < 1) {
    throw new ServiceError('InvalidArgument', 400, 'Default retention period must be a positive integer value.');
  }
  return { mode, ...(days === undefined ? { years: period } : { days: period }) };
}

export function lockConfigurationDocument(bucket: Bucket): string {
  const lock = bucket.record.objectLock;
  if (!lock) {
    throw new ServiceError(
      'ObjectLockConfigurationNotFoundError',
      404,
      'Object Lock configuration does not exist for this bucket',
      { BucketName: bucket.record.name },
    );
  }
  return xmlDocument(
    'ObjectLockConfiguration',
    elements({
      ObjectLockEnabled: 'Enabled',
      Rule: lock.mode && element('DefaultRetention', elements({ Mode: lock.mode, Days: lock.days, Years: lock.years })),
    }),
  );
}

/** A `<Retention>` document; an empty one removes the retention. */
export function parseRetention(source: string, now: Date): Retention | undefined {
  const root = parseXmlOf(source, 'Retention');
  if (root.children.length === 0) return undefined;
  return checkedRetention(childText(root, 'Mode'), childText(root, 'RetainUntilDate'), now);
}

/** Throws where a retention may not be changed to another. */
export function checkRetentionChange(call: BucketCall, version: ObjectVersion, next: Retention | undefined): void {
  const { retention } = version;
  if (!retention || retention.until <= call.request.time.getTime()) return;
  const isExtension = next !== undefined && next.until >= retention.until && next.mode === retention.mode;
  if (isExtension) return;
  const toCompliance = retention.mode === 'GOVERNANCE' && next?.mode === 'COMPLIANCE' && next.until >= retention.until;
  const hasBypass =
    retention.mode === 'GOVERNANCE' &&
    headerOf(call, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true' &&
    isAuthorized(call.request, call.bucket, { action: 's3:BypassGovernanceRetention', key: call.key });
  if (!toCompliance && !hasBypass) throw accessDenied('Access Denied because object protected by object lock.');
}

export { missingConfiguration };

import { ServiceError } from '../service';
import { type BucketCall, headerOf } from './call';
import type { ObjectVersion } from './records';
import { notImplemented } from './request';

function failed(condition: string): ServiceError {
  return new ServiceError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

/** Conditions of a read, by the header names of a plain read or of a copy's source. */
export interface ReadConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

/**
 * What a read's conditions say: `If-Match` outweighs `If-Unmodified-Since`, and `If-None-Match` outweighs
 * `If-Modified-Since`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkRead(conditions: ReadConditions, version: ObjectVersion): 'ok' | 'not-modified' {
  const modified = Math.floor(version.lastModified / 1000) * 1000;
  const { ifMatch, ifNoneMatch } = conditions;
  const unmodifiedSince = dateOf(conditions.ifUnmodifiedSince);
  const modifiedSince = dateOf(conditions.ifModifiedSince);
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, version.etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) throw failed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, version.etag) ? 'not-modified' : 'ok';
  return modifiedSince !== undefined && modified <= modifiedSince ? 'not-modified' : 'ok';
}

/** A date that can't be read, or lies ahead, is no condition. */
function dateOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function namesEtag(list: string, etag: string): boolean {
  return list
    .split(',')
    .map(one =>
      one
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .some(one => one === '*' || one === etag);
}

/**
 * Throws unless a conditional write may happen now.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(call: BucketCall, current: ObjectVersion | undefined): void {
  const ifMatch = headerOf(call, 'if-match');
  const ifNoneMatch = headerOf(call, 'if-none-match');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') throw notImplemented('If-None-Match with an ETag');
    if (ifMatch !== undefined) throw notImplemented('If-Match together with If-None-Match');
    if (current) throw failed('If-None-Match');
  }
  if (ifMatch === undefined) return;
  if (!current) {
    throw new ServiceError('NoSuchKey', 404, 'The specified key does not exist.', { Key: call.key });
  }
  if (!namesEtag(ifMatch, current.etag)) throw failed('If-Match');
}

/** Conditional writes with `If-Match` need the right to read the object too. */
export function hasIfMatch(call: BucketCall): boolean {
  return headerOf(call, 'if-match') !== undefined;
}

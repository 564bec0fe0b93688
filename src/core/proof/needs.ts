import type { CheckId } from '../check';
import type { ExportTarget } from '../export-settings';
import { printLogKey } from '../logs/log-key';

/** One permission that the export's role needs, as a policy is asked for it. */
export interface Need {
  readonly action: 's3:ListBucket' | 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject';
  readonly resource: string;
  /** What a policy's condition sees as `s3:prefix`. */
  readonly listedPrefix?: string;
}

/** The checks of the bucket that permissions decide. */
export const PERMISSION_CHECKS = ['head', 'put', 'get', 'append', 'list', 'delete'] as const satisfies CheckId[];
export type PermissionCheck = (typeof PERMISSION_CHECKS)[number];

/** A log like any other: policies are asked about it, nobody writes it. */
const SAMPLE = { dagId: 'example', runId: 'manual__2026-01-01T00:00:00+00:00', taskId: 'example', attempt: 1 };

/**
 * What each check needs. A HEAD of a key that isn't there needs ListBucket for that key beside GetObject:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function needsOf(target: ExportTarget, partition: string): Readonly<Record<PermissionCheck, readonly Need[]>> {
  const bucket = `arn:${partition}:s3:::${target.bucket}`;
  const key = printLogKey(SAMPLE, target.prefix);
  const resource = `${bucket}/${key}`;
  const get: Need = { action: 's3:GetObject', resource };
  const put: Need = { action: 's3:PutObject', resource };
  return {
    head: [get, { action: 's3:ListBucket', resource: bucket, listedPrefix: key }],
    put: [put],
    get: [get],
    append: [get, put],
    list: [{ action: 's3:ListBucket', resource: bucket, listedPrefix: target.prefix }],
    delete: [{ action: 's3:DeleteObject', resource }],
  };
}

/** One name for the same permission, whichever check needs it. */
export function needKey({ action, resource, listedPrefix = '' }: Need): string {
  return `${action} ${resource} ${listedPrefix}`;
}

/** The resource that a statement has to name for the whole export. */
export function statementResource(need: Need, target: ExportTarget): string {
  if (need.listedPrefix !== undefined) return need.resource;
  const bucket = need.resource.slice(0, need.resource.indexOf('/'));
  return `${bucket}/${target.prefix}*`;
}

import type { SandboxRequest, SandboxResponse } from '../service';
import type { KmsKeys } from './kms';
import { header } from './request';
import type { Bucket, S3State } from './state';

/** One request to S3, with its address resolved. */
export interface ServiceCall {
  readonly request: SandboxRequest;
  readonly state: S3State;
  readonly kms: KmsKeys;
  /** Whether a bucket policy may name this principal; undefined: any. */
  readonly principalExists: ((principal: string) => boolean) | undefined;
  /** Query parameters; the first of each name. */
  readonly params: ReadonlyMap<string, string>;
  /** '' where the request has none. */
  readonly bucketName: string;
  readonly key: string;
}

/** A call on a bucket that exists. */
export interface BucketCall extends ServiceCall {
  readonly bucket: Bucket;
}

export type ServiceOperation = (call: ServiceCall) => Promise<SandboxResponse>;
export type BucketOperation = (call: BucketCall) => Promise<SandboxResponse>;

export function headerOf(call: ServiceCall, name: string): string | undefined {
  return header(call.request, name);
}

/** `Thu, 01 Jan 1970 00:00:00 GMT` */
export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

/** `1970-01-01T00:00:00.000Z`, in whole seconds as S3 has them. */
export function isoDate(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}

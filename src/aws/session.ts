import type { AwsFailure } from '../core/diagnosis/aws-failure';
import type { ExportTarget } from '../core/export-settings';
import type { BucketSettings } from './bucket-settings';
import type { IamReader } from './iam-types';
import type { Provisioner } from './provisioner-types';

export type { AwsFailure } from '../core/diagnosis/aws-failure';

/** Temporary or long-term keys. Never logged, never part of an error. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where the keys come from and where requests go; everything left out follows AWS's own chain and variables. */
export interface SessionOptions {
  readonly target: ExportTarget;
  /** A profile of the shared AWS files; absent: the chain's default. */
  readonly profile?: string;
  /** One endpoint for S3, STS and IAM alike (a sandbox); absent: `AWS_ENDPOINT_URL[_S3|_STS|_IAM]`, the profile's, or AWS's. */
  readonly endpoint?: string;
  /** Keys held in memory only; absent: AWS's own chain. */
  readonly credentials?: AwsCredentials;
  /** Whether Node's http is patched to pass the proxies that variables and settings name, as in the editor; else this does. */
  readonly usesProxies?: boolean;
  /** The variables to read; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

export interface ObjectHead {
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentEncoding?: string;
}

export interface ObjectBody extends ObjectHead {
  readonly body: Buffer;
  /** The whole object's size, also where only a range was asked for. */
  readonly totalSize: number;
}

/** A body that is read twice, to hash it and to send it, instead of being held in memory. */
export interface StreamedBody {
  /** In bytes. */
  readonly size: number;
  /** Opens the body from its first byte. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly etag: string;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Prefixes up to the delimiter, as S3 groups them. */
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter?: string;
  /** List only keys after this one. */
  readonly startAfter?: string;
  /** Keys a page, at most 1,000. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/**
 * The export's bucket, asked as the export's own identity (in `assume-role` the assumed role).
 * Every method throws an ExportError whose `cause` is an {@link AwsFailure}.
 */
export interface BucketClient {
  /** Undefined where S3 answers 404. */
  head(key: string, options?: { signal?: AbortSignal }): Promise<ObjectHead | undefined>;
  /**
   * One PUT with a checksum, of at most 5 GiB. With `ifNoneMatch` an object that is there already, with `ifMatch` one of
   * another ETag (given without quotes) is an error of status 412.
   */
  put(
    key: string,
    body: Uint8Array | StreamedBody,
    options?: { ifNoneMatch?: '*'; ifMatch?: string; signal?: AbortSignal },
  ): Promise<{ etag: string }>;
  /**
   * `range` in bytes, end inclusive; `suffix` the last N bytes. A range outside of the object gives an empty body.
   * An object that isn't there is an ExportError `not-found`.
   */
  get(
    key: string,
    options?: { range?: { start: number; end: number }; suffix?: number; ifMatch?: string; signal?: AbortSignal },
  ): Promise<ObjectBody>;
  list(options: ListOptions): AsyncIterable<ListPage>;
  /** `deleteMarker`: the bucket keeps versions, so that the object's content stays as a noncurrent one. */
  delete(key: string, options?: { signal?: AbortSignal }): Promise<{ deleteMarker: boolean }>;
  /** What the bucket is set to; throws only where nothing answers. */
  settings(options?: { signal?: AbortSignal }): Promise<BucketSettings>;
  /** The region S3 names for the bucket, also when it denies the request. A store without regions: the one signed for. */
  bucketRegion(options?: { signal?: AbortSignal }): Promise<string>;
}

/** One identity and one export's bucket. */
export interface AwsSession {
  readonly target: ExportTarget;
  /** The endpoint in use where it isn't AWS's own, without a user name or password. */
  readonly endpoint?: string;
  /** The variable that names the proxy that the requests of this session pass. */
  readonly proxy?: string;
  /** Where the target names no region: that of the caller's variables or profile. */
  readonly ambientRegion?: string;
  /** Whether the last answer came from the sandbox. */
  readonly isSandbox: boolean;
  readonly bucket: BucketClient;
  /** The same bucket, asked as the caller, whatever the access mode is. */
  readonly callerBucket: BucketClient;
  /** Roles, and the bucket's policy, read as the caller. */
  readonly iam: IamReader;
  /** Makes and changes them, as the caller too. */
  readonly provisioner: Provisioner;
  /** Finds the caller's credentials without sending anything to S3 or STS; throws `no-credentials` or `expired-credentials`. */
  checkCredentials(): Promise<void>;
  /** As the caller, before any role is assumed. */
  callerIdentity(options?: { signal?: AbortSignal }): Promise<CallerIdentity>;
  /** Assumes the target's role anew, and says who that is. Only in `assume-role`. */
  assumeRole(options?: { signal?: AbortSignal }): Promise<CallerIdentity>;
  /** Ends open connections. */
  close(): void;
}

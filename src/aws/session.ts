import type { ExportTarget } from '../core/export-settings';

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
  /** The variables to read; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** An error answer of S3, STS or IAM, or what kept a request from getting an answer. */
export interface AwsFailure {
  /** `AccessDenied`, `NoSuchBucket` …; for a network failure Node's code (`ECONNREFUSED`); for a HEAD without a body `''`. */
  readonly awsCode: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly message: string;
  /** `s3:PutObject`, as far as the request tells. */
  readonly action: string;
  /** The bucket's region, where the answer names it (`x-amz-bucket-region`, `<Region>`). */
  readonly region?: string;
  readonly requestId?: string;
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
  /** One PUT with a checksum. With `ifNoneMatch` an object that is there already is an error of status 412. */
  put(
    key: string,
    body: Uint8Array,
    options?: { ifNoneMatch?: '*'; ifMatch?: string; signal?: AbortSignal },
  ): Promise<{ etag: string }>;
  /** `range` in bytes, end inclusive; `suffix` the last N bytes. */
  get(
    key: string,
    options?: { range?: { start: number; end: number }; suffix?: number; ifMatch?: string; signal?: AbortSignal },
  ): Promise<ObjectBody>;
  list(options: ListOptions): AsyncIterable<ListPage>;
  delete(key: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** The region S3 names for the bucket, also when it denies the request. */
  bucketRegion(options?: { signal?: AbortSignal }): Promise<string>;
}

/** One identity and one export's bucket. */
export interface AwsSession {
  readonly target: ExportTarget;
  /** The endpoint in use where it isn't AWS's own. */
  readonly endpoint?: string;
  /** Whether the last answer came from the sandbox. */
  readonly isSandbox: boolean;
  readonly bucket: BucketClient;
  /** As the caller, before any role is assumed. */
  callerIdentity(options?: { signal?: AbortSignal }): Promise<CallerIdentity>;
  /** Assumes the target's role anew, and says who that is. Only in `assume-role`. */
  assumeRole(options?: { signal?: AbortSignal }): Promise<CallerIdentity>;
  /** Ends open connections. */
  close(): void;
}

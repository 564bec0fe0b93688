import type { ExportError } from '../core/export-error';

/** A bucket's settings as S3 keeps them; a setting that isn't there is undefined. */
export interface BucketReading {
  readonly region: string;
  /** Whether all four kinds of public access are blocked. */
  readonly isClosed: boolean;
  /** `BucketOwnerEnforced`, `BucketOwnerPreferred`, `ObjectWriter`. */
  readonly ownership?: string;
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly encryption?: string;
  readonly kmsKeyArn?: string;
  readonly isVersioned: boolean;
  /** The rules as S3's own JSON has them. */
  readonly lifecycle: readonly object[];
  readonly tags: Readonly<Record<string, string>>;
  readonly policy?: string;
  /** Settings that the caller may not read: by the action that is denied. */
  readonly unreadable: readonly { readonly action: string; readonly error: ExportError }[];
}

export interface NewRole {
  readonly name: string;
  readonly path: string;
  readonly trust: string;
  readonly boundaryArn?: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface Abortable {
  readonly signal?: AbortSignal;
}

/** Changes roles and buckets, as the caller. Every method throws an ExportError that names the action that failed. */
export interface Provisioner {
  /**
   * Undefined where no bucket has this name. With `owner` a bucket of another account is an ExportError
   * `other-account-bucket`.
   */
  readBucket(bucket: string, options?: Abortable & { readonly owner?: string }): Promise<BucketReading | undefined>;
  createBucket(bucket: string, region: string, options?: Abortable): Promise<void>;
  closeBucket(bucket: string, options?: Abortable): Promise<void>;
  enforceOwner(bucket: string, options?: Abortable): Promise<void>;
  /** Without a key: SSE-S3. */
  encryptBucket(bucket: string, kmsKeyArn: string | undefined, options?: Abortable): Promise<void>;
  keepVersions(bucket: string, options?: Abortable): Promise<void>;
  putLifecycle(bucket: string, rules: readonly object[], options?: Abortable): Promise<void>;
  putBucketPolicy(bucket: string, text: string, options?: Abortable): Promise<void>;
  /** Replaces all tags. */
  putBucketTags(bucket: string, tags: Readonly<Record<string, string>>, options?: Abortable): Promise<void>;
  /** Only an empty one can be deleted. */
  deleteBucket(bucket: string, options?: Abortable): Promise<void>;

  createRole(role: NewRole, options?: Abortable): Promise<void>;
  putTrust(roleName: string, text: string, options?: Abortable): Promise<void>;
  putBoundary(roleName: string, boundaryArn: string, options?: Abortable): Promise<void>;
  /** Adds to the tags that are there. */
  tagRole(roleName: string, tags: Readonly<Record<string, string>>, options?: Abortable): Promise<void>;
  putRolePolicy(roleName: string, policyName: string, text: string, options?: Abortable): Promise<void>;
  deleteRolePolicy(roleName: string, policyName: string, options?: Abortable): Promise<void>;
  /** Only one without policies can be deleted. */
  deleteRole(roleName: string, options?: Abortable): Promise<void>;
}

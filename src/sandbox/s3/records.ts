import type { PolicyDocument } from '../../core/iam/policy';

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of a composite checksum with its `-N`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Server-side encryption as it was asked for; nothing is really encrypted. */
export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** The key's ARN; absent for SSE-S3 and for the account's own `aws/s3` key. */
  readonly keyId?: string;
  readonly hasBucketKey?: boolean;
}

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** A stretch of bytes in the store. */
export interface Segment {
  readonly blob: string;
  readonly size: number;
}

interface ObjectPart {
  readonly number: number;
  readonly size: number;
  readonly checksum?: string;
}

/** What a request says of an object beside its bytes. */
export interface ObjectDescription {
  /** `content-type`, `cache-control` … in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<readonly [string, string]>;
  readonly encryption: Encryption;
  readonly storageClass: string;
  /** The account that owns the object: the bucket's, unless the bucket's object ownership says otherwise. */
  readonly ownerAccount: string;
  /** Whether the bucket's owner may read an object of somebody else's. */
  readonly bucketOwnerHasControl: boolean;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
}

export interface ObjectVersion extends ObjectDescription {
  /** `null` where the bucket wasn't versioned. */
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly segments: readonly Segment[];
  readonly checksum?: Checksum;
  /** Present for an object that came in parts. */
  readonly parts?: readonly ObjectPart[];
}

export interface UploadedPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly segment: Segment;
  readonly lastModified: number;
  /** In the upload's algorithm. */
  readonly checksum?: string;
}

export interface MultipartUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: number;
  readonly initiatorArn: string;
  readonly description: ObjectDescription;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: Checksum['type'] };
  readonly parts: readonly UploadedPart[];
}

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

export interface BucketSettings {
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly policy?: PolicyDocument;
  /** The policy's own text, which GetBucketPolicy gives back. */
  readonly policyText?: string;
  readonly publicAccessBlock?: PublicAccessBlock;
  readonly ownership?: ObjectOwnership;
  readonly encryption: Encryption;
  /** The lifecycle configuration's XML as it came: it is kept, and never acted upon. */
  readonly lifecycle?: string;
  readonly objectLock?: {
    readonly mode?: Retention['mode'];
    readonly days?: number;
    readonly years?: number;
  };
  readonly tags?: ReadonlyArray<readonly [string, string]>;
  readonly requesterPays?: boolean;
}

export interface BucketRecord extends BucketSettings {
  readonly name: string;
  readonly region: string;
  readonly ownerAccount: string;
  readonly created: number;
}

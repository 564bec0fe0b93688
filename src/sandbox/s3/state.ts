import { ServiceError } from '../service';
import { KeyIndex } from './key-index';
import type { ObjectStore } from './object-store';
import type {
  BucketRecord,
  BucketSettings,
  MultipartUpload,
  ObjectOwnership,
  ObjectVersion,
  PublicAccessBlock,
} from './records';

/** A bucket with all it holds. */
export interface Bucket {
  record: BucketRecord;
  /** Versions of each key, newest first; never empty. */
  readonly objects: KeyIndex<readonly ObjectVersion[]>;
  readonly uploads: Map<string, MultipartUpload>;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html: what a new bucket has since 2023. */
const NEW_BUCKET: BucketSettings = {
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
  ownership: 'BucketOwnerEnforced',
  encryption: { algorithm: 'AES256' },
};

const NO_BLOCK: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

export function publicAccessBlockOf(bucket: Bucket): PublicAccessBlock {
  return bucket.record.publicAccessBlock ?? NO_BLOCK;
}

/** A bucket without ownership controls is one from before they existed. */
export function ownershipOf(bucket: Bucket): ObjectOwnership {
  return bucket.record.ownership ?? 'ObjectWriter';
}

/** All buckets, held in memory and written through to the store. */
export class S3State {
  readonly buckets = new Map<string, Bucket>();

  constructor(
    readonly store: ObjectStore,
    readonly clock: () => Date,
  ) {
    const stored = store.load();
    for (const record of stored.buckets) this.hold(record);
    for (const { bucket, key, versions } of stored.objects) this.buckets.get(bucket)?.objects.set(key, versions);
    for (const upload of stored.uploads) this.buckets.get(upload.bucket)?.uploads.set(upload.id, upload);
  }

  private hold(record: BucketRecord): Bucket {
    const bucket: Bucket = { record, objects: new KeyIndex(), uploads: new Map() };
    this.buckets.set(record.name, bucket);
    return bucket;
  }

  now(): number {
    return this.clock().getTime();
  }

  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket) return bucket;
    throw new ServiceError('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: name });
  }

  async createBucket(
    name: string,
    region: string,
    ownerAccount: string,
    settings: Partial<BucketSettings> = {},
  ): Promise<Bucket> {
    const bucket = this.hold({ ...NEW_BUCKET, ...settings, name, region, ownerAccount, created: this.now() });
    await this.store.saveBucket(bucket.record);
    return bucket;
  }

  async changeBucket(bucket: Bucket, settings: Partial<BucketSettings>): Promise<void> {
    bucket.record = { ...bucket.record, ...settings };
    await this.store.saveBucket(bucket.record);
  }

  async removeBucket(bucket: Bucket): Promise<void> {
    this.buckets.delete(bucket.record.name);
    for (const upload of bucket.uploads.values()) await this.forgetUpload(bucket, upload);
    await this.store.removeBucket(bucket.record.name);
  }

  /** The version that a plain GET finds: undefined where there is none or it is a delete marker. */
  current(bucket: Bucket, key: string): ObjectVersion | undefined {
    const newest = bucket.objects.get(key)?.[0];
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /** The id for a version that is written now. */
  newVersionId(bucket: Bucket): string {
    return bucket.record.versioning === 'Enabled' ? createVersionId() : 'null';
  }

  /** Puts a version in front of a key's others, replacing one with the same id. */
  async addVersion(bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
    const before = bucket.objects.get(key) ?? [];
    const replaced = before.filter(one => one.versionId === version.versionId);
    await this.setVersions(bucket, key, [version, ...before.filter(one => one.versionId !== version.versionId)]);
    for (const one of replaced) await this.removeBytes(one);
  }

  async replaceVersion(bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
    const versions = (bucket.objects.get(key) ?? []).map(one => (one.versionId === version.versionId ? version : one));
    await this.setVersions(bucket, key, versions);
  }

  async removeVersion(bucket: Bucket, key: string, version: ObjectVersion): Promise<void> {
    const left = (bucket.objects.get(key) ?? []).filter(one => one.versionId !== version.versionId);
    await this.setVersions(bucket, key, left);
    await this.removeBytes(version);
  }

  private async setVersions(bucket: Bucket, key: string, versions: readonly ObjectVersion[]): Promise<void> {
    if (versions.length === 0) bucket.objects.delete(key);
    else bucket.objects.set(key, versions);
    await this.store.saveObject(bucket.record.name, key, versions);
  }

  private async removeBytes(version: ObjectVersion): Promise<void> {
    for (const { blob } of version.segments) await this.store.removeBlob(blob);
  }

  async saveUpload(bucket: Bucket, upload: MultipartUpload): Promise<void> {
    bucket.uploads.set(upload.id, upload);
    await this.store.saveUpload(upload);
  }

  /** Ends an upload; the bytes of its parts go too, except those that an object has taken over. */
  async forgetUpload(
    bucket: Bucket,
    upload: MultipartUpload,
    keptBlobs: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    bucket.uploads.delete(upload.id);
    await this.store.removeUpload(upload);
    for (const { segment } of upload.parts) {
      if (!keptBlobs.has(segment.blob)) await this.store.removeBlob(segment.blob);
    }
  }

  /** A version's bytes from `start` to before `end`. */
  async *read(version: ObjectVersion, start = 0, end = version.size): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { blob, size } of version.segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size);
      if (from < to) yield* this.store.readBlob(blob, from, to);
      offset += size;
    }
  }
}

function createVersionId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), byte => alphabet[byte & 63]).join('');
}

import { createHash } from 'node:crypto';
import { createChecksum } from './checksums';
import type { Bucket, S3State } from './state';

/** Writes an object as the bucket's owner would, asking no policy. */
export async function seedObject(state: S3State, bucket: Bucket, key: string, body: Buffer): Promise<void> {
  const blob = await state.store.writeBlob(
    (async function* () {
      yield body;
    })(),
  );
  const checksum = createChecksum('CRC64NVME');
  checksum.update(body);
  await state.addVersion(bucket, key, {
    versionId: state.newVersionId(bucket),
    isDeleteMarker: false,
    lastModified: state.now(),
    etag: createHash('md5').update(body).digest('hex'),
    size: body.length,
    segments: [{ blob, size: body.length }],
    checksum: { algorithm: 'CRC64NVME', value: checksum.digest().toString('base64'), type: 'FULL_OBJECT' },
    headers: { 'content-type': 'binary/octet-stream' },
    metadata: {},
    tags: [],
    encryption: bucket.record.encryption,
    storageClass: 'STANDARD',
    ownerAccount: bucket.record.ownerAccount,
    bucketOwnerHasControl: true,
  });
}

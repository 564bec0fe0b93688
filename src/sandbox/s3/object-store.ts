import { randomUUID } from 'node:crypto';
import type { BucketRecord, MultipartUpload, ObjectVersion } from './records';

/** Everything that an earlier run left. */
export interface StoredState {
  readonly buckets: readonly BucketRecord[];
  readonly objects: ReadonlyArray<{
    readonly bucket: string;
    readonly key: string;
    readonly versions: readonly ObjectVersion[];
  }>;
  readonly uploads: readonly MultipartUpload[];
}

/** Where bytes and records are kept. The service holds all records in memory and writes each change through. */
export interface ObjectStore {
  /** What was there when the store was opened. */
  load(): StoredState;
  saveBucket(bucket: BucketRecord): Promise<void>;
  removeBucket(name: string): Promise<void>;
  /** Replaces all versions of a key, newest first; none removes it. */
  saveObject(bucket: string, key: string, versions: readonly ObjectVersion[]): Promise<void>;
  saveUpload(upload: MultipartUpload): Promise<void>;
  removeUpload(upload: MultipartUpload): Promise<void>;
  /** Keeps a stream of bytes and returns the name to read it by. */
  writeBlob(bytes: AsyncIterable<Buffer>): Promise<string>;
  /** Bytes from `start` to before `end`. */
  readBlob(blob: string, start: number, end: number): AsyncIterable<Buffer>;
  removeBlob(blob: string): Promise<void>;
}

/** Keeps nothing beyond the process. */
export function createMemoryStore(): ObjectStore {
  const blobs = new Map<string, readonly Buffer[]>();
  return {
    load: () => ({ buckets: [], objects: [], uploads: [] }),
    saveBucket: async () => {},
    removeBucket: async () => {},
    saveObject: async () => {},
    saveUpload: async () => {},
    removeUpload: async () => {},
    async writeBlob(bytes) {
      const pieces: Buffer[] = [];
      for await (const piece of bytes) pieces.push(piece);
      const blob = randomUUID();
      // A piece of the wire is a view of a larger buffer: joined, small objects don't hold on to those.
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
      blobs.set(blob, size <= 1024 * 1024 ? [Buffer.concat(pieces)] : pieces);
      return blob;
    },
    async *readBlob(blob, start, end) {
      let offset = 0;
      for (const piece of blobs.get(blob) ?? []) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, piece.length);
        if (from < to) yield piece.subarray(from, to);
        offset += piece.length;
        if (offset >= end) return;
      }
    },
    async removeBlob(blob) {
      blobs.delete(blob);
    },
  };
}

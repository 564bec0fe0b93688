import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore, StoredState } from './object-store';
import type { BucketRecord, MultipartUpload, ObjectVersion } from './records';

interface ObjectFile {
  readonly key: string;
  readonly versions: readonly ObjectVersion[];
}

/**
 * Keeps everything in a folder: a JSON file for each bucket, key and upload, and a file for each stretch of bytes.
 * No name of a file comes from a key, so that every file system can hold every key.
 *
 *     buckets/b-<name>/bucket.json
 *     buckets/b-<name>/objects/<2 digits>/<hash of the key>.json
 *     buckets/b-<name>/uploads/<hash of the id>.json
 *     blobs/<2 digits>/<random>
 */
export async function openFolderStore(dir: string): Promise<ObjectStore> {
  const files = new RecordFiles();
  const bucketDir = (name: string) => join(dir, 'buckets', `b-${name}`);
  const bucketFile = (name: string) => join(bucketDir(name), 'bucket.json');
  const objectFile = (bucket: string, key: string) => {
    const hash = hashOf(key);
    return join(bucketDir(bucket), 'objects', hash.slice(0, 2), `${hash}.json`);
  };
  const uploadFile = ({ bucket, id }: MultipartUpload) => join(bucketDir(bucket), 'uploads', `${hashOf(id)}.json`);
  const blobFile = (blob: string) => join(dir, 'blobs', blob.slice(0, 2), blob);
  await mkdir(join(dir, 'buckets'), { recursive: true });
  const stored = await readState(dir);
  await removeOrphans(dir, stored);
  return {
    load: () => stored,
    saveBucket: bucket => files.write(bucketFile(bucket.name), bucket),
    removeBucket: async name => {
      await files.settle();
      await rm(bucketDir(name), { recursive: true, force: true });
    },
    saveObject: (bucket, key, versions) => {
      const file = objectFile(bucket, key);
      return versions.length === 0 ? files.remove(file) : files.write(file, { key, versions } satisfies ObjectFile);
    },
    saveUpload: upload => files.write(uploadFile(upload), upload),
    removeUpload: upload => files.remove(uploadFile(upload)),
    async writeBlob(bytes) {
      const blob = randomUUID();
      const file = blobFile(blob);
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'wx');
      try {
        for await (const piece of bytes) await handle.writeFile(piece);
      } catch (error) {
        await handle.close();
        await rm(file, { force: true });
        throw error;
      }
      await handle.close();
      return blob;
    },
    async *readBlob(blob, start, end) {
      if (end > start) yield* createReadStream(blobFile(blob), { start, end: end - 1 }) as AsyncIterable<Buffer>;
    },
    removeBlob: blob => rm(blobFile(blob), { force: true }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** JSON files that are replaced whole; writes of one file happen one after another, in their order. */
class RecordFiles {
  private readonly pending = new Map<string, Promise<void>>();

  write(file: string, record: unknown): Promise<void> {
    return this.queue(file, async () => {
      await mkdir(dirname(file), { recursive: true });
      const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`;
      const handle = await open(draft, 'wx');
      try {
        await handle.writeFile(JSON.stringify(record));
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    });
  }

  remove(file: string): Promise<void> {
    return this.queue(file, () => rm(file, { force: true }));
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.pending.values());
  }

  private queue(file: string, task: () => Promise<void>): Promise<void> {
    const before = this.pending.get(file) ?? Promise.resolve();
    const now = before.catch(() => {}).then(task);
    this.pending.set(file, now);
    const forget = () => {
      if (this.pending.get(file) === now) this.pending.delete(file);
    };
    now.then(forget, forget);
    return now;
  }
}

async function readState(dir: string): Promise<StoredState> {
  const buckets: BucketRecord[] = [];
  const objects: { bucket: string; key: string; versions: readonly ObjectVersion[] }[] = [];
  const uploads: MultipartUpload[] = [];
  for (const name of await namesIn(join(dir, 'buckets'))) {
    const bucketDir = join(dir, 'buckets', name);
    const record = await readRecord<BucketRecord>(join(bucketDir, 'bucket.json'));
    if (!record) continue;
    buckets.push(record);
    for (const group of await namesIn(join(bucketDir, 'objects'))) {
      const files = (await namesIn(join(bucketDir, 'objects', group))).filter(isRecordFile);
      const read = await Promise.all(
        files.map(file => readRecord<ObjectFile>(join(bucketDir, 'objects', group, file))),
      );
      for (const one of read) if (one) objects.push({ bucket: record.name, ...one });
    }
    for (const file of (await namesIn(join(bucketDir, 'uploads'))).filter(isRecordFile)) {
      const upload = await readRecord<MultipartUpload>(join(bucketDir, 'uploads', file));
      if (upload) uploads.push(upload);
    }
  }
  return { buckets, objects, uploads };
}

const isRecordFile = (name: string) => name.endsWith('.json');

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined where there is no such file, or something in the folder isn't the sandbox's. */
async function readRecord<T>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`The sandbox's file ${file} is damaged; remove it to start without what it held.`, {
      cause: error,
    });
  }
}

/** Removes bytes and drafts that an interrupted run left and nothing refers to. */
async function removeOrphans(dir: string, { objects, uploads }: StoredState): Promise<void> {
  const kept = new Set([
    ...objects.flatMap(one => one.versions.flatMap(version => version.segments.map(segment => segment.blob))),
    ...uploads.flatMap(upload => upload.parts.map(part => part.segment.blob)),
  ]);
  for (const group of await namesIn(join(dir, 'blobs'))) {
    for (const blob of await namesIn(join(dir, 'blobs', group))) {
      if (!kept.has(blob)) await rm(join(dir, 'blobs', group, blob), { force: true });
    }
  }
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

export const SAMPLE_LOGS = path.resolve(import.meta.dirname, '../../projects/sample-logs');

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What has to be in the bucket once the sample logs were uploaded: key → SHA-256 of its bytes. */
export function expectedObjects(): Record<string, string> {
  const files = readdirSync(SAMPLE_LOGS, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    files
      .map(entry => path.join(entry.parentPath, entry.name))
      .filter(file => /[/\\]attempt=[^/\\]*\.log/.test(file))
      .map(file => [`logs/${path.relative(SAMPLE_LOGS, file)}`, digest(readFileSync(file))]),
  );
}

/** What is in the bucket, as the SDK sees it: key → SHA-256 of its bytes. */
export async function foundObjects(client: S3Client, Bucket: string): Promise<Record<string, string>> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  const found: Record<string, string> = {};
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    found[Key!] = digest(await Body!.transformToByteArray());
  }
  return found;
}

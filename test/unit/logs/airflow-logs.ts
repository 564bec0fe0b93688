import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Logs that real Airflow wrote to S3, and what Airflow's own database says of each. */
export const VERSIONS = ['2.10.5', '2.11.2', '3.0.6', '3.3.2'] as const;

export interface StoredLog {
  readonly version: (typeof VERSIONS)[number];
  readonly key: string;
  /** The literal text before the template's first folder. */
  readonly prefix: string;
  readonly body: Buffer;
  readonly truth: Truth;
}

export interface Truth {
  readonly key: string;
  readonly dag_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly map_index: number;
  readonly try_number: number;
  readonly state: string;
  readonly kind: 'task' | 'trigger';
  readonly first_timestamp: string;
  readonly attempt_failed: boolean;
  readonly has_error: boolean;
  readonly error_type: string | null;
  readonly error_type_in_body: boolean;
  /** `template`, or why the key isn't the plain template. */
  readonly key_rule: string;
  readonly rows_in_object?: readonly { readonly state: string; readonly try_number: number }[];
}

const FIXTURES = path.join(__dirname, 'fixtures');

/** All 281 objects. */
export function storedLogs(): StoredLog[] {
  return VERSIONS.flatMap(version => {
    const objects = readNdjson(path.join(FIXTURES, version, 'objects.ndjson'));
    const truths = readNdjson(path.join(FIXTURES, version, 'truth.ndjson')) as unknown as Truth[];
    return objects.map((object, i) => ({
      version,
      key: String(object.key),
      prefix: String(object.key).startsWith('old-template/') ? 'old-template/' : 'some/prefix/',
      body: object.body_base64
        ? Buffer.from(String(object.body_base64), 'base64')
        : gunzipSync(Buffer.from(String(object.body_gzip_base64), 'base64')),
      truth: truths[i] as Truth,
    }));
  });
}

function readNdjson(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Check, CheckId } from '../../../src/core/check';
import type { PolicyDocument } from '../../../src/core/iam/policy';
import { runCli } from '../../unit/verify/world';
import type { Keys } from '../conformance/world';

interface Verified {
  readonly code: number;
  readonly ok: boolean;
  readonly proven: boolean;
  readonly checks: readonly Check[];
}

interface Listed {
  readonly key: string;
  readonly dagId: string | null;
}

/** An export as `scaffold` writes it, and the product's command line at work on it at somebody's endpoint. */
export class ProductExport {
  readonly dir = mkdtempSync(path.join(tmpdir(), 'stranger-export-'));

  private constructor(
    private readonly endpoint: string,
    readonly bucket: string,
  ) {}

  /** Scaffolds; `answers` are the options of the access mode. */
  static async scaffold(endpoint: string, bucket: string, answers: readonly string[]): Promise<ProductExport> {
    const made = new ProductExport(endpoint, bucket);
    const place = ['--bucket', bucket, '--prefix', 'logs', '--region', 'us-east-1'];
    const { code, stderr } = await runCli(['scaffold', ...place, ...answers], made.dir, {});
    if (code !== 0) throw new Error(stderr);
    return made;
  }

  /** A folder with one log of 20 MB, too big to be read at once; and its key. */
  bigLog(): { readonly folder: string; readonly key: string; readonly size: number } {
    const folder = path.join(this.dir, 'big');
    const log = 'dag_id=big/run_id=manual__2026-11-22T00:00:00+00:00/task_id=load/attempt=1.log';
    const line = `[2026-11-22T00:00:00.000+0000] {big.py:1} INFO - ${'x'.repeat(100)}\n`;
    const text = line.repeat(Math.ceil(20_000_000 / line.length));
    mkdirSync(path.dirname(path.join(folder, log)), { recursive: true });
    writeFileSync(path.join(folder, log), text);
    return { folder, key: `logs/${log}`, size: text.length };
  }

  private file(name: 'policy' | 'trust-policy'): string {
    return readFileSync(path.join(this.dir, `secondary-logs-${name}.json`), 'utf8');
  }

  /** The permission policy as it stands in its file. */
  get policy(): string {
    return this.file('policy');
  }

  /** The trust policy as it stands in its file. */
  get trust(): string {
    return this.file('trust-policy');
  }

  /** The permission policy without one of its rights. */
  policyWithout(right: string): string {
    const document = JSON.parse(this.policy) as PolicyDocument & { Statement: { Action: string | string[] }[] };
    const Statement = document.Statement.flatMap(statement => {
      const Action = [statement.Action].flat().filter(action => action !== right);
      return Action.length === 0 ? [] : [{ ...statement, Action }];
    });
    const text = JSON.stringify({ ...document, Statement });
    if (text.includes(right)) throw new Error(`${right} is still in ${text}`);
    return text;
  }

  /** The permission policy with a Deny beside it. */
  policyDenying(right: string): string {
    const { Statement, ...document } = JSON.parse(this.policy) as { Statement: object[] };
    const Deny = { Effect: 'Deny', Action: right, Resource: `arn:aws:s3:::${this.bucket}/*` };
    return JSON.stringify({ ...document, Statement: [...Statement, Deny] });
  }

  private run(keys: Keys, ...args: readonly string[]) {
    return runCli(args, this.dir, {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  }

  async verify(keys: Keys): Promise<Verified> {
    const { code, stdout, stderr } = await this.run(keys, 'verify', '--format', 'json');
    if (code === 2) throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Omit<Verified, 'code'>) };
  }

  /** The report of an upload, and its exit code. */
  async upload(
    keys: Keys,
    folder: string,
  ): Promise<{ code: number; uploaded: number; skipped: number; failed: number }> {
    const { code, stdout, stderr } = await this.run(keys, 'upload', folder, '--format', 'json');
    if (code === 2) throw new Error(stderr);
    return { code, ...JSON.parse(stdout) };
  }

  async reconcile(keys: Keys, folder: string): Promise<{ code: number; same: number }> {
    const { code, stdout, stderr } = await this.run(keys, 'reconcile', folder, '--format', 'json');
    if (code === 2) throw new Error(stderr);
    return { code, ...JSON.parse(stdout) };
  }

  async list(keys: Keys, ...filter: readonly string[]): Promise<readonly Listed[]> {
    const { code, stdout, stderr } = await this.run(keys, 'ls', '--format', 'json', ...filter);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Listed[];
  }

  /** What `cat` prints. */
  async read(keys: Keys, key: string, ...options: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(keys, 'cat', key, ...options);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The status of each check, and the most likely cause of one that failed: `fail missing-list-bucket`. */
export function statuses({ checks }: Verified): Partial<Record<CheckId, string>> {
  return Object.fromEntries(
    checks.map(({ id, status, causes }) => [id, status === 'fail' ? `fail ${causes[0]}` : status]),
  );
}

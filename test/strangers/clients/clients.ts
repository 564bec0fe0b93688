import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from '../../../scripts/lib/processes.mjs';

/** Whose keys a client uses, and where. */
export interface Account {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Output {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One S3 client on one account. What fails throws what the client said; keys are whole keys. */
export interface Client {
  put(file: string, key: string): Promise<void>;
  get(key: string, file: string): Promise<void>;
  /** Bytes `start` to `end`, both included; by way of a file that isn't there. */
  getRange(key: string, start: number, end: number, file: string): Promise<Buffer>;
  /** Every key below a folder, asked for in pages of `pageSize` where the client lets one choose. */
  list(folder: string, pageSize: number): Promise<readonly string[]>;
  /** Makes a folder of the bucket like the local one; says how many files it moved. */
  upload(dir: string, folder: string): Promise<number>;
  /** Makes the local folder like one of the bucket. */
  download(folder: string, dir: string): Promise<void>;
  delete(key: string): Promise<void>;
  deleteFolder(folder: string): Promise<void>;
  /** Lists a bucket without expecting that it can; what it says. */
  complain(): Promise<string>;
}

/** Makes a client that keeps its configuration in `home`, which is there, and knows nothing of the person's own. */
type ConnectClient = (home: string, bucket: string, account: Account) => Client;

/** Every multipart upload is in parts of this size. */
export const PART_BYTES = 5 << 20;

export const CLIENTS: Readonly<Record<'rclone' | 'aws-cli' | 's3cmd', ConnectClient>> = {
  rclone(home, bucket, account) {
    const config = path.join(home, 'rclone.conf');
    const { accessKeyId, secretAccessKey, sessionToken } = account;
    const lines = [
      ...['[box]', 'type = s3', 'provider = Other', `endpoint = ${account.endpoint}`, `region = ${account.region}`],
      ...[`access_key_id = ${accessKeyId}`, `secret_access_key = ${secretAccessKey}`],
      ...(sessionToken === undefined ? [] : [`session_token = ${sessionToken}`]),
      ...['upload_cutoff = 5Mi', 'chunk_size = 5Mi', 'no_check_bucket = true'],
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const rclone = (...args: readonly string[]) =>
      runClient('STRANGER_RCLONE', ['--config', config, '--retries', '1', '--low-level-retries', '1', ...args], home);
    const at = (key: string) => `box:${bucket}/${key}`;
    return {
      put: async (file, key) => void said(await rclone('copyto', file, at(key))),
      get: async (key, file) => void said(await rclone('copyto', at(key), file)),
      getRange: async (key, start, end) =>
        said(await rclone('cat', '--offset', String(start), '--count', String(end - start + 1), at(key))).stdout,
      async list(folder, pageSize) {
        const args = ['lsf', '-R', '--files-only', '--s3-list-chunk', String(pageSize), at(folder)];
        return linesOf(said(await rclone(...args)).stdout).map(name => folder + name);
      },
      async upload(dir, folder) {
        const { stderr } = said(await rclone('sync', '--checksum', '-v', dir, at(folder)));
        return stderr.match(/: Copied \(/g)?.length ?? 0;
      },
      download: async (folder, dir) => void said(await rclone('sync', at(folder), dir)),
      delete: async key => void said(await rclone('deletefile', at(key))),
      deleteFolder: async folder => void said(await rclone('delete', at(folder))),
      complain: async () => (await rclone('lsf', at(''))).stderr,
    };
  },

  'aws-cli'(home, bucket, account) {
    const { accessKeyId, secretAccessKey, sessionToken } = account;
    const config = ['[default]', `region = ${account.region}`, 'output = json', 's3 ='];
    const parts = `  multipart_threshold = ${PART_BYTES}\n  multipart_chunksize = ${PART_BYTES}`;
    const credentials = [
      ...['[default]', `aws_access_key_id = ${accessKeyId}`, `aws_secret_access_key = ${secretAccessKey}`],
      ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    ];
    mkdirSync(path.join(home, '.aws'));
    writeFileSync(path.join(home, '.aws/config'), `${config.join('\n')}\n${parts}\n`);
    writeFileSync(path.join(home, '.aws/credentials'), `${credentials.join('\n')}\n`);
    const aws = (...args: readonly string[]) =>
      runClient('STRANGER_AWS', ['--endpoint-url', account.endpoint, ...args], home);
    const at = (key: string) => `s3://${bucket}/${key}`;
    return {
      put: async (file, key) => void said(await aws('s3', 'cp', file, at(key))),
      get: async (key, file) => void said(await aws('s3', 'cp', at(key), file)),
      async getRange(key, start, end, file) {
        const range = ['--range', `bytes=${start}-${end}`];
        said(await aws('s3api', 'get-object', '--bucket', bucket, '--key', key, ...range, file));
        return readFileSync(file);
      },
      async list(folder, pageSize) {
        const args = ['--bucket', bucket, '--prefix', folder, '--page-size', String(pageSize)];
        const { stdout } = said(await aws('s3api', 'list-objects-v2', ...args));
        const { Contents = [] } = JSON.parse(stdout.toString() || '{}') as { Contents?: { Key: string }[] };
        return Contents.map(object => object.Key);
      },
      async upload(dir, folder) {
        const { stdout } = said(await aws('s3', 'sync', '--delete', '--no-progress', dir, at(folder)));
        return linesOf(stdout).filter(line => /^(upload|delete): /.test(line)).length;
      },
      download: async (folder, dir) => void said(await aws('s3', 'sync', at(folder), dir)),
      delete: async key => void said(await aws('s3', 'rm', at(key))),
      deleteFolder: async folder => void said(await aws('s3', 'rm', '--recursive', at(folder))),
      complain: async () => (await aws('s3', 'ls', at(''))).stderr,
    };
  },

  s3cmd(home, bucket, account) {
    const config = path.join(home, 's3cfg');
    const host = new URL(account.endpoint).host;
    const lines = [
      ...['[default]', `host_base = ${host}`, `host_bucket = ${host}`, 'use_https = False', 'signature_v2 = False'],
      ...[`bucket_location = ${account.region}`, `access_key = ${account.accessKeyId}`],
      ...[`secret_key = ${account.secretAccessKey}`, 'multipart_chunk_size_mb = 5', 'max_retries = 1'],
      ...(account.sessionToken === undefined ? [] : [`access_token = ${account.sessionToken}`]),
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const s3cmd = (...args: readonly string[]) =>
      runClient('STRANGER_S3CMD', ['--config', config, '--no-progress', ...args], home);
    const at = (key: string) => `s3://${bucket}/${key}`;
    return {
      put: async (file, key) => void said(await s3cmd('put', file, at(key))),
      get: async (key, file) => void said(await s3cmd('get', '--force', at(key), file)),
      // It asks for a range, to the object's end, where it goes on with a file that is there in part.
      async getRange(key, start, end, file) {
        writeFileSync(file, Buffer.alloc(start));
        said(await s3cmd('get', '--continue', at(key), file));
        return readFileSync(file).subarray(start, end + 1);
      },
      async list(folder) {
        const { stdout } = said(await s3cmd('ls', '--recursive', at(folder)));
        return linesOf(stdout).map(line => line.slice(line.indexOf(at('')) + at('').length));
      },
      async upload(dir, folder) {
        const { stdout } = said(await s3cmd('sync', '--delete-removed', `${dir}/`, at(folder)));
        return linesOf(stdout).filter(line => /^(upload|delete|remote copy): /.test(line)).length;
      },
      download: async (folder, dir) => void said(await s3cmd('sync', at(folder), `${dir}/`)),
      delete: async key => void said(await s3cmd('del', at(key))),
      deleteFolder: async folder => void said(await s3cmd('del', '--recursive', '--force', at(folder))),
      complain: async () => (await s3cmd('ls', at(''))).stderr,
    };
  },
};

function linesOf(output: Buffer): string[] {
  return output
    .toString()
    .split('\n')
    .filter(line => line !== '');
}

function said(output: Output): Output {
  if (output.code === 0) return output;
  throw new Error(`exit ${output.code}\n${output.stdout}${output.stderr}`);
}

function runClient(variable: string, args: readonly string[], home: string): Promise<Output> {
  const program = process.env[variable];
  if (program === undefined) throw new Error(`${variable} names no program; run npm run test:strangers -- clients`);
  return runForBytes(program, args, {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    NO_PROXY: '127.0.0.1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

/** Runs a program with this environment alone; what it prints is kept byte for byte. */
export function runForBytes(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Output> {
  const child = startProcess(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code =>
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

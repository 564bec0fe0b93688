import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/lib/paths.mjs';
import { type RunningSandbox, runCommandLine, startSandbox } from '../../../scripts/lib/sandbox.mjs';
import { startSandbox as startSandboxHere } from '../../../src/sandbox/start-sandbox';
import { type Account, CLIENTS, type Client, PART_BYTES, runForBytes } from './clients';

const BUCKET = 'acme-airflow-logs';
const PREFIX = 'team/prod/';
const REGION = 'eu-central-1';
const ROLE_ARN = 'arn:aws:iam::123456789012:role/astro-task-logs';
const SCAFFOLD = [
  ...['scaffold', '--mode', 'assume-role', '--bucket', BUCKET, '--prefix', PREFIX, '--region', REGION],
  ...['--role-arn', ROLE_ARN, '--deployment-role', 'arn:aws:iam::111122223333:role/astro-deployment-role'],
];
const NAMES = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

/** More than a page of any client. */
const MANY = 1_100;

const LOG = 'task_id=load/attempt=1.log';

/** Names that need care in URLs, XML, signatures and shells. */
const AWKWARD = [
  `dag_id=orders/run_id=scheduled__2026-11-20T00:00:00+00:00/${LOG}`,
  `dag_id=orders/run_id=release-4.2~rc1+build:7/${LOG}`,
  `dag_id=größe_日本/run_id=запуск 7/${LOG}`,
  `dag_id=a & b/run_id=100%25 of 5%/${LOG}`,
  `dag_id=emoji_🚀/run_id=two  blanks, (brackets) & 'quotes'/${LOG}`,
  `dag_id=x/run_id=what if? #1 <tag> "said" $HOME;@!*/${LOG}`,
];

/** Deterministic, and with every byte in it. */
function bytesOf(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[i] = state >> 16;
  }
  return bytes;
}

/** Relative name → content of every file below a folder. */
function filesOf(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .map(file => [path.relative(dir, file), readFileSync(file).toString('base64')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function write(file: string, bytes: Buffer | string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

describe('Real clients on the sandbox', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'strangers-clients-'));
  const awkward = path.join(dir, 'awkward');
  const large = bytesOf(20 << 20, 7);
  const largeFile = path.join(dir, 'large.bin');
  let sandbox: RunningSandbox;
  let user: Account;
  let role: Account;
  let homes = 0;

  const cli = (...args: readonly string[]) => runCommandLine(args, { cwd: dir, env: sandbox.env });
  /** Our view of what lies below a folder under the prefix. */
  const ourKeys = async (folder: string) => {
    const listed = JSON.parse((await cli('ls', '--format', 'json')).stdout) as { key: string }[];
    return listed.map(log => log.key).filter(key => key.startsWith(folder));
  };
  const ourBytes = async (key: string) => {
    const args = [path.join(root, 'dist/cli.js'), 'cat', key, '--raw'];
    const { code, stdout, stderr } = await runForBytes(process.execPath, args, { ...process.env, ...sandbox.env }, dir);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
  const newHome = () => {
    const home = path.join(dir, `home-${homes++}`);
    mkdirSync(home);
    return home;
  };
  const temp = (name: string) => path.join(newHome(), name);
  const connect = (name: keyof typeof CLIENTS, account: Account) => CLIENTS[name](newHome(), BUCKET, account);

  beforeAll(async () => {
    const scaffolded = await runCommandLine(SCAFFOLD, { cwd: dir });
    if (scaffolded.code !== 0) throw new Error(scaffolded.stderr);
    for (const [i, name] of AWKWARD.entries()) write(path.join(awkward, name), bytesOf(3_000 + i, i));
    writeFileSync(largeFile, large);
    sandbox = await startSandbox(dir);
    user = await createUser(sandbox, readFileSync(path.join(dir, 'secondary-logs-policy.json'), 'utf8'));
    role = await assumeRole(sandbox);
  });

  afterAll(async () => {
    await sandbox?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  describe.each(NAMES)('%s', name => {
    describe.each(['a user', 'an assumed role'] as const)('as %s', who => {
      const folder = `${PREFIX}${name}-${who.replaceAll(' ', '-')}/`;
      let client: Client;

      beforeAll(() => {
        client = connect(name, who === 'a user' ? user : role);
      });

      it('syncs a folder of awkward names that we then read byte for byte', async () => {
        expect(await client.upload(awkward, folder)).toBe(AWKWARD.length);
        expect((await ourKeys(folder)).sort()).toEqual(AWKWARD.map(file => folder + file).sort());
        for (const file of AWKWARD)
          expect((await ourBytes(folder + file)).equals(readFileSync(path.join(awkward, file))), file).toBe(true);
      });

      it('lists what it has put, page by page', async () => {
        expect([...(await client.list(folder, 4))].sort()).toEqual(AWKWARD.map(file => folder + file).sort());
      });

      it('moves nothing when it syncs again', async () => {
        expect(await client.upload(awkward, folder)).toBe(0);
      });

      it('gets everything back byte for byte', async () => {
        const copy = temp('copy');
        await client.download(folder, copy);
        expect(filesOf(copy)).toEqual(filesOf(awkward));
      });

      it('puts and gets one object', async () => {
        const key = `${folder}one + only/~%2F=.log`;
        const bytes = bytesOf(70_000, 3);
        await client.put(write(temp('one'), bytes), key);
        expect((await ourBytes(key)).equals(bytes)).toBe(true);
        const copy = temp('one');
        await client.get(key, copy);
        expect(readFileSync(copy).equals(bytes)).toBe(true);
      });

      it('uploads 20 MB in parts, whole and in ranges', async () => {
        const key = `${folder}large.bin`;
        await client.put(largeFile, key);
        expect(await etagOf(sandbox, key)).toMatch(new RegExp(`-${large.length / PART_BYTES}"?$`));
        expect((await ourBytes(key)).equals(large)).toBe(true);
        const copy = temp('large');
        await client.get(key, copy);
        expect(readFileSync(copy).equals(large)).toBe(true);
        const start = PART_BYTES - 5;
        const end = 3 * PART_BYTES + 5;
        const range = await client.getRange(key, start, end, temp('range'));
        expect(range.equals(large.subarray(start, end + 1))).toBe(true);
      });

      it('deletes one object, and all', async () => {
        await client.delete(`${folder}large.bin`);
        expect(await ourKeys(folder)).not.toContain(`${folder}large.bin`);
        expect(await ourKeys(folder)).toHaveLength(AWKWARD.length + 1);
        await client.deleteFolder(folder);
        expect(await ourKeys(folder)).toEqual([]);
      });
    });
  });

  describe('after our own uploads', () => {
    const upload = async (folder: string, count: number) => {
      const { stdout } = await cli('upload', folder, '--format', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ uploaded: count, failed: 0 });
    };

    beforeAll(() => upload(awkward, AWKWARD.length));

    it.each(NAMES)('%s gets the same bytes', async name => {
      const copy = temp('copy');
      await connect(name, role).download(PREFIX, copy);
      expect(filesOf(copy)).toEqual(filesOf(awkward));
    });

    describe('of more than a page', () => {
      beforeAll(() => {
        const logs = path.join(dir, 'logs');
        for (let i = 0; i < MANY; i++)
          write(path.join(logs, `dag_id=many/run_id=manual__${i}/${LOG}`), `line of run ${i}\n`);
        return upload(logs, MANY);
      });

      it.each(NAMES)('%s lists the same keys, page by page', async name => {
        const ours = await ourKeys(PREFIX);
        expect(ours).toHaveLength(AWKWARD.length + MANY);
        expect([...(await connect(name, role).list(PREFIX, 101))].sort()).toEqual([...ours].sort());
      });
    });
  });

  describe.each(NAMES)('%s with bad keys', name => {
    it('hears that the secret is wrong', async () => {
      const account = { ...user, secretAccessKey: `${user.secretAccessKey.slice(0, -1)}~` };
      expect(await connect(name, account).complain()).toContain('SignatureDoesNotMatch');
    });

    it('hears that the key is unknown', async () => {
      const account = { ...user, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
      expect(await connect(name, account).complain()).toContain('InvalidAccessKeyId');
    });

    it('hears that the token is forged', async () => {
      const token = role.sessionToken ?? '';
      const account = { ...role, sessionToken: `${token.slice(0, -8)}AAAAAAAA` };
      expect(await connect(name, account).complain()).toContain('InvalidToken');
    });

    it('hears that the token has expired', async () => {
      let now = () => new Date(Date.now() - 2 * 3_600_000);
      const own = await startSandboxHere({ seedFrom: dir, clock: () => now() });
      try {
        const account = { endpoint: own.endpoint, region: REGION, ...own.keysOf(ROLE_ARN) };
        now = () => new Date();
        expect(await connect(name, account).complain()).toContain('ExpiredToken');
      } finally {
        await own.close();
      }
    });

    it('hears that a policy denies it', async () => {
      const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = sandbox.env;
      const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
      const account = { ...role, ...keys, sessionToken: AWS_SESSION_TOKEN ?? '' };
      expect(await connect(name, account).complain()).toContain('AccessDenied');
    });
  });
});

async function createUser({ endpoint, admin }: RunningSandbox, policy: string): Promise<Account> {
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: adminKeys(admin) });
  await iam.send(new CreateUserCommand({ UserName: 'stranger' }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'stranger', PolicyName: 'logs', PolicyDocument: policy }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'stranger' }));
  const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {};
  return { endpoint, region: REGION, accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

/** As the Deployment does it. */
async function assumeRole({ endpoint, env }: RunningSandbox): Promise<Account> {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  const sts = new STSClient({ endpoint, region: REGION, credentials });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: ROLE_ARN, RoleSessionName: 'strangers' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    endpoint,
    region: REGION,
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

async function etagOf({ endpoint, admin }: RunningSandbox, key: string): Promise<string | undefined> {
  const s3 = new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials: adminKeys(admin) });
  return (await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))).ETag;
}

function adminKeys(keys: RunningSandbox['admin']) {
  return { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY };
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import { createFaults, type Faults } from './faults';
import { createHttpServer } from './http-server';
import { createIamService } from './iam/iam-service';
import { createIdentitySaver, loadIdentities } from './identity-file';
import type { RoleRecord, SessionRecord, UserRecord } from './identity-records';
import { IdentityStore } from './identity-store';
import { openFolderStore } from './s3/folder-store';
import { createS3Service, type S3Service } from './s3/s3-service';
import { SandboxError } from './sandbox-error';
import { accountOf, allowAssuming, applySeed, DEFAULT_REGION, ensureDeploymentRole, readSeed } from './seed';
import type { SandboxRequest, SandboxResponse } from './service';
import { createStsService } from './sts/sts-service';
import { createWebIdentities, type WebIdentities } from './web-identities';

export interface SandboxOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Where buckets, objects, principals and their keys are kept from one run to the next; default: memory. */
  readonly dir?: string;
  /** A folder with the files that scaffold wrote. */
  readonly seedFrom?: string;
  /** Default: the machine's clock. */
  readonly clock?: () => Date;
  /** Default true: policies see `aws:SecureTransport` as true. */
  readonly secureTransport?: boolean;
}

export interface SandboxKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RunningSandbox {
  /** `http://127.0.0.1:port`, for S3, STS and IAM alike. */
  readonly endpoint: string;
  /** A user in the export's role's account that may call every API. In other accounts it acts as their OrganizationAccountAccessRole. */
  readonly admin: SandboxKeys & { readonly account: string };
  /** A session of the Deployment's own role that doesn't expire. */
  readonly deployment: SandboxKeys & { readonly roleArn: string };
  /** What makes a program talk to the sandbox, as the Deployment's role. */
  readonly env: Readonly<
    Record<
      'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN',
      string
    >
  >;
  /** Buckets and objects, past all policies. */
  readonly s3: S3Service;
  /** Accounts and everybody in them, past all policies. */
  readonly identities: IdentityStore;
  readonly webIdentities: WebIdentities;
  readonly faults: Faults;
  /** Keys of anybody: an access key of a user, a session of a role without asking its trust. */
  keysOf(arn: string): SandboxKeys;
  /** Ends all connections and, with a folder, writes what is left to write. */
  close(): Promise<void>;
}

/** Without a seed: where the admin lives. */
const DEFAULT_ACCOUNT = '123456789012';
const ADMIN = 'sandbox-admin';

/**
 * Starts S3, STS and IAM on 127.0.0.1. It resolves once requests are answered.
 * Throws a {@link SandboxError} for a port that is taken and for a folder or a seed that can't be used.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { port = 0, dir, clock = () => new Date() } = options;
  // Before the folder is touched: it may be that of the sandbox which has the port.
  await checkPort(port);
  const seed = options.seedFrom === undefined ? undefined : await readSeed(options.seedFrom);
  const store = new IdentityStore(clock, dir === undefined ? undefined : await loadIdentities(dir));
  const s3 = createS3Service({
    clock,
    principalExists: name => store.principalExists(name),
    ...(dir !== undefined && { store: await openStore(dir) }),
  });

  const partition = seed?.partition ?? 'aws';
  const admin = ensureAdmin(store, seed ? accountOf(seed) : DEFAULT_ACCOUNT, partition);
  if (seed) await applySeed(seed, store, s3);
  const role = ensureDeploymentRole(store, partition);
  if (!seed) allowAssuming(role);
  const session = ensureSession(store, role);

  const faults = createFaults();
  const webIdentities = createWebIdentities(clock);
  const sts = createStsService({ store, issuers: webIdentities.issuers });
  const iam = createIamService({ store });
  const saver = dir === undefined ? undefined : createIdentitySaver(dir, store);
  await saver?.save();
  const saving = (handle: (request: SandboxRequest) => Promise<SandboxResponse>) => async (request: SandboxRequest) => {
    const answer = await handle(request);
    await saver?.save();
    return answer;
  };
  const server = createHttpServer({
    directory: store,
    services: { s3: request => s3.handle(request), sts: saving(sts.handle), iam: saving(iam.handle) },
    clock,
    faults,
    ...(options.secureTransport !== undefined && { secureTransport: options.secureTransport }),
  });
  await listen(server, port);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deployment = keysOfSession(session);
  return {
    endpoint,
    admin: { ...keysOfUser(store, admin), account: admin.account },
    deployment: { ...deployment, roleArn: role.arn },
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: seed?.region ?? DEFAULT_REGION,
      AWS_ACCESS_KEY_ID: deployment.accessKeyId,
      AWS_SECRET_ACCESS_KEY: deployment.secretAccessKey,
      AWS_SESSION_TOKEN: deployment.sessionToken,
    },
    s3,
    identities: store,
    webIdentities,
    faults,
    keysOf(arn) {
      const user = store.findUserByArn(arn);
      const found = store.findRoleByArn(arn);
      if (user) return keysOfUser(store, user);
      if (found)
        return keysOfSession(store.createSession({ principal: found, sessionName: 'sandbox', duration: 3600 }));
      throw new Error(`There is no user and no role ${arn}.`);
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await saver?.save();
    },
  };
}

async function openStore(dir: string) {
  try {
    return await openFolderStore(dir);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = `The sandbox can't keep its buckets in ${dir}: ${code ?? message}`;
    throw new SandboxError('bad-folder', what, 'Name another folder.', { cause: error });
  }
}

function ensureAdmin(store: IdentityStore, account: string, partition: string): UserRecord {
  const users = [...store.account(account, partition).users.values()];
  const known = users.find(user => user.isAdmin);
  if (known) return known;
  const admin = store.createUser({ account, name: ADMIN, isAdmin: true });
  admin.attached.add(`arn:${store.account(account).partition}:iam::aws:policy/AdministratorAccess`);
  store.createAccessKey(admin);
  return admin;
}

/** The Deployment's session of an earlier run, so that keys which somebody holds stay good. */
function ensureSession(store: IdentityStore, role: RoleRecord): SessionRecord {
  const known = store
    .stored()
    .sessions.find(({ principalId, expiration }) => principalId === role.id && expiration === undefined);
  return known ?? store.createSession({ principal: role, sessionName: 'airflow-worker' });
}

/** The user's first usable key, or a new one. */
function keysOfUser(store: IdentityStore, user: UserRecord): SandboxKeys {
  const usable = [...user.accessKeys.values()].find(key => key.isActive);
  const { accessKeyId, secretAccessKey } = usable ?? store.createAccessKey(user);
  return { accessKeyId, secretAccessKey };
}

function keysOfSession({ accessKeyId, secretAccessKey, sessionToken }: SessionRecord) {
  return { accessKeyId, secretAccessKey, sessionToken };
}

async function checkPort(port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SandboxError('bad-port', `${port} is no port.`, 'Choose one from 1 to 65535, or 0 for any free one.');
  }
  if (port === 0) return;
  const probe = createServer();
  await listen(probe, port);
  probe.close();
  await once(probe, 'close');
}

async function listen(server: NetServer, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is taken' : `can't be used (${code})`;
    throw new SandboxError(
      'port-taken',
      `Port ${port} on 127.0.0.1 ${why}.`,
      'Choose another, or 0 for any free one.',
      {
        cause: error,
      },
    );
  }
}

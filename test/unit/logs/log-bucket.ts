import { openSession } from '../../../src/aws/open-session';
import type { AwsSession } from '../../../src/aws/session';
import { type RunningSandbox, startSandbox } from '../../../src/sandbox/start-sandbox';
import { type StoredLog, storedLogs, VERSIONS } from './airflow-logs';

const LOG_BUCKET = 'acme-task-logs';

export interface LogBucket {
  readonly sandbox: RunningSandbox;
  readonly session: AwsSession;
  /** `GET list`, `HEAD`, `GET` … in the order of the requests since the last call. */
  requests(): string[];
  put(key: string, body: string | Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

/** A sandbox with one empty bucket, asked by somebody who may do everything. */
export async function startLogBucket(prefix = 'logs/'): Promise<LogBucket> {
  const sandbox = await startSandbox();
  await sandbox.s3.createBucket({ name: LOG_BUCKET, region: 'us-east-1', ownerAccount: sandbox.admin.account });
  let seen: string[] = [];
  sandbox.faults.add({
    effect: { kind: 'reset' },
    matches: ({ method, query }) => {
      seen.push(query.some(([name]) => name === 'list-type') ? `${method} list` : method);
      return false;
    },
  });
  const session = await openSession({
    target: { bucket: LOG_BUCKET, prefix, region: 'us-east-1', accessMode: 'workload-identity' },
    endpoint: sandbox.endpoint,
    credentials: sandbox.admin,
    env: {},
  });
  return {
    sandbox,
    session,
    requests() {
      const requests = seen;
      seen = [];
      return requests;
    },
    put: (key, body) => sandbox.s3.putObject(LOG_BUCKET, key, body),
    async stop() {
      session.close();
      await sandbox.close();
    },
  };
}

/** Every stored log under one prefix for each version, `3.3.2/`, whatever prefix it had: old keys beside new ones. */
export function logsByVersion(): { prefix: string; logs: (StoredLog & { placed: string })[] }[] {
  const all = storedLogs();
  return VERSIONS.map(version => ({
    prefix: `${version}/`,
    logs: all
      .filter(log => log.version === version)
      .map(log => ({ ...log, placed: `${version}/${log.key.slice(log.prefix.length)}` })),
  }));
}

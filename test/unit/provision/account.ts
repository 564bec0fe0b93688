import { openSession } from '../../../src/aws/open-session';
import type { AwsSession } from '../../../src/aws/session';
import type { ExportTarget } from '../../../src/core/export-settings';
import { buildPermissionPolicy, buildTrustPolicy, formatPolicy } from '../../../src/core/iam/build';
import type { ProvisionInput } from '../../../src/jobs/provision/provision-input';
import type { Clock } from '../../../src/jobs/provision/wait-for-effect';
import type { SandboxKeys } from '../../../src/sandbox/start-sandbox';
import { ACCOUNT, DEPLOYMENT_ROLE, Running } from '../sandbox/running';

export const BUCKET = 'acme-airflow-logs';
export const ROLE = 'astro-task-logs';
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/logs/${ROLE}`;
export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/limit`;

const TARGET: ExportTarget = {
  bucket: BUCKET,
  prefix: 'logs/',
  region: 'eu-west-1',
  accessMode: 'assume-role',
  roleArn: ROLE_ARN,
};

const permission = { bucket: BUCKET, prefix: 'logs' };

/** The documented export with a role to assume, a bucket to make, and nothing beyond. */
export const INPUT: ProvisionInput = {
  target: TARGET,
  roleArn: ROLE_ARN,
  policy: formatPolicy(buildPermissionPolicy(permission)),
  trust: formatPolicy(buildTrustPolicy({ deploymentRoles: [DEPLOYMENT_ROLE] })),
  bucket: { region: 'eu-west-1' },
};

export const LEAST = formatPolicy(buildPermissionPolicy({ ...permission, leastPrivilege: true }));

/** A clock whose pauses pass at once. */
export function quickClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  let now = 0;
  return {
    pauses,
    now: () => now,
    sleep: async milliseconds => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** An AWS account in a sandbox, and sessions of people in it. */
export class Account {
  private readonly sessions: AwsSession[] = [];

  private constructor(readonly running: Running) {}

  static async open(): Promise<Account> {
    return new Account(await Running.start());
  }

  async session(keys: SandboxKeys = this.running.sandbox.admin, target: ExportTarget = TARGET): Promise<AwsSession> {
    const session = await openSession({
      target,
      endpoint: this.running.sandbox.endpoint,
      credentials: keys,
      env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    });
    this.sessions.push(session);
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.close();
    await this.running.stop();
  }
}

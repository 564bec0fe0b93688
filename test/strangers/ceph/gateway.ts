import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { vi } from 'vitest';
import { refusal } from '../conformance/behaviour';
import type { Backend, Keys, Principal } from '../conformance/world';

const REGION = 'us-east-1';

/** What `scripts/strangers/ceph.mjs` says of the gateway that it started. */
function told(name: 'CEPH_ENDPOINT' | 'CEPH_ACCOUNT' | 'CEPH_USERS' | 'CEPH_PROCESSES'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with npm run test:strangers -- ceph.`);
  return value;
}

/** The process ids of Ceph's servers. */
export function gatewayProcesses(): readonly number[] {
  return JSON.parse(told('CEPH_PROCESSES')) as number[];
}

/** The gateway that runs, as a backend of the conformance list. */
export function gateway(): Backend {
  const endpoint = told('CEPH_ENDPOINT');
  const account = told('CEPH_ACCOUNT');
  const users = JSON.parse(told('CEPH_USERS')) as Record<string, { accessKey: string; secret: string }>;
  const user = (name: string): Principal => ({
    keys: { accessKeyId: users[name]!.accessKey, secretAccessKey: users[name]!.secret },
    arn: `arn:aws:iam::${account}:user/${name}`,
  });
  const caller = user('astro');
  return {
    endpoint,
    region: REGION,
    account,
    admin: user('admin').keys,
    caller,
    other: user('other'),
    expiredSession: roleArn => expiredSession(endpoint, caller.keys, roleArn),
  };
}

/** A session of one second, once the gateway refuses it. */
async function expiredSession(endpoint: string, credentials: Keys, RoleArn: string): Promise<Keys> {
  const options = { endpoint, region: REGION, maxAttempts: 1 };
  const sts = new STSClient({ ...options, credentials });
  const input = { RoleArn, RoleSessionName: 'short', DurationSeconds: 1 };
  const { Credentials } = await sts.send(new AssumeRoleCommand(input));
  sts.destroy();
  const keys = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const s3 = new S3Client({ ...options, credentials: keys, forcePathStyle: true });
  const asking = () => refusal(s3.send(new GetObjectCommand({ Bucket: 'nothing-of-this-name', Key: 'k' })));
  const atFirst = await asking();
  await vi.waitUntil(async () => (await asking()) !== atFirst, { timeout: 20_000, interval: 100 });
  s3.destroy();
  return keys;
}

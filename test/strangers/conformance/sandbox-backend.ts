import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { startSandbox } from '../../../src/sandbox/start-sandbox';
import { allow, type Backend, type Keys, type Principal, policy } from './world';

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const OTHER_ACCOUNT = '444455556666';
const TWO_HOURS = 7_200_000;

/** The sandbox as a backend, and how to end it. */
export async function startSandboxBackend(): Promise<{ backend: Backend; close(): Promise<void> }> {
  let shift = 0;
  const sandbox = await startSandbox({ secureTransport: false, clock: () => new Date(Date.now() + shift) });
  const options = { endpoint: sandbox.endpoint, region: REGION, maxAttempts: 1 };

  /** A user who may call S3 and assume whatever trusts them. */
  async function user(name: string, credentials: Keys, account: string): Promise<Principal> {
    const iam = new IAMClient({ ...options, credentials });
    const PolicyDocument = policy(allow(['sts:AssumeRole', 'sts:TagSession', 's3:*']));
    await iam.send(new CreateUserCommand({ UserName: name }));
    await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    iam.destroy();
    return {
      keys: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
      arn: `arn:aws:iam::${account}:user/${name}`,
    };
  }

  /** Keys of the role by which the admin acts in another account. */
  async function adminOf(account: string): Promise<Keys> {
    const sts = new STSClient({ ...options, credentials: sandbox.admin });
    const RoleArn = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'admin' }));
    sts.destroy();
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  }

  const backend: Backend = {
    endpoint: sandbox.endpoint,
    region: REGION,
    account: ACCOUNT,
    admin: sandbox.admin,
    caller: await user('astro', sandbox.admin, ACCOUNT),
    other: await user('other', await adminOf(OTHER_ACCOUNT), OTHER_ACCOUNT),
    async expiredSession(roleArn) {
      shift = -TWO_HOURS;
      try {
        return sandbox.keysOf(roleArn);
      } finally {
        shift = 0;
      }
    },
    async fill(bucket, keys) {
      for (const key of keys) await sandbox.s3.putObject(bucket, key, '');
    },
    createKmsKey: (arn, state) => sandbox.s3.setKmsKey({ arn, state }),
    createToken: (issuer, subject) => sandbox.webIdentities.createToken({ issuer, subject }),
  };
  return { backend, close: () => sandbox.close() };
}

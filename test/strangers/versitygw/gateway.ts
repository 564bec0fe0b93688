import { randomUUID } from 'node:crypto';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { allow, type Backend, type Keys, type Principal, policy } from '../conformance/world';

const REGION = 'us-east-1';

/** What `scripts/strangers/versitygw.mjs` says of the servers that it started. */
function told(name: 'ENDPOINT' | 'IAM_ENDPOINT' | 'ADMIN' | 'PROCESSES'): string {
  const value = process.env[`VERSITYGW_${name}`];
  if (value !== undefined) return value;
  throw new Error(`VERSITYGW_${name} is not set: run these tests with npm run test:strangers -- versitygw.`);
}

/** The process ids of versitygw's servers. */
export function gatewayProcesses(): readonly number[] {
  return JSON.parse(told('PROCESSES')) as number[];
}

/** versitygw as a backend of the conformance list. It has users, and no roles. */
export async function startGatewayBackend(): Promise<{ backend: Backend; close(): Promise<void> }> {
  const admin = JSON.parse(told('ADMIN')) as Keys;
  const iamEndpoint = told('IAM_ENDPOINT');
  const iam = new IAMClient({ endpoint: iamEndpoint, region: REGION, maxAttempts: 1, credentials: admin });

  async function createPrincipal(UserName: string, PolicyDocument: string): Promise<Principal> {
    await iam.send(new CreateUserCommand({ UserName }));
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    if (PolicyDocument !== policy()) {
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    return { keys, arn: User!.Arn! };
  }

  // Each file of tests starts from here, at the same servers.
  const run = randomUUID();
  const caller = await createPrincipal(`astro-${run}`, policy());
  const backend: Backend = {
    endpoint: told('ENDPOINT'),
    iamEndpoint,
    region: REGION,
    account: caller.arn.split(':')[4]!,
    admin,
    caller,
    other: await createPrincipal(`other-${run}`, policy(allow('s3:CreateBucket'))),
    createPrincipal,
  };
  return { backend, close: async () => iam.destroy() };
}

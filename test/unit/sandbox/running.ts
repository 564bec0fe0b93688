import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import {
  type RunningSandbox,
  type SandboxKeys,
  type SandboxOptions,
  startSandbox,
} from '../../../src/sandbox/start-sandbox';

/** The account of the admin, and so of whatever a test makes through IAM. */
export const ACCOUNT = '123456789012';
export const DEPLOYMENT_ROLE = 'arn:aws:iam::111122223333:role/astro-deployment-role';

export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*', more = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

export const deny = (Action: string | readonly string[], Resource = '*') => ({ Effect: 'Deny', Action, Resource });

export function trusting(principal: string | readonly string[], more = {}): string {
  return policy({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...more });
}

/** What the SDK throws, in the parts that a caller looks at. */
export async function refusal(promise: Promise<unknown>): Promise<{ name: string; status: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode ?? 0, message };
  }
  throw new Error('The call was not refused.');
}

/** A running sandbox, its clients and its clock. */
export class Running {
  private readonly clients: { destroy(): void }[] = [];

  private constructor(
    readonly sandbox: RunningSandbox,
    private readonly clock: { shift: number },
  ) {}

  static async start(options: SandboxOptions = {}): Promise<Running> {
    const clock = { shift: 0 };
    const sandbox = await startSandbox({ ...options, clock: () => new Date(Date.now() + clock.shift) });
    return new Running(sandbox, clock);
  }

  /** Lets time pass for the sandbox and for the clients made from now on. */
  pass(seconds: number): void {
    this.clock.shift += seconds * 1000;
  }

  private options(keys: SandboxKeys) {
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    return {
      endpoint: this.sandbox.endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      systemClockOffset: this.clock.shift,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    };
  }

  private kept<T extends { destroy(): void }>(client: T): T {
    this.clients.push(client);
    return client;
  }

  iam(keys: SandboxKeys = this.sandbox.admin): IAMClient {
    return this.kept(new IAMClient(this.options(keys)));
  }

  sts(keys: SandboxKeys): STSClient {
    return this.kept(new STSClient(this.options(keys)));
  }

  s3(keys: SandboxKeys, region = 'us-east-1'): S3Client {
    return this.kept(new S3Client({ ...this.options(keys), region, forcePathStyle: true }));
  }

  /** A user made through IAM's own API, with one inline policy. */
  async user(name: string, ...statements: readonly object[]): Promise<SandboxKeys> {
    const iam = this.iam();
    await iam.send(new CreateUserCommand({ UserName: name }));
    if (statements.length > 0) {
      const PolicyDocument = policy(...statements);
      await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }));
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  }

  async assume(
    keys: SandboxKeys,
    RoleArn: string,
    more: Partial<AssumeRoleCommandInput> = {},
  ): Promise<SandboxKeys & { readonly sessionToken: string; readonly expiration: Date }> {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...more });
    const { Credentials } = await this.sts(keys).send(command);
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
      expiration: Credentials!.Expiration!,
    };
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.sandbox.close();
  }
}

/** A folder of the test's own; `remove` takes it away. */
export function temporaryFolder(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

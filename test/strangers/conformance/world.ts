import { randomBytes } from 'node:crypto';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  type CreateRoleCommandInput as RoleInput,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { Wire } from './wire';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Somebody who may do what the given statements say, and the ARN by which a bucket policy names them. */
export interface Principal {
  readonly keys: Keys;
  readonly arn: string;
}

/** A system that speaks S3 and, mostly, STS and IAM. */
export interface Backend {
  readonly endpoint: string;
  /** Where IAM answers, if not at the endpoint of S3. */
  readonly iamEndpoint?: string;
  readonly region: string;
  readonly account: string;
  /** Owns the buckets and may manage roles. */
  readonly admin: Keys;
  /** A user who may assume whatever trusts them. */
  readonly caller: Principal;
  /** Another user, whom nobody trusts. */
  readonly other: Principal;
  /** Where somebody is made who may do what a policy says: a role that was assumed, unless the system has users alone. */
  createPrincipal?(name: string, policy: string): Promise<Principal>;
  /** Keys of a session of this role that has run out. */
  expiredSession?(roleArn: string): Promise<Keys>;
  /** A quicker way to thousands of empty objects than a request for each. */
  fill?(bucket: string, keys: readonly string[]): Promise<void>;
  /** The sandbox's own: a KMS key in this state, and a token of an issuer. Elsewhere there is nothing to set. */
  createKmsKey?(arn: string, state: 'Enabled' | 'Disabled'): void;
  createToken?(issuer: string, subject: string): string;
}

export type Statement = Readonly<Record<string, unknown>>;

export const allow = (Action: unknown, Resource: unknown = '*', more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

export const deny = (Action: unknown, Resource: unknown = '*', more: Statement = {}): Statement => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});

export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A trust policy that names these principals. */
export function trusting(principal: string | readonly string[], more: Statement = {}): string {
  return policy({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole', ...more });
}

/** A backend with the official SDK's clients, and what behaviours need over and over. */
export class World {
  private readonly clients: { destroy(): void }[] = [];
  private readonly kept = new Map<string, S3Client>();
  readonly wire: Wire;

  constructor(readonly backend: Backend) {
    this.wire = new Wire(backend);
  }

  /** A name that nothing else has. */
  name(prefix = 'b'): string {
    return `${prefix}-${randomBytes(6).toString('hex')}`;
  }

  private options(keys: Keys) {
    const { endpoint, region } = this.backend;
    return { endpoint, region, maxAttempts: 1, credentials: { ...keys } };
  }

  private keep<T extends { destroy(): void }>(client: T): T {
    this.clients.push(client);
    return client;
  }

  /** Without keys: the admin's client, made once. */
  s3(keys: Keys = this.backend.admin, more: S3ClientConfig = {}): S3Client {
    const id = JSON.stringify([keys, more]);
    const known = this.kept.get(id);
    if (known) return known;
    const client = this.keep(new S3Client({ ...this.options(keys), forcePathStyle: true, ...more }));
    this.kept.set(id, client);
    return client;
  }

  iam(keys: Keys = this.backend.admin): IAMClient {
    const { iamEndpoint: endpoint } = this.backend;
    return this.keep(new IAMClient({ ...this.options(keys), ...(endpoint !== undefined && { endpoint }) }));
  }

  sts(keys: Keys = this.backend.caller.keys): STSClient {
    return this.keep(new STSClient(this.options(keys)));
  }

  /** A new bucket of the admin's. */
  async bucket(more: Partial<CreateBucketCommandInput> = {}): Promise<string> {
    const Bucket = this.name();
    await this.s3().send(new CreateBucketCommand({ Bucket, ...more }));
    return Bucket;
  }

  /** A new bucket with these objects: key → text. */
  async bucketWith(objects: Readonly<Record<string, string>>): Promise<string> {
    const bucket = await this.bucket();
    for (const [key, text] of Object.entries(objects)) await this.put(bucket, key, text);
    return bucket;
  }

  put(Bucket: string, Key: string, Body: string | Uint8Array = 'x', more: Partial<PutObjectCommandInput> = {}) {
    return this.s3().send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  }

  /** Empty objects, in thousands. */
  async fill(bucket: string, keys: readonly string[]): Promise<void> {
    if (this.backend.fill) return this.backend.fill(bucket, keys);
    const queue = [...keys];
    const writer = async () => {
      for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
        const { status } = await this.wire.signed('PUT', `/${bucket}/${key}`, { isKeptAlive: true });
        if (status !== 200) throw new Error(`The PUT of ${key} was answered with ${status}.`);
      }
    };
    await Promise.all(Array.from({ length: 16 }, writer));
  }

  async text(Bucket: string, Key: string, keys?: Keys): Promise<string> {
    const { Body } = await this.s3(keys).send(new GetObjectCommand({ Bucket, Key }));
    return Body!.transformToString();
  }

  /** A role that the caller may assume, or one with another trust. */
  async role(
    trust = trusting(this.backend.caller.arn),
    more: Partial<RoleInput> = {},
  ): Promise<{ name: string; arn: string }> {
    const input = { RoleName: this.name('role'), AssumeRolePolicyDocument: trust, ...more };
    const { Role } = await this.iam().send(new CreateRoleCommand(input));
    return { name: input.RoleName, arn: Role!.Arn! };
  }

  async assume(
    RoleArn: string,
    more: Partial<AssumeRoleCommandInput> = {},
    keys = this.backend.caller.keys,
  ): Promise<Keys> {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'conformance', ...more });
    const { Credentials } = await this.sts(keys).send(command);
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  }

  /** Somebody with this policy alone. */
  async principal(...statements: readonly Statement[]): Promise<Principal> {
    if (this.backend.createPrincipal) return this.backend.createPrincipal(this.name('user'), policy(...statements));
    const { name, arn } = await this.role();
    if (statements.length > 0) await this.putRolePolicy(name, policy(...statements));
    return { keys: await this.assume(arn), arn };
  }

  async putRolePolicy(RoleName: string, PolicyDocument: string): Promise<void> {
    await this.iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  }

  /** The ARN of a provider of web identities, which is made where it isn't there yet. */
  async oidcProvider(issuer: string): Promise<string> {
    const arn = `arn:aws:iam::${this.backend.account}:oidc-provider/${issuer}`;
    const input = { Url: `https://${issuer}`, ClientIDList: ['sts.amazonaws.com'], ThumbprintList: ['0'.repeat(40)] };
    try {
      await this.iam().send(new CreateOpenIDConnectProviderCommand(input));
    } catch (error) {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 409) throw error;
    }
    return arn;
  }

  async putBucketPolicy(Bucket: string, ...statements: readonly Statement[]): Promise<void> {
    await this.s3().send(new PutBucketPolicyCommand({ Bucket, Policy: policy(...statements) }));
  }

  close(): void {
    for (const client of this.clients) client.destroy();
    this.wire.close();
  }
}

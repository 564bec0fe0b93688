import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import type { PolicyDocument } from '../../../../src/core/iam/policy';
import { createFaults, type Faults } from '../../../../src/sandbox/faults';
import { createHttpServer, type HttpServerOptions } from '../../../../src/sandbox/http-server';
import { createS3Service, type S3Service, type S3ServiceOptions } from '../../../../src/sandbox/s3/s3-service';
import { type Caller, type Credential, type SandboxRequest, ServiceError } from '../../../../src/sandbox/service';

export const OWNER = '111122223333';
export const STRANGER = '444455556666';
export const BUCKET = 'airflow-logs';
export const REGION = 'eu-central-1';

export interface Actor {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface SignedOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly region?: string;
  readonly service?: string;
  readonly hash?: string;
  readonly date?: Date;
}

/** The hash that the SDK's signer wants to be given. */
class Sha256 {
  private readonly hash;

  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    throw new Error('not needed');
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** A listening sandbox with principals of the test's own. */
export class TestSandbox {
  readonly faults: Faults = createFaults();
  private readonly credentials = new Map<string, Credential>();
  private readonly clients: S3Client[] = [];

  private constructor(
    readonly s3: S3Service,
    private server: Server | undefined,
  ) {}

  static async start(
    options: S3ServiceOptions & Pick<HttpServerOptions, 'secureTransport'> = {},
  ): Promise<TestSandbox> {
    const sandbox = new TestSandbox(createS3Service(options), undefined);
    const elsewhere = async (request: SandboxRequest) => {
      if (!request.caller)
        throw new ServiceError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
      return { status: 200, body: `<caller>${request.caller.arn}</caller>` };
    };
    sandbox.server = createHttpServer({
      directory: { findCredential: id => sandbox.credentials.get(id) },
      services: { s3: request => sandbox.s3.handle(request), sts: elsewhere, iam: elsewhere },
      faults: sandbox.faults,
      ...(options.clock && { clock: options.clock }),
      ...(options.secureTransport !== undefined && { secureTransport: options.secureTransport }),
    });
    sandbox.server.listen(0, '127.0.0.1');
    await once(sandbox.server, 'listening');
    return sandbox;
  }

  get port(): number {
    return (this.server!.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A new user with its policies. */
  user(
    name: string,
    policies: readonly PolicyDocument[],
    more: Partial<Caller> & Pick<Partial<Credential>, 'sessionToken' | 'expiration'> = {},
  ): Actor {
    const { sessionToken, expiration, ...rest } = more;
    const account = more.account ?? OWNER;
    const caller: Caller = {
      kind: 'user',
      account,
      arn: `arn:aws:iam::${account}:user/${name}`,
      callerArn: `arn:aws:iam::${account}:user/${name}`,
      userId: `AIDA${name.toUpperCase()}`,
      identityPolicies: policies,
      isAdmin: false,
      ...rest,
    };
    const accessKeyId = `AKIA${name.toUpperCase().padEnd(16, '0')}`;
    const credential: Credential = {
      accessKeyId,
      secretAccessKey: `secret-of-${name}`,
      ...(sessionToken !== undefined && { sessionToken }),
      ...(expiration && { expiration }),
      caller: () => caller,
    };
    this.credentials.set(accessKeyId, credential);
    return credential;
  }

  admin(): Actor {
    return this.user('admin', [], { isAdmin: true });
  }

  client(actor: Actor, region = REGION): S3Client {
    const { accessKeyId, secretAccessKey, sessionToken } = actor;
    const client = new S3Client({
      endpoint: this.endpoint,
      region,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    });
    this.clients.push(client);
    return client;
  }

  /** One request as it is, unsigned and not tidied up. */
  raw(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body: string | Buffer = '',
  ): Promise<RawAnswer> {
    return rawRequest(this.port, method, path, headers, body);
  }

  /** One request as it is, signed by the AWS SDK's own signer; `hash` is what `x-amz-content-sha256` says. */
  async signed(actor: Actor, method: string, path: string, options: SignedOptions = {}): Promise<RawAnswer> {
    return this.raw(method, path, await this.headersFor(actor, method, path, options), options.body);
  }

  private signer(credentials: Actor, region: string, service: string): SignatureV4 {
    return new SignatureV4({
      credentials,
      region,
      service,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
  }

  private async headersFor(
    actor: Actor,
    method: string,
    path: string,
    { headers = {}, body = '', region = REGION, service = 's3', hash, date }: SignedOptions,
  ): Promise<Record<string, string>> {
    const [rawPath = '', query = ''] = path.split(/\?(.*)/s);
    const signed = await this.signer(actor, region, service).sign(
      {
        method,
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: rawPath,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: {
          host: `127.0.0.1:${this.port}`,
          'x-amz-content-sha256': hash ?? createHash('sha256').update(body).digest('hex'),
          ...headers,
        },
        body,
      },
      date ? { signingDate: date } : {},
    );
    return signed.headers;
  }

  /** A signed GET to which headers were added after it was signed. */
  async smuggle(actor: Actor, path: string, extra: Readonly<Record<string, string>>, date: Date): Promise<RawAnswer> {
    const headers = await this.headersFor(actor, 'GET', path, { date });
    return this.raw('GET', path, { ...headers, ...extra });
  }

  /** The path and query of a presigned request. */
  async presign(
    actor: Actor,
    method: string,
    path: string,
    { date = new Date(), expiresIn = 60, region = REGION }: { date?: Date; expiresIn?: number; region?: string } = {},
  ): Promise<string> {
    const [rawPath = '', query = ''] = path.split(/\?(.*)/s);
    const signed = await this.signer(actor, region, 's3').presign(
      {
        method,
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: rawPath,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: { host: `127.0.0.1:${this.port}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      {
        expiresIn,
        signingDate: date,
        unhoistableHeaders: new Set(),
        unsignableHeaders: new Set(['x-amz-content-sha256']),
      },
    );
    const pairs = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    );
    return `${rawPath}?${pairs.join('&')}`;
  }

  /** A PUT that sends its body only when asked to go on. */
  async expectContinue(actor: Actor, path: string, body: string): Promise<{ status: number; wasAskedFor: boolean }> {
    const length = { 'content-length': String(body.length) };
    const headers = await this.headersFor(actor, 'PUT', path, { body, headers: length });
    return new Promise((resolve, reject) => {
      let wasAskedFor = false;
      const outgoing = httpRequest({
        host: '127.0.0.1',
        port: this.port,
        method: 'PUT',
        path,
        headers: { ...headers, expect: '100-continue' },
        agent: false,
      });
      outgoing.on('continue', () => {
        wasAskedFor = true;
        outgoing.end(body);
      });
      outgoing.on('response', answer => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode!, wasAskedFor }));
      });
      outgoing.on('error', reject);
      outgoing.flushHeaders();
    });
  }

  /** A PUT whose connection ends half way. */
  async tearUpload(actor: Actor, path: string): Promise<void> {
    const headers = await this.headersFor(actor, 'PUT', path, {
      hash: 'UNSIGNED-PAYLOAD',
      headers: { 'content-length': '1000' },
    });
    const served = once(this.server!, 'request');
    const outgoing = httpRequest({ host: '127.0.0.1', port: this.port, method: 'PUT', path, headers, agent: false });
    outgoing.on('error', () => {});
    outgoing.write('half of it');
    const [incoming] = (await served) as [IncomingMessage];
    const closed = new Promise(resolve => incoming.once('close', resolve).once('error', () => {}));
    outgoing.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    this.server!.close();
    this.server!.closeAllConnections();
    await once(this.server!, 'close');
  }
}

export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, answer => {
      const pieces: Buffer[] = [];
      answer.on('data', piece => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: answer.statusCode!, headers: answer.headers, body: bytes, text: bytes.toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function allow(action: string | string[], resource: string | string[], more: object = {}): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource, ...more }] };
}

export const EVERYTHING = allow('s3:*', '*');

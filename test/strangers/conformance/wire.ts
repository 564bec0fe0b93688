import { createHash, createHmac } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import type { Backend, Keys } from './world';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface SignedOptions {
  readonly keys?: Keys;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly region?: string;
  readonly service?: string;
  /** What `x-amz-content-sha256` says; default: the body's own hash. */
  readonly hash?: string;
  readonly date?: Date;
  /** For requests in thousands. */
  readonly isKeptAlive?: boolean;
}

type Headers = Readonly<Record<string, string | number>>;

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
    throw new Error('The signer asks for a fresh hash each time.');
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Requests as a client that isn't the SDK would send them, signed by the SDK's own signer and then, where asked, spoilt. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly backend: Backend) {}

  get host(): string {
    return new URL(this.backend.endpoint).host;
  }

  /** One request as it is, over a connection of its own. */
  send(
    method: string,
    path: string,
    headers: Headers = {},
    body: string | Buffer = '',
    agent: Agent | false = false,
  ): Promise<Answer> {
    const { hostname, port } = new URL(this.backend.endpoint);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ host: hostname, port, method, path, headers, agent }, answer => {
        const pieces: Buffer[] = [];
        answer.on('data', piece => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            text: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async signed(method: string, path: string, options: SignedOptions = {}): Promise<Answer> {
    const headers = await this.headers(method, path, options);
    return this.send(method, path, headers, options.body, options.isKeptAlive ? this.agent : false);
  }

  /** A request that says nothing of its body's length, which node:http would. */
  sendWithoutLength(method: string, path: string, headers: Headers): Promise<Answer> {
    const { hostname, port } = new URL(this.backend.endpoint);
    const lines = Object.entries({ ...headers, host: this.host, connection: 'close' });
    const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''];
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      const pieces: Buffer[] = [];
      socket.on('error', reject);
      socket.on('data', piece => pieces.push(piece));
      socket.on('end', () => {
        socket.destroy();
        const text = Buffer.concat(pieces).toString('utf8');
        resolve({ status: Number(/^HTTP\/1\.\d (\d+)/.exec(text)?.[1]), headers: {}, text });
      });
      socket.write(head.join('\r\n'));
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** The headers that make a request valid. */
  async headers(method: string, path: string, options: SignedOptions = {}): Promise<Record<string, string>> {
    const { keys = this.backend.admin, headers = {}, body = '', region, service, hash, date } = options;
    const [rawPath = '', query = ''] = path.split(/\?(.*)/s);
    const signed = await this.signer(keys, region, service).sign(
      {
        method,
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: rawPath,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: {
          host: this.host,
          'x-amz-content-sha256': hash ?? createHash('sha256').update(body).digest('hex'),
          ...headers,
        },
      },
      date ? { signingDate: date } : {},
    );
    return signed.headers;
  }

  /** The path and query of a presigned request. */
  async presign(
    method: string,
    path: string,
    {
      keys = this.backend.admin,
      date = new Date(),
      expiresIn = 60,
    }: { keys?: Keys; date?: Date; expiresIn?: number } = {},
  ): Promise<string> {
    const [rawPath = '', query = ''] = path.split(/\?(.*)/s);
    const signed = await this.signer(keys).presign(
      {
        method,
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: rawPath,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: { host: this.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
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

  private signer(credentials: Keys, region = this.backend.region, service = 's3'): SignatureV4 {
    return new SignatureV4({
      credentials,
      region,
      service,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
  }
}

/** `404 NoSuchKey`, from the status and the error document of an answer; the status alone where it has none. */
export function told({ status, text }: Answer): string {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  return code === undefined ? String(status) : `${status} ${code}`;
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type Authentication,
  authenticate,
  type Payload,
  type RequestHead,
  type ServiceName,
  signedService,
} from './authenticate';
import { decodeAwsChunked } from './aws-chunked';
import { errorAnswer, toServiceError } from './error-answer';
import { createFaults, type FaultEffect, type Faults } from './faults';
import { parseRequestTarget, percentDecode } from './request-target';
import { type CredentialDirectory, type SandboxRequest, type SandboxResponse, ServiceError } from './service';
import { sha256Hex } from './sigv4';

type ServiceHandler = (request: SandboxRequest) => Promise<SandboxResponse>;

export interface HttpServerOptions {
  readonly directory: CredentialDirectory;
  readonly services: Readonly<Record<ServiceName, ServiceHandler>>;
  /** Default: the machine's clock. */
  readonly clock?: () => Date;
  readonly faults?: Faults;
  /**
   * Whether policies see `aws:SecureTransport` as true. Default true: loopback stands in for AWS's HTTPS endpoints,
   * and a bucket that demands TLS would otherwise refuse everything.
   */
  readonly secureTransport?: boolean;
}

/** Every answer carries it, so that a client can say whom it is talking to. */
const SERVER_HEADER = 'AstroLogExportSandbox';

const MAX_QUERY_BODY = 1024 * 1024;
/** Bytes of an unread body that are let in after an early answer: most clients read an answer only once all is sent. */
const MAX_DRAIN = 64 * 1024 * 1024;

/**
 * One endpoint for S3, STS and IAM: authenticates each request and hands it to the service that its signature is
 * scoped to. Only loopback connections are answered. The caller listens and closes.
 */
export function createHttpServer(options: HttpServerOptions): Server {
  const faults = options.faults ?? createFaults();
  const onRequest = (incoming: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    new Exchange(options, faults, incoming, response, awaitsContinue).run().catch(() => response.destroy());
  };
  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 64 * 1024 });
  server.headersTimeout = 65_000;
  server.requestTimeout = 0;
  server.on('request', (incoming, response) => onRequest(incoming, response, false));
  server.on('checkContinue', (incoming, response) => onRequest(incoming, response, true));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nServer: ${SERVER_HEADER}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  server.on('connection', socket => {
    socket.setNoDelay(true);
    if (!isLoopback(socket.remoteAddress ?? '')) socket.destroy();
  });
  return server;
}

function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\./.test(address) || address === '::1';
}

/** One request and its answer. */
class Exchange {
  private readonly requestId = randomBytes(8).toString('hex').toUpperCase();
  private readonly hostId = randomBytes(48).toString('base64');
  private readonly now: Date;
  private isBodyRead = false;

  constructor(
    private readonly options: HttpServerOptions,
    private readonly faults: Faults,
    private readonly incoming: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly awaitsContinue: boolean,
  ) {
    this.now = options.clock?.() ?? new Date();
  }

  async run(): Promise<void> {
    let service: ServiceName = 's3';
    let effect: FaultEffect | undefined;
    let answer: SandboxResponse;
    try {
      const target = parseRequestTarget(this.incoming.url ?? '/');
      const head: RequestHead = {
        method: this.incoming.method ?? 'GET',
        ...target,
        rawHeaders: this.incoming.rawHeaders,
        header: name => firstHeader(this.incoming, name),
      };
      const routed = await this.route(head);
      service = routed.service;
      effect = await this.faults.take({
        method: head.method,
        path: safeDecode(head.rawPath),
        query: head.query,
        service,
      });
      if (effect?.kind === 'reset') {
        this.incoming.socket.resetAndDestroy();
        return;
      }
      if (effect) throwFault(effect, service);
      answer = await this.handle(head, routed);
    } catch (error) {
      const failure = toServiceError(error);
      answer = errorAnswer(failure, service, {
        requestId: this.requestId,
        hostId: this.hostId,
        resource: safeDecode((this.incoming.url ?? '/').split('?')[0]!),
      });
    }
    await this.send(answer, service, effect?.kind === 'truncate' ? effect.bytes : undefined);
  }

  /** Which service a request is for. STS and IAM take the whole body first: their signature covers its hash. */
  private async route(head: RequestHead): Promise<{ service: ServiceName; body?: Buffer }> {
    const scope = signedService(head);
    if (scope === 'sts' || scope === 'iam') return { service: scope, body: await this.readQueryBody() };
    if (scope !== undefined) return { service: 's3' };
    const action = head.query.find(([name]) => name === 'Action');
    const isForm =
      head.method === 'POST' && /^application\/x-www-form-urlencoded/i.test(head.header('content-type') ?? '');
    if (!isForm && !(action && head.rawPath === '/')) return { service: 's3' };
    const body = await this.readQueryBody();
    const form = new URLSearchParams(body.toString('utf8'));
    const version = form.get('Version') ?? head.query.find(([name]) => name === 'Version')?.[1];
    return { service: version === '2010-05-08' ? 'iam' : 'sts', body };
  }

  private async readQueryBody(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this.rawBody()) {
      size += piece.length;
      if (size > MAX_QUERY_BODY) throw new ServiceError('RequestEntityTooLarge', 413, 'The request body is too large.');
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  private async handle(head: RequestHead, routed: { service: ServiceName; body?: Buffer }): Promise<SandboxResponse> {
    const { service, body } = routed;
    const authentication = authenticate(
      head,
      service,
      this.options.directory,
      this.now,
      body === undefined ? undefined : sha256Hex(body),
    );
    const trailers: Record<string, string> = {};
    const request: SandboxRequest = {
      method: head.method,
      rawPath: head.rawPath,
      query: head.query,
      headers: this.incoming.headers,
      body:
        body === undefined
          ? Readable.from(this.payload(head, authentication.payload, trailers), { objectMode: false })
          : Readable.from([body], { objectMode: false }),
      caller: authentication.caller,
      signedRegion: authentication.signedRegion,
      requestId: service === 's3' ? this.requestId : randomUUID(),
      time: this.now,
      sourceIp: (this.incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
      isPresigned: authentication.isPresigned,
      ...signatureAge(authentication),
      isSecureTransport: this.options.secureTransport ?? true,
      trailers,
    };
    return this.options.services[service](request);
  }

  /** The body without its framing; reading it throws a ServiceError where a hash or a chunk's signature is wrong. */
  private payload(head: RequestHead, payload: Payload, trailers: Record<string, string>): AsyncIterable<Buffer> {
    const raw = this.rawBody();
    if (payload.kind === 'chunked') return decodeAwsChunked(raw, { ...chunking(head, payload), trailers });
    // A body may say that it is framed without saying so in its hash: unsigned requests do.
    if (payload.kind === 'unsigned' && isAwsChunked(head)) {
      return decodeAwsChunked(raw, {
        ...chunking(head, { kind: 'chunked', signer: undefined, hasTrailer: true }),
        trailers,
      });
    }
    return payload.kind === 'literal' ? checkedSha256(raw, payload.sha256) : raw;
  }

  private async *rawBody(): AsyncGenerator<Buffer> {
    this.isBodyRead = true;
    if (this.awaitsContinue) this.response.writeContinue();
    yield* this.incoming.iterator({ destroyOnReturn: false });
  }

  private async send(answer: SandboxResponse, service: ServiceName, truncateAt: number | undefined): Promise<void> {
    const { response, incoming } = this;
    if (response.destroyed) {
      if (answer.body instanceof Readable) answer.body.destroy();
      return;
    }
    response.statusCode = answer.status;
    response.setHeader('Server', SERVER_HEADER);
    // SDKs correct their clocks by it, so it has to be the sandbox's own.
    response.setHeader('Date', this.now.toUTCString());
    response.setHeader(service === 's3' ? 'x-amz-request-id' : 'x-amzn-RequestId', this.requestId);
    if (service === 's3') response.setHeader('x-amz-id-2', this.hostId);
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    const isHead = incoming.method === 'HEAD';
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    if (Buffer.isBuffer(body) && !(isHead && answer.status >= 300)) {
      response.setHeader('Content-Length', body.length);
      if (!response.hasHeader('Content-Type')) {
        response.setHeader('Content-Type', service === 's3' ? 'application/xml' : 'text/xml');
      }
    }
    const hasBody = body !== undefined && !isHead && answer.status !== 204 && answer.status !== 304;
    if (body === undefined && !isHead && answer.status !== 204 && answer.status !== 304) {
      response.setHeader('Content-Length', 0);
    }
    this.settleRequestBody();
    if (truncateAt !== undefined && hasBody) {
      response.flushHeaders();
      response.write((await gather(body)).subarray(0, truncateAt), () => incoming.socket.destroy());
      return;
    }
    if (!hasBody) {
      if (body instanceof Readable) body.destroy();
      response.end();
    } else if (body instanceof Readable) await pipeline(body, response);
    else response.end(body);
  }

  /** Lets the rest of a small unread body in; a large one, or one that was never asked for, ends the connection. */
  private settleRequestBody(): void {
    const { incoming, response } = this;
    if (incoming.readableEnded || incoming.complete) return;
    if (this.awaitsContinue && !this.isBodyRead) {
      response.setHeader('Connection', 'close');
      return;
    }
    let drained = 0;
    incoming.on('data', (piece: Buffer) => {
      drained += piece.length;
      if (drained > MAX_DRAIN) incoming.socket.destroySoon();
    });
    incoming.on('error', () => {});
    incoming.resume();
  }
}

function signatureAge(authentication: Authentication): { signatureAge?: number } {
  return authentication.signatureAge === undefined ? {} : { signatureAge: authentication.signatureAge };
}

function firstHeader(incoming: IncomingMessage, name: string): string | undefined {
  const value = incoming.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function safeDecode(text: string): string {
  try {
    return percentDecode(text);
  } catch {
    return text;
  }
}

function throwFault(effect: FaultEffect, service: ServiceName): void {
  if (effect.kind === 'error') {
    throw new ServiceError(
      effect.code,
      effect.status,
      effect.message ?? (effect.code === 'SlowDown' ? 'Please reduce your request rate.' : effect.code),
    );
  }
  if (effect.kind === 'wrong-region' && service === 's3') {
    throw new ServiceError(
      'PermanentRedirect',
      301,
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { Endpoint: `s3.${effect.region}.amazonaws.com` },
      { 'x-amz-bucket-region': effect.region },
    );
  }
}

function isAwsChunked(head: RequestHead): boolean {
  if (head.header('x-amz-decoded-content-length') === undefined) return false;
  return (head.header('content-encoding') ?? '').split(',').some(one => one.trim().toLowerCase() === 'aws-chunked');
}

function chunking(head: RequestHead, payload: Extract<Payload, { kind: 'chunked' }>) {
  const decodedText = head.header('x-amz-decoded-content-length');
  if (decodedText === undefined || !/^\d+$/.test(decodedText)) {
    throw new ServiceError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  const announced = (head.header('x-amz-trailer') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '');
  return {
    signer: payload.signer,
    announcedTrailers: payload.hasTrailer ? announced : [],
    decodedLength: Number(decodedText),
  };
}

async function* checkedSha256(source: AsyncIterable<Buffer>, expected: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
  const actual = hash.digest('hex');
  if (actual === expected) return;
  throw new ServiceError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: actual },
  );
}

async function gather(body: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

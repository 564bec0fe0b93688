import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
// Default imports, and their functions looked up at each call: the editor swaps them to apply proxies and certificates.
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { t } from '@vscode/l10n';
import { ExportError, isExportError } from '../core/export-error';
import type { BucketEndpoint } from './endpoint';

/** Milliseconds to reach the server, and milliseconds without a byte in either direction. */
export const CONNECT_TIMEOUT = 10_000;
export const IDLE_TIMEOUT = 60_000;

const MAX_SOCKETS = 256;

export interface HttpRequest {
  readonly method: string;
  readonly endpoint: BucketEndpoint;
  /** Path and query as they go on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The reason of an aborted signal as an ExportError. */
export function cancelled(signal: AbortSignal): ExportError {
  if (isExportError(signal.reason)) return signal.reason;
  if ((signal.reason as { name?: string } | undefined)?.name === 'TimeoutError') {
    return new ExportError(
      'timeout',
      t('the request took too long'),
      t('Check the network path to the endpoint, then run it again.'),
    );
  }
  return new ExportError('cancelled', t('the request was cancelled'), t('Run it again.'));
}

/** The agents of both protocols. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** Agents that pass proxies. */
export interface ProxyAgents extends Agents {
  destroy(): void;
}

/** What agents that pass proxies are made of. */
export interface ProxyOptions {
  /** The proxy's address for requests to a host; undefined: none. */
  proxyFor(host: { readonly isTls: boolean; readonly hostname: string; readonly port?: number }): string | undefined;
  readonly direct: Agents;
  readonly agentOptions: https.AgentOptions;
}

/** Keep-alive connections to one or more hosts. */
export class Transport {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  private readonly direct: Agents;
  private readonly proxied: ProxyAgents | undefined;
  private readonly signals = new WeakSet<AbortSignal>();

  /** `caFile`: certificates to trust beside Node's (`AWS_CA_BUNDLE`). `proxies` makes the agents that pass some. */
  constructor(caFile?: string, proxies?: (options: Omit<ProxyOptions, 'proxyFor'>) => ProxyAgents) {
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS, timeout: IDLE_TIMEOUT };
    const agentOptions = { ...options, ca: caFile ? trustedCertificates(caFile) : undefined };
    this.direct = { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(agentOptions) };
    this.proxied = proxies?.({ direct: this.direct, agentOptions });
    ({ httpAgent: this.httpAgent, httpsAgent: this.httpsAgent } = this.proxied ?? this.direct);
  }

  /**
   * Sends one request and reads the whole answer, whatever its status.
   * Rejects with Node's own error (`code`), or with an ExportError `cancelled` when the signal fires.
   */
  send(request: HttpRequest): Promise<HttpReply> {
    const { endpoint, signal, body } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(signal));
      const options: http.RequestOptions = {
        method: request.method,
        host: endpoint.hostname,
        port: endpoint.port,
        path: request.path,
        headers: request.headers,
        agent: endpoint.isTls ? this.httpsAgent : this.httpAgent,
      };
      const req = (endpoint.isTls ? https : http).request(options);
      let connectTimer: NodeJS.Timeout | undefined;
      let hasAnswer = false;
      const onAbort = () => finish(cancelled(signal as AbortSignal));
      const finish = (outcome: Error | HttpReply) => {
        clearTimeout(connectTimer);
        signal?.removeEventListener('abort', onAbort);
        if (!(outcome instanceof Error)) return resolve(outcome);
        req.destroy();
        reject(outcome);
      };
      if (signal) {
        this.allowManyListeners(signal);
        signal.addEventListener('abort', onAbort, { once: true });
      }
      req.once('socket', socket => {
        if (!socket.connecting) return;
        connectTimer = setTimeout(() => finish(networkError('ETIMEDOUT', 'connect timed out')), CONNECT_TIMEOUT);
        socket.once(endpoint.isTls ? 'secureConnect' : 'connect', () => clearTimeout(connectTimer));
      });
      req.once('timeout', () => finish(networkError('ETIMEDOUT', 'no data for a minute')));
      req.on('error', error => {
        // A server may answer and close before it has read the whole body: the answer is what counts then.
        if (!hasAnswer) finish(error);
      });
      req.once('response', response => {
        hasAnswer = true;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
          finish({ status: response.statusCode ?? 0, headers: response.headers, body: whole });
        });
        response.once('error', finish);
        response.once('close', () => {
          if (!response.complete) finish(networkError('ECONNRESET', 'the answer was cut off'));
        });
      });
      if (typeof body !== 'function') {
        req.end(body);
        return;
      }
      const source = Readable.from(body());
      source.once('error', finish);
      req.once('close', () => source.destroy());
      source.pipe(req);
    });
  }

  close(): void {
    this.proxied?.destroy();
    this.direct.httpAgent.destroy();
    this.direct.httpsAgent.destroy();
  }

  /** One signal stops hundreds of requests at once, which isn't the leak that Node warns of. */
  private allowManyListeners(signal: AbortSignal): void {
    if (this.signals.has(signal)) return;
    this.signals.add(signal);
    setMaxListeners(0, signal);
  }
}

export function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Undefined, so that Node's own certificates count, where the file can't be read: the connection will tell. */
function trustedCertificates(file: string): (string | Buffer)[] | undefined {
  try {
    return [...rootCertificates, readFileSync(file)];
  } catch {
    return undefined;
  }
}

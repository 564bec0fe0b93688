import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import type { AwsFailure } from '../core/diagnosis/aws-failure';
import { ExportError, isExportError } from '../core/export-error';
import type { ExportTarget } from '../core/export-settings';
import { readBucketSettings } from './bucket-settings';
import { crc32, crc32Header, md5Hex, sha256Hex } from './checksum';
import type { CredentialSource } from './credentials';
import { type BucketEndpoint, bucketEndpoint } from './endpoint';
import { networkFailure, replyFailure, toExportError } from './failure';
import { plainEtag, type ScannedPage, scanListPage } from './list-page';
import { isTransient, withRetries } from './retry';
import type { BucketClient, ListOptions, ListPage, ObjectBody, ObjectHead, StreamedBody } from './session';
import { EMPTY_SHA256, Signer } from './sigv4';
import type { HttpReply, HttpRequest, Transport } from './transport';
import { encodeKey, encodeUri } from './uri';
import { elementText } from './xml';

/** A page of ListObjectsV2 holds at most this many keys. */
const LIST_PAGE_SIZE = 1_000;

export interface S3ClientOptions {
  readonly target: ExportTarget;
  readonly credentials: CredentialSource;
  readonly transport: Transport;
  /** The custom endpoint; undefined for AWS's own. */
  readonly endpoint: string | undefined;
  /** As errors show it. */
  readonly shownEndpoint: string | undefined;
  /** The region to sign for where the target names none. */
  readonly ambientRegion: string | undefined;
  /** The variable that names a proxy which this client passes. */
  readonly proxy?: string;
  onReply(reply: HttpReply): void;
}

interface S3Request {
  readonly method: 'HEAD' | 'GET' | 'PUT' | 'DELETE';
  /** `s3:PutObject` */
  readonly action: string;
  readonly key?: string;
  /** Encoded, in the order of the names. */
  readonly query?: string;
  readonly amzHeaders?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | StreamedBody;
  readonly payloadHash?: string;
  readonly signal?: AbortSignal;
}

/** What one request came to: an answer that isn't an error, or why there is none. */
type Outcome = { readonly reply: HttpReply } | { readonly failure: AwsFailure; readonly hasFreshKeys?: boolean };

/**
 * A small signed client for the requests that come in thousands; client-s3 takes four times the CPU for the same work.
 * Follows a region only where the settings name none: with a wrong one Airflow's writer fails, and so does this.
 */
export function createBucketClient(options: S3ClientOptions): BucketClient {
  const { target, credentials, transport } = options;
  const signer = new Signer('s3');
  let region = target.region ?? options.ambientRegion ?? fallbackRegion(target);
  let endpoint = bucketEndpoint(target.bucket, region, options.endpoint);

  function failed(failure: AwsFailure, key?: string): ExportError {
    const { shownEndpoint, proxy } = options;
    return toExportError(failure, { target, key, endpoint: shownEndpoint, proxy });
  }

  async function once(request: S3Request, at: BucketEndpoint, signRegion: string): Promise<Outcome> {
    const keys = await credentials.get();
    const path = `${at.basePath}${request.key === undefined ? (at.basePath ? '' : '/') : `/${encodeKey(request.key)}`}`;
    const query = request.query ?? '';
    const signed = signer.sign(
      {
        method: request.method,
        host: at.host,
        path,
        query,
        amzHeaders: request.amzHeaders,
        payloadHash: request.payloadHash ?? EMPTY_SHA256,
      },
      signRegion,
      keys,
    );
    try {
      const reply = await transport.send({
        method: request.method,
        endpoint: at,
        path: query === '' ? path : `${path}?${query}`,
        headers: { host: at.host, ...signed, ...request.headers, ...lengthHeader(request.body) },
        body: sendable(request.body),
        signal: request.signal,
      });
      options.onReply(reply);
      if (reply.status >= 200 && reply.status < 300) return { reply };
      const failure = replyFailure(reply, request.action, keys);
      return { failure, hasFreshKeys: /^ExpiredToken/.test(failure.awsCode) && credentials.forget(keys) };
    } catch (error) {
      if (isExportError(error)) throw error;
      return { failure: networkFailure(error, request.action) };
    }
  }

  /** Sends until there is an answer that counts. `onAmbiguous` hears of an attempt that may have been carried out. */
  async function attempt(request: S3Request, onAmbiguous?: () => void): Promise<Outcome> {
    const send = () =>
      withRetries(
        () => once(request, endpoint, region),
        outcome => {
          if (!('failure' in outcome)) return false;
          const isAgain = isTransient(outcome.failure.status, outcome.failure.awsCode);
          if (isAgain) onAmbiguous?.();
          return isAgain;
        },
        request.signal,
      );
    const tried = region;
    let outcome = await send();
    if ('failure' in outcome && outcome.hasFreshKeys) outcome = await send();
    if ('failure' in outcome && followRegion(outcome.failure, tried)) outcome = await send();
    return outcome;
  }

  /** Whether to ask again in the region that the answer names; another request may have turned there already. */
  function followRegion(failure: AwsFailure, tried: string): boolean {
    const isRedirect = [301, 307, 400].includes(failure.status) && failure.region !== undefined;
    if (target.region !== undefined || !isRedirect || failure.region === tried) return false;
    region = failure.region as string;
    endpoint = bucketEndpoint(target.bucket, region, options.endpoint);
    return true;
  }

  async function send(request: S3Request): Promise<HttpReply> {
    const outcome = await attempt(request);
    if ('failure' in outcome) throw failed(outcome.failure, request.key);
    return outcome.reply;
  }

  async function head(key: string, { signal }: { signal?: AbortSignal } = {}): Promise<ObjectHead | undefined> {
    const outcome = await attempt({ method: 'HEAD', action: 's3:GetObject', key, signal });
    if ('reply' in outcome) return headOf(outcome.reply);
    if (outcome.failure.status === 404) return undefined;
    throw failed(outcome.failure, key);
  }

  async function put(
    key: string,
    body: Uint8Array | StreamedBody,
    { ifNoneMatch, ifMatch, signal }: { ifNoneMatch?: '*'; ifMatch?: string; signal?: AbortSignal } = {},
  ): Promise<{ etag: string }> {
    const digest = 'open' in body ? await digestStream(body) : { sha256: sha256Hex(body), crc32: crc32(body) };
    const headers: Record<string, string> = {};
    if (ifNoneMatch) headers['if-none-match'] = ifNoneMatch;
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    let mayBeWritten = false;
    const outcome = await attempt(
      {
        method: 'PUT',
        action: 's3:PutObject',
        key,
        body,
        headers,
        amzHeaders: { 'x-amz-checksum-crc32': crc32Header(digest.crc32) },
        payloadHash: digest.sha256,
        signal,
      },
      () => {
        mayBeWritten = true;
      },
    );
    if ('reply' in outcome) return { etag: etagOf(outcome.reply) };
    if (outcome.failure.status === 412 && mayBeWritten) {
      // The attempt before may have been the one that wrote the object, its answer lost on the way.
      const there = await head(key, { signal });
      if (there && there.etag === (await md5Of(body))) return { etag: there.etag };
    }
    throw failed(outcome.failure, key);
  }

  async function get(
    key: string,
    {
      range,
      suffix,
      ifMatch,
      signal,
    }: { range?: { start: number; end: number }; suffix?: number; ifMatch?: string; signal?: AbortSignal } = {},
  ): Promise<ObjectBody> {
    const headers: Record<string, string> = {};
    if (range) headers.range = `bytes=${range.start}-${range.end}`;
    else if (suffix !== undefined) headers.range = `bytes=-${suffix}`;
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    const outcome = await attempt({ method: 'GET', action: 's3:GetObject', key, headers, signal });
    if ('failure' in outcome) {
      const there = outcome.failure.status === 416 ? await head(key, { signal }) : undefined;
      if (there) return { ...there, body: Buffer.alloc(0), totalSize: there.size };
      throw failed(outcome.failure, key);
    }
    const { reply } = outcome;
    const total = /\/(\d+)$/.exec(reply.headers['content-range'] ?? '')?.[1];
    const totalSize = total === undefined ? reply.body.length : Number(total);
    return { ...headOf(reply), body: reply.body, totalSize };
  }

  async function listPage(options: ListOptions, place: string, signal?: AbortSignal): Promise<ScannedPage> {
    const [token, startAfter] = place.startsWith('t') ? [place.slice(1), ''] : ['', place.slice(1)];
    const query = [
      token && `continuation-token=${encodeUri(token)}`,
      options.delimiter && `delimiter=${encodeUri(options.delimiter)}`,
      'encoding-type=url',
      'list-type=2',
      `max-keys=${Math.min(options.pageSize ?? LIST_PAGE_SIZE, LIST_PAGE_SIZE)}`,
      `prefix=${encodeUri(options.prefix)}`,
      startAfter && `start-after=${encodeUri(startAfter)}`,
    ];
    const reply = await send({
      method: 'GET',
      action: 's3:ListBucket',
      query: query.filter(Boolean).join('&'),
      signal,
    });
    const xml = reply.body.toString('utf8');
    if (xml.includes('<ListBucketResult')) return scanListPage(xml);
    throw failed({
      awsCode: 'InvalidAnswer',
      status: reply.status,
      message: t('the answer is not a listing of S3; something else answers at the endpoint'),
      action: 's3:ListBucket',
    });
  }

  async function* list(options: ListOptions): AsyncGenerator<ListPage> {
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    try {
      let place: string | undefined = options.startAfter === undefined ? 't' : `s${options.startAfter}`;
      let next: Promise<ScannedPage> | undefined = listPage(options, place, signal);
      while (next) {
        const page: ScannedPage = await next;
        place = nextPlace(page);
        // The next page is on its way while the reader works on this one.
        next = place === undefined ? undefined : listPage(options, place, signal);
        next?.catch(() => {});
        const { objects, commonPrefixes, isTruncated } = page;
        yield { objects, commonPrefixes, isTruncated };
      }
    } finally {
      stop.abort();
    }
  }

  return {
    head,
    put,
    get,
    list,
    async delete(key, { signal } = {}) {
      const outcome = await attempt({ method: 'DELETE', action: 's3:DeleteObject', key, signal });
      if ('reply' in outcome) return { deleteMarker: outcome.reply.headers['x-amz-delete-marker'] === 'true' };
      if (outcome.failure.awsCode === 'NoSuchKey') return { deleteMarker: false };
      throw failed(outcome.failure, key);
    },
    settings: ({ signal } = {}) =>
      readBucketSettings(async (action, query) =>
        (await send({ method: 'GET', action, query, signal })).body.toString('utf8'),
      ),
    async bucketRegion({ signal } = {}) {
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
      const headed = await withRetries(
        () => once({ method: 'HEAD', action: 's3:ListBucket', signal }, endpoint, region),
        outcome => 'failure' in outcome && isTransient(outcome.failure.status, outcome.failure.awsCode),
        signal,
      );
      if ('reply' in headed) return (headed.reply.headers['x-amz-bucket-region'] as string | undefined) ?? region;
      const { failure } = headed;
      if (failure.region !== undefined && failure.status !== 404) return failure.region;
      if (failure.status === 404 || failure.status === 0) throw failed(failure);
      // Without a region in the HEAD's answer only a body can say what is wrong.
      const asked = await attempt({ method: 'GET', action: 's3:GetBucketLocation', query: 'location=', signal });
      if ('failure' in asked) {
        // AWS names the region to whom it denies the rest. A store that names none took the one that was signed for.
        if (options.endpoint !== undefined && asked.failure.awsCode === 'AccessDenied') return region;
        throw failed(asked.failure);
      }
      const location = elementText(asked.reply.body.toString('utf8'), 'LocationConstraint');
      return location === 'EU' ? 'eu-west-1' : location || 'us-east-1';
    },
  };
}

/** A region of the right partition to ask where a bucket lies. */
function fallbackRegion(target: ExportTarget): string {
  const partition = /^arn:([\w-]+):/.exec(target.roleArn ?? '')?.[1];
  const regions: Readonly<Record<string, string>> = {
    'aws-cn': 'cn-north-1',
    'aws-us-gov': 'us-gov-west-1',
    'aws-eusc': 'eusc-de-east-1',
  };
  return regions[partition ?? ''] ?? 'us-east-1';
}

function nextPlace(page: ScannedPage): string | undefined {
  if (!page.isTruncated) return undefined;
  if (page.continuationToken) return `t${page.continuationToken}`;
  const last = page.objects.at(-1)?.key ?? page.commonPrefixes.at(-1);
  return last === undefined ? undefined : `s${last}`;
}

function lengthHeader(body: Uint8Array | StreamedBody | undefined): Record<string, string> {
  if (!body) return {};
  return { 'content-length': String('open' in body ? body.size : body.byteLength) };
}

function sendable(body: Uint8Array | StreamedBody | undefined): HttpRequest['body'] {
  return body && 'open' in body ? () => whole(body) : body;
}

function etagOf(reply: HttpReply): string {
  return plainEtag(reply.headers.etag ?? '');
}

function headOf(reply: HttpReply): ObjectHead {
  return {
    size: Number(reply.headers['content-length'] ?? reply.body.length),
    etag: etagOf(reply),
    lastModified: new Date(reply.headers['last-modified'] ?? 0),
    contentEncoding: reply.headers['content-encoding'],
  };
}

async function digestStream(body: StreamedBody): Promise<{ sha256: string; crc32: number }> {
  const sha256 = createHash('sha256');
  let crc = 0;
  for await (const chunk of whole(body)) {
    sha256.update(chunk);
    crc = crc32(chunk, crc);
  }
  return { sha256: sha256.digest('hex'), crc32: crc };
}

async function md5Of(body: Uint8Array | StreamedBody): Promise<string> {
  if (!('open' in body)) return md5Hex(body);
  const md5 = createHash('md5');
  for await (const chunk of whole(body)) md5.update(chunk);
  return md5.digest('hex');
}

/** The stream's chunks; throws where it ends before or after the size that was announced, which S3 would wait for. */
async function* whole(body: StreamedBody): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body.open()) {
    size += chunk.byteLength;
    if (size > body.size) break;
    yield chunk;
  }
  if (size === body.size) return;
  throw new ExportError('unreadable', t('the file changed while it was read'), t('Run it again.'));
}

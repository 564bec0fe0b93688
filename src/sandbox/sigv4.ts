import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { percentDecode, percentEncode, percentEncodePath } from './request-target';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** `20260131/eu-central-1/s3/aws4_request` */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The parts of a request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  /** As it came on the wire. */
  readonly rawPath: string;
  /** Decoded. */
  readonly query: ReadonlyArray<readonly [string, string]>;
  /** Names and values alternating, as Node keeps them (bytes as latin1). */
  readonly rawHeaders: readonly string[];
  /** Lower case, in the order the signer named them. */
  readonly signedHeaders: readonly string[];
  /** The last line of the canonical request: a SHA-256 in hex, or one of S3's words. */
  readonly payloadHash: string;
  readonly service: string;
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The canonical request. S3 decodes the path once and encodes it once, and never normalises it: `//` and `..` stay.
 * Every other service encodes the path twice and removes empty and dot segments.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(parts: SignedParts): string {
  const values = headerValues(parts.rawHeaders);
  const names = [...parts.signedHeaders];
  return [
    parts.method,
    canonicalPath(parts.rawPath, parts.service),
    canonicalQuery(parts.query),
    ...names.map(name => `${name}:${values.get(name) ?? ''}`),
    '',
    names.join(';'),
    parts.payloadHash,
  ].join('\n');
}

function canonicalPath(rawPath: string, service: string): string {
  if (service === 's3') return percentEncodePath(percentDecode(rawPath));
  const kept: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(percentEncode(segment));
  }
  return '/' + kept.join('/') + (kept.length > 0 && rawPath.endsWith('/') ? '/' : '');
}

function canonicalQuery(query: ReadonlyArray<readonly [string, string]>): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function headerValues(rawHeaders: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = rawHeaders[i + 1]!.trim().replace(/ {2,}/g, ' ');
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

/** `time` is the request's own, `20260131T120000Z`. The canonical request's bytes are those of the wire. */
export function stringToSign(time: string, scope: CredentialScope, canonical: string): string {
  return [ALGORITHM, time, scopeText(scope), sha256Hex(Buffer.from(canonical, 'latin1'))].join('\n');
}

export function scopeText(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

export function signingKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  const date = hmac(`AWS4${secretAccessKey}`, scope.date);
  return hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request');
}

export function sign(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Compares without telling by its time where two texts differ. */
export function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

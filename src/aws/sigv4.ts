import { createHmac } from 'node:crypto';
import { sha256Hex } from './checksum';
import type { AwsCredentials } from './session';

/** SHA-256 of nothing, the payload hash of every request without a body. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export interface SignableRequest {
  readonly method: string;
  readonly host: string;
  /** Percent-encoded already; signed as it stands, because S3 doesn't normalise paths. */
  readonly path: string;
  /** Encoded pairs in the order of their names. */
  readonly query: string;
  /** Lower-case `x-amz-*` headers to sign besides the ones that signing adds. */
  readonly amzHeaders?: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex. */
  readonly payloadHash: string;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** `20261123T064854Z` */
function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/**
 * Signs requests for one service in one region with Signature Version 4, keeping the day's signing key.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export class Signer {
  private keyId = '';
  private key: Buffer = Buffer.alloc(0);
  private second = -1;
  private date = '';

  constructor(
    private readonly service: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** The headers to send: `x-amz-*` and `authorization`; the caller sends `host` itself. */
  sign(request: SignableRequest, region: string, credentials: AwsCredentials): Record<string, string> {
    const date = this.amzDate();
    const day = date.slice(0, 8);
    const headers: Record<string, string> = {
      ...request.amzHeaders,
      'x-amz-content-sha256': request.payloadHash,
      'x-amz-date': date,
    };
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken;
    const names = Object.keys(headers).sort();
    let canonicalHeaders = `host:${request.host}\n`;
    for (const name of names) canonicalHeaders += `${name}:${headers[name]}\n`;
    const signedHeaders = `host;${names.join(';')}`;
    const canonical = `${request.method}\n${request.path}\n${request.query}\n${canonicalHeaders}\n${signedHeaders}\n${request.payloadHash}`;
    const scope = `${day}/${region}/${this.service}/aws4_request`;
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256Hex(canonical)}`;
    const signature = createHmac('sha256', this.signingKey(day, region, credentials.secretAccessKey))
      .update(toSign)
      .digest('hex');
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return headers;
  }

  private amzDate(): string {
    const now = this.now();
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.second = second;
      this.date = amzDate(now);
    }
    return this.date;
  }

  private signingKey(day: string, region: string, secret: string): Buffer {
    const id = `${day}/${region}/${secret}`;
    if (id !== this.keyId) {
      this.key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), this.service), 'aws4_request');
      this.keyId = id;
    }
    return this.key;
  }
}

import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/aws/checksum';
import { EMPTY_SHA256, Signer } from '../../../src/aws/sigv4';
import { encodeKey, encodeUri } from '../../../src/aws/uri';

/** Sha256 as @smithy/signature-v4 wants it. */
class Sha256 {
  private readonly inner;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.inner = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: string | Uint8Array) {
    this.inner.update(data);
  }
  async digest() {
    return new Uint8Array(this.inner.digest());
  }
  reset() {}
}

const time = Date.UTC(2026, 10, 23, 6, 48, 54);
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

async function bothSignatures(o: { key: string; prefix: string; token?: string; body: string; region: string }) {
  const keys = o.token === undefined ? credentials : { ...credentials, sessionToken: o.token };
  const oracle = new SignatureV4({
    service: 's3',
    region: o.region,
    credentials: keys,
    sha256: Sha256 as never,
    uriEscapePath: false,
  });
  const path = `/bucket/${encodeKey(o.key)}`;
  const signed = await oracle.sign(
    {
      method: 'PUT',
      protocol: 'https:',
      hostname: 's3.example.com',
      path,
      query: { 'list-type': '2', prefix: o.prefix },
      headers: {
        host: 's3.example.com',
        'x-amz-checksum-crc32': 'AAAAAA==',
        'x-amz-content-sha256': sha256Hex(o.body),
      },
      body: o.body,
    },
    { signingDate: new Date(time) },
  );
  const ours = new Signer('s3', () => time).sign(
    {
      method: 'PUT',
      host: 's3.example.com',
      path,
      query: `list-type=2&prefix=${encodeUri(o.prefix)}`,
      amzHeaders: { 'x-amz-checksum-crc32': 'AAAAAA==' },
      payloadHash: sha256Hex(o.body),
    },
    o.region,
    keys,
  );
  return { ours: ours.authorization, theirs: signed.headers.authorization };
}

describe('Signer', () => {
  it.each([
    { key: 'logs/dag_id=größe_日本/run_id=scheduled__2024-07-30T03:20:00+00:00/attempt=1.log', prefix: 'logs/' },
    { key: "a//b/../c/.~!'()* %25", prefix: 'dag_id=a b+c&d=e' },
    { key: '', prefix: '' },
  ])('signs $key as the AWS SDK does', async ({ key, prefix }) => {
    for (const token of [undefined, 'FwoGZXIvYXdzE//token==']) {
      const { ours, theirs } = await bothSignatures({ key, prefix, token, body: 'hello', region: 'eu-west-1' });
      expect(ours).toBe(theirs);
    }
  });

  it('agrees with the SDK on any key and prefix', async () => {
    const text = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(text, text, fc.string(), async (key, prefix, body) => {
        const { ours, theirs } = await bothSignatures({ key, prefix, body, region: 'us-east-1' });
        expect(ours).toBe(theirs);
      }),
      { numRuns: 200 },
    );
  });

  it('changes the signing key with the day, the region and the secret', () => {
    let now = time;
    const signer = new Signer('s3', () => now);
    const request = { method: 'GET', host: 'h', path: '/', query: '', payloadHash: EMPTY_SHA256 };
    const sign = (region: string, secretAccessKey: string) =>
      signer.sign(request, region, { accessKeyId: 'A', secretAccessKey }).authorization;
    const fresh = (region: string, secretAccessKey: string) =>
      new Signer('s3', () => now).sign(request, region, { accessKeyId: 'A', secretAccessKey }).authorization;
    const first = sign('us-east-1', 's');
    expect(sign('eu-west-1', 's')).toBe(fresh('eu-west-1', 's'));
    expect(sign('us-east-1', 't')).toBe(fresh('us-east-1', 't'));
    expect(sign('us-east-1', 's')).toBe(first);
    now += 24 * 3_600_000;
    expect(sign('us-east-1', 's')).toBe(fresh('us-east-1', 's'));
    expect(sign('us-east-1', 's')).not.toBe(first);
  });
});

describe('encodeKey', () => {
  it('keeps slashes and encodes everything but unreserved characters', () => {
    expect(encodeKey("a/b//../run=1:2+3 %~-_.é*'()!")).toBe('a/b//../run%3D1%3A2%2B3%20%25~-_.%C3%A9%2A%27%28%29%21');
  });

  it('decodes back to the key, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), key => {
        expect(decodeURIComponent(encodeKey(key))).toBe(Buffer.from(key, 'utf8').toString('utf8'));
      }),
    );
    expect(encodeKey('\ud800')).toBe('%EF%BF%BD');
  });
});

import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import { told } from './wire';
import type { World } from './world';

const SIGNED = s3Api('sigv4-streaming');
const TRAILERS = s3Api('sigv4-streaming-trailers');
const EMPTY = createHash('sha256').digest('hex');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** What to spoil in a chunked body. */
interface Chunked {
  readonly isSigned: boolean;
  readonly hasTrailer: boolean;
  readonly spoil?: 'chunk' | 'chunk-signature' | 'checksum' | 'trailer-signature' | 'length' | 'cut';
}

const WORDS = {
  'true/false': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'true/true': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'false/true': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
} as const;

/** A chunk has to hold at least 8 KiB unless it is the last: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const PIECES = [Buffer.alloc(8192, 'a'), Buffer.from('the rest')];
const BODY = Buffer.concat(PIECES);

function crcOf(data: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
}

/** A PUT of 8,200 bytes in two chunks, put together by hand; what it came to, and what is there afterwards. */
async function send(world: World, { isSigned, hasTrailer, spoil }: Chunked): Promise<unknown> {
  const Bucket = await world.bucket();
  const path = `/${Bucket}/a`;
  const word = WORDS[`${isSigned}/${hasTrailer}` as keyof typeof WORDS];
  const announced = spoil === 'length' ? BODY.length + 5 : BODY.length;
  const headers = await world.wire.headers('PUT', path, {
    hash: word,
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(announced),
      ...(hasTrailer && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
    },
  });
  const time = headers['x-amz-date']!;
  const scope = `${time.slice(0, 8)}/${world.backend.region}/s3/aws4_request`;
  const signer = chunkSigner(world, time, scope);
  let previous = /Signature=([0-9a-f]+)/.exec(headers.authorization!)![1]!;
  const parts: Buffer[] = [];
  for (const piece of [...PIECES, Buffer.alloc(0)]) {
    const text = ['AWS4-HMAC-SHA256-PAYLOAD', time, scope, previous, EMPTY, sha256(piece)].join('\n');
    previous = signer(text);
    const told = spoil === 'chunk-signature' && parts.length === 0 ? '0'.repeat(64) : previous;
    const sent = spoil === 'chunk' && piece === PIECES[1] ? Buffer.from('the beef') : piece;
    parts.push(Buffer.from(`${piece.length.toString(16)}${isSigned ? `;chunk-signature=${told}` : ''}\r\n`), sent);
    if (piece.length > 0) parts.push(Buffer.from('\r\n'));
  }
  if (hasTrailer) {
    const line = `x-amz-checksum-crc32:${crcOf(spoil === 'checksum' ? Buffer.from('other') : BODY)}`;
    const text = ['AWS4-HMAC-SHA256-TRAILER', time, scope, previous, sha256(`${line}\n`)].join('\n');
    const signature = spoil === 'trailer-signature' ? '0'.repeat(64) : signer(text);
    parts.push(Buffer.from(`${line}\r\n${isSigned ? `x-amz-trailer-signature:${signature}\r\n` : ''}`));
  }
  parts.push(Buffer.from('\r\n'));
  const whole = Buffer.concat(parts);
  const body = spoil === 'cut' ? whole.subarray(0, 5000) : whole;
  const answer = await world.wire.send('PUT', path, { ...headers, 'content-length': body.length }, body);
  const found = await refusal(world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a' })));
  if (found !== 'not refused') return [told(answer), found];
  const { ContentEncoding } = await world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  return [told(answer), (await world.text(Bucket, 'a')) === BODY.toString() ? 'as sent' : 'otherwise', ContentEncoding];
}

function chunkSigner(world: World, time: string, scope: string): (text: string) => string {
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const { secretAccessKey } = world.backend.admin;
  const [, region = '', service = '', end = ''] = scope.split('/');
  const key = [region, service, end].reduce(hmac, hmac(`AWS4${secretAccessKey}`, time.slice(0, 8)));
  return text => hmac(key, text).toString('hex');
}

function chunked(id: string, how: Chunked, expected: unknown): Behaviour {
  return { id: `chunked: ${id}`, docs: how.hasTrailer ? TRAILERS : SIGNED, run: world => send(world, how), expected };
}

const signed = { isSigned: true, hasTrailer: false } as const;
const signedTrailer = { isSigned: true, hasTrailer: true } as const;
const unsigned = { isSigned: false, hasTrailer: true } as const;
const WRITTEN = ['200', 'as sent', undefined];
const MISMATCH = ['403 SignatureDoesNotMatch', '404 NotFound'];

export const CHUNKED: readonly Behaviour[] = [
  chunked('signed', signed, WRITTEN),
  chunked('signed, a byte changed', { ...signed, spoil: 'chunk' }, MISMATCH),
  chunked('signed, with a wrong signature', { ...signed, spoil: 'chunk-signature' }, MISMATCH),
  chunked('signed, shorter than announced', { ...signed, spoil: 'length' }, ['400 IncompleteBody', '404 NotFound']),
  chunked('signed, cut off within a chunk', { ...signed, spoil: 'cut' }, ['400 IncompleteBody', '404 NotFound']),
  chunked('signed, with a trailer', signedTrailer, WRITTEN),
  chunked('signed, with a checksum of other bytes in its trailer', { ...signedTrailer, spoil: 'checksum' }, [
    '400 BadDigest',
    '404 NotFound',
  ]),
  chunked('signed, with a wrong signature of its trailer', { ...signedTrailer, spoil: 'trailer-signature' }, MISMATCH),
  chunked('unsigned, with a trailer', unsigned, WRITTEN),
  chunked('unsigned, with a checksum of other bytes in its trailer', { ...unsigned, spoil: 'checksum' }, [
    '400 BadDigest',
    '404 NotFound',
  ]),
  chunked('unsigned, shorter than announced', { ...unsigned, spoil: 'length' }, ['400 IncompleteBody', '404 NotFound']),
  {
    id: 'chunked: the SDK’s stream, with the checksum in a trailer',
    docs: s3Guide('checking-object-integrity-upload'),
    async run(world) {
      const Bucket = await world.bucket();
      const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.from('end')]);
      const put = await refusal(world.put(Bucket, 'a', Body as never, { ContentLength: 70_003 }));
      if (put !== 'not refused') return put;
      return (await world.text(Bucket, 'a')) === `${'a'.repeat(70_000)}end`;
    },
    expected: true,
  },
  {
    id: 'chunked: the SDK’s stream, without a checksum',
    docs: s3Guide('checking-object-integrity-upload'),
    async run(world) {
      const Bucket = await world.bucket();
      const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.from('end')]);
      const client = world.s3(undefined, { requestChecksumCalculation: 'WHEN_REQUIRED' });
      await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body, ContentLength: 70_003 }));
      return (await world.text(Bucket, 'a')) === `${'a'.repeat(70_000)}end`;
    },
    expected: true,
  },
];

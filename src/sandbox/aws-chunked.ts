import { createHash } from 'node:crypto';
import { ServiceError } from './service';
import { EMPTY_SHA256, isSame, sha256Hex, sign } from './sigv4';

/** What is needed to check the signatures of chunks. */
export interface ChunkSigner {
  readonly signingKey: Uint8Array;
  /** `20260131T120000Z` */
  readonly time: string;
  readonly scope: string;
  /** The signature of the request's head. */
  readonly seedSignature: string;
}

export interface ChunkedOptions {
  /** Present where each chunk is signed. */
  readonly signer: ChunkSigner | undefined;
  /** Names in `x-amz-trailer`, in lower case; empty where no trailer is announced. */
  readonly announcedTrailers: readonly string[];
  /** `x-amz-decoded-content-length` */
  readonly decodedLength: number;
  /** Filled as trailing headers come in. */
  readonly trailers: Record<string, string>;
}

const MAX_LINE = 16 * 1024;

function incomplete(): ServiceError {
  return new ServiceError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function malformedTrailer(): ServiceError {
  return new ServiceError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}

function badChunkSignature(): ServiceError {
  return new ServiceError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

/**
 * Takes the `aws-chunked` framing off a body and checks the signatures of its chunks and of its trailer.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  { signer, announcedTrailers, decodedLength, trailers }: ChunkedOptions,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let previous = signer?.seedSignature ?? '';
  let total = 0;
  for (;;) {
    const [sizeText = '', ...extensions] = (await reader.line()).split(';');
    if (!/^[0-9a-fA-F]{1,12}$/.test(sizeText.trim())) throw incomplete();
    const size = Number.parseInt(sizeText, 16);
    total += size;
    if (total > decodedLength) throw incomplete();
    const hash = createHash('sha256');
    for (let left = size; left > 0; ) {
      const piece = await reader.upTo(left);
      left -= piece.length;
      if (signer) hash.update(piece);
      yield piece;
    }
    if (signer) {
      const given = extensions.map(one => one.trim()).find(one => one.startsWith('chunk-signature='));
      const expected = sign(
        signer.signingKey,
        [`AWS4-HMAC-SHA256-PAYLOAD`, signer.time, signer.scope, previous, EMPTY_SHA256, hash.digest('hex')].join('\n'),
      );
      if (!given || !isSame(given.slice('chunk-signature='.length), expected)) throw badChunkSignature();
      previous = expected;
    }
    if (size === 0) break;
    if ((await reader.line()) !== '') throw incomplete();
  }
  if (total !== decodedLength) throw incomplete();
  await readTrailers(reader, announcedTrailers, signer, previous, trailers);
}

async function readTrailers(
  reader: ByteReader,
  announced: readonly string[],
  signer: ChunkSigner | undefined,
  previous: string,
  trailers: Record<string, string>,
): Promise<void> {
  let signature: string | undefined;
  let canonical = '';
  for (;;) {
    const line = await reader.lineOrEnd();
    if (line === undefined || line === '') break;
    const colon = line.indexOf(':');
    if (colon < 1) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    if (!announced.includes(name)) throw malformedTrailer();
    trailers[name] = value;
    canonical += `${name}:${value}\n`;
  }
  if (announced.some(name => trailers[name] === undefined)) throw malformedTrailer();
  if (!signer || announced.length === 0) return;
  const expected = sign(
    signer.signingKey,
    ['AWS4-HMAC-SHA256-TRAILER', signer.time, signer.scope, previous, sha256Hex(canonical)].join('\n'),
  );
  if (signature === undefined || !isSame(signature, expected)) throw badChunkSignature();
}

/** Lines and pieces of a stream of buffers. */
class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  private async more(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done) return false;
    this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
    return true;
  }

  /** Between 1 and `limit` bytes. */
  async upTo(limit: number): Promise<Buffer> {
    while (this.held.length === 0) if (!(await this.more())) throw incomplete();
    const piece = this.held.subarray(0, limit);
    this.held = this.held.subarray(piece.length);
    return piece;
  }

  /** A line without its line end. */
  async line(): Promise<string> {
    const line = await this.lineOrEnd();
    if (line === undefined) throw incomplete();
    return line;
  }

  /** Like {@link line}, but undefined at the end, and a last line may lack its line end. */
  async lineOrEnd(): Promise<string | undefined> {
    for (;;) {
      const end = this.held.indexOf('\n');
      if (end >= 0) {
        const line = this.held.subarray(0, end).toString('latin1').replace(/\r$/, '');
        this.held = this.held.subarray(end + 1);
        return line;
      }
      if (this.held.length > MAX_LINE) throw incomplete();
      if (!(await this.more())) {
        if (this.held.length === 0) return undefined;
        const line = this.held.toString('latin1');
        this.held = Buffer.alloc(0);
        return line;
      }
    }
  }
}

import { createHash } from 'node:crypto';
import { type SandboxRequest, ServiceError } from '../service';
import { badChecksum, checkFormat, checksumHeader, createChecksum, givenChecksum, isBase64Of } from './checksums';
import type { RunningCrc } from './crc';
import type { ObjectStore } from './object-store';
import type { ChecksumAlgorithm, Segment } from './records';
import { header } from './request';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PUT = 5 * 1024 ** 3;

/** Bytes that have come in whole and agreed with every checksum that came with them. */
export interface ReceivedBody {
  readonly segment: Segment;
  /** MD5 in hex. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** Whether the client gave the checksum; otherwise it is S3's own. */
  readonly isChecksumGiven: boolean;
}

/**
 * Takes a request's body into the store and checks its length, Content-MD5 and checksum.
 * `algorithm` is the one to compute where the request gives none: S3 adds a CRC64NVME of its own.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export async function receiveBody(
  request: SandboxRequest,
  store: ObjectStore,
  algorithm: ChecksumAlgorithm = 'CRC64NVME',
): Promise<ReceivedBody> {
  const length = announcedLength(request);
  const contentMd5 = header(request, 'content-md5');
  if (contentMd5 !== undefined && !isBase64Of(contentMd5, 16)) {
    throw new ServiceError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': contentMd5,
    });
  }
  const given = givenChecksum(name => header(request, name), Object.keys(request.headers));
  const checksum = createChecksum(given?.algorithm ?? algorithm);
  const md5 = createHash('md5');
  let size = 0;
  let verdict: { md5: string; value: string } | undefined;
  const verify = (): { md5: string; value: string } => {
    if (size !== length) throw incompleteBody();
    const actualMd5 = md5.digest();
    if (contentMd5 !== undefined && actualMd5.toString('base64') !== contentMd5) {
      throw new ServiceError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
        ExpectedDigest: contentMd5,
        CalculatedDigest: actualMd5.toString('base64'),
      });
    }
    const value = checksum.digest().toString('base64');
    if (given) {
      const expected = given.value ?? request.trailers[checksumHeader(given.algorithm)] ?? '';
      checkFormat(given.algorithm, expected);
      if (expected !== value) throw badChecksum(given.algorithm);
    }
    return { md5: actualMd5.toString('hex'), value };
  };
  const blob = await store.writeBlob(
    (async function* () {
      for await (const piece of request.body as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > length) throw incompleteBody();
        md5.update(piece);
        checksum.update(piece);
        yield piece;
      }
      verdict = verify();
    })(),
  );
  return {
    segment: { blob, size },
    md5: verdict!.md5,
    checksum: { algorithm: given?.algorithm ?? algorithm, value: verdict!.value },
    isChecksumGiven: given !== undefined,
  };
}

/** How many bytes a body has without its framing. S3 takes no body of unknown length. */
function announcedLength(request: SandboxRequest): number {
  const text = header(request, 'x-amz-decoded-content-length') ?? header(request, 'content-length');
  if (text === undefined) {
    if (header(request, 'transfer-encoding') !== undefined) {
      throw new ServiceError(
        'NotImplemented',
        501,
        'A header you provided implies functionality that is not implemented.',
        { Header: 'Transfer-Encoding' },
      );
    }
    throw new ServiceError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  const length = Number(text);
  if (!Number.isSafeInteger(length) || length < 0) throw incompleteBody();
  if (length > MAX_PUT) {
    throw new ServiceError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed object size.', {
      ProposedSize: text,
      MaxSizeAllowed: String(MAX_PUT),
    });
  }
  return length;
}

function incompleteBody(): ServiceError {
  return new ServiceError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

/** Takes bytes that the sandbox itself provides into the store. */
export async function receiveStream(
  bytes: AsyncIterable<Buffer>,
  store: ObjectStore,
  checksum: RunningCrc,
): Promise<{ readonly segment: Segment; readonly md5: string; readonly checksum: string }> {
  const md5 = createHash('md5');
  let size = 0;
  const blob = await store.writeBlob(
    (async function* () {
      for await (const piece of bytes) {
        size += piece.length;
        md5.update(piece);
        checksum.update(piece);
        yield piece;
      }
    })(),
  );
  return { segment: { blob, size }, md5: md5.digest('hex'), checksum: checksum.digest().toString('base64') };
}

const MAX_DOCUMENT = 2 * 1024 * 1024;

/**
 * Takes an XML or JSON body as text, checked by Content-MD5 and, unless its checksum headers speak of something else,
 * by checksum.
 */
export async function receiveDocument(request: SandboxRequest, hasOwnChecksum = true): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request.body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_DOCUMENT) {
      throw new ServiceError('MaxMessageLengthExceeded', 400, 'Your request was too big.', {
        MaxMessageLengthBytes: String(MAX_DOCUMENT),
      });
    }
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const contentMd5 = header(request, 'content-md5');
  if (contentMd5 !== undefined) {
    if (!isBase64Of(contentMd5, 16)) {
      throw new ServiceError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.');
    }
    if (createHash('md5').update(bytes).digest('base64') !== contentMd5) {
      throw new ServiceError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
    }
  }
  const given = hasOwnChecksum && givenChecksum(name => header(request, name), Object.keys(request.headers));
  if (given) {
    const checksum = createChecksum(given.algorithm);
    checksum.update(bytes);
    const expected = given.value ?? request.trailers[checksumHeader(given.algorithm)];
    if (checksum.digest().toString('base64') !== expected) throw badChecksum(given.algorithm);
  }
  return bytes.toString('utf8');
}

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../service';
import { createCrc32c, createCrc64Nvme, type RunningCrc } from './crc';
import type { ChecksumAlgorithm } from './records';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
const ALGORITHMS: Readonly<Record<ChecksumAlgorithm, { readonly bytes: number; create(): RunningCrc }>> = {
  CRC32: { bytes: 4, create: createCrc32 },
  CRC32C: { bytes: 4, create: createCrc32c },
  CRC64NVME: { bytes: 8, create: createCrc64Nvme },
  SHA1: { bytes: 20, create: () => hashOf('sha1') },
  SHA256: { bytes: 32, create: () => hashOf('sha256') },
};

const PREFIX = 'x-amz-checksum-';

function createCrc32(): RunningCrc {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest() {
      const result = Buffer.alloc(4);
      result.writeUInt32BE(crc);
      return result;
    },
  };
}

function hashOf(algorithm: string): RunningCrc {
  const hash = createHash(algorithm);
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
}

export function createChecksum(algorithm: ChecksumAlgorithm): RunningCrc {
  return ALGORITHMS[algorithm].create();
}

/** `x-amz-checksum-crc32` */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return PREFIX + algorithm.toLowerCase();
}

/** `ChecksumCRC32` */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** `crc32` or `CRC32`, as requests name it; undefined for anything else. */
export function checksumAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  const upper = name?.toUpperCase();
  return upper !== undefined && upper in ALGORITHMS ? (upper as ChecksumAlgorithm) : undefined;
}

/** A checksum that came with a request: its value, or the trailer that it will come in. */
export interface GivenChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Undefined where it comes as a trailing header. */
  readonly value: string | undefined;
}

/** The one checksum that headers give or announce. */
export function givenChecksum(
  header: (name: string) => string | undefined,
  names: readonly string[],
): GivenChecksum | undefined {
  const given = names
    .filter(name => name.startsWith(PREFIX) && !['algorithm', 'type', 'mode'].includes(name.slice(PREFIX.length)))
    .map(name => ({ name, value: header(name) }));
  const trailers = (header('x-amz-trailer') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name.startsWith(PREFIX));
  const all = [...given, ...trailers.map(name => ({ name, value: undefined }))];
  if (all.length > 1) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [first] = all;
  const declared = header('x-amz-sdk-checksum-algorithm');
  if (!first) {
    if (declared === undefined) return undefined;
    if (!checksumAlgorithm(declared)) throw unknownAlgorithm();
    throw new ServiceError(
      'InvalidRequest',
      400,
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  const algorithm = checksumAlgorithm(first.name.slice(PREFIX.length));
  if (!algorithm) throw unknownAlgorithm();
  if (declared !== undefined && checksumAlgorithm(declared) !== algorithm) {
    throw new ServiceError('InvalidRequest', 400, 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (first.value !== undefined) checkFormat(algorithm, first.value);
  return { algorithm, value: first.value };
}

function unknownAlgorithm(): ServiceError {
  return new ServiceError(
    'NotImplemented',
    501,
    'Checksum algorithm provided is unsupported. The sandbox knows CRC32, CRC32C, CRC64NVME, SHA1 and SHA256.',
  );
}

/** Throws where a value can't be one of that algorithm. */
export function checkFormat(algorithm: ChecksumAlgorithm, value: string): void {
  if (isBase64Of(value, ALGORITHMS[algorithm].bytes)) return;
  throw new ServiceError('InvalidRequest', 400, `Value for ${checksumHeader(algorithm)} header is invalid.`);
}

export function isBase64Of(value: string, bytes: number): boolean {
  const decoded = Buffer.from(value, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === value;
}

export function badChecksum(algorithm: ChecksumAlgorithm): ServiceError {
  return new ServiceError('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);
}

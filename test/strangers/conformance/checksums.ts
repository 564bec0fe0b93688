import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Guide } from './docs';
import { told } from './wire';

const CHECKING = s3Guide('checking-object-integrity-upload');
const MD5 = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html';
const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('base64');
const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

/** The checksums of `123456789`, as the catalogue of CRCs and the definitions of the hashes have them. */
const OF_DIGITS: Readonly<Record<string, string>> = {
  CRC32: Buffer.from('cbf43926', 'hex').toString('base64'),
  CRC32C: Buffer.from('e3069283', 'hex').toString('base64'),
  CRC64NVME: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
  SHA1: hash('sha1', '123456789'),
  SHA256: hash('sha256', '123456789'),
};

/** A PUT of text with one more header, as it came back. */
function put(
  id: string,
  text: string,
  headers: Readonly<Record<string, string>>,
  expected: string,
  docs = CHECKING,
): Behaviour {
  return {
    id: `checksums: ${id}`,
    docs,
    run: async world => told(await world.wire.signed('PUT', `/${await world.bucket()}/a`, { body: text, headers })),
    expected,
  };
}

function crcOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
}

export const CHECKSUMS: readonly Behaviour[] = [
  ...ALGORITHMS.map(
    (algorithm): Behaviour => ({
      id: `checksums: ${algorithm} that the SDK sends is kept and told again`,
      docs: CHECKING,
      async run(world) {
        const Bucket = await world.bucket();
        const name = `Checksum${algorithm}` as const;
        const sent = await world.put(Bucket, 'a', '123456789', { ChecksumAlgorithm: algorithm });
        const answer = await world.s3().send(new HeadObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }));
        return [sent[name as 'ChecksumCRC32'], answer[name as 'ChecksumCRC32']];
      },
      expected: [OF_DIGITS[algorithm], OF_DIGITS[algorithm]],
    }),
  ),
  ...ALGORITHMS.map(algorithm =>
    put(
      `${algorithm} of other bytes is refused`,
      'other',
      { [`x-amz-checksum-${algorithm.toLowerCase()}`]: OF_DIGITS[algorithm]! },
      '400 BadDigest',
    ),
  ),
  put('a checksum that can’t be one', 'x', { 'x-amz-checksum-crc32': 'AAAA' }, '400 InvalidRequest'),
  put(
    'two of them at once',
    'x',
    { 'x-amz-checksum-crc32': crcOf('x'), 'x-amz-checksum-sha256': hash('sha256', 'x') },
    '400 InvalidRequest',
  ),
  put('one that is announced and doesn’t come', 'x', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, '400 InvalidRequest'),
  put('Content-MD5 of the body', 'text', { 'content-md5': hash('md5', 'text') }, '200', MD5),
  put('Content-MD5 of another body', 'text', { 'content-md5': hash('md5', 'other') }, '400 BadDigest', MD5),
  put('Content-MD5 that can’t be one', 'text', { 'content-md5': 'short' }, '400 InvalidDigest', MD5),
  {
    id: 'checksums: nothing is written where one is wrong',
    docs: CHECKING,
    async run(world) {
      const Bucket = await world.bucket();
      await refusal(world.put(Bucket, 'a', 'x', { ChecksumCRC32: crcOf('y') }));
      return refusal(world.s3().send(new GetObjectCommand({ Bucket, Key: 'a' })));
    },
    expected: '404 NoSuchKey',
  },
  {
    id: 'checksums: S3 adds a CRC64NVME where none was sent',
    docs: CHECKING,
    async run(world) {
      const Bucket = await world.bucket();
      await world.wire.signed('PUT', `/${Bucket}/a`, { body: '123456789' });
      const command = new HeadObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' });
      const { ChecksumCRC64NVME, ChecksumType } = await world.s3().send(command);
      return { ChecksumCRC64NVME, ChecksumType };
    },
    expected: { ChecksumCRC64NVME: OF_DIGITS.CRC64NVME, ChecksumType: 'FULL_OBJECT' },
  },
  {
    id: 'checksums: they are told only where asked for',
    docs: CHECKING,
    async run(world) {
      const Bucket = await world.bucket();
      await world.put(Bucket, 'a', 'x', { ChecksumAlgorithm: 'SHA256' });
      const { headers } = await world.wire.signed('HEAD', `/${Bucket}/a`);
      return Object.keys(headers).filter(name => name.startsWith('x-amz-checksum'));
    },
    expected: [],
  },
];

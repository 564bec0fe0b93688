import { createHash, hash } from 'node:crypto';
import * as zlib from 'node:zlib';

type Crc32 = (data: Uint8Array, value?: number) => number;

let table: Uint32Array | undefined;

function crcTable(): Uint32Array {
  if (table) return table;
  table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    table[n] = c >>> 0;
  }
  return table;
}

/** CRC-32 (ISO 3309) by table, for a Node that has none of its own (before 20.15 and 22.2). */
export function crc32ByTable(data: Uint8Array, value = 0): number {
  const lookup = crcTable();
  let crc = ~value;
  for (let i = 0; i < data.length; i++) crc = (crc >>> 8) ^ (lookup[(crc ^ (data[i] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

const native = (zlib as { crc32?: Crc32 }).crc32;

/** CRC-32 of the data, continuing from `value`. */
export const crc32: Crc32 = native ?? crc32ByTable;

/** A CRC-32 as S3's `x-amz-checksum-crc32` header has it: base64 of the four bytes, big-endian. */
export function crc32Header(value: number): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** The ETag that S3 gives an object written by one PUT without KMS: the MD5 in hex, without quotes. */
export function md5Hex(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** A checksum that is fed piece by piece. */
export interface RunningCrc {
  update(bytes: Uint8Array): void;
  /** Big-endian, as S3 writes it in base64. */
  digest(): Buffer;
}

const CRC32C_TABLE = tableOf(0x82f63b78);

function tableOf(polynomial: number): Int32Array {
  const table = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    table[i] = value;
  }
  return table;
}

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
export function createCrc32c(): RunningCrc {
  let crc = -1;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC32C_TABLE[(crc ^ bytes[i]!) & 0xff]!;
    },
    digest() {
      const result = Buffer.alloc(4);
      result.writeInt32BE(~crc);
      return result;
    },
  };
}

// CRC-64/NVME: reflected polynomial 0x9a6c9329ac4bc9b5, all ones before and after, kept as two halves of 32 bits.
const CRC64_HIGH = new Int32Array(256);
const CRC64_LOW = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let high = 0;
  let low = i;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      high ^= 0x9a6c9329;
      low ^= 0xac4bc9b5;
    }
  }
  CRC64_HIGH[i] = high;
  CRC64_LOW[i] = low;
}

/** CRC-64/NVME: https://nvmexpress.org/specification/nvm-express-base-specification/ (NVM command set, 5.2.1.3.4). */
export function createCrc64Nvme(): RunningCrc {
  let high = -1;
  let low = -1;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const place = (low ^ bytes[i]!) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ CRC64_LOW[place]!;
        high = (high >>> 8) ^ CRC64_HIGH[place]!;
      }
    },
    digest() {
      const result = Buffer.alloc(8);
      result.writeInt32BE(~high, 0);
      result.writeInt32BE(~low, 4);
      return result;
    },
  };
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32, crc32ByTable, crc32Header } from '../../../src/aws/checksum';

it("gives the check value of CRC-32, as S3's header has it", () => {
  for (const crc of [crc32, crc32ByTable]) {
    expect(crc(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc(Buffer.alloc(0))).toBe(0);
  }
  expect(crc32Header(0xcbf43926)).toBe('y/Q5Jg==');
});

it('continues over chunks, with and without the help of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
      const whole = Buffer.concat([a, b]);
      expect(crc32ByTable(whole)).toBe(crc32(whole));
      expect(crc32ByTable(b, crc32ByTable(a))).toBe(crc32ByTable(whole));
    }),
  );
});

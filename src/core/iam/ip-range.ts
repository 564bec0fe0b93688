/** An address or a range of addresses: `bits` is 32 for IPv4 and 128 for IPv6. */
export interface IpRange {
  readonly value: bigint;
  readonly bits: 32 | 128;
  readonly prefixLength: number;
}

/**
 * Reads `203.0.113.0/24`, `2001:DB8::/32` or an address alone, which is a range of one. Undefined for anything else.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0) return undefined;
  const bits = address.includes(':') ? 128 : 32;
  const value = bits === 128 ? parseIpv6(address) : parseIpv4(address);
  if (value === undefined) return undefined;
  if (length === undefined) return { value, bits, prefixLength: bits };
  const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefixLength <= bits ? { value, bits, prefixLength } : undefined;
}

/** Whether an address lies in a range; addresses of the two families never do. */
export function isInRange(address: IpRange, range: IpRange): boolean {
  if (address.bits !== range.bits || address.prefixLength < range.prefixLength) return false;
  const shift = BigInt(range.bits - range.prefixLength);
  return address.value >> shift === range.value >> shift;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':')));
  const groups = [...(head ?? []), ...(tail ?? [])];
  const last = groups.at(-1);
  if (last?.includes('.')) {
    const ipv4 = parseIpv4(last);
    if (ipv4 === undefined) return undefined;
    const replaced = [(ipv4 >> 16n).toString(16), (ipv4 & 0xffffn).toString(16)];
    if (tail?.length === 0) return undefined;
    (tail ?? (head as string[])).splice(-1, 1, ...replaced);
  }
  const front = head ?? [];
  const back = tail ?? [];
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...front, ...Array<string>(missing).fill('0'), ...back];
  if (!all.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

import { randomBytes, randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
export type IdPrefix = 'AIDA' | 'AROA' | 'ANPA' | 'AKIA' | 'ASIA';

/** A unique id: of 20 characters for an access key, of 21 for anything else. */
export function createId(prefix: IdPrefix): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  return prefix + Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** 40 characters, as AWS's secrets have. */
export function createSecret(): string {
  return randomBytes(30).toString('base64');
}

export function createSessionToken(): string {
  return `IQoJ${randomBytes(192).toString('base64')}`;
}

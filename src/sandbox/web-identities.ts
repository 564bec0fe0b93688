import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { WebIdentityIssuers } from './sts/web-identity';

interface WebIdentityClaims {
  /** `https://…`, as the OIDC provider in IAM names it. */
  readonly issuer: string;
  readonly subject: string;
  /** Default `sts.amazonaws.com`. */
  readonly audience?: string;
  /** Seconds from now, default an hour; less than 0: expired. */
  readonly expiresIn?: number;
}

/** The identity providers outside AWS whose tokens the sandbox can check. */
export interface WebIdentities {
  readonly issuers: WebIdentityIssuers;
  /** Trusts an issuer's own keys, given as a JSON Web Key Set. */
  trust(issuer: string, jwks: { readonly keys: readonly JsonWebKey[] }): void;
  /** A token of an issuer whose key the sandbox itself holds, as a cluster would mount it into a pod. */
  createToken(claims: WebIdentityClaims): string;
}

interface JsonWebKey {
  readonly kty?: string;
  readonly kid?: string;
  readonly [member: string]: unknown;
}

export function createWebIdentities(clock: () => Date): WebIdentities {
  const issuers: WebIdentityIssuers = new Map();
  const own = new Map<string, KeyObject>();
  const nameOf = (issuer: string) => issuer.replace(/^https:\/\//i, '');
  return {
    issuers,
    trust(issuer, { keys }) {
      const known = keys.map(key => ({
        ...(key.kid !== undefined && { id: key.kid }),
        publicKey: createPublicKey({ key: key as import('node:crypto').JsonWebKey, format: 'jwk' }),
      }));
      issuers.set(nameOf(issuer), known);
    },
    createToken({ issuer, subject, audience = 'sts.amazonaws.com', expiresIn = 3600 }) {
      const name = nameOf(issuer);
      let key = own.get(name);
      if (!key) {
        const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
        key = pair.privateKey;
        own.set(name, key);
        issuers.set(name, [...(issuers.get(name) ?? []), { id: 'sandbox', publicKey: pair.publicKey }]);
      }
      const now = Math.floor(clock().getTime() / 1000);
      const claims = { iss: `https://${name}`, sub: subject, aud: audience, iat: now, exp: now + expiresIn };
      const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'sandbox' })}.${encode(claims)}`;
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

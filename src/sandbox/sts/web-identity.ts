import { type KeyObject, verify } from 'node:crypto';
import type { RequestContext } from '../../core/iam/decision';
import { evaluate } from '../../core/iam/evaluate';
import { accessDenied, requestContext } from '../authorization';
import { isoTime, type QueryOperation } from '../query-service';
import { ServiceError } from '../service';
import { elements } from '../xml';
import {
  assumedRoleElements,
  packedPolicySize,
  parseRoleArn,
  ROLE_SESSION_PARAMS,
  sessionDuration,
  sessionPolicies,
} from './role-session';
import { credentialElements, type StsContext } from './sts-context';

/** The keys of each issuer, which is named without its scheme. Stands for the JWKS that AWS would fetch. */
export type WebIdentityIssuers = Map<string, readonly WebIdentityKey[]>;

interface WebIdentityKey {
  /** The `kid` of the tokens that it signs; absent: of any. */
  readonly id?: string;
  /** An RSA public key. */
  readonly publicKey: KeyObject;
}

interface Claims {
  /** Without its scheme. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly authorizedParty: string | undefined;
  readonly subject: string;
  readonly expires: number;
  readonly notBefore: number | undefined;
}

/**
 * Judged by the token and the role's trust policy alone; the call is not signed.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export const assumeRoleWithWebIdentity: QueryOperation<StsContext> = {
  isOpen: true,
  params: { ...ROLE_SESSION_PARAMS, WebIdentityToken: { isRequired: true, min: 4, max: 20_000 } },
  run({ request, params }, context) {
    const roleArn = params.text('RoleArn');
    const { partition, account } = parseRoleArn(roleArn);
    const token = parseToken(params.text('WebIdentityToken'));
    const { claims } = token;
    const role = context.store.findRoleByArn(roleArn);
    if (!role) throw notAuthorized();

    const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${claims.issuer}`;
    const provider = context.store.account(account).oidcProviders.get(providerArn);
    if (!provider) {
      throw invalidToken(`No OpenIDConnect provider found in your account for https://${claims.issuer}`);
    }
    checkSignature(token, context.issuers.get(claims.issuer) ?? []);
    checkTimes(claims, request.time);
    const audience = claims.authorizedParty ?? claims.audiences.find(one => provider.clientIds.has(one));
    if (audience === undefined || !provider.clientIds.has(audience)) throw invalidToken('Incorrect token audience');

    const asked: RequestContext = {
      ...requestContext(request),
      [`${claims.issuer}:aud`]: audience,
      [`${claims.issuer}:sub`]: claims.subject,
      'aws:FederatedProvider': providerArn,
      'sts:RoleSessionName': params.text('RoleSessionName'),
    };
    const decision = evaluate(
      {
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: role.arn,
        resourceAccount: role.account,
        principal: { arn: '', account: role.account, federated: providerArn },
        context: asked,
      },
      { identity: [], resource: context.store.trustOf(role) },
    );
    if (decision.decision !== 'allowed') throw notAuthorized();

    const session = context.store.createSession({
      principal: role,
      sessionName: params.text('RoleSessionName'),
      duration: sessionDuration(params, role, false),
      policies: sessionPolicies(params, role, context),
      federatedProvider: providerArn,
    });
    return elements({
      SubjectFromWebIdentityToken: claims.subject,
      Audience: audience,
      AssumedRoleUser: assumedRoleElements(role, session, context),
      Credentials: credentialElements(session),
      Provider: providerArn,
      PackedPolicySize: packedPolicySize(params),
    });
  },
};

function notAuthorized(): ServiceError {
  return accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
}

function invalidToken(message: string): ServiceError {
  return new ServiceError('InvalidIdentityToken', 400, message);
}

interface Token {
  readonly keyId: string | undefined;
  readonly algorithm: unknown;
  readonly claims: Claims;
  readonly signedText: string;
  readonly signature: Buffer;
}

/** https://www.rfc-editor.org/rfc/rfc7519 */
function parseToken(text: string): Token {
  const [head, body, signature, ...rest] = text.split('.');
  const header = decodeObject(head);
  const payload = decodeObject(body);
  if (!header || !payload || signature === undefined || rest.length > 0) {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const { iss, sub, exp, nbf, azp } = payload;
  const aud = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  if (typeof iss !== 'string' || !/^https:\/\/./i.test(iss)) throw invalidToken('Issuer must be a valid URL');
  if (typeof sub !== 'string' || sub === '') throw invalidToken('Missing a required claim: sub');
  if (typeof exp !== 'number') throw invalidToken('Missing a required claim: exp');
  if (!aud.every(one => typeof one === 'string')) throw invalidToken('Missing a required claim: aud');
  return {
    keyId: typeof header.kid === 'string' ? header.kid : undefined,
    algorithm: header.alg,
    claims: {
      issuer: iss.replace(/^https:\/\//i, ''),
      audiences: aud,
      authorizedParty: typeof azp === 'string' ? azp : undefined,
      subject: sub,
      expires: exp,
      notBefore: typeof nbf === 'number' ? nbf : undefined,
    },
    signedText: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function decodeObject(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function checkSignature({ keyId, algorithm, signedText, signature }: Token, keys: readonly WebIdentityKey[]): void {
  const candidates = keys.filter(({ id }) => id === undefined || keyId === undefined || id === keyId);
  if (candidates.length === 0) {
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  const isSigned =
    algorithm === 'RS256' &&
    candidates.some(({ publicKey }) => verify('RSA-SHA256', Buffer.from(signedText), publicKey, signature));
  if (!isSigned) throw invalidToken('Token signature verification failed');
}

function checkTimes({ expires, notBefore }: Claims, now: Date): void {
  const seconds = now.getTime() / 1000;
  if (expires <= seconds) {
    throw new ServiceError(
      'ExpiredTokenException',
      400,
      `Token expired: current date/time ${Math.floor(seconds)} must be before the expiration date/time ${Math.floor(expires)}`,
    );
  }
  if (notBefore !== undefined && notBefore > seconds + 300) {
    throw invalidToken(`Token is not valid before ${isoTime(new Date(notBefore * 1000))}`);
  }
}

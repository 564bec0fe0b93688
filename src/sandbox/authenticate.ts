import { type AuthenticationErrors, queryErrors, s3Errors } from './authentication-errors';
import type { ChunkSigner } from './aws-chunked';
import { type Caller, type Credential, type CredentialDirectory, ServiceError } from './service';
import {
  ALGORITHM,
  type CredentialScope,
  canonicalRequest,
  EMPTY_SHA256,
  isSame,
  scopeText,
  sign,
  signingKey,
  stringToSign,
} from './sigv4';

export type ServiceName = 's3' | 'sts' | 'iam';

/** The head of a request, as it came. */
export interface RequestHead {
  readonly method: string;
  readonly rawPath: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly rawHeaders: readonly string[];
  /** The first value of a header, by its name in lower case. */
  header(name: string): string | undefined;
}

/** What the head says about the body, and how to check it. */
export type Payload =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'literal'; readonly sha256: string }
  | { readonly kind: 'chunked'; readonly signer: ChunkSigner | undefined; readonly hasTrailer: boolean };

export interface Authentication {
  readonly caller: Caller | undefined;
  readonly signedRegion: string | undefined;
  readonly isPresigned: boolean;
  /** Milliseconds since a presigned request was signed. */
  readonly signatureAge?: number;
  readonly payload: Payload;
}

/** The signature that came along, in the header or in the query, not yet checked. */
interface GivenSignature {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260131T120000Z` */
  readonly time: string;
  /** Seconds a presigned request is good for. */
  readonly expires?: number;
  readonly sessionToken: string | undefined;
}

const MAX_SKEW = 15 * 60 * 1000;
const DAY = 24 * 60 * 60;
const PAYLOAD_WORDS: Readonly<Record<string, { readonly isSigned: boolean; readonly hasTrailer: boolean }>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { isSigned: true, hasTrailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { isSigned: true, hasTrailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { isSigned: false, hasTrailer: true },
};

/** Which of the three services a signature is for; undefined for an unsigned request. */
export function signedService(head: RequestHead): string | undefined {
  const credential =
    head.header('authorization')?.match(/Credential\s*=\s*([^,\s]+)/)?.[1] ?? queryValue(head, 'X-Amz-Credential');
  return credential?.split('/').at(-2);
}

/**
 * Checks who signed a request. An unsigned request is anonymous.
 * `bodySha256` is the body's own hash, for services that take the whole body before they answer (STS, IAM).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function authenticate(
  head: RequestHead,
  service: ServiceName,
  directory: CredentialDirectory,
  now: Date,
  bodySha256?: string,
): Authentication {
  const errors = service === 's3' ? s3Errors : queryErrors;
  const given = givenSignature(head, service, now);
  const isPresigned = given?.expires !== undefined;
  const payloadWord = payloadHash(head, service, isPresigned, bodySha256);
  if (!given) {
    return {
      caller: undefined,
      signedRegion: undefined,
      isPresigned: false,
      payload: payloadOf(payloadWord, undefined),
    };
  }
  checkTime(given, service, now);
  const credential = directory.findCredential(given.accessKeyId);
  if (!credential || (credential.sessionToken !== undefined && given.sessionToken === undefined)) {
    throw errors.unknownKey(given.accessKeyId);
  }
  const key = signingKey(credential.secretAccessKey, given.scope);
  const canonical = canonicalRequest({
    ...head,
    signedHeaders: given.signedHeaders,
    payloadHash: payloadWord,
    service,
  });
  const text = stringToSign(given.time, given.scope, canonical);
  if (!isSame(sign(key, text), given.signature)) throw errors.badSignature(given, text, canonical);
  if (service === 's3') checkSignedHeaders(head, given);
  checkToken(credential, given, errors, now);
  return {
    caller: credential.caller(),
    signedRegion: given.scope.region,
    isPresigned,
    ...(isPresigned && { signatureAge: now.getTime() - parseTime(given.time)!.getTime() }),
    payload: payloadOf(payloadWord, {
      signingKey: key,
      time: given.time,
      scope: scopeText(given.scope),
      seedSignature: given.signature,
    }),
  };
}

function queryValue(head: RequestHead, name: string): string | undefined {
  return head.query.find(([one]) => one === name)?.[1];
}

function givenSignature(head: RequestHead, service: ServiceName, now: Date): GivenSignature | undefined {
  const authorization = head.header('authorization');
  const inQuery = head.query.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature');
  const isV2 = head.query.some(([name]) => name === 'AWSAccessKeyId') || /^AWS\s/.test(authorization ?? '');
  if (isV2) {
    throw new ServiceError(
      'InvalidRequest',
      400,
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  }
  if (authorization !== undefined && inQuery) {
    throw new ServiceError(
      'InvalidArgument',
      400,
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      { ArgumentName: 'Authorization', ArgumentValue: authorization },
    );
  }
  if (inQuery) return presignedSignature(head, service);
  return authorization === undefined ? undefined : headerSignature(head, authorization, service, now);
}

function headerSignature(head: RequestHead, authorization: string, service: ServiceName, now: Date): GivenSignature {
  const malformed = (message: string, details = {}) =>
    service === 's3'
      ? new ServiceError(
          'AuthorizationHeaderMalformed',
          400,
          `The authorization header is malformed; ${message}`,
          details,
        )
      : new ServiceError('IncompleteSignature', 400, `The authorization header is malformed; ${message}`);
  if (!authorization.startsWith(ALGORITHM)) {
    throw service === 's3'
      ? new ServiceError('InvalidArgument', 400, 'Unsupported Authorization Type', {
          ArgumentName: 'Authorization',
          ArgumentValue: authorization,
        })
      : malformed('the algorithm is not supported.');
  }
  const fields = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const credential = fields.get('Credential');
  const signature = fields.get('Signature');
  const signedHeaders = fields.get('SignedHeaders');
  if (!credential || !signature || !signedHeaders) {
    throw malformed('the authorization header requires three components: Credential, SignedHeaders, and Signature.');
  }
  const { accessKeyId, scope } = parseCredential(credential, malformed);
  if (scope.service !== service) {
    throw malformed(`incorrect service "${scope.service}". This endpoint belongs to "${service}".`);
  }
  const time = requestTime(head);
  if (!time) {
    throw new ServiceError('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header');
  }
  if (!time.startsWith(scope.date)) {
    const message = `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${time.slice(0, 8)}".`;
    // A clock that is far out comes first: the scope of a signer just past midnight would hide it.
    checkTime({ time, scope }, service, now);
    throw malformed(message);
  }
  return {
    accessKeyId,
    scope,
    signedHeaders: signedHeaders.split(';').map(name => name.trim().toLowerCase()),
    signature,
    time,
    sessionToken: head.header('x-amz-security-token'),
  };
}

function presignedSignature(head: RequestHead, service: ServiceName): GivenSignature {
  const malformed = (message: string) =>
    service === 's3'
      ? new ServiceError('AuthorizationQueryParametersError', 400, message)
      : new ServiceError('IncompleteSignature', 400, message);
  const algorithm = queryValue(head, 'X-Amz-Algorithm');
  if (algorithm !== undefined && algorithm !== ALGORITHM) {
    throw malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  }
  const credential = queryValue(head, 'X-Amz-Credential');
  const signature = queryValue(head, 'X-Amz-Signature');
  const time = queryValue(head, 'X-Amz-Date');
  const signedHeaders = queryValue(head, 'X-Amz-SignedHeaders');
  const expiresText = queryValue(head, 'X-Amz-Expires') ?? (service === 's3' ? undefined : '900');
  if (!algorithm || !credential || !signature || !time || !signedHeaders || expiresText === undefined) {
    throw malformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const expires = Number(expiresText);
  if (!/^-?\d+$/.test(expiresText)) throw malformed('X-Amz-Expires should be a number');
  if (expires < 0) throw malformed('X-Amz-Expires must be non-negative');
  if (expires > 7 * DAY) {
    throw malformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  if (!parseTime(time)) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const { accessKeyId, scope } = parseCredential(credential, message =>
    malformed(`Error parsing the X-Amz-Credential parameter; ${message}`),
  );
  if (!time.startsWith(scope.date)) {
    throw malformed(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${time}".`);
  }
  return {
    accessKeyId,
    scope,
    signedHeaders: signedHeaders.split(';').map(name => name.toLowerCase()),
    signature,
    time,
    expires,
    sessionToken: queryValue(head, 'X-Amz-Security-Token') ?? head.header('x-amz-security-token'),
  };
}

function parseCredential(
  credential: string,
  malformed: (message: string) => ServiceError,
): { accessKeyId: string; scope: CredentialScope } {
  const parts = credential.split('/');
  if (parts.length < 5) {
    throw malformed(`the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`);
  }
  const [date, region, service, terminal] = parts.slice(-4) as [string, string, string, string];
  if (terminal !== 'aws4_request') {
    throw malformed(`incorrect terminal "${terminal}". This endpoint uses "aws4_request".`);
  }
  if (!/^\d{8}$/.test(date)) {
    throw malformed(`incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`);
  }
  return { accessKeyId: parts.slice(0, -4).join('/'), scope: { date, region, service } };
}

/** `x-amz-date`, or `Date` in either form, as `20260131T120000Z`. */
function requestTime(head: RequestHead): string | undefined {
  const own = head.header('x-amz-date');
  const text = own ?? head.header('date');
  if (text === undefined) return undefined;
  if (parseTime(text)) return text;
  const date = own === undefined ? new Date(text) : undefined;
  return date && !Number.isNaN(date.getTime()) ? formatTime(date) : undefined;
}

function parseTime(text: string): Date | undefined {
  const match = text.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function formatTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}/, '');
}

function checkTime(
  { time, expires }: Pick<GivenSignature, 'time' | 'expires' | 'scope'>,
  service: ServiceName,
  now: Date,
): void {
  const signed = parseTime(time)!;
  const age = now.getTime() - signed.getTime();
  if (expires !== undefined) {
    if (age < -MAX_SKEW) throw new ServiceError('AccessDenied', 403, 'Request is not yet valid');
    if (age > expires * 1000) {
      throw new ServiceError('AccessDenied', 403, 'Request has expired', {
        'X-Amz-Expires': String(expires),
        Expires: isoSeconds(new Date(signed.getTime() + expires * 1000)),
        ServerTime: isoSeconds(now),
      });
    }
    return;
  }
  if (Math.abs(age) <= MAX_SKEW) return;
  if (service === 's3') {
    throw new ServiceError(
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
      { RequestTime: time, ServerTime: isoSeconds(now), MaxAllowedSkewMilliseconds: String(MAX_SKEW) },
    );
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
  const limit = formatTime(new Date(now.getTime() + (age > 0 ? -MAX_SKEW : MAX_SKEW)));
  throw new ServiceError(
    'SignatureDoesNotMatch',
    403,
    age > 0
      ? `Signature expired: ${time} is now earlier than ${limit} (${formatTime(now)} - 15 min.)`
      : `Signature not yet current: ${time} is still later than ${limit} (${formatTime(now)} + 15 min.)`,
  );
}

/** The last line of the canonical request. */
function payloadHash(
  head: RequestHead,
  service: ServiceName,
  isPresigned: boolean,
  bodySha256: string | undefined,
): string {
  if (service !== 's3') return bodySha256 ?? EMPTY_SHA256;
  const word =
    head.header('x-amz-content-sha256') ??
    (isPresigned ? (queryValue(head, 'X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD') : undefined);
  if (word === undefined) {
    if (head.header('authorization') === undefined) return 'UNSIGNED-PAYLOAD';
    throw new ServiceError('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256');
  }
  if (word !== 'UNSIGNED-PAYLOAD' && !PAYLOAD_WORDS[word] && !/^[0-9a-f]{64}$/i.test(word)) {
    throw new ServiceError(
      'InvalidArgument',
      400,
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      { ArgumentName: 'x-amz-content-sha256', ArgumentValue: word },
    );
  }
  return word;
}

function payloadOf(word: string, signer: ChunkSigner | undefined): Payload {
  if (word === 'UNSIGNED-PAYLOAD') return { kind: 'unsigned' };
  const streaming = PAYLOAD_WORDS[word];
  if (!streaming) return { kind: 'literal', sha256: word.toLowerCase() };
  if (streaming.isSigned && !signer) {
    throw new ServiceError('InvalidRequest', 400, 'A signed payload needs a signature in the Authorization header.');
  }
  return { kind: 'chunked', signer: streaming.isSigned ? signer : undefined, hasTrailer: streaming.hasTrailer };
}

/** S3 refuses `x-amz-` headers that the signature doesn't cover. */
function checkSignedHeaders(head: RequestHead, given: GivenSignature): void {
  const unsigned = head.rawHeaders
    .filter((_value, i) => i % 2 === 0)
    .map(name => name.toLowerCase())
    .filter(name => name === 'host' || name.startsWith('x-amz-'))
    .filter(name => !given.signedHeaders.includes(name))
    .filter(name => !(given.expires !== undefined && name === 'x-amz-content-sha256'));
  if (unsigned.length === 0) return;
  throw new ServiceError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
    HeadersNotSigned: [...new Set(unsigned)].join(', '),
  });
}

function checkToken(credential: Credential, given: GivenSignature, errors: AuthenticationErrors, now: Date): void {
  if (credential.sessionToken === undefined) {
    if (given.sessionToken !== undefined) throw errors.badToken();
    return;
  }
  if (given.sessionToken === undefined || !isSame(given.sessionToken, credential.sessionToken)) {
    throw errors.badToken();
  }
  if (credential.expiration && credential.expiration.getTime() <= now.getTime()) {
    throw errors.expiredToken();
  }
}

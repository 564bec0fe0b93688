import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { RequestContext } from '../core/iam/decision';
import type { PolicyDocument } from '../core/iam/policy';

/** Who signed a request, with every policy that speaks for or limits them. */
export interface Caller {
  readonly kind: 'user' | 'role-session' | 'root';
  readonly account: string;
  /** As `aws:PrincipalArn` has it: the user's, the role's, or the account root's ARN. */
  readonly arn: string;
  /** As GetCallerIdentity prints it: for a session `arn:aws:sts::…:assumed-role/role/name`. */
  readonly callerArn: string;
  /** `AIDA…`, or `AROA…:session-name`, or the account id of a root. */
  readonly userId: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  readonly sessionPolicies?: readonly PolicyDocument[];
  /** May call every API whatever policies say: the sandbox's own admin key. */
  readonly isAdmin: boolean;
  /** Present for temporary credentials. */
  readonly expiration?: Date;
  /** Condition keys that only the identity knows (`aws:PrincipalTag/…`, `aws:SourceIdentity`); they win over the request's. */
  readonly context?: RequestContext;
}

/** A signing key as the authenticator needs it. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for temporary credentials: the token that has to come along. */
  readonly sessionToken?: string;
  readonly expiration?: Date;
  /** Looked up for each request, so that a changed policy counts at once. */
  caller(): Caller;
}

/** A request that has been authenticated (or is anonymous), not yet authorised. */
export interface SandboxRequest {
  readonly method: string;
  /** The path as it came, still percent-encoded, without the query. */
  readonly rawPath: string;
  /** Decoded query parameters in their order; a parameter without `=` has the value ''. */
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came; for S3 `aws-chunked` framing is already taken off and its signatures are checked. */
  readonly body: Readable;
  /** Undefined: anonymous. */
  readonly caller: Caller | undefined;
  /** The region of the signature's scope; undefined for an anonymous request. */
  readonly signedRegion: string | undefined;
  readonly requestId: string;
  /** When it came in, by the sandbox's clock. */
  readonly time: Date;
  readonly sourceIp: string;
  readonly isPresigned: boolean;
  /** Milliseconds since a presigned request was signed; undefined for others. */
  readonly signatureAge?: number;
  /** Whether policies see `aws:SecureTransport` as true: loopback stands for AWS's HTTPS endpoints unless told otherwise. */
  readonly isSecureTransport: boolean;
  /** Trailing headers of an `aws-chunked` body, in lower case; complete once the body has been read to its end. */
  readonly trailers: Readonly<Record<string, string>>;
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** An error answer of AWS: becomes the XML that the service's own protocol prescribes. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    /** Further elements of the error's XML (`BucketName`, `Region`), and headers. */
    readonly details: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The principals of all accounts. Implemented by `identity-store.ts`. */
export interface CredentialDirectory {
  findCredential(accessKeyId: string): Credential | undefined;
}

import type { ExportError } from '../core/export-error';

/** A policy written into a role. */
export interface InlinePolicy {
  readonly name: string;
  readonly text: string;
}

/** A policy attached to a role, in its default version; without a text where that can't be read. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly text?: string;
}

/** The parts of a role that are read one by one, each of which may be denied. */
export type RolePart =
  | 'role'
  | 'inline-policies'
  | 'inline-policy'
  | 'attached-policies'
  | 'attached-policy'
  | 'boundary';

/** What of a role couldn't be read, and why. */
export interface Unreadable {
  readonly what: RolePart;
  /** The policy's name or ARN, where it is one of several. */
  readonly name?: string;
  readonly error: ExportError;
}

/** What GetRole says. */
export interface RoleDescription {
  readonly arn: string;
  /** `AROA…`; another one once the role was deleted and made again. */
  readonly id: string;
  readonly path: string;
  /** The trust policy as IAM keeps it: a principal that is gone stands there by its id. */
  readonly trust: string;
  /** In seconds. */
  readonly maxSessionDuration: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly boundaryArn?: string;
}

/** A role with its policies. What is denied to the caller is in `unreadable`, and missing elsewhere. */
export interface RoleReading {
  readonly name: string;
  /** Undefined where GetRole is denied: then only the policies could be asked for. */
  readonly role?: RoleDescription;
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly ManagedPolicy[];
  readonly boundary?: ManagedPolicy;
  readonly unreadable: readonly Unreadable[];
}

export type SimulatedDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** A key of the simulated request's context. */
export interface SimulationContext {
  readonly key: string;
  readonly type: 'string' | 'stringList' | 'boolean' | 'numeric' | 'date' | 'ip';
  readonly values: readonly string[];
}

export interface SimulationRequest {
  readonly principalArn: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context?: readonly SimulationContext[];
  readonly signal?: AbortSignal;
}

/** What IAM's simulator says of one action on one resource. It knows no endpoint, resource-control or key policy. */
export interface SimulationResult {
  readonly action: string;
  readonly resource: string;
  readonly decision: SimulatedDecision;
  /** Policies whose statements decided it, as IAM names them (`role_NAME_POLICY` for an inline one). */
  readonly decidedBy: readonly string[];
  /** Context keys that the policies ask for and the request didn't name. */
  readonly missingContext: readonly string[];
  /** Undefined where the account is in no organization. */
  readonly allowedByOrganizations?: boolean;
  /** Undefined where the principal has no permissions boundary. */
  readonly allowedByBoundary?: boolean;
}

interface Abortable {
  readonly signal?: AbortSignal;
}

/** IAM, and the bucket's own policy, asked as the caller: before any role is assumed. */
export interface IamReader {
  /**
   * A role with all its policies; undefined where there is none of that name in the caller's account.
   * IAM knows only names: compare the `arn` where the role may be of another account.
   * What is denied is said in the answer; anything else (no credentials, no connection) throws an ExportError.
   */
  readRole(roleName: string, options?: Abortable): Promise<RoleReading | undefined>;
  /** The bucket's policy as S3 keeps it; undefined where it has none. Throws an ExportError where it can't be read. */
  readBucketPolicy(bucket: string, options?: Abortable): Promise<string | undefined>;
  /**
   * Asks IAM's own simulator, which knows service control policies and boundaries, and for a role no bucket policy.
   * One result for each action on each resource. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
   */
  simulatePrincipalPolicy(request: SimulationRequest): Promise<readonly SimulationResult[]>;
}

import type { PolicyDocument } from './policy';

export type DecisionKind = 'allowed' | 'implicitDeny' | 'explicitDeny';

/** Who asks, as policies see them. */
export interface RequestPrincipal {
  /** The principal's ARN as `aws:PrincipalArn` has it: a user, a role (also for its sessions), or an account root. */
  readonly arn: string;
  /** The session's own ARN (`arn:aws:sts::…:assumed-role/role/session`), where there is one. */
  readonly sessionArn?: string;
  readonly account: string;
  /** A federated principal (`Federated`), for AssumeRoleWithWebIdentity; a service principal. */
  readonly federated?: string;
  readonly service?: string;
  /** The canonical user id of the principal's account, where it is known. */
  readonly canonicalId?: string;
}

/** Condition keys and their values. Keys compare without regard to case; a missing key is missing. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export interface AuthorizationRequest {
  /** `s3:PutObject` */
  readonly action: string;
  /** The full ARN of the resource; `*` for actions that know none. */
  readonly resource: string;
  /** The account that owns the resource; absent: the principal's own. */
  readonly resourceAccount?: string;
  /** Absent for an anonymous request. */
  readonly principal?: RequestPrincipal;
  readonly context: RequestContext;
}

/** All policies that may have a say. An absent kind doesn't limit; an empty `identity` list allows nothing. */
export interface PolicySet {
  readonly identity: readonly PolicyDocument[];
  /** A bucket policy, a key policy; a role's trust policy. */
  readonly resource?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  /** Each session policy limits on its own. */
  readonly session?: readonly PolicyDocument[];
}

export type PolicyKind = 'identity' | 'resource' | 'boundary' | 'session' | 'trust';

/** What one statement said about one request. */
export interface StatementTrace {
  readonly policy: PolicyKind;
  /** Which policy of its kind, zero-based. */
  readonly policyIndex: number;
  readonly sid: string | null;
  /** Zero-based place in its policy. */
  readonly index: number;
  readonly effect: 'Allow' | 'Deny';
  readonly matched: boolean;
  /** One sentence: why it matched, or the first element that did not. */
  readonly why: string;
}

export interface Decision {
  readonly decision: DecisionKind;
  readonly statements: readonly StatementTrace[];
  /** Which kind of policy decided: the one that denied, or, for an implicit deny, the one that did not allow. */
  readonly decidedBy: PolicyKind;
}

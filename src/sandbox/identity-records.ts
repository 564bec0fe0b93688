import type { PolicyDocument } from '../core/iam/policy';

/** A policy as it was sent, and what it says. */
export interface PolicyRecord {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** Key → value, in the order they were given. Keys differ by case. */
export type TagMap = Map<string, string>;

interface PrincipalRecord {
  readonly account: string;
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  /** `AIDA…` or `AROA…`: another one each time the name is used again. */
  readonly id: string;
  readonly arn: string;
  readonly created: Date;
  readonly tags: TagMap;
  boundaryArn?: string;
  /** Inline policies by name. */
  readonly inline: Map<string, PolicyRecord>;
  /** ARNs of attached managed policies. */
  readonly attached: Set<string>;
}

export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly created: Date;
  isActive: boolean;
}

export interface UserRecord extends PrincipalRecord {
  readonly kind: 'user';
  readonly accessKeys: Map<string, AccessKeyRecord>;
  /** Whether policies don't count for this user: the sandbox's own admin. */
  readonly isAdmin: boolean;
}

export interface RoleRecord extends PrincipalRecord {
  readonly kind: 'role';
  /** Roles and users are named by their ids, see `principal-binding.ts`. */
  trust: PolicyDocument;
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
}

export interface PolicyVersionRecord {
  /** `v1` */
  readonly id: string;
  readonly policy: PolicyRecord;
  readonly created: Date;
}

export interface ManagedPolicyRecord {
  /** `aws` for AWS's own. */
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description?: string;
  readonly created: Date;
  updated: Date;
  readonly versions: Map<string, PolicyVersionRecord>;
  defaultVersionId: string;
  nextVersion: number;
  readonly tags: TagMap;
}

export interface OidcProviderRecord {
  readonly account: string;
  readonly arn: string;
  /** Without the scheme: `oidc.example.com/id/ABC`. */
  readonly issuer: string;
  readonly clientIds: Set<string>;
  thumbprints: readonly string[];
  readonly created: Date;
  readonly tags: TagMap;
}

export interface AccountRecord {
  readonly id: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly users: Map<string, UserRecord>;
  readonly roles: Map<string, RoleRecord>;
  /** By ARN. */
  readonly policies: Map<string, ManagedPolicyRecord>;
  /** By ARN. */
  readonly oidcProviders: Map<string, OidcProviderRecord>;
}

/** Temporary credentials. */
export interface SessionRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly account: string;
  /** The role's or user's id: a session ends with whom it speaks for. */
  readonly principalId: string;
  /** Of a role's session. */
  readonly sessionName?: string;
  readonly issued: Date;
  /** Absent: it doesn't expire. */
  readonly expiration?: Date;
  /** Each limits on its own. */
  readonly policies?: readonly PolicyDocument[];
  readonly tags: TagMap;
  readonly transitiveTags: readonly string[];
  readonly sourceIdentity?: string;
  /** `arn:…:oidc-provider/…` of a session that began with a web identity. */
  readonly federatedProvider?: string;
}

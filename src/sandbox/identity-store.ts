import type { PolicyDocument } from '../core/iam/policy';
import { findAwsManagedPolicy } from './aws-managed-policies';
import { roleCaller, userCaller } from './callers';
import { createId, createSecret, createSessionToken } from './identity-ids';
import type {
  AccessKeyRecord,
  AccountRecord,
  ManagedPolicyRecord,
  OidcProviderRecord,
  PolicyRecord,
  RoleRecord,
  SessionRecord,
  UserRecord,
} from './identity-records';
import { renamePrincipals } from './principal-binding';
import type { Credential, CredentialDirectory } from './service';

/** What an earlier run left. */
export interface StoredIdentities {
  readonly accounts: readonly AccountRecord[];
  readonly sessions: readonly SessionRecord[];
}

export interface NewRole {
  readonly account: string;
  readonly name: string;
  /** Default `/`. */
  readonly path?: string;
  /** Principals by their ARN; those that exist are held by their id from now on. */
  readonly trust: PolicyDocument;
  readonly description?: string;
  /** Seconds, default 3,600. */
  readonly maxSessionDuration?: number;
  readonly boundaryArn?: string;
  readonly tags?: Iterable<readonly [string, string]>;
}

export interface NewUser {
  readonly account: string;
  readonly name: string;
  readonly path?: string;
  readonly boundaryArn?: string;
  readonly tags?: Iterable<readonly [string, string]>;
  readonly isAdmin?: boolean;
}

export interface NewSession {
  readonly principal: RoleRecord | UserRecord;
  /** Of a role's session. */
  readonly sessionName?: string;
  /** Seconds; absent: it doesn't expire. */
  readonly duration?: number;
  readonly policies?: readonly PolicyDocument[];
  readonly tags?: ReadonlyMap<string, string>;
  readonly transitiveTags?: readonly string[];
  readonly sourceIdentity?: string;
  readonly federatedProvider?: string;
}

/**
 * The accounts and everybody in them, with their policies, keys and sessions. It holds whatever it is given: who may
 * change what, and whether a name or a policy is well-formed, is for IAM's API to say.
 */
export class IdentityStore implements CredentialDirectory {
  readonly accounts = new Map<string, AccountRecord>();
  private readonly sessions = new Map<string, SessionRecord>();

  constructor(
    readonly clock: () => Date = () => new Date(),
    stored?: StoredIdentities,
  ) {
    for (const account of stored?.accounts ?? []) this.accounts.set(account.id, account);
    for (const session of stored?.sessions ?? []) this.sessions.set(session.accessKeyId, session);
  }

  /** Everything that a later run needs. */
  stored(): StoredIdentities {
    const now = this.clock();
    return {
      accounts: [...this.accounts.values()],
      sessions: [...this.sessions.values()].filter(({ expiration }) => !expiration || expiration > now),
    };
  }

  /** The account, which exists from now on. */
  account(id: string, partition = 'aws'): AccountRecord {
    let account = this.accounts.get(id);
    if (!account) {
      account = {
        id,
        partition,
        users: new Map(),
        roles: new Map(),
        policies: new Map(),
        oidcProviders: new Map(),
      };
      this.accounts.set(id, account);
    }
    return account;
  }

  createUser({ account: accountId, name, path = '/', boundaryArn, tags = [], isAdmin = false }: NewUser): UserRecord {
    const account = this.account(accountId);
    const user: UserRecord = {
      kind: 'user',
      account: accountId,
      name,
      path,
      id: createId('AIDA'),
      arn: `arn:${account.partition}:iam::${accountId}:user${path}${name}`,
      created: this.clock(),
      tags: new Map(tags),
      inline: new Map(),
      attached: new Set(),
      accessKeys: new Map(),
      isAdmin,
      ...(boundaryArn !== undefined && { boundaryArn }),
    };
    account.users.set(name, user);
    this.bindEverywhere(user.arn, user.id);
    return user;
  }

  createAccessKey(user: UserRecord): AccessKeyRecord {
    const key: AccessKeyRecord = {
      accessKeyId: createId('AKIA'),
      secretAccessKey: createSecret(),
      created: this.clock(),
      isActive: true,
    };
    user.accessKeys.set(key.accessKeyId, key);
    return key;
  }

  createRole({ account: accountId, name, path = '/', trust, tags = [], ...rest }: NewRole): RoleRecord {
    const account = this.account(accountId);
    const role: RoleRecord = {
      kind: 'role',
      account: accountId,
      name,
      path,
      id: createId('AROA'),
      arn: `arn:${account.partition}:iam::${accountId}:role${path}${name}`,
      created: this.clock(),
      tags: new Map(tags),
      inline: new Map(),
      attached: new Set(),
      trust: this.bindTrust(trust),
      maxSessionDuration: rest.maxSessionDuration ?? 3600,
      ...(rest.description !== undefined && { description: rest.description }),
      ...(rest.boundaryArn !== undefined && { boundaryArn: rest.boundaryArn }),
    };
    account.roles.set(name, role);
    this.bindEverywhere(role.arn, role.id);
    return role;
  }

  deleteUser(user: UserRecord): void {
    this.accounts.get(user.account)?.users.delete(user.name);
  }

  deleteRole(role: RoleRecord): void {
    this.accounts.get(role.account)?.roles.delete(role.name);
  }

  createPolicy(policy: {
    readonly account: string;
    readonly name: string;
    readonly path?: string;
    readonly policy: PolicyRecord;
    readonly description?: string;
    readonly tags?: Iterable<readonly [string, string]>;
  }): ManagedPolicyRecord {
    const { account: accountId, name, path = '/', description, tags = [] } = policy;
    const account = this.account(accountId);
    const created = this.clock();
    const record: ManagedPolicyRecord = {
      account: accountId,
      name,
      path,
      id: createId('ANPA'),
      arn: `arn:${account.partition}:iam::${accountId}:policy${path}${name}`,
      created,
      updated: created,
      versions: new Map([['v1', { id: 'v1', policy: policy.policy, created }]]),
      defaultVersionId: 'v1',
      nextVersion: 2,
      tags: new Map(tags),
      ...(description !== undefined && { description }),
    };
    account.policies.set(record.arn, record);
    return record;
  }

  createOidcProvider(provider: {
    readonly account: string;
    readonly issuer: string;
    readonly clientIds: Iterable<string>;
    readonly thumbprints?: readonly string[];
    readonly tags?: Iterable<readonly [string, string]>;
  }): OidcProviderRecord {
    const account = this.account(provider.account);
    const issuer = provider.issuer.replace(/^https:\/\//i, '');
    const record: OidcProviderRecord = {
      account: account.id,
      arn: `arn:${account.partition}:iam::${account.id}:oidc-provider/${issuer}`,
      issuer,
      clientIds: new Set(provider.clientIds),
      thumbprints: provider.thumbprints ?? [],
      created: this.clock(),
      tags: new Map(provider.tags ?? []),
    };
    account.oidcProviders.set(record.arn, record);
    return record;
  }

  /** A managed policy of an account, or one of AWS's own. */
  findPolicy(arn: string): ManagedPolicyRecord | undefined {
    const [, , , , account] = arn.split(':');
    if (account === 'aws') return findAwsManagedPolicy(arn);
    return this.accounts.get(account ?? '')?.policies.get(arn);
  }

  /** The document that a managed policy's default version holds. */
  policyDocument(arn: string): PolicyDocument | undefined {
    const policy = this.findPolicy(arn);
    return policy?.versions.get(policy.defaultVersionId)?.policy.document;
  }

  findRoleByArn(arn: string): RoleRecord | undefined {
    return this.findByArn(arn, account => account.roles);
  }

  findUserByArn(arn: string): UserRecord | undefined {
    return this.findByArn(arn, account => account.users);
  }

  private findByArn<T extends { readonly arn: string }>(
    arn: string,
    kind: (account: AccountRecord) => ReadonlyMap<string, T>,
  ): T | undefined {
    const account = this.accounts.get(arn.split(':')[4] ?? '');
    const record = account && kind(account).get(arn.slice(arn.lastIndexOf('/') + 1));
    return record?.arn === arn ? record : undefined;
  }

  findPrincipalById(id: string): RoleRecord | UserRecord | undefined {
    if (!/^A(ROA|IDA)/.test(id)) return undefined;
    for (const { roles, users } of this.accounts.values()) {
      for (const one of id.startsWith('AROA') ? roles.values() : users.values()) if (one.id === id) return one;
    }
    return undefined;
  }

  /** Whether a policy may name this principal; accounts, `*` and what is no AWS principal are taken to exist. */
  principalExists(name: string): boolean {
    if (/^A(ROA|IDA)/.test(name)) return this.findPrincipalById(name) !== undefined;
    const [, account, kind, rest] = /^arn:[^:]+:(?:iam|sts)::(\d{12}):(role|user|assumed-role)\/(.+)$/.exec(name) ?? [];
    if (account === undefined || rest === undefined) return true;
    if (kind === 'role') return this.findRoleByArn(name) !== undefined;
    if (kind === 'user') return this.findUserByArn(name) !== undefined;
    return this.accounts.get(account)?.roles.has(rest.split('/')[0]!) ?? false;
  }

  /**
   * Names existing roles and users of a trust policy by their ids, as AWS does when it saves one: somebody else who later
   * takes over the name isn't trusted.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
   */
  bindTrust(trust: PolicyDocument): PolicyDocument {
    return renamePrincipals(trust, name => (this.findRoleByArn(name) ?? this.findUserByArn(name))?.id ?? name);
  }

  /** A role's trust as AWS shows it: by ARN, except for those who are no more. */
  trustOf(role: RoleRecord): PolicyDocument {
    return renamePrincipals(role.trust, name => this.findPrincipalById(name)?.arn ?? name);
  }

  /** A seeded trust may name somebody who only comes now. */
  private bindEverywhere(arn: string, id: string): void {
    for (const { roles } of this.accounts.values()) {
      for (const role of roles.values()) {
        if (!JSON.stringify(role.trust).includes(JSON.stringify(arn))) continue;
        role.trust = renamePrincipals(role.trust, name => (name === arn ? id : name));
      }
    }
  }

  createSession({ principal, duration, ...rest }: NewSession): SessionRecord {
    const issued = this.clock();
    const session: SessionRecord = {
      accessKeyId: createId('ASIA'),
      secretAccessKey: createSecret(),
      sessionToken: createSessionToken(),
      account: principal.account,
      principalId: principal.id,
      issued,
      tags: new Map(rest.tags ?? []),
      transitiveTags: rest.transitiveTags ?? [],
      ...(rest.sessionName !== undefined && { sessionName: rest.sessionName }),
      ...(duration !== undefined && { expiration: new Date(issued.getTime() + duration * 1000) }),
      ...(rest.policies && { policies: rest.policies }),
      ...(rest.sourceIdentity !== undefined && { sourceIdentity: rest.sourceIdentity }),
      ...(rest.federatedProvider !== undefined && { federatedProvider: rest.federatedProvider }),
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  findSession(accessKeyId: string): SessionRecord | undefined {
    return this.sessions.get(accessKeyId);
  }

  findAccessKey(accessKeyId: string): { readonly key: AccessKeyRecord; readonly user: UserRecord } | undefined {
    for (const { users } of this.accounts.values()) {
      for (const user of users.values()) {
        const key = user.accessKeys.get(accessKeyId);
        if (key) return { key, user };
      }
    }
    return undefined;
  }

  /** Undefined for a key that doesn't exist, is inactive, or belongs to somebody who doesn't exist any more. */
  findCredential(accessKeyId: string): Credential | undefined {
    const session = this.sessions.get(accessKeyId);
    if (session) return this.sessionCredential(session);
    const found = this.findAccessKey(accessKeyId);
    if (!found?.key.isActive) return undefined;
    const { key, user } = found;
    return { accessKeyId, secretAccessKey: key.secretAccessKey, caller: () => userCaller(this, user) };
  }

  private sessionCredential(session: SessionRecord): Credential | undefined {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = session;
    const principal = this.findPrincipalById(session.principalId);
    if (!principal) return undefined;
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(expiration && { expiration }),
      caller: () =>
        principal.kind === 'role' ? roleCaller(this, principal, session) : userCaller(this, principal, session),
    };
  }
}

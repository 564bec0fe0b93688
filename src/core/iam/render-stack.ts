import { t } from '@vscode/l10n';
import type { PolicyDocument, PolicyStatement } from './policy';

/** How a bucket for logs is made: closed to the public, owned by its account alone, encrypted, TLS only. */
export interface BucketSettings {
  readonly region: string;
  /** The key that encrypts it; absent: keys of S3 (SSE-S3). */
  readonly kmsKeyArn?: string;
  readonly versioning?: boolean;
  /** Days after which a log is deleted; absent: never. */
  readonly expireDays?: number;
  /** Days that an older version is kept: each append to a log makes one. */
  readonly noncurrentDays?: number;
}

/** Days after which the parts of an upload that was never finished are deleted. */
export const ABORT_UPLOAD_DAYS = 7;

/** What has to exist in AWS for an export: the one model behind every rendering, and behind provisioning. */
export interface ExportStack {
  readonly bucket: string;
  /** Present where the bucket is to be made too. */
  readonly bucketSettings?: BucketSettings;
  /** The bucket's account, where it isn't the roles'. */
  readonly bucketAccount?: string;
  /** ARNs of the roles that write; empty where the name isn't known, which the rendering then asks for. */
  readonly roles: readonly string[];
  readonly policy: PolicyDocument;
  /** Present where the role is to be made; otherwise the roles are there and only get the policy. */
  readonly trust?: PolicyDocument;
  /** ARN of the permissions boundary of a role that is made. */
  readonly boundaryArn?: string;
  /** Tags of what is made. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly bucketPolicy?: PolicyDocument;
  /** What the policy of a key in another account has to say; its own account adds it, so it is only told. */
  readonly keyStatement?: PolicyStatement;
}

/** The name of the inline policy in every rendering. */
export const POLICY_NAME = 'secondary-logs';

export interface RoleName {
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
}

/** Name and path of a role's ARN: `arn:aws:iam::123456789012:role/team/Name` → `Name`, `/team/`. */
export function roleNameOf(arn: string): RoleName {
  const resource = arn.split(':').slice(5).join(':');
  const slash = resource.lastIndexOf('/');
  return { name: resource.slice(slash + 1), path: resource.slice('role'.length, slash + 1) };
}

/** The roles of a stack, only one of them where it is to be made; none where the name has to be asked for. */
export function rolesOf(stack: ExportStack): readonly RoleName[] {
  const roles = stack.roles.map(roleNameOf);
  return stack.trust ? roles.slice(0, 1) : roles;
}

/** Tags in the order that every rendering has them. */
export function tagsOf(stack: ExportStack): readonly (readonly [string, string])[] {
  return Object.entries(stack.tags ?? {});
}

/** One rule for all objects of a bucket, as S3's own JSON says it. */
export function lifecycleRule({ expireDays, noncurrentDays }: BucketSettings): Readonly<Record<string, unknown>> {
  return {
    ID: POLICY_NAME,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_UPLOAD_DAYS },
    ...(expireDays === undefined ? {} : { Expiration: { Days: expireDays } }),
    ...(noncurrentDays === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
  };
}

/** The key policy's statement as comment lines, for whoever looks after the key. */
export function keyStatementComment({ keyStatement }: ExportStack): string[] {
  if (!keyStatement) return [];
  const lines = JSON.stringify(keyStatement, null, 2).split('\n');
  return [t('The key is in another account: its own policy needs this statement too.'), ...lines].map(
    line => `# ${line}`,
  );
}

/** Moves all lines but the first to the right. */
export function indentRest(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

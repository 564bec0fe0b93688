import { t } from '@vscode/l10n';
import type { ManagedPolicy, RoleReading } from '../../aws/iam-types';
import type { AwsSession } from '../../aws/session';
import { principalName } from '../../core/diagnosis/principal';
import { isExportError } from '../../core/export-error';
import { type BucketDocument, type NamedPolicy, policyOf, type RoleDocuments } from '../../core/proof/documents';
import { failureOf } from '../check-step';

/**
 * Reads a role as the caller: its policies, boundary and trust, as far as the caller may. IAM answers for the caller's own
 * account only, and knows roles by their names. Undefined where the role isn't there.
 */
export async function readRoleDocuments(
  session: AwsSession,
  roleArn: string,
  callerAccount: string,
  signal: AbortSignal,
): Promise<RoleDocuments | undefined> {
  const principal = principalName(roleArn);
  const account = principal?.account ?? '';
  if (principal === undefined || account !== callerAccount) {
    const unread = t('{0} belongs to account {1}, you to {2}', roleArn, account, callerAccount);
    return { arn: roleArn, account, unread: [unread] };
  }
  const reading = await orUnread(() => session.iam.readRole(principal.name, { signal }));
  if (reading.value === undefined) {
    return reading.unread === undefined ? undefined : { arn: roleArn, account, unread: [reading.unread] };
  }
  return documentsOf(reading.value, roleArn, account);
}

function documentsOf(reading: RoleReading, roleArn: string, account: string): RoleDocuments {
  const { role, inline, attached, boundary, unreadable } = reading;
  const policies = [...inline, ...attached].map(named);
  const isWhole =
    policies.every(policy => policy !== undefined) &&
    unreadable.every(({ what }) => what === 'role') &&
    // Without GetRole nobody knows of a boundary.
    role !== undefined;
  const limit = boundary && named(boundary);
  const trust = role && policyOf(role.trust, 'trust');
  return {
    arn: role?.arn ?? roleArn,
    account,
    ...(isWhole && { identity: policies.filter(policy => policy !== undefined) }),
    ...(limit && { boundary: limit }),
    ...(trust && { trust }),
    unread: [...new Set(unreadable.map(({ error }) => error.message))],
  };
}

function named({ name, text }: Pick<ManagedPolicy, 'name' | 'text'>): NamedPolicy | undefined {
  const document = text === undefined ? undefined : policyOf(text, 'identity');
  return document && { name, document };
}

/** Only the account that owns the bucket may read its policy: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export async function readBucketDocument(
  session: AwsSession,
  callerAccount: string,
  signal: AbortSignal,
): Promise<BucketDocument> {
  const { value, unread } = await orUnread(async () => ({
    text: await session.iam.readBucketPolicy(session.target.bucket, { signal }),
  }));
  if (value === undefined) return { unread: unread === undefined ? [] : [unread] };
  if (value.text === undefined) return { policy: null, account: callerAccount, unread: [] };
  const policy = policyOf(value.text, 'resource');
  return policy
    ? { policy, account: callerAccount, unread: [] }
    : { account: callerAccount, unread: [t('the bucket policy could not be understood')] };
}

/** What a call gives, or why it doesn't, in words; a stop by the person goes on upwards. */
export async function orUnread<T>(call: () => Promise<T>): Promise<{ value?: T; unread?: string }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!isExportError(error) || error.code === 'cancelled') throw error;
    const isMissingService = [404, 405, 501].includes(failureOf(error)?.status ?? 0);
    return {
      unread: isMissingService ? t('{0} is not answered here', failureOf(error)?.action ?? 'IAM') : error.message,
    };
  }
}

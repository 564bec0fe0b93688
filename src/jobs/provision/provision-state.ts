import type { RoleReading } from '../../aws/iam-types';
import type { BucketReading } from '../../aws/provisioner-types';
import type { AwsSession } from '../../aws/session';
import { type ExportError, isExportError } from '../../core/export-error';
import { roleNameOf } from '../../core/iam/render-stack';
import type { ProvisionInput } from './provision-input';

/** What AWS has at the moment, as far as this caller may see it. */
export interface ProvisionState {
  readonly account: string;
  readonly callerArn: string;
  /** Whether the role belongs to the caller's account: otherwise its part isn't this caller's to make. */
  readonly ownsRole: boolean;
  readonly role?: RoleReading;
  /** Undefined: there is no bucket of this name. */
  readonly bucket?: BucketReading;
  /** Why the bucket can't be looked after with this caller. */
  readonly foreignBucket?: ExportError;
}

/** Asks who the caller is, and reads the role and the bucket. */
export async function readState(
  session: AwsSession,
  { roleArn, target }: ProvisionInput,
  signal?: AbortSignal,
): Promise<ProvisionState> {
  const { account, arn } = await session.callerIdentity({ signal });
  const ownsRole = roleArn !== undefined && roleArn.split(':')[4] === account;
  const role = ownsRole ? await session.iam.readRole(roleNameOf(roleArn).name, { signal }) : undefined;
  try {
    const bucket = await session.provisioner.readBucket(target.bucket, { signal, owner: account });
    return { account, callerArn: arn, ownsRole, role, bucket };
  } catch (error) {
    if (!isExportError(error) || error.code !== 'other-account-bucket') throw error;
    return { account, callerArn: arn, ownsRole, role, foreignBucket: error };
  }
}

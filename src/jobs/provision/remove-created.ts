import { t } from '@vscode/l10n';
import type { AwsSession } from '../../aws/session';
import { ExportError, isExportError } from '../../core/export-error';
import { POLICY_NAME, roleNameOf } from '../../core/iam/render-stack';
import type { ProvisionInput } from './provision-input';
import { makePlan } from './provision-plan';
import { readState } from './provision-state';

export interface Removed {
  readonly role: boolean;
  readonly bucket: boolean;
  /** What stays, and why. */
  readonly kept: readonly string[];
}

/**
 * Deletes the role and the bucket, but only what the tag says was created here, a role only with no policy but ours, and
 * a bucket only while it is empty: logs are never deleted.
 */
export async function removeCreated(
  { session, input }: { readonly session: AwsSession; readonly input: ProvisionInput },
  { signal }: { signal?: AbortSignal } = {},
): Promise<Removed> {
  const state = await readState(session, input, signal);
  const { created } = makePlan(input, state);
  const kept: string[] = [];
  let role = false;
  let bucket = false;
  if (created.role && input.roleArn !== undefined) {
    const { name } = roleNameOf(input.roleArn);
    const others = [
      ...(state.role?.inline ?? []).filter(policy => policy.name !== POLICY_NAME),
      ...(state.role?.attached ?? []),
    ];
    if (others.length > 0) {
      kept.push(
        t(
          'Role {0} stays: it has policies that were not created here: {1}.',
          name,
          others.map(one => one.name).join(', '),
        ),
      );
    } else {
      if (state.role?.inline.length) await session.provisioner.deleteRolePolicy(name, POLICY_NAME, { signal });
      await session.provisioner.deleteRole(name, { signal });
      role = true;
    }
  }
  if (created.bucket) {
    try {
      await session.provisioner.deleteBucket(input.target.bucket, { signal });
      bucket = true;
    } catch (error) {
      if (!isExportError(error) || !isNotEmpty(error)) throw error;
      kept.push(t('Bucket {0} stays: it is not empty, and logs are never deleted.', input.target.bucket));
    }
  }
  if (!created.role && !created.bucket) {
    throw new ExportError(
      'not-found',
      t('nothing of this export was created here'),
      t('What somebody else made is only deleted where it was made.'),
    );
  }
  return { role, bucket, kept };
}

function isNotEmpty({ cause }: ExportError): boolean {
  return (cause as { awsCode?: string } | undefined)?.awsCode === 'BucketNotEmpty';
}

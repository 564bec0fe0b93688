import { t } from '@vscode/l10n';
import type { AwsSession } from '../aws/session';
import type { Check } from '../core/check';
import { principalName } from '../core/diagnosis/principal';
import { EXPORT_KEYS } from '../core/export-settings';
import type { CheckRunner, Found } from './check-step';

interface BucketCheckOptions {
  readonly session: AwsSession;
  readonly runner: CheckRunner;
  /** The ARN that the bucket is asked as; null where it isn't known, undefined where the role could not be assumed. */
  readonly as: string | null | undefined;
  /** The caller's own ARN. */
  readonly identity: string | null;
  /** The role that writes, where it is known. */
  readonly exportRole: string | undefined;
}

/** Whether the bucket lies where the settings say, asked as the caller where the role can't be assumed. */
export function checkRegion({ session, runner, as, identity }: BucketCheckOptions): Promise<Check> {
  const { target, ambientRegion } = session;
  const bucket = as === undefined ? session.callerBucket : session.bucket;
  return runner.step(
    'bucket-region',
    async () => (as === undefined ? identity : as),
    async signal => {
      const actual = await bucket.bucketRegion({ signal });
      const isWhere = t('the bucket {0} lies in {1}', target.bucket, actual);
      const key = EXPORT_KEYS.region;
      const change = { document: 'env', key, value: actual } as const;
      if (target.region === actual) return { message: isWhere };
      if (target.region !== undefined) {
        return {
          status: 'fail',
          causes: ['wrong-region'],
          message: t('{0}, but {1}', isWhere, `${key}=${target.region}`),
          nextStep: t('Set {0}', `${key}=${actual}`),
          change,
        };
      }
      // Without REGION the Deployment's own counts, which nothing here tells; the caller's may be another.
      if (ambientRegion === undefined || ambientRegion === actual) {
        return { message: t('{0}, where the Deployment has to run too, since {1} is not set', isWhere, key) };
      }
      return {
        status: 'warn',
        causes: ['wrong-region'],
        message: t('{0}, {1} is not set, and your own region is {2}', isWhere, key, ambientRegion),
        nextStep: t('Unless the Deployment runs in {0}, set {1}', actual, `${key}=${actual}`),
        change,
      };
    },
  );
}

/**
 * What the bucket is set to that an export has to know, read as the caller: a default retention would keep the probe, and
 * each appended log once more; in a bucket of another account, objects may belong to the role instead of the bucket's
 * owner; and nobody but the owner gets anything out of a bucket whose requester pays.
 */
export function checkSettings({ session, runner, identity, exportRole }: BucketCheckOptions): Promise<Check> {
  const { target } = session;
  return runner.step(
    'bucket-settings',
    async () => identity,
    async (signal): Promise<Found> => {
      const { retention, ownership, requesterPays, denied } = await session.callerBucket.settings({ signal });
      const account = (arn: string | null | undefined) => (arn ? principalName(arn)?.account : undefined);
      // Whoever may read these settings is of the bucket's own account, as good as always.
      const isForeign = exportRole !== undefined && account(exportRole) !== account(identity);
      if (requesterPays && isForeign) {
        return {
          proof: 'read',
          status: 'fail',
          causes: ['requester-pays'],
          message: t('the requester pays for the bucket {0}, which Airflow does not offer to', target.bucket),
          nextStep: t('Switch off Requester Pays on the bucket {0}.', target.bucket),
        };
      }
      if (retention) {
        return {
          proof: 'read',
          status: 'warn',
          causes: ['object-lock'],
          message: t(
            'the bucket {0} keeps each version of an object for {1} (Object Lock, {2}), and each append makes another',
            target.bucket,
            retention.duration,
            retention.mode,
          ),
          nextStep: t(
            'Use a bucket without default retention for logs, since Airflow rewrites an object at each append.',
          ),
        };
      }
      if (ownership !== undefined && ownership !== 'BucketOwnerEnforced' && isForeign) {
        return {
          proof: 'read',
          status: 'warn',
          causes: ['bucket-ownership'],
          message: t('objects in the bucket {0} may belong to the account of the role ({1})', target.bucket, ownership),
          nextStep: t('Set Object Ownership to "Bucket owner enforced" on the bucket {0}.', target.bucket),
        };
      }
      if (retention === undefined) {
        return {
          status: 'skip',
          message:
            denied.length > 0
              ? t('you may not read the settings of the bucket: {0}', denied.join(', '))
              : t('the settings of the bucket are not answered here'),
        };
      }
      return { proof: 'read', message: t('no default retention, and the bucket’s account owns its objects') };
    },
  );
}

import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { toExportError } from './failure';
import { loadSts } from './sdk';
import { createSdkCaller, type SdkOptions } from './sdk-caller';
import type { AwsCredentials, CallerIdentity } from './session';

/** The session's name in CloudTrail and in the ARN of the assumed role. */
const SESSION_NAME = 'astro-log-export';

interface AssumedRole {
  readonly identity: CallerIdentity;
  readonly credentials: AwsCredentials;
}

export interface StsCalls {
  callerIdentity(signal?: AbortSignal): Promise<CallerIdentity>;
  assumeRole(roleArn: string, signal?: AbortSignal): Promise<AssumedRole>;
}

/** STS through the SDK, which is loaded at the first call. */
export function createSts(options: SdkOptions): StsCalls {
  const call = createSdkCaller(
    options,
    async config => new (await loadSts()).STSClient(config),
    failure => toExportError(failure, options.context),
  );

  return {
    async callerIdentity(signal) {
      const { GetCallerIdentityCommand } = await loadSts();
      const answer = await call(
        'sts:GetCallerIdentity',
        sts => sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
        signal,
      );
      return { account: answer.Account ?? '', arn: answer.Arn ?? '', userId: answer.UserId ?? '' };
    },
    async assumeRole(roleArn, signal) {
      const { AssumeRoleCommand } = await loadSts();
      const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: SESSION_NAME });
      const { Credentials: keys, AssumedRoleUser: user } = await call(
        'sts:AssumeRole',
        sts => sts.send(command, { abortSignal: signal }),
        signal,
      );
      if (!keys?.AccessKeyId || !keys.SecretAccessKey) {
        throw new ExportError('unknown', t('STS gave no credentials'), t('Check what answers at the STS endpoint.'));
      }
      const arn = user?.Arn ?? roleArn;
      return {
        identity: { account: arn.split(':')[4] ?? '', arn, userId: user?.AssumedRoleId ?? '' },
        credentials: {
          accessKeyId: keys.AccessKeyId,
          secretAccessKey: keys.SecretAccessKey,
          sessionToken: keys.SessionToken,
          expiration: keys.Expiration,
        },
      };
    },
  };
}

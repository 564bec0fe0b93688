import { t } from '@vscode/l10n';
import type { AwsFailure } from '../core/diagnosis/aws-failure';
import type { DiagnosisContext } from '../core/diagnosis/diagnosis';
import { ExportError, isExportError } from '../core/export-error';
import type { CredentialSource } from './credentials';
import { networkFailure, toExportError, withoutSecrets } from './failure';
import { loadSts } from './sdk';
import type { AwsCredentials, CallerIdentity } from './session';
import { CONNECT_TIMEOUT, cancelled, IDLE_TIMEOUT, type Transport } from './transport';

/** The session's name in CloudTrail and in the ARN of the assumed role. */
const SESSION_NAME = 'astro-log-export';

export interface StsOptions {
  readonly credentials: CredentialSource;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly transport: Transport;
  readonly context: DiagnosisContext;
  onServer(server: string | undefined): void;
}

interface AssumedRole {
  readonly identity: CallerIdentity;
  readonly credentials: AwsCredentials;
}

export interface StsCalls {
  callerIdentity(signal?: AbortSignal): Promise<CallerIdentity>;
  assumeRole(roleArn: string, signal?: AbortSignal): Promise<AssumedRole>;
}

interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly Code?: string;
}

/** STS through the SDK, which is loaded at the first call. */
export function createSts(options: StsOptions): StsCalls {
  let used: AwsCredentials | undefined;

  async function client() {
    const { STSClient } = await loadSts();
    const sts = new STSClient({
      region: options.region,
      endpoint: options.endpoint,
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT,
        requestTimeout: IDLE_TIMEOUT,
        httpAgent: options.transport.httpAgent,
        httpsAgent: options.transport.httpsAgent,
      },
      credentials: async () => {
        used = await options.credentials.get();
        return { ...used };
      },
    });
    sts.middlewareStack.add(
      next => async args => {
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string> };
        options.onServer(headers?.server);
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'readServerHeader' },
    );
    return sts;
  }

  let loading: ReturnType<typeof client> | undefined;

  async function call<T>(
    action: string,
    send: (sts: Awaited<ReturnType<typeof client>>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) throw cancelled(signal);
    loading ??= client();
    const sts = await loading;
    for (let isSecondTry = false; ; isSecondTry = true) {
      try {
        return await send(sts);
      } catch (error) {
        if (signal?.aborted) throw cancelled(signal);
        if (isExportError(error)) throw error;
        const failure = sdkFailure(error as SdkError, action, used);
        const mayRefresh = /^ExpiredToken/.test(failure.awsCode) && !isSecondTry && used !== undefined;
        if (mayRefresh && options.credentials.forget(used as AwsCredentials)) continue;
        throw toExportError(failure, options.context);
      }
    }
  }

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

/** An error of an SDK client as plain data: the error itself holds the request, and with it the keys. */
function sdkFailure(error: SdkError, action: string, credentials?: AwsCredentials): AwsFailure {
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined) {
    if (error.name === 'TimeoutError') return { ...networkFailure(error, action), awsCode: 'ETIMEDOUT' };
    return networkFailure(error.code === undefined && error.cause ? error.cause : error, action);
  }
  return {
    awsCode: error.Code ?? (error.name === 'Unknown' || error.name === 'UnknownError' ? '' : error.name),
    status,
    message: withoutSecrets(error.message, credentials),
    action,
    requestId: error.$metadata?.requestId,
  };
}

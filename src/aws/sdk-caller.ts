import type { AwsFailure } from '../core/diagnosis/aws-failure';
import type { DiagnosisContext } from '../core/diagnosis/diagnosis';
import { type ExportError, isExportError } from '../core/export-error';
import type { CredentialSource } from './credentials';
import { networkFailure, withoutSecrets } from './failure';
import type { AwsCredentials } from './session';
import { CONNECT_TIMEOUT, cancelled, IDLE_TIMEOUT, type Transport } from './transport';

/** As whom an SDK client asks, and where. */
export interface SdkOptions {
  readonly credentials: CredentialSource;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly transport: Transport;
  readonly context: DiagnosisContext;
  onServer(server: string | undefined): void;
}

interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly Code?: string;
}

/** What every client of the SDK is made with. */
export interface SdkConfig {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly maxAttempts: number;
  readonly requestHandler: object;
  readonly credentials: () => Promise<AwsCredentials>;
}

interface SdkClient {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<{ response: unknown }>,
      ) => (args: never) => Promise<{ response: unknown }>,
      options: { step: 'deserialize'; priority: 'low'; name: string },
    ): void;
  };
}

/** Sends one command, `action` being its name in policies. Throws what `toError` makes of a failure. */
export type SdkCall<C> = <T>(action: string, send: (client: C) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** An SDK client that is made at its first call, asks for new keys once where the old ones ran out, and hides secrets. */
export function createSdkCaller<C extends SdkClient>(
  options: SdkOptions,
  load: (config: SdkConfig) => Promise<C>,
  toError: (failure: AwsFailure) => ExportError,
): SdkCall<C> {
  let used: AwsCredentials | undefined;

  async function open(): Promise<C> {
    const client = await load({
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
    client.middlewareStack.add(
      next => async args => {
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string> };
        options.onServer(headers?.server);
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'readServerHeader' },
    );
    return client;
  }

  let opening: Promise<C> | undefined;

  return async (action, send, signal) => {
    if (signal?.aborted) throw cancelled(signal);
    opening ??= open();
    const client = await opening;
    for (let isSecondTry = false; ; isSecondTry = true) {
      try {
        return await send(client);
      } catch (error) {
        if (signal?.aborted) throw cancelled(signal);
        if (isExportError(error)) throw error;
        const failure = sdkFailure(error as SdkError, action, used);
        const mayRefresh = /^ExpiredToken/.test(failure.awsCode) && !isSecondTry && used !== undefined;
        if (mayRefresh && options.credentials.forget(used as AwsCredentials)) continue;
        throw toError(failure);
      }
    }
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

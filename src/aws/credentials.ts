import { t } from '@vscode/l10n';
import { ExportError, isExportError } from '../core/export-error';
import { loadCredentialProviders } from './sdk';
import type { AwsCredentials, SessionOptions } from './session';
import { sharedFiles } from './shared-config';
import type { Agents } from './transport';

/** Keys that are got when they are needed, kept while they hold, and got anew when told that they don't. */
export interface CredentialSource {
  /** Throws an ExportError `no-credentials` or `expired-credentials`. */
  get(): Promise<AwsCredentials>;
  /** Forgets `stale`; false where asking again would give the same keys. */
  forget(stale: AwsCredentials): boolean;
}

/** Keys are got anew this long before they run out, in milliseconds. */
const REFRESH_AHEAD = 5 * 60_000;

/** Milliseconds for the instance's metadata service: it answers at once, or there is none. */
const METADATA_TIMEOUT = 1_000;

function staticSource(credentials: AwsCredentials): CredentialSource {
  return { get: async () => credentials, forget: () => false };
}

/** A source that can be given keys got elsewhere. */
export interface CachedSource extends CredentialSource {
  set(credentials: AwsCredentials): void;
}

/** Asks `load` once for any number of requests, and again when the keys run out. */
export function cachedSource(load: () => Promise<AwsCredentials>): CachedSource {
  let current: AwsCredentials | undefined;
  let loading: Promise<AwsCredentials> | undefined;
  return {
    async get() {
      if (current && !runsOutSoon(current)) return current;
      loading ??= load().finally(() => {
        loading = undefined;
      });
      current = await loading;
      return current;
    },
    forget(stale) {
      if (current?.accessKeyId === stale.accessKeyId) current = undefined;
      return true;
    },
    set(credentials) {
      current = credentials;
    },
  };
}

function runsOutSoon(credentials: AwsCredentials): boolean {
  return credentials.expiration !== undefined && credentials.expiration.getTime() - Date.now() < REFRESH_AHEAD;
}

/**
 * The caller's keys, in the order that Airflow's boto3 uses: keys given, a profile named by the person, the variables,
 * then the shared files, a web identity, a container's and at last an instance's credentials.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 * `agents`: how AWS is reached where the keys come from there (SSO, a role); absent: directly.
 */
export function callerSource(
  options: SessionOptions,
  env: Readonly<Record<string, string | undefined>>,
  agents?: Agents,
): CredentialSource {
  if (options.credentials) return staticSource(options.credentials);
  if (!options.profile && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    return staticSource({
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN || undefined,
    });
  }
  return cachedSource(() => fromChain(options.profile || env.AWS_PROFILE || undefined, env, agents));
}

async function fromChain(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  agents: Agents | undefined,
): Promise<AwsCredentials> {
  const sdk = await loadCredentialProviders();
  const files = sharedFiles(env);
  const client = agents && {
    clientConfig: { requestHandler: { httpAgent: agents.httpAgent, httpsAgent: agents.httpsAgent } },
  };
  const fileOptions = {
    ...client,
    profile: profile ?? 'default',
    filepath: files.credentials,
    configFilepath: files.config,
    ignoreCache: true,
  };
  const providers = [sdk.fromIni(fileOptions), sdk.fromProcess(fileOptions)];
  if (!profile) {
    if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) {
      providers.push(
        sdk.fromTokenFile({
          ...client,
          webIdentityTokenFile: env.AWS_WEB_IDENTITY_TOKEN_FILE,
          roleArn: env.AWS_ROLE_ARN,
          roleSessionName: env.AWS_ROLE_SESSION_NAME,
        }),
      );
    }
    const metadata = { timeout: METADATA_TIMEOUT, maxRetries: 0 };
    if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
      providers.push(
        sdk.fromHttp({
          ...metadata,
          awsContainerCredentialsRelativeUri: env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
          awsContainerCredentialsFullUri: env.AWS_CONTAINER_CREDENTIALS_FULL_URI,
          awsContainerAuthorizationToken: env.AWS_CONTAINER_AUTHORIZATION_TOKEN,
          awsContainerAuthorizationTokenFile: env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
        }),
      );
    } else if (!/^true$/i.test(env.AWS_EC2_METADATA_DISABLED ?? '')) {
      providers.push(sdk.fromInstanceMetadata(metadata));
    }
  }
  try {
    const found = await sdk.createCredentialChain(...providers)();
    return {
      accessKeyId: found.accessKeyId,
      secretAccessKey: found.secretAccessKey,
      sessionToken: found.sessionToken,
      expiration: found.expiration,
    };
  } catch (error) {
    throw isExportError(error) ? error : chainError(error, profile);
  }
}

/** The providers' own messages name files, profiles and portals, never keys; yet only their kind is passed on. */
function chainError(error: unknown, profile: string | undefined): ExportError {
  const said = error instanceof Error ? error.message : '';
  const failure = { awsCode: 'CredentialsProviderError', status: 0, message: '', action: '' };
  if (/expired|refresh|sso login|session.*(invalid|not found)/i.test(said)) {
    return new ExportError(
      'expired-credentials',
      profile ? t('the login of the AWS profile {0} has expired', profile) : t('the AWS login has expired'),
      profile
        ? t('Run aws sso login --profile {0}, then try again.', profile)
        : t('Log in to AWS again (aws sso login), then try again.'),
      { cause: { ...failure, awsCode: 'ExpiredToken' } },
    );
  }
  const { name, code } = error as { name?: string; code?: string };
  const kind = code ?? (name === 'Error' || name?.endsWith('ProviderError') ? undefined : name);
  const why = kind === undefined ? '' : ` (${kind})`;
  return new ExportError(
    'no-credentials',
    `${profile ? t('the AWS profile {0} gives no credentials', profile) : t('no AWS credentials were found')}${why}`,
    profile
      ? t('Check the profile in the shared AWS config and credentials files: aws configure list --profile {0}', profile)
      : t('Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login.'),
    { cause: failure },
  );
}

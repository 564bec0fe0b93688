import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import { createAdminClients } from './admin-clients';
import { type CredentialSource, cachedSource, callerSource } from './credentials';
import { ambientRegion, customEndpoint, hasProxy, hostOf, proxyFor, proxyVariable } from './endpoint';
import { createIamReader } from './iam';
import { createProvisioner } from './provisioner';
import { createBucketClient } from './s3-client';
import type { SdkOptions } from './sdk-caller';
import type { AwsSession, SessionOptions } from './session';
import { readProfile } from './shared-config';
import { createSts } from './sts';
import { Transport } from './transport';

/** What the sandbox says of itself in the `Server` header. */
const SANDBOX_SERVER = /^AstroLogExportSandbox\b/;

/**
 * Opens a session for one export: nothing is sent yet, and keys are looked for at the first request.
 * In `assume-role` the bucket is asked as the assumed role, which is assumed anew before its keys run out.
 * Throws an ExportError `bad-settings` for an endpoint that isn't one.
 */
export async function openSession(options: SessionOptions): Promise<AwsSession> {
  const { target } = options;
  const env = options.env ?? process.env;
  const profile = readProfile(env, options.profile);
  const endpoint = customEndpoint('s3', env, profile, options.endpoint);
  const stsEndpoint = customEndpoint('sts', env, profile, options.endpoint);
  const ambient = ambientRegion(env, profile);
  const proxied = options.usesProxies || !hasProxy(env) ? undefined : await import('./proxy-agents');
  const transport = new Transport(
    env.AWS_CA_BUNDLE || undefined,
    proxied && (parts => proxied.createProxyAgents({ ...parts, proxyFor: host => proxyFor(env, host) })),
  );
  const proxyOf = (address: string | undefined) => (proxied ? proxyVariable(env, hostOf(address)) : undefined);
  const proxy = proxyOf(endpoint);
  let isSandbox = false;

  const caller = callerSource(options, env, proxied && transport);
  const asCaller = (serviceEndpoint: string | undefined): SdkOptions => ({
    credentials: caller,
    region: target.region ?? ambient ?? fallbackRegion(target.roleArn),
    endpoint: serviceEndpoint,
    transport,
    context: { target, endpoint: shown(serviceEndpoint), proxy: proxyOf(serviceEndpoint) },
    onServer: server => {
      isSandbox = SANDBOX_SERVER.test(server ?? '');
    },
  });
  const sts = createSts(asCaller(stsEndpoint));

  const admin = createAdminClients({
    iam: asCaller(customEndpoint('iam', env, profile, options.endpoint)),
    s3: asCaller(endpoint),
  });

  const role = target.roleArn;
  const roleSource = cachedSource(async () => (await sts.assumeRole(role as string)).credentials);

  const bucketAs = (credentials: CredentialSource) =>
    createBucketClient({
      target,
      credentials,
      transport,
      endpoint,
      shownEndpoint: shown(endpoint),
      ambientRegion: ambient,
      proxy,
      onReply: reply => {
        isSandbox = SANDBOX_SERVER.test(String(reply.headers.server));
      },
    });

  return {
    target,
    ...(proxy !== undefined && { proxy }),
    endpoint: shown(endpoint),
    ambientRegion: ambient,
    get isSandbox() {
      return isSandbox;
    },
    bucket: bucketAs(target.accessMode === 'assume-role' ? roleSource : caller),
    callerBucket: bucketAs(caller),
    iam: createIamReader(admin),
    provisioner: createProvisioner(admin),
    async checkCredentials() {
      await caller.get();
    },
    callerIdentity: ({ signal } = {}) => sts.callerIdentity(signal),
    async assumeRole({ signal } = {}) {
      if (role === undefined) {
        throw new ExportError(
          'bad-settings',
          t('the export assumes no role'),
          t('Set ROLE_ARN, or verify the workload identity.'),
        );
      }
      const { identity, credentials } = await sts.assumeRole(role, signal);
      roleSource.set(credentials);
      return identity;
    },
    close: () => transport.close(),
  };
}

function fallbackRegion(roleArn: string | undefined): string {
  if (roleArn?.startsWith('arn:aws-cn:')) return 'cn-north-1';
  if (roleArn?.startsWith('arn:aws-us-gov:')) return 'us-gov-west-1';
  if (roleArn?.startsWith('arn:aws-eusc:')) return 'eusc-de-east-1';
  return 'us-east-1';
}

function shown(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const url = new URL(endpoint);
  return url.username || url.password ? `${url.protocol}//${url.host}${url.pathname}` : endpoint;
}

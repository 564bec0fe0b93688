import { t } from '@vscode/l10n';
import { ExportError } from '../core/export-error';
import type { ProfileConfig } from './shared-config';

type Variables = Readonly<Record<string, string | undefined>>;

export type AwsService = 's3' | 'sts' | 'iam';

/** DNS suffixes of the partitions other than `aws`. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const DNS_SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
];

function dnsSuffix(region: string): string {
  return DNS_SUFFIXES.find(([form]) => form.test(region))?.[1] ?? 'amazonaws.com';
}

/**
 * The endpoint to use instead of AWS's own: the session's, else the variables', else the profile's.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * Throws an ExportError `bad-settings` for one that isn't an http(s) address.
 */
export function customEndpoint(
  service: AwsService,
  env: Variables,
  profile: ProfileConfig,
  endpoint?: string,
): string | undefined {
  if (endpoint) return checked(endpoint, t('the endpoint'));
  const own = `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
  const ignore = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
  if (ignore ? /^true$/i.test(ignore) : profile.ignoreConfiguredEndpoints) return undefined;
  if (env[own]) return checked(env[own], own);
  if (env.AWS_ENDPOINT_URL) return checked(env.AWS_ENDPOINT_URL, 'AWS_ENDPOINT_URL');
  const configured = profile.serviceEndpoints[service] ?? profile.endpointUrl;
  return configured ? checked(configured, t("the profile's endpoint_url")) : undefined;
}

function checked(address: string, where: string): string {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {}
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return address;
  throw new ExportError(
    'bad-settings',
    t('{0} is not an address of the form https://host:port', where),
    t("Use AWS's own endpoints by removing it, or correct {0}.", where),
  );
}

/** Where requests about one bucket go. */
export interface BucketEndpoint {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: number | undefined;
  /** The `Host` header: with a port that isn't the protocol's own. */
  readonly host: string;
  /** What comes before `/key`: '' where the host names the bucket. */
  readonly basePath: string;
}

/**
 * Path-style for a custom endpoint and for a bucket with dots, whose name no TLS wildcard certificate covers; else virtual-hosted.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketEndpoint(bucket: string, region: string, custom: string | undefined): BucketEndpoint {
  if (custom === undefined && !bucket.includes('.')) {
    const hostname = `${bucket}.s3.${region}.${dnsSuffix(region)}`;
    return { isTls: true, hostname, port: undefined, host: hostname, basePath: '' };
  }
  const url = new URL(custom ?? `https://s3.${region}.${dnsSuffix(region)}`);
  return {
    isTls: url.protocol === 'https:',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    host: url.host,
    basePath: `${url.pathname.replace(/\/+$/, '')}/${bucket}`,
  };
}

/** The region that requests are signed for where the settings name none: the variables', else the profile's. */
export function ambientRegion(env: Variables, profile: ProfileConfig): string | undefined {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region;
}

/**
 * The variable that names a proxy for requests to the endpoint (AWS's own where it is undefined), unless `NO_PROXY`
 * excepts its host. https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 */
export function proxyVariable(env: Variables, endpoint: string | undefined): string | undefined {
  const { protocol, hostname } = new URL(endpoint ?? 'https://s3.amazonaws.com');
  const names =
    protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const isExcepted = (env.NO_PROXY ?? env.no_proxy ?? '')
    .split(',')
    .map(entry =>
      entry
        .trim()
        .replace(/^\*?\.?/, '')
        .replace(/:\d+$/, ''),
    )
    .some((suffix, i, all) => all[i] !== '' && (hostname === suffix || hostname.endsWith(`.${suffix}`)));
  const isEverything = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').some(entry => entry.trim() === '*');
  return isExcepted || isEverything ? undefined : names.find(name => env[name]);
}

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
    hostname: withoutBrackets(url.hostname),
    port: url.port === '' ? undefined : Number(url.port),
    host: url.host,
    basePath: `${url.pathname.replace(/\/+$/, '')}/${bucket}`,
  };
}

/** The region that requests are signed for where the settings name none: the variables', else the profile's. */
export function ambientRegion(env: Variables, profile: ProfileConfig): string | undefined {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region;
}

/** A host that is asked. */
export interface Host {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port?: number;
}

/** The host of an endpoint; AWS's own where it is undefined. */
export function hostOf(endpoint: string | undefined): Host {
  const { protocol, hostname, port } = new URL(endpoint ?? 'https://s3.amazonaws.com');
  return { isTls: protocol === 'https:', hostname: withoutBrackets(hostname), ...(port && { port: Number(port) }) };
}

/**
 * The variable that names a proxy for requests to a host, unless `NO_PROXY` excepts it.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
 */
export function proxyVariable(env: Variables, host: Host): string | undefined {
  const names = host.isTls ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const name = names.find(each => env[each]);
  return name === undefined || isExcepted(env.NO_PROXY || env.no_proxy || '', host) ? undefined : name;
}

/** Whether any proxy is named at all. */
export function hasProxy(env: Variables): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(name => env[name]);
}

/**
 * The address of the proxy for requests to a host; undefined: none.
 * Throws an ExportError `proxy` for one that isn't an http(s) address.
 */
export function proxyFor(env: Variables, host: Host): string | undefined {
  const name = proxyVariable(env, host);
  if (name === undefined) return undefined;
  const value = env[name] ?? '';
  // As curl and boto3 read it, a proxy without a protocol is an http one.
  const address = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new ExportError(
    'proxy',
    t('{0} is not the address of an http proxy', name),
    t('Set {0} to http://host:port, or name the host in NO_PROXY.', name),
  );
}

/** `.suffix` and `suffix` except a name and all below it, `host:port` one port alone, `*` everything. */
function isExcepted(list: string, { isTls, hostname, port = isTls ? 443 : 80 }: Host): boolean {
  return list.split(/[\s,]+/).some(entry => {
    if (entry === '*') return true;
    const onlyPort = /^(?:[^:]*|\[.*\]):(\d+)$/.exec(entry)?.[1];
    if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
    const name = onlyPort === undefined ? entry : entry.slice(0, -onlyPort.length - 1);
    const suffix = withoutBrackets(name.replace(/^\*?\.?/, '').toLowerCase());
    const host = hostname.toLowerCase();
    return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
  });
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

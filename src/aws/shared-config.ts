import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the shared AWS config says for one profile, as far as it decides where requests go. */
export interface ProfileConfig {
  readonly region?: string;
  readonly endpointUrl?: string;
  /** `endpoint_url` by service (`s3`, `sts`, `iam`) of the profile's `services` section. */
  readonly serviceEndpoints: Readonly<Record<string, string>>;
  readonly ignoreConfiguredEndpoints: boolean;
}

type Section = Map<string, string | Map<string, string>>;

/**
 * Parses the INI dialect of the shared files: sections, `key = value`, comments on lines of their own or after a blank,
 * and one level of indented sub-keys under a key without a value.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
function parseSharedConfig(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let parent: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const bare = line.replace(/(^|\s)[#;].*$/, '');
    if (bare.trim() === '') continue;
    const heading = /^\s*\[\s*(.+?)\s*\]\s*$/.exec(bare);
    if (heading) {
      const name = (heading[1] as string).replace(/\s+/g, ' ').replace(/^profile /, '');
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      parent = undefined;
      continue;
    }
    const pair = /^(\s*)([^=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(bare);
    if (!pair || !section) continue;
    const [, indent, key, value] = pair as unknown as [string, string, string, string];
    if (indent !== '' && parent) {
      parent.set(key, value);
    } else if (value === '') {
      parent = new Map();
      section.set(key, parent);
    } else {
      parent = undefined;
      section.set(key, value);
    }
  }
  return sections;
}

/** The names of the shared files, as `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` may move them. */
export function sharedFiles(env: Variables): { config: string; credentials: string } {
  const home = env.HOME || env.USERPROFILE || homedir();
  return {
    config: env.AWS_CONFIG_FILE || path.join(home, '.aws', 'config'),
    credentials: env.AWS_SHARED_CREDENTIALS_FILE || path.join(home, '.aws', 'credentials'),
  };
}

function readSections(file: string): ReadonlyMap<string, Section> {
  try {
    return parseSharedConfig(readFileSync(file, 'utf8'));
  } catch {
    return new Map();
  }
}

function textOf(section: Section | undefined, key: string): string | undefined {
  const value = section?.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** Reads one profile; files that are missing or unreadable say nothing. */
export function readProfile(env: Variables, profile?: string): ProfileConfig {
  const files = sharedFiles(env);
  const config = readSections(files.config);
  const name = profile || env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || 'default';
  const section = config.get(name);
  const credentials = readSections(files.credentials).get(name);
  const services = textOf(section, 'services');
  const serviceEndpoints: Record<string, string> = {};
  for (const [service, value] of (services && config.get(`services ${services}`)) || []) {
    const endpoint = typeof value === 'string' ? undefined : value.get('endpoint_url');
    if (endpoint) serviceEndpoints[service] = endpoint;
  }
  return {
    region: textOf(section, 'region') ?? textOf(credentials, 'region'),
    endpointUrl: textOf(section, 'endpoint_url') ?? textOf(credentials, 'endpoint_url'),
    serviceEndpoints,
    ignoreConfiguredEndpoints: /^true$/i.test(textOf(section, 'ignore_configured_endpoint_urls') ?? ''),
  };
}

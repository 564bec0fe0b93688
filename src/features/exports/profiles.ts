import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The names of the profiles in the shared AWS files, sorted; files that aren't there hold none.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export async function listProfiles(env: Variables): Promise<readonly string[]> {
  const { config, credentials } = await readSharedFiles(env);
  return [...new Set([...profileNames(config, 'config'), ...profileNames(credentials, 'credentials')])].sort();
}

/** `[profile x]` and `[default]` of a config file, `[x]` of a credentials file. */
export function profileNames(text: string, kind: 'config' | 'credentials'): readonly string[] {
  const sections = [...text.matchAll(/^[ \t]*\[([^\]\r\n]+)\]/gm)].map(match => (match[1] as string).trim());
  if (kind === 'credentials') return sections;
  return sections.flatMap(section => (section === 'default' ? section : (/^profile\s+(.+)$/.exec(section)?.[1] ?? [])));
}

/** What gives access in the shared AWS files. */
export async function profileSecrets(env: Variables): Promise<readonly string[]> {
  const { config, credentials } = await readSharedFiles(env);
  const form = /^[ \t]*aws_(?:secret_access_key|session_token|security_token)[ \t]*=[ \t]*(\S+)/gim;
  return [config, credentials].flatMap(text => [...text.matchAll(form)].flatMap(match => match[1] ?? []));
}

async function readSharedFiles(env: Variables): Promise<{ readonly config: string; readonly credentials: string }> {
  const home = path.join(homedir(), '.aws');
  const [config, credentials] = await Promise.all([
    readText(env.AWS_CONFIG_FILE || path.join(home, 'config')),
    readText(env.AWS_SHARED_CREDENTIALS_FILE || path.join(home, 'credentials')),
  ]);
  return { config, credentials };
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

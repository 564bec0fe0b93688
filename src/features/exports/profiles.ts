import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The names of the profiles in the shared AWS files, sorted; files that aren't there hold none.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export async function listProfiles(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const home = path.join(homedir(), '.aws');
  const [config, credentials] = await Promise.all([
    readText(env.AWS_CONFIG_FILE || path.join(home, 'config')),
    readText(env.AWS_SHARED_CREDENTIALS_FILE || path.join(home, 'credentials')),
  ]);
  return [...new Set([...profileNames(config, 'config'), ...profileNames(credentials, 'credentials')])].sort();
}

/** `[profile x]` and `[default]` of a config file, `[x]` of a credentials file. */
export function profileNames(text: string, kind: 'config' | 'credentials'): readonly string[] {
  const sections = [...text.matchAll(/^[ \t]*\[([^\]\r\n]+)\]/gm)].map(match => (match[1] as string).trim());
  if (kind === 'credentials') return sections;
  return sections.flatMap(section => (section === 'default' ? section : (/^profile\s+(.+)$/.exec(section)?.[1] ?? [])));
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

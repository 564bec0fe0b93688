import { readFile } from 'node:fs/promises';
import { envEntries, parseEnvDocument } from '../../core/env/env-document';
import { EXPORT_KEYS } from '../../core/export-settings';
import type { Export } from './export';
import { profileSecrets } from './profiles';

/**
 * Values that must not be shown to others, whatever they look like: those of every other variable of the exports' files,
 * of the variables here that give access, and of the shared AWS files.
 */
export async function knownSecrets(items: readonly Export[]): Promise<readonly string[]> {
  const ours = new Set<string>(Object.values(EXPORT_KEYS));
  const texts = await Promise.all(items.map(item => readFile(item.uri.fsPath, 'utf8').catch(() => '')));
  const others = texts.flatMap(text =>
    envEntries(parseEnvDocument(text)).flatMap(entry => (ours.has(entry.key) ? [] : entry.value)),
  );
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value && /SECRET|TOKEN|PASSWORD|ACCESS_KEY/i.test(name) ? value : [],
  );
  const values = [...others, ...own, ...(await profileSecrets(process.env))].filter(value => value !== undefined);
  return [...values, ...values.flatMap(passwordsIn)];
}

/** The password in an address, which may stand alone elsewhere. */
function passwordsIn(value: string): string[] {
  return [...value.matchAll(/\/\/[^\s/:@]*:([^\s/@]+)@/g)].flatMap(match => match[1] ?? []);
}

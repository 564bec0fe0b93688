import type { ExportFacts } from '../export-facts';
import { EXPORT_KEYS, type ExportSettings, type ExportTarget } from '../export-settings';
import type { TextRange } from '../text/text-range';
import { lastEntry, parseEnvDocument } from './env-document';
import { readSettings, resolveTarget } from './settings';

/** The export that an env file states; undefined for a file with none of our keys. */
export function envExport(file: string, text: string): ExportFacts | undefined {
  const document = parseEnvDocument(text);
  const settings = readSettings(document);
  const names = Object.keys(settings) as (keyof ExportSettings)[];
  if (names.length === 0) return undefined;
  const places: Partial<Record<keyof ExportSettings, TextRange>> = {};
  for (const name of names) {
    const entry = lastEntry(document, EXPORT_KEYS[name]);
    if (entry) places[name] = entry.valueRange;
  }
  const target = targetOf(settings);
  return { file, settings, places, ...(target ? { target } : {}) };
}

/** The target that settings name; undefined where they name none, which is a finding of its own. */
export function targetOf(settings: ExportSettings): ExportTarget | undefined {
  try {
    return resolveTarget(settings);
  } catch {
    return undefined;
  }
}

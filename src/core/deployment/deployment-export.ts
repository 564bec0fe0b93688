import { targetOf } from '../env/env-export';
import type { ExportFacts } from '../export-facts';
import { EXPORT_KEYS, type ExportSettings } from '../export-settings';
import type { TextRange } from '../text/text-range';
import { parseDeploymentFile } from './deployment-file';
import { sentText } from './deployment-variables';

/** The export that a deployment file states; undefined for a file with none of our keys. */
export function deploymentExport(path: string, text: string): ExportFacts | undefined {
  const file = parseDeploymentFile(text);
  const settings: Partial<Record<keyof ExportSettings, string>> = {};
  const places: Partial<Record<keyof ExportSettings, TextRange>> = {};
  const names = Object.keys(EXPORT_KEYS) as (keyof ExportSettings)[];
  for (const { key, value } of file.variables) {
    const name = names.find(each => EXPORT_KEYS[each] === key.sent);
    // A secret that the file doesn't tell is set all the same, to a value that isn't known here.
    if (name === undefined || value?.sent === undefined) continue;
    settings[name] = sentText(value);
    places[name] = value.literalRange ?? value.range;
  }
  if (Object.keys(settings).length === 0) return undefined;
  const target = targetOf(settings);
  return {
    file: path,
    ...(file.name === undefined ? {} : { deployment: file.name }),
    settings,
    places,
    ...(target ? { target } : {}),
  };
}

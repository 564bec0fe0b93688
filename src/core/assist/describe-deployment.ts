import { EXPORT_KEYS } from '../export-settings';
import { type Description, describeKey } from './describe-key';

/** What a variable of the export does whose name stands at an offset of a deployment file. */
export function describeDeploymentKey(text: string, offset: number): Description | undefined {
  for (const key of Object.values(EXPORT_KEYS)) {
    const start = text.lastIndexOf(key, offset);
    const end = start + key.length;
    if (start < 0 || offset > end || /\w/.test(text.slice(Math.max(start - 1, 0), start) + text.slice(end, end + 1)))
      continue;
    return { range: { start, end }, markdown: describeKey(key) };
  }
  return undefined;
}

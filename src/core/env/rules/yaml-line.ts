import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import { canBePutRight, type ExportLines } from '../export-lines';

/** `KEY: value`, which is right in a deployment's YAML file and in no `.env`. */
export function findYamlLines(all: ExportLines): Finding[] {
  return all.lines.flatMap(line => {
    if (line.entry?.separator !== ':') return [];
    const range = line.entry.separatorRange;
    const message = t(
      'A colon instead of =: docker refuses the whole file, and astro deployment variable --load does not set the variable.',
    );
    const fix = { title: t('Write = instead of the colon'), edits: [{ range, newText: '=' }] };
    return makeFinding('yaml-style-line', range, message, canBePutRight(all, line) ? { fix } : {});
  });
}

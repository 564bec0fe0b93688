import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import type { FileReadings } from './file-readings';

/** `# secret`, `# secret, use --include-secrets` and other comments; not a colour or the name of a channel. */
const PLACEHOLDER = /^#(?:$|\s|secret\b)/i;

/**
 * Variables, of any name, that `--load` would set to the text of a comment: where `astro deployment variable list
 * --save` and `astro env variable export` leave a secret out, they write such a line.
 */
export function findPlaceholders(file: FileReadings): Finding[] {
  const load = file.commands.find(({ reader }) => reader.name === 'load');
  return (load?.reading.assignments ?? []).flatMap(({ value, start, end }) => {
    if (!value?.startsWith('#') || !PLACEHOLDER.test(value)) return [];
    const line = file.lineAt(start);
    const hash = file.document.text.indexOf('#', line.entry?.restRange.start ?? start);
    const message = t(
      '{0} sets the variable to this text, and overwrites the secret that it holds. Take the line out, and the variable stays as it is.',
      load?.reader.label ?? '',
    );
    const removal = {
      title: t('Remove this line'),
      edits: [{ range: { start: line.start, end: line.next }, newText: '' }],
    };
    return makeFinding('secret-placeholder', { start: hash, end: Math.min(end, file.lineAt(hash).end) }, message, {
      alternatives: file.isAlone(line) ? [removal] : [],
    });
  });
}

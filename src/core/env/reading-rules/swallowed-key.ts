import { t } from '@vscode/l10n';
import type { Finding } from '../../finding';
import { makeFinding } from '../../make-finding';
import { showValue } from '../../text/show-value';
import type { FileReadings } from './file-readings';
import { namesOf } from './words';

/** Lines of the export that stand within another variable's quotes, so that some commands don't set them. */
export function findSwallowedKeys(file: FileReadings): Finding[] {
  return file.keyLines.flatMap(keyLine => {
    const outcomes = file.commands.map(command => ({ command, outcome: file.outcome(command, keyLine) }));
    const lost = outcomes.filter(({ outcome }) => outcome.kind === 'inside').map(({ command }) => command);
    const isSet = keyLine.exportLine?.isSet || outcomes.some(({ outcome }) => outcome.kind === 'value');
    const [around] = file.around(keyLine.line);
    if (lost.length === 0 || !isSet || !around) return [];
    const opener = file.lineAt(around.start);
    const message = t(
      'This line stands within the quotes of {0} and becomes a part of its value, so that the variable is not set by {1}.',
      showValue(around.key),
      namesOf(lost),
    );
    const related = [{ range: opener.entry?.keyRange ?? opener, message: t('The quotes open here.') }];
    return makeFinding('swallowed-key', keyLine.nameRange, message, { related });
  });
}

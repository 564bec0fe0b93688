import { t } from '@vscode/l10n';
import { parseAirflowBoolean } from '../../env/settings';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding, Fix } from '../../finding';
import { makeFinding } from '../../make-finding';
import { showValue } from '../../text/show-value';
import type { TextRange } from '../../text/text-range';
import type { DeploymentScalar } from '../deployment-file';
import type { DeploymentExportVariable, DeploymentExportVariables } from '../deployment-variables';
import { quote } from '../virtual-text';

/** A comment behind a value, in its line. */
const COMMENT = /^[ \t]+(#[^\r\n]*)/;

/** `secret-placeholder`: what `astro deployment variable list --save` writes in place of a secret. */
export function findPlaceholders(text: string, { variables }: DeploymentExportVariables): Finding[] {
  return variables.flatMap(each => {
    const range = placeholderOf(text, each);
    if (!range) return [];
    const message = t(
      'This is the placeholder of a secret, not its value: an update with this file overwrites the real one.',
    );
    return makeFinding('secret-placeholder', range, message);
  });
}

/** Where a variable has a placeholder for its value; undefined where it has none. */
export function placeholderOf(
  text: string,
  { key, variable: { value, isSecret } }: DeploymentExportVariable,
): TextRange | undefined {
  if (key === undefined || !value || isSecret) return undefined;
  if (value.sent !== undefined) return value.sent.startsWith('#') ? value.range : undefined;
  // `value: # secret`, which is no value at all
  const comment = /^[ \t]*:?[ \t]*(#[ \t]*secret\b[^\r\n]*)/i.exec(text.slice(value.range.end, value.range.end + 200));
  if (!comment) return undefined;
  const end = value.range.end + comment[0].length;
  return { start: end - (comment[1] as string).length, end };
}

/** `loader-divergence`: a value that is sent otherwise than it is written. */
export function findMisreadValues(text: string, { variables }: DeploymentExportVariables): Finding[] {
  return variables.flatMap(variable => {
    const { value } = variable.variable;
    if (variable.key === undefined || !value) return [];
    return judgeReading(variable, value) ?? judgeComment(text, value) ?? [];
  });
}

function judgeReading({ key }: DeploymentExportVariable, value: DeploymentScalar): Finding | undefined {
  const { sent, written, kind, range } = value;
  if (sent === undefined) return undefined;
  if (sent.endsWith('\n')) {
    const message = t('The line end behind the value is sent as a part of it. A quoted value has none.');
    return makeFinding('loader-divergence', range, message, fixTo(value, sent.replace(/\n+$/, '')));
  }
  // `yes` and `True` become true, which is what was meant.
  if (sent === written || (kind === 'boolean' && key === EXPORT_KEYS.enabled)) return undefined;
  const message =
    kind === 'boolean'
      ? t(
          'YAML takes this for a boolean, so the Astro CLI sends {0}, not {1}. Put it in quotes.',
          sent,
          showValue(written),
        )
      : t(
          'YAML takes this for a number, so the Astro CLI sends {0}, not {1}. Put it in quotes.',
          sent,
          showValue(written),
        );
  const enabled = key === EXPORT_KEYS.enabled ? parseAirflowBoolean(sent) : undefined;
  return makeFinding('loader-divergence', range, message, fixTo(value, enabled === undefined ? written : `${enabled}`));
}

/** `a #b`: what follows is a comment, whether it was meant as one or not. A blank behind the `#` speaks for it. */
function judgeComment(text: string, value: DeploymentScalar): Finding | undefined {
  const { quoting, range, literalRange, written } = value;
  if (quoting !== 'plain' || !literalRange || value.sent === undefined) return undefined;
  const comment = COMMENT.exec(text.slice(range.end, range.end + 500));
  if (!comment) return undefined;
  const [whole, hash = ''] = comment;
  const message = t(
    'The Astro CLI sends {0}: what follows the # is a comment. Put the value in quotes where it belongs to it.',
    showValue(written),
  );
  const rest = whole.trimEnd();
  const place = { start: range.end + whole.length - hash.length, end: range.end + rest.length };
  const all = { start: range.start, end: range.end + rest.length };
  const title = t('Put it all in quotes');
  return makeFinding('loader-divergence', place, message, {
    severity: /^#(?:\s|$)/.test(hash) ? 'info' : 'warning',
    alternatives: [{ title, edits: [{ range: all, newText: quote(written + rest) }] }],
  });
}

function fixTo({ range, canReplace }: DeploymentScalar, text: string): { fix?: Fix } {
  if (!canReplace) return {};
  return { fix: { title: t('Write {0}', showValue(quote(text))), edits: [{ range, newText: quote(text) }] } };
}

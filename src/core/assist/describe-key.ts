import { t } from '@vscode/l10n';
import { knownRegion } from '../aws-names';
import { parseEnvDocument } from '../env/env-document';
import { findExportLines } from '../env/export-lines';
import { hasReference } from '../env/judged-value';
import { KEY_FACTS } from '../env/keys';
import { READERS, type ReaderName } from '../env/readers/readers';
import { EXPORT_KEYS, type ExportKey } from '../export-settings';
import type { TextRange } from '../text/text-range';
import { codeSpan } from './markdown';

/** Markdown about something in a file, and the place that it is about. */
export interface Description {
  readonly range: TextRange;
  readonly markdown: string;
}

/** What one of the export's variables does, which values it takes, and the documentation's example. Markdown. */
export function describeKey(key: ExportKey): string {
  const { purpose, allowed, example, docs } = KEY_FACTS[key];
  return [
    `**${key}**`,
    purpose(),
    t('Values: {0}', allowed()),
    t('Example: {0} ([documentation]({1}))', codeSpan(`${key}=${example}`), docs),
  ].join('\n\n');
}

/**
 * What can be told of the variable at an offset of an env file: what it does, and what each Astro command reads from
 * this file, found out by reading it as they do. Undefined where no line of the export is.
 */
export function describeEnvLine(text: string, offset: number): Description | undefined {
  const lines = findExportLines(parseEnvDocument(text));
  const line = lines.lines.find(each => offset >= each.line.start && offset <= each.line.end);
  if (!line?.key) return undefined;
  const key = describeKey(line.key);
  const isInValue = line.entry !== undefined && offset > line.line.separator;
  const range = isInValue && line.entry ? line.entry.rawValueRange : line.nameRange;
  if (offset < range.start || offset > range.end) return undefined;
  if (!line.isSet && !lines.set.has(line.key)) return { range, markdown: key };
  const value = line.value?.text ?? '';
  const region = line.key === EXPORT_KEYS.region ? knownRegion(value) : undefined;
  const parts = [
    key,
    ...(region ? [`${codeSpan(region.id)}: ${region.name}`] : []),
    describeReadings(text, line.key),
    ...(hasReference(value) ? [t('Names behind a $ are taken as not set in your shell.')] : []),
  ];
  return { range, markdown: parts.join('\n\n') };
}

/** How each command that reads env files reads a variable from this one. */
function describeReadings(text: string, key: ExportKey): string {
  const bytes = new TextEncoder().encode(text);
  const outcomes = new Map<string, ReaderName[]>();
  for (const { name, read } of READERS) {
    const reading = read(bytes, {});
    const value = reading.variables[key];
    const outcome = reading.rejected
      ? t('refuses the whole file')
      : value === undefined
        ? t('does not see this variable')
        : value === ''
          ? t('reads an empty value')
          : t('reads {0}', codeSpan(value));
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), name]);
  }
  const [[only] = []] = outcomes;
  if (outcomes.size === 1 && only !== undefined) return t('Every Astro command {0}.', only);
  const rows = [...outcomes].map(([outcome, names]) => `- ${commandsOf(names)}: ${outcome}`);
  return [t('The Astro commands disagree about this file:'), '', ...rows].join('\n');
}

/** The commands behind readers, as code; docker and podman in one where they agree. */
function commandsOf(names: readonly ReaderName[]): string {
  const hasDocker = names.includes('docker');
  return READERS.flatMap(({ name, command }) => {
    if (!names.includes(name)) return [];
    if (name === 'podman') return hasDocker ? [] : [t('{0} with podman', commandOf('docker'))];
    const isDockerAlone = name === 'docker' && !names.includes('podman');
    return isDockerAlone ? [t('{0} with docker', commandOf('docker'))] : [commandOf(name, command)];
  }).join(', ');
}

function commandOf(name: ReaderName, command = READERS.find(each => each.name === name)?.command ?? name): string {
  return command
    .split(', ')
    .map(each => codeSpan(each))
    .join(', ');
}

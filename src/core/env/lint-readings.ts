import { KEY_PREFIX } from '../export-settings';
import type { Finding } from '../finding';
import { compareFindings } from '../make-finding';
import { parseEnvDocument } from './env-document';
import { findExportLines } from './export-lines';
import { READERS } from './readers/readers';
import { findDuplicates } from './reading-rules/duplicate-key';
import { CommandReading, FileReadings, type ReadingRule } from './reading-rules/file-readings';
import { findRefusals } from './reading-rules/file-rejected';
import { findLinesTooLong } from './reading-rules/line-too-long';
import { findDivergences } from './reading-rules/loader-divergence';
import { findPlaceholders } from './reading-rules/secret-placeholder';
import { findSwallowedKeys } from './reading-rules/swallowed-key';

/** The rules that follow from what the commands read, and from nothing else. */
const READING_RULES: readonly ReadingRule[] = [
  findDivergences,
  findRefusals,
  findSwallowedKeys,
  findDuplicates,
  findLinesTooLong,
  findPlaceholders,
];

/**
 * The findings that come from running the readers on a file, in the order of their places. None for a file that has
 * nothing to do with the export, on which no reader is run. A shell's variables are not known here: what hangs on them
 * is not told.
 */
export function lintReadings(text: string): Finding[] {
  const steps = lintReadingsInSteps(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As {@link lintReadings}, with a pause after each reader, at which an editor may give up. */
export function* lintReadingsInSteps(text: string): Generator<undefined, Finding[], void> {
  const lines = findExportLines(parseEnvDocument(text));
  if (lines.lines.length === 0 && !text.includes(KEY_PREFIX)) return [];
  const bytes = new TextEncoder().encode(text);
  const commands: CommandReading[] = [];
  for (const reader of READERS) {
    commands.push(new CommandReading(reader, reader.read(bytes, {})));
    yield;
  }
  const file = new FileReadings(lines, commands);
  if (lines.lines.length === 0 && file.keyLines.length === 0) return [];
  return READING_RULES.flatMap(rule => rule(file)).sort(compareFindings);
}

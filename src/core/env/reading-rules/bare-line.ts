import { t } from '@vscode/l10n';
import type { Fix } from '../../finding';
import { showValue } from '../../text/show-value';
import { smallestEdit } from '../../text/smallest-edit';
import type { TextEdit } from '../../text/text-range';
import type { EnvDocument, EnvLine } from '../env-document';
import { canBePutRight } from '../export-lines';
import { rewriteLine } from '../merge';
import { type FileReadings, isExportKey, type KeyLine } from './file-readings';

/** Values that every command reads as they stand: ASCII without blanks, quotes, `#`, `$` and backslashes. */
const PLAIN = /^[!%&(-[\]-~]+$/;

/**
 * Writes a line as bare `KEY=value`, the one form that every command reads alike. Undefined where that is not safe:
 * the value isn't plain, the line is a part of another value or runs on into the next, or the key is set elsewhere, so
 * that another line would count.
 */
export function bareFix(file: FileReadings, keyLine: KeyLine): Fix | undefined {
  const { document } = file;
  const { line, key, exportLine } = keyLine;
  const entry = exportLine?.entry;
  if (!entry || entry.key !== key || !PLAIN.test(entry.value) || isInCrRun(document, line)) return undefined;
  const assignment = `${key}=${entry.value}`;
  if (!file.isAlone(line) || !keepsOthers(file, keyLine)) return undefined;
  const bom = document.hasBom && line.number === 0 ? [{ range: { start: 0, end: 1 }, newText: '' }] : [];
  const written = document.text.slice(line.start, line.end);
  const edits = entry.commentRange
    ? rewriteLine(document, line, assignment, file.lineEnd)
    : [smallestEdit(written, assignment)].map(({ range, newText }) => ({
        range: { start: line.start + range.start, end: line.start + range.end },
        newText,
      }));
  const all = [...bom, ...edits.filter(edit => edit.range.end > edit.range.start || edit.newText !== '')];
  return all.length === 0 ? undefined : { title: t('Write {0}', showValue(assignment)), edits: all };
}

/** Whether no other line of the key changes its meaning: the name stays as it is, or is on no other line. */
function keepsOthers({ document, lines, keyLines }: FileReadings, { line, key, exportLine }: KeyLine): boolean {
  if (document.text.startsWith(`${key}=`, line.start)) return true;
  const isOnly = keyLines.every(each => each.key !== key || each.line === line);
  return isOnly && exportLine !== undefined && (exportLine.isSet || canBePutRight(lines, exportLine));
}

/**
 * Ends lines with a line feed that end with a CR alone: all those that most commands take for one line. Safe where they
 * are the export's own, in their bare form, and comments; else a person has to decide, since variables come into being.
 */
export function lineFeedFix(
  file: FileReadings,
  line: EnvLine,
): { readonly fix?: Fix; readonly alternatives?: readonly Fix[] } | undefined {
  const { document } = file;
  const { lines } = document;
  if (!isInCrRun(document, line) || file.around(line).length > 0) return undefined;
  let first = line.number;
  while (first > 0 && hasLoneCr(document, lines[first - 1] as EnvLine)) first--;
  const edits: TextEdit[] = [];
  let isOurs = first > 0 || !document.hasBom;
  for (let at = first; at < lines.length; at++) {
    const each = lines[at] as EnvLine;
    isOurs &&= each.kind === 'comment' || each.kind === 'blank' || isBare(file, each);
    if (!hasLoneCr(document, each)) break;
    edits.push({ range: { start: each.end, end: each.next }, newText: file.lineEnd });
  }
  const fix = { title: t('End the lines with a line feed'), edits };
  return isOurs ? { fix } : { alternatives: [fix] };
}

function isBare({ document, lines }: FileReadings, { entry, start, end }: EnvLine): boolean {
  if (!entry || !PLAIN.test(entry.value)) return false;
  const isOnly = lines.lines.filter(each => each.entry?.key === entry.key).length === 1;
  return isOnly && isExportKey(entry.key) && document.text.slice(start, end) === `${entry.key}=${entry.value}`;
}

/** Whether a line ends in a CR alone, which ends no line for most commands, but for the last of the file. */
export function hasLoneCr({ text }: EnvDocument, { end, next }: EnvLine): boolean {
  return text[end] === '\r' && next === end + 1 && next < text.length;
}

/** Whether most commands take the line together with the one before or behind it. */
function isInCrRun(document: EnvDocument, line: EnvLine): boolean {
  const before = document.lines[line.number - 1];
  return hasLoneCr(document, line) || (before !== undefined && hasLoneCr(document, before));
}

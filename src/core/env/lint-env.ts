import type { Finding } from '../finding';
import { compareFindings } from '../make-finding';
import { parseEnvDocument } from './env-document';
import type { EnvLintOptions, EnvRule } from './env-rule';
import { findExportLines } from './export-lines';
import { findCopiedLineNumbers } from './rules/copied-line-number';
import { findEmptyValues } from './rules/empty-value';
import { findBadBooleans } from './rules/enabled';
import { findByteOrderMark, findLookAlikeCharacters } from './rules/look-alike-characters';
import { findMissingKeys } from './rules/missing-key';
import { findNeighbours } from './rules/neighbours';
import { findPartitionMismatch } from './rules/partition-mismatch';
import { findBadRegions } from './rules/region';
import { findBadRoleArns } from './rules/role-arn';
import { findBadFolders } from './rules/s3-folder';
import { findUnknownKeys } from './rules/unknown-key';
import { findYamlLines } from './rules/yaml-line';

/** The rules that need nothing but the text; cheap enough for every keystroke. */
const SYNTACTIC_RULES: readonly EnvRule[] = [
  findMissingKeys,
  findUnknownKeys,
  findCopiedLineNumbers,
  findYamlLines,
  findEmptyValues,
  findByteOrderMark,
  findLookAlikeCharacters,
  findBadBooleans,
  findBadFolders,
  findBadRegions,
  findBadRoleArns,
  findPartitionMismatch,
  findNeighbours,
];

/**
 * The findings of one env file, in the order of their places. A file that holds none of the export's variables and
 * no near miss of one has none, whatever else stands in it.
 */
export function lintEnv(text: string, options: EnvLintOptions = {}): Finding[] {
  const lines = findExportLines(parseEnvDocument(text));
  if (lines.lines.length === 0) return [];
  return SYNTACTIC_RULES.flatMap(rule => rule(lines, options)).sort(compareFindings);
}

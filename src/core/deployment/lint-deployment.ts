import { t } from '@vscode/l10n';
import { assignKeys } from '../env/export-variables';
import { findEmptyValues } from '../env/rules/empty-value';
import { findBadBooleans } from '../env/rules/enabled';
import { findLookAlikeCharacters } from '../env/rules/look-alike-characters';
import { findMissingKeys } from '../env/rules/missing-key';
import { judgeNeighbour } from '../env/rules/neighbours';
import { findPartitionMismatch } from '../env/rules/partition-mismatch';
import { findBadRegions } from '../env/rules/region';
import { findBadRoleArns } from '../env/rules/role-arn';
import { findBadFolders } from '../env/rules/s3-folder';
import { findUnknownKeys } from '../env/rules/unknown-key';
import { KEY_PREFIX } from '../export-settings';
import type { Finding } from '../finding';
import { compareFindings, makeFinding } from '../make-finding';
import { type DeploymentFile, parseDeploymentFile } from './deployment-file';
import { type DeploymentExportVariables, findDeploymentVariables } from './deployment-variables';
import { findDuplicateEntries, findProblems } from './rules/structure';
import { findMisreadValues, findPlaceholders, placeholderOf } from './rules/values';

/**
 * The findings of a deployment file: those of env files wherever they mean something, and what is YAML's own. A file
 * that has none of the export's variables and no near miss of one has none.
 */
export function lintDeployment(text: string): Finding[] {
  const file = parseDeploymentFile(text);
  const all = findDeploymentVariables(text, file);
  // Where the YAML is broken, what is behind the fault can't be seen as variables.
  if (all.variables.length === 0 && (file.problems.length === 0 || !text.includes(KEY_PREFIX))) return [];
  return [
    ...findProblems(text, file, all),
    ...findDuplicateEntries(all),
    ...findPlaceholders(text, all),
    ...findMisreadValues(text, all),
    ...judgeVariables(file, withoutPlaceholders(text, all)),
    ...judgeNeighbours(file, all),
  ].sort(compareFindings);
}

/** A placeholder is no value, so it isn't judged as one. */
function withoutPlaceholders(text: string, all: DeploymentExportVariables): DeploymentExportVariables {
  const variables = all.variables.map(each =>
    placeholderOf(text, each) ? { ...each, value: undefined, emptyRange: undefined } : each,
  );
  return { ...all, variables, ...assignKeys(variables) };
}

/** The rules that env files have too. */
function judgeVariables(file: DeploymentFile, all: DeploymentExportVariables): Finding[] {
  const isBroken = file.problems.some(({ kind }) => kind === 'syntax');
  const options = file.workloadIdentity === undefined ? {} : { deploymentIdentity: file.workloadIdentity };
  const findings = [
    // Behind a fault of the YAML may be what seems to be missing.
    ...(isBroken ? [] : findMissingKeys(all).map(withDeletion)),
    ...findUnknownKeys(all),
    ...findCopiedNumbers(all),
    ...findEmptyValues(all).map(withRefusal),
    ...findLookAlikeCharacters(all),
    ...findBadBooleans(all),
    ...findBadFolders(all),
    ...findBadRegions(all),
    ...findBadRoleArns(all),
    ...findPartitionMismatch(all, options),
  ];
  return findings.map(finding => all.virtual.toFile(finding));
}

function withDeletion(finding: Finding): Finding {
  const deletion = t('An update with this file deletes every variable of the Deployment that the file leaves out.');
  return { ...finding, message: `${finding.message} ${deletion}` };
}

function withRefusal(finding: Finding): Finding {
  const refusal = t('astro deployment create may refuse a variable without a value.');
  return { ...finding, message: `${finding.message} ${refusal}` };
}

function findCopiedNumbers({ variables }: DeploymentExportVariables): Finding[] {
  return variables.flatMap(({ numberRange }) => {
    if (!numberRange) return [];
    const message = t('The line number became part of the name, so Airflow does not find the variable.');
    const fix = { title: t('Remove the line number'), edits: [{ range: numberRange, newText: '' }] };
    return makeFinding('copied-line-number', numberRange, message, { fix });
  });
}

/** What the Deployment's other variables do to the export. */
function judgeNeighbours(file: DeploymentFile, all: DeploymentExportVariables): Finding[] {
  const ours = new Set(all.variables.map(({ variable }) => variable.key));
  return file.variables.flatMap(variable => {
    const { key, value, isSecret } = variable;
    if (ours.has(key) || key.sent === undefined) return [];
    const isEmpty = !isSecret && (value?.sent ?? '') === '';
    return judgeNeighbour(key.sent, key.literalRange ?? key.range, isEmpty);
  });
}

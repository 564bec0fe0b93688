import type { Finding } from '../../finding';
import type { SourceFile } from '../../lint/source-file';
import type { SourceFiles } from '../../lint/source-files';
import { compareFindings } from '../../make-finding';
import { findBucketPolicyFaults } from './bucket-policy-findings';
import { findBadElements, findBadVersion, findUnknownActions } from './form-findings';
import { type JudgedPolicy, judgedPolicy } from './judged-policy';
import { findOverbroad } from './overbroad';
import { findDenialFaults, findPermissionFaults } from './permission-findings';
import { documentOf } from './policy-document';
import { type PolicyReading, readPolicy } from './policy-reading';
import { type Relevance, relevanceOf, targetOfExport, targetOfPolicy } from './relevance';
import {
  findDuplicateKeys,
  hasDuplicateElements,
  findLookAlikeTexts,
  findOversize,
  findSyntaxFaults,
  isBeyondReading,
} from './syntax-findings';
import { findTrustDisagreements } from './trust-accounts';
import { findTrustFaults } from './trust-findings';
import { trustRelevanceOf } from './trust-relevance';

/**
 * The findings of one policy file among the others, in the order of their places. JSON that is no policy has none. What
 * the export needs is asked only of a policy that is about it; any other is only held to what IAM takes at all.
 */
export function lintPolicy(file: SourceFile, files: SourceFiles): Finding[] {
  const reading = readPolicy(file);
  if (!reading) return [];
  if (isBeyondReading(reading)) return findOversize(reading);
  const findings = [
    ...findSyntaxFaults(reading),
    ...findDuplicateKeys(reading),
    ...findOversize(reading),
    ...findUnknownActions(reading),
    ...findAboutExport(reading, files),
  ];
  return findings.sort(compareFindings);
}

function findAboutExport(reading: PolicyReading, files: SourceFiles): Finding[] {
  if (!reading.source.root) return [];
  const isAbout = isAboutExport(reading, files);
  const ofForm = [...findBadVersion(reading, isAbout), ...(isAbout ? findLookAlikeTexts(reading) : [])];
  if (!isAbout) return ofForm;
  const badElements = findBadElements(reading);
  // What a policy allows is asked once its elements are such as IAM knows, and each is there once.
  const isPlain = badElements.length === 0 && !hasDuplicateElements(reading);
  return [...ofForm, ...badElements, ...(isPlain ? judgeMeaning(reading, files) : [])];
}

function isAboutExport(reading: PolicyReading, files: SourceFiles): boolean {
  if (reading.kind === 'other') return false;
  return (reading.kind === 'trust' ? trustRelevanceOf(reading, files) : relevanceOf(reading, files)) !== undefined;
}

function judgeMeaning(reading: PolicyReading, files: SourceFiles): readonly Finding[] {
  if (reading.kind !== 'trust') return judgeForExports(reading, files)?.findings ?? [];
  const exports = trustRelevanceOf(reading, files)?.exports ?? [];
  const roles = new Set(exports.flatMap(({ settings }) => settings.roleArn ?? []));
  const [roleArn] = roles.size === 1 ? roles : [];
  const trust = { reading, document: documentOf(reading), ...(roleArn === undefined ? {} : { roleArn }) };
  return [...findTrustFaults(trust), ...findTrustDisagreements(reading, exports)];
}

/** A policy as judged for the export that it fits best, and what is wrong with it then. */
export interface PolicyJudgement {
  readonly policy: JudgedPolicy;
  readonly relevance: Relevance;
  readonly findings: readonly Finding[];
}

/**
 * Judges a permission or bucket policy for each export that it may be for, and keeps the one that it fits best: near
 * several exports it need fit only one of them. Undefined for one that is about none.
 */
export function judgeForExports(reading: PolicyReading, files: SourceFiles): PolicyJudgement | undefined {
  const relevance = relevanceOf(reading, files);
  if (!relevance || !reading.source.root) return undefined;
  const isSingle = new Set(relevance.exports.map(({ target }) => target.bucket)).size === 1;
  const policies = relevance.exports.map(each =>
    judgedPolicy(reading, targetOfExport(each, reading), each, relevance.isCertain && isSingle),
  );
  const own = relevance.exports.length === 0 ? targetOfPolicy(reading) : undefined;
  if (own) policies.push(judgedPolicy(reading, own, undefined, false));
  let best: PolicyJudgement | undefined;
  for (const policy of policies) {
    const findings = judgeOne(policy);
    if (!best || countErrors(findings) < countErrors(best.findings)) best = { policy, relevance, findings };
    if (findings.length === 0) break;
  }
  return best;
}

function judgeOne(policy: JudgedPolicy): Finding[] {
  if (policy.reading.kind === 'bucket') return findBucketPolicyFaults(policy);
  if (onlyDenies(policy.reading)) return findDenialFaults(policy);
  return [...findPermissionFaults(policy), ...findOverbroad(policy)];
}

/** A guardrail that is attached beside the export's policy: another one has to allow. */
function onlyDenies({ statements, isNamedAsOurs, hasOurSid }: PolicyReading): boolean {
  const isOurs = isNamedAsOurs || hasOurSid;
  return !isOurs && statements.length > 0 && statements.every(({ effect }) => effect === 'Deny');
}

function countErrors(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

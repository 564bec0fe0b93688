import { t } from '@vscode/l10n';
import { parseRoleArn } from '../aws-names';
import { parseS3Uri } from '../env/s3-uri';
import type { ExportFacts } from '../export-facts';
import type { Finding, RelatedPlace } from '../finding';
import type { FindingCode } from '../finding-table';
import { judgeForExports } from '../iam/lint/lint-policy';
import { type PolicyReading, readPolicy } from '../iam/lint/policy-reading';
import { findAccountMismatches } from '../iam/lint/trust-accounts';
import { trustRelevanceOf } from '../iam/lint/trust-relevance';
import { makeFinding } from '../make-finding';
import type { TextRange } from '../text/text-range';
import { kindOf } from './file-kind';
import type { SourceFile } from './source-file';
import type { SourceFiles } from './source-files';

/**
 * Where an env file or deployment file says something else than the policies beside it, or than another file about the
 * same export. The other end is named, and has a finding of its own.
 */
export function findPolicyDisagreements(file: SourceFile, files: SourceFiles): Finding[] {
  const exports = files.exports.filter(each => each.file === file.path);
  if (exports.length === 0) return [];
  const policies = files.all.flatMap(each => (kindOf(each) === 'policy' ? (readPolicy(each) ?? []) : []));
  return exports.flatMap(facts => [
    ...disagreeing(file, facts, policies, files),
    ...otherAccounts(file, facts, policies, files),
    ...otherRoles(facts, files),
  ]);
}

/** Policies that are this export's, and name another bucket or another role. */
function disagreeing(
  { text }: SourceFile,
  facts: ExportFacts,
  policies: readonly PolicyReading[],
  files: SourceFiles,
): Finding[] {
  const buckets: RelatedPlace[] = [];
  const roles: RelatedPlace[] = [];
  for (const reading of policies) {
    const judgement = judgeForExports(reading, files);
    if (!judgement?.relevance.exports.some(each => each === facts)) continue;
    const at = (code: FindingCode, message: string) =>
      judgement.findings
        .filter(each => each.code === code)
        .map(({ range }) => ({ file: reading.path, range, message }));
    if (!judgement.relevance.isNamed) buckets.push(...at('wrong-bucket', t('The policy names another bucket here.')));
    roles.push(...at('role-mismatch', t('The bucket policy names another role here.')));
  }
  const { baseLogFolder, roleArn } = facts.places;
  const findings: Finding[] = [];
  if (baseLogFolder && buckets.length > 0) {
    const message = t(
      'The policy beside this allows another bucket than {0}, so no log arrives.',
      facts.target?.bucket ?? '',
    );
    findings.push(makeFinding('bucket-mismatch', bucketIn(text, baseLogFolder), message, { related: buckets }));
  }
  if (roleArn && roles.length > 0) {
    const message = t('The bucket policy lets in another role, so the bucket refuses this one’s logs.');
    findings.push(makeFinding('role-mismatch', roleArn, message, { related: roles }));
  }
  return findings;
}

/** The bucket's name within the value, where the value stands in the file as it is meant. */
function bucketIn(text: string, place: TextRange): TextRange {
  const uri = parseS3Uri(text.slice(place.start, place.end));
  if ('problem' in uri) return place;
  return { start: place.start + uri.bucketRange.start, end: place.start + uri.bucketRange.end };
}

function otherAccounts(
  { text }: SourceFile,
  facts: ExportFacts,
  policies: readonly PolicyReading[],
  files: SourceFiles,
): Finding[] {
  const place = facts.places.roleArn;
  const related = policies.flatMap(reading => {
    const exports = reading.kind === 'trust' ? (trustRelevanceOf(reading, files)?.exports ?? []) : [];
    if (!exports.includes(facts)) return [];
    return findAccountMismatches(reading, exports).map(({ range }) => ({
      file: reading.path,
      range: reading.source.place(range),
      message: t('The provider of the trust policy lies in this account.'),
    }));
  });
  if (!place || related.length === 0) return [];
  const role = parseRoleArn(text.slice(place.start, place.end));
  const { start, end } = 'problem' in role ? { start: 0, end: place.end - place.start } : role.ranges.accountId;
  const message = t(
    'The role lies in another account than the OIDC provider that its trust policy names, so nobody gets in.',
  );
  return [
    makeFinding('account-mismatch', { start: place.start + start, end: place.start + end }, message, { related }),
  ];
}

/** Another file that states the same export, with another role. */
function otherRoles(facts: ExportFacts, files: SourceFiles): Finding[] {
  const { target } = facts;
  const place = facts.places.roleArn;
  if (!place || target?.roleArn === undefined) return [];
  const others = files.exports.filter(
    ({ file, target: other }) =>
      file !== facts.file &&
      other?.roleArn !== undefined &&
      other.roleArn !== target.roleArn &&
      other.bucket === target.bucket &&
      other.prefix === target.prefix,
  );
  const related = others.flatMap(({ file, places }) =>
    places.roleArn
      ? [{ file, range: places.roleArn, message: t('This file names another role for the same folder.') }]
      : [],
  );
  if (related.length === 0) return [];
  const message = t('Two files write to the same folder of the same bucket as different roles: one of them is wrong.');
  return [makeFinding('role-mismatch', place, message, { related })];
}

import { t } from '@vscode/l10n';
import { parseRoleArn } from '../../aws-names';
import type { ExportFacts } from '../../export-facts';
import { EXPORT_KEYS } from '../../export-settings';
import type { Finding } from '../../finding';
import type { TextRange } from '../../text/text-range';
import { policyFinding } from './judged-policy';
import type { PolicyReading } from './policy-reading';
import { partOf } from './policy-view';

/** An OIDC provider in a trust policy, in another account than the role that the trust belongs to. */
export interface AccountMismatch {
  readonly providerAccount: string;
  readonly roleAccount: string;
  /** The account in the provider's ARN, in the JSON as it was read. */
  readonly range: TextRange;
}

/**
 * A role trusts only providers of its own account, whereas a Deployment's role normally lies in another:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export function findAccountMismatches(reading: PolicyReading, exports: readonly ExportFacts[]): AccountMismatch[] {
  const accounts = [...new Set(exports.flatMap(each => roleOf(each)?.accountId ?? []))];
  const [roleAccount] = accounts;
  if (roleAccount === undefined) return [];
  return reading.statements.flatMap(({ effect, principals }) =>
    principals.flatMap(text => {
      const [, head = '', providerAccount] = /^(arn:aws[a-z-]*:iam::)(\d{12}):oidc-provider\//.exec(text.value) ?? [];
      if (effect !== 'Allow' || text.kind !== 'Federated' || !providerAccount || accounts.includes(providerAccount))
        return [];
      const part = { start: head.length, end: head.length + providerAccount.length };
      return { providerAccount, roleAccount, range: partOf(text, part, reading.source.repaired) };
    }),
  );
}

/** The findings of a trust policy that only the exports beside it tell. */
export function findTrustDisagreements(reading: PolicyReading, exports: readonly ExportFacts[]): Finding[] {
  const related = exports.flatMap(({ file, places }) =>
    places.roleArn
      ? [{ file, range: places.roleArn, message: t('{0} names the role here.', EXPORT_KEYS.roleArn) }]
      : [],
  );
  const accounts = findAccountMismatches(reading, exports).map(({ providerAccount, roleAccount, range }) => {
    const message = t(
      'This provider lies in the account {0} and the role in {1}: a role trusts only its own account’s providers.',
      providerAccount,
      roleAccount,
    );
    return policyFinding(reading, 'account-mismatch', range, message, { related });
  });
  return [...accounts, ...findPartitions(reading, exports, related)];
}

function findPartitions(
  reading: PolicyReading,
  exports: readonly ExportFacts[],
  related: Finding['related'],
): Finding[] {
  const partitions = [...new Set(exports.flatMap(each => roleOf(each)?.partition ?? []))];
  const [partition] = partitions;
  if (partition === undefined) return [];
  return reading.statements.flatMap(({ effect, principals }) =>
    principals.flatMap(text => {
      const found = /^arn:(aws[a-z-]*):iam::/.exec(text.value)?.[1];
      if (effect !== 'Allow' || found === undefined || partitions.some(each => each === found)) return [];
      const at = partOf(text, { start: 4, end: 4 + found.length }, reading.source.repaired);
      const message = t(
        'This lies in {0}, the role in {1}: partitions of AWS trust nobody of another.',
        found,
        partition,
      );
      return policyFinding(reading, 'partition-mismatch', at, message, related ? { related } : {});
    }),
  );
}

function roleOf({ settings }: ExportFacts) {
  const role = settings.roleArn === undefined ? undefined : parseRoleArn(settings.roleArn);
  return role && !('problem' in role) ? role : undefined;
}

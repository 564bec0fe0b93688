import { t } from '@vscode/l10n';
import type { CheckId, CheckStatus } from '../../core/check';
import type { Cause } from '../../core/diagnosis/cause';

/** What each check does, in the words of a row. */
export function checkWords(id: CheckId): string {
  switch (id) {
    case 'settings':
      return t('Read the variables');
    case 'credentials':
      return t('Find credentials');
    case 'identity':
      return t('Ask who they are');
    case 'assume-role':
      return t('Assume the role');
    case 'bucket-region':
      return t('Find the bucket');
    case 'head':
      return t('Look for a missing log');
    case 'put':
      return t('Write a log');
    case 'get':
      return t('Read it back');
    case 'append':
      return t('Append to it');
    case 'list':
      return t('List the folder');
    case 'delete':
      return t('Delete it');
    default:
      return id satisfies never;
  }
}

export function statusWords(status: CheckStatus): string {
  switch (status) {
    case 'pass':
      return t('passed');
    case 'fail':
      return t('failed');
    case 'warn':
      return t('warning');
    case 'skip':
      return t('skipped');
    default:
      return status satisfies never;
  }
}

/** `missing-put-object` as a person reads it: `missing put object`. The code itself stays in the tooltip. */
export function causeWords(cause: Cause): string {
  return cause.replaceAll('-', ' ');
}

/** The end of an ARN that tells people who it is: `role/astro-logs/session`. The account stays in the tooltip. */
export function identityWords(arn: string): string {
  const [, , , , , ...rest] = arn.split(':');
  return rest.length > 0 ? rest.join(':') : arn;
}

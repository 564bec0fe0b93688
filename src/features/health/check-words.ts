import { t } from '@vscode/l10n';
import type { CheckId, CheckStatus, Proof } from '../../core/check';
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
    case 'bucket-settings':
      return t('Read its settings');
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
    case 'deployment':
      return t('Speak for the Deployment');
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

/** How a check is known. */
export function proofWords(proof: Proof): string {
  switch (proof) {
    case 'replayed':
      return t('done for real');
    case 'simulated':
      return t('simulated by IAM');
    case 'read':
      return t('read from documents');
    case 'arrived':
      return t('arrived in the bucket');
    default:
      return proof satisfies never;
  }
}

/** `missing-put-object` as a person reads it: `missing put object`. The code itself stays in the tooltip. */
export function causeWords(cause: Cause): string {
  return cause.replaceAll('-', ' ');
}

/** The name in an ARN that tells people who it is: `astro-logs` of a role, its session or a user. */
export function identityWords(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  const parts = resource.split('/');
  if (parts[0] === 'assumed-role') return parts[1] ?? resource;
  return parts.at(-1) || arn;
}

/**
 * The order of the vendor's own troubleshooting list: variables, permissions, trust; the worker's log comes last.
 * https://www.astronomer.io/docs/astro/export-secondary-s3-bucket
 */
const ORDER: readonly CheckId[] = [
  'settings',
  'bucket-region',
  'bucket-settings',
  'head',
  'put',
  'get',
  'append',
  'list',
  'delete',
  'credentials',
  'identity',
  'assume-role',
  'deployment',
];

export function byTroubleshooting(a: { readonly id: CheckId }, b: { readonly id: CheckId }): number {
  return ORDER.indexOf(a.id) - ORDER.indexOf(b.id);
}

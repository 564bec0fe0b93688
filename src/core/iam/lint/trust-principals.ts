import { t } from '@vscode/l10n';
import { describeAccountFault, parseRoleArn } from '../../aws-names';
import type { TextRange } from '../../text/text-range';
import type { TextNode } from './policy-view';
import { isOpen } from './needed-requests';

export type PrincipalText = TextNode & { readonly kind: string };

/** What is wrong with somebody whom a trust policy names. */
export interface PrincipalFault {
  readonly message: string;
  /** The part of the text that is wrong; absent: all of it. */
  readonly range?: TextRange;
  /** What was most likely meant. */
  readonly correction?: string;
  /** Whether nothing else can have been meant. */
  readonly isCertain?: boolean;
  /** Whether an ARN stands where the object with the kinds belongs. */
  readonly isKindMissing?: boolean;
  /** Beside a Deployment's role this one does no harm to the export. */
  readonly isMildBesideOthers?: boolean;
  /** Beside a Deployment's role it is none of the export's business. */
  readonly isFineBesideOthers?: boolean;
}

/**
 * Why a principal isn't the identity of a Deployment; undefined for a role's ARN and for an OIDC provider's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function judgePrincipal(
  { kind, value }: PrincipalText,
  ownRole: string | undefined,
): PrincipalFault | undefined {
  if (isOpen(value)) return undefined;
  switch (kind) {
    case '*':
      return value === '*' ? judgeAws(value, ownRole) : unnamedKind(value);
    case 'AWS':
      return judgeAws(value, ownRole);
    case 'Federated':
      return judgeFederated(value);
    case 'Service':
      return {
        message: t('{0} is a service of AWS; a Deployment comes as a role of its own.', value),
        isFineBesideOthers: true,
      };
    default:
      return { message: t('IAM takes no principal of this kind here: {0}', kind) };
  }
}

function judgeAws(value: string, ownRole: string | undefined): PrincipalFault | undefined {
  if (value === '*') return { message: t('This trusts everybody in AWS: name the Deployment’s role.') };
  if (value === ownRole) {
    return {
      message: t('This is the role itself: name the Deployment’s role, which is to become it.'),
      isMildBesideOthers: true,
    };
  }
  if (/^\d{12}$/.test(value)) return wholeAccount();
  if (/^A[A-Z]{3}[A-Z0-9]{12,}$/.test(value)) {
    return {
      message: t(
        'This is the id of a role or user that was deleted: name the Deployment’s role by its ARN, and save the policy again.',
      ),
    };
  }
  const role = parseRoleArn(value);
  if (!('problem' in role)) return undefined;
  switch (role.kind) {
    case 'root':
      return wholeAccount();
    case 'user':
      return {
        message: t('This is a user; a Deployment comes as a role.'),
        range: role.range,
        isMildBesideOthers: true,
      };
    case 'session':
      return { ...sessionFault(value), range: role.range };
    case 'account': {
      const digits = value.slice(role.range.start, role.range.end).replace(/[- ]/g, '');
      const corrected = value.slice(0, role.range.start) + digits + value.slice(role.range.end);
      const isRepaired = !('problem' in parseRoleArn(corrected));
      return {
        message: refused(role.problem),
        range: role.range,
        ...(isRepaired ? { correction: corrected, isCertain: true } : {}),
      };
    }
    default:
      return value.includes('*')
        ? { message: t('IAM takes no * inside a principal: name each Deployment’s role in full.'), range: role.range }
        : { message: refused(role.problem), range: role.range };
  }
}

/** The only text that may stand in place of the object with the kinds is `*`. */
function unnamedKind(value: string): PrincipalFault {
  return {
    message: refused(t('An ARN stands below the name of its kind: {0}', '{ "AWS": … }')),
    ...(value.startsWith('arn:') ? { isKindMissing: true } : {}),
  };
}

function refused(problem: string): string {
  return t('IAM refuses this principal. {0}', problem);
}

function wholeAccount(): PrincipalFault {
  return {
    message: t(
      'This trusts the whole account, so any of its users and roles that may assume roles: name the Deployment’s role.',
    ),
    isMildBesideOthers: true,
  };
}

/** A session's ARN has its role's name, but not the path that the role may have. */
function sessionFault(value: string): PrincipalFault {
  const [, partition, account, name] = /^arn:([\w-]+):\w+::(\d{12}):assumed-role\/([^/]+)/.exec(value) ?? [];
  const message = t('This is one session of a role, which ends within hours: name the role itself.');
  return name === undefined ? { message } : { message, correction: `arn:${partition}:iam::${account}:role/${name}` };
}

const OIDC_PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/[^/\s*]+\S*$/;

function judgeFederated(value: string): PrincipalFault | undefined {
  if (OIDC_PROVIDER.test(value)) return undefined;
  const account = /^arn:aws[a-z-]*:iam::([^:]*):oidc-provider\//.exec(value)?.[1];
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    const start = value.indexOf('::') + 2;
    const range = { start, end: start + account.length };
    return { message: refused(describeAccountFault(account)), range };
  }
  if (/:saml-provider\//.test(value)) {
    return {
      message: t('This is a SAML provider, for people; a Deployment comes by an OIDC provider.'),
      isFineBesideOthers: true,
    };
  }
  return {
    message: t('A Deployment’s provider reads like arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/ABC.'),
    isFineBesideOthers: /^(?:cognito-identity\.amazonaws|www\.amazon|graph\.facebook|accounts\.google)\.com$/.test(
      value,
    ),
  };
}

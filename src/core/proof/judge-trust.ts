import { t } from '@vscode/l10n';
import { principalName } from '../diagnosis/principal';
import type { AuthorizationRequest } from '../iam/decision';
import { evaluateTrust, trustNames } from '../iam/evaluate';
import type { PolicyDocument } from '../iam/policy';
import type { Judgement } from './judge-permission';
import { statementsOf, unknownKeysOf } from './unknown-conditions';

/** IAM shows a principal that was deleted, even if one of the same name was made since, by its unique id. */
const UNIQUE_ID = /^A(?:ROA|IDA)[A-Z0-9]{12,}$/;

/**
 * Whether a trust policy lets a Deployment's role in. Astro sends no ExternalId, so that a condition on one keeps it out.
 * Undefined where a condition asks for what only AWS knows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
 */
export function judgeTrust(trust: PolicyDocument, roleArn: string, deploymentRole: string): Judgement | undefined {
  const decision = evaluateTrust(requestOf(roleArn, deploymentRole), trust);
  const role = t('role {0}', principalName(roleArn)?.name ?? roleArn);
  if (statementsOf(trust).some(statement => unknownKeysOf(statement).length > 0)) return undefined;
  if (decision.decision === 'allowed') {
    return { allowed: true, causes: [], message: t('the trust policy of {0} lets in {1}', role, deploymentRole) };
  }
  if (decision.decision === 'explicitDeny') {
    const trace = decision.statements.find(one => one.matched && one.effect === 'Deny');
    return {
      allowed: false,
      causes: ['trust-denies'],
      message: t(
        'a Deny in the trust policy of {0} (statement {1}) keeps out {2}',
        role,
        trace?.sid ?? `#${(trace?.index ?? 0) + 1}`,
        deploymentRole,
      ),
      nextStep: t('Ask who wrote that Deny to except {0}.', deploymentRole),
    };
  }
  const gone = principalsOf(trust).find(principal => UNIQUE_ID.test(principal));
  const trace = decision.statements.find(one => one.effect === 'Allow');
  return {
    allowed: false,
    causes: gone ? ['role-recreated', 'trust-denies'] : ['trust-denies'],
    message: gone
      ? t(
          'the trust policy of {0} names {1}: a role that was deleted, even if one of the same name was made since',
          role,
          gone,
        )
      : t('the trust policy of {0} does not let in {1}: {2}', role, deploymentRole, trace?.why ?? ''),
    nextStep: t(
      'Name {0} as Principal with sts:AssumeRole in the trust policy of {1}, without a condition on sts:ExternalId, and save it.',
      deploymentRole,
      role,
    ),
    change: { document: 'trust', principal: deploymentRole, action: 'sts:AssumeRole' },
  };
}

function principalsOf(trust: PolicyDocument): string[] {
  return statementsOf(trust).flatMap(({ Principal }) => {
    const named =
      typeof Principal === 'object' && Principal !== null ? (Principal as Record<string, unknown>).AWS : undefined;
    return (Array.isArray(named) ? named : [named]).filter((one): one is string => typeof one === 'string');
  });
}

/** Whether a trust names the Deployment's role itself, so that within one account nothing else has to allow it. */
export function isNamedItself(trust: PolicyDocument, roleArn: string, deploymentRole: string): boolean {
  const via = trustNames(requestOf(roleArn, deploymentRole), trust);
  return (via === 'role' || via === 'direct') && roleArn.split(':')[4] === deploymentRole.split(':')[4];
}

function requestOf(roleArn: string, deploymentRole: string): AuthorizationRequest {
  const [, partition = 'aws', , , account = ''] = deploymentRole.split(':');
  const name = principalName(deploymentRole)?.name ?? '';
  return {
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: roleArn.split(':')[4] ?? '',
    principal: {
      arn: deploymentRole,
      account,
      sessionArn: `arn:${partition}:sts::${account}:assumed-role/${name}/airflow`,
    },
    context: {
      'aws:PrincipalArn': deploymentRole,
      'aws:PrincipalAccount': account,
      'aws:PrincipalType': 'AssumedRole',
      'aws:SecureTransport': 'true',
    },
  };
}

import { t } from '@vscode/l10n';
import type { AuthorizationRequest, Decision } from './decision';
import { describePrincipal } from './principals';

/**
 * For a request across accounts that nothing denies: which of the two sides doesn't allow it, in sentences. Empty where
 * both do, within one account, and after an explicit deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function missingSides(request: AuthorizationRequest, decision: Decision): string[] {
  const { principal, resourceAccount, action, resource } = request;
  const isAcross = principal?.account && resourceAccount !== undefined && resourceAccount !== principal.account;
  if (!isAcross || decision.decision !== 'implicitDeny') return [];
  const allows = (kinds: readonly string[]) =>
    decision.statements.some(({ policy, effect, matched }) => kinds.includes(policy) && effect === 'Allow' && matched);
  const sides: string[] = [];
  const who = describePrincipal(principal);
  if (!allows(['identity'])) {
    sides.push(
      t("Missing on the caller's side: the permission policy of {0} has to allow {1} on {2}.", who, action, resource),
    );
  } else if (decision.decidedBy === 'boundary' || decision.decidedBy === 'session') {
    sides.push(
      decision.decidedBy === 'boundary'
        ? t(
            "Missing on the caller's side: the permissions boundary of {0} has to allow {1} on {2}.",
            who,
            action,
            resource,
          )
        : t("Missing on the caller's side: the session policy of {0} has to allow {1} on {2}.", who, action, resource),
    );
  }
  if (!allows(['resource', 'trust'])) {
    sides.push(
      t(
        "Missing on the resource's side: the policy of {0} in account {1} has to allow {2} to {3}.",
        resource,
        resourceAccount,
        action,
        who,
      ),
    );
  }
  return sides;
}

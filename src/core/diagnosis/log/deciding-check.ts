import { t } from '@vscode/l10n';
import type { Cause } from '../cause';

/** What would tell apart the causes that words leave open. Undefined where they leave open only one. */
export function decidingCheck(causes: readonly Cause[]): string | undefined {
  if (causes.length < 2) return undefined;
  if (causes.includes('trust-denies')) {
    return t(
      'To decide, run astro-log-export verify: its check assume-role reads the trust policy, and names what is missing.',
    );
  }
  if (causes.includes('bad-signature')) {
    return t(
      'These words do not tell a missing permission from a wrong key. To decide, run astro-log-export verify: list fails where s3:ListBucket is missing, get where s3:GetObject is, identity where the key, its secret or the clock is wrong.',
    );
  }
  if (causes.includes('endpoint-unreachable')) {
    return t(
      'To decide, look further up in the traceback: gaierror means that the name does not resolve, anything else is the network.',
    );
  }
  if (causes.includes('bad-settings'))
    return t('To decide, run the probe DAG: its line says what the Deployment reads.');
  if (causes.includes('expired-credentials')) {
    return t(
      'To decide, run astro-log-export verify: bucket-region fails where the region is wrong, identity where the credentials have expired.',
    );
  }
  return t('To decide, run astro-log-export verify: the check that fails names the cause.');
}

import { t } from '@vscode/l10n';
import type { AwsFailure } from '../core/diagnosis/aws-failure';
import { parseDenial } from '../core/diagnosis/denial';
import { diagnose } from '../core/diagnosis/diagnose';
import type { DiagnosisContext } from '../core/diagnosis/diagnosis';
import { ExportError } from '../core/export-error';

/**
 * The error of a call that a person makes to look after roles and buckets. A denial speaks of the caller's own rights,
 * not of the export's policy, of which the export's own requests would speak.
 */
export function adminError(failure: AwsFailure, context: DiagnosisContext): ExportError {
  if (isDenied(failure)) {
    const { effect, principal, policy } = parseDenial(failure.message);
    const cause =
      policy === 'scp' || policy === 'rcp' ? 'scp-denies' : policy === 'boundary' ? 'boundary-denies' : undefined;
    return new ExportError(
      cause ?? (effect === 'explicit' ? 'explicit-deny' : 'unknown'),
      principal === undefined
        ? t('{0} is denied', failure.action)
        : t('{0} may not call {1}', principal, failure.action),
      t('Ask who manages your AWS account to allow {0}, or use a profile that may.', failure.action),
      { cause: failure },
    );
  }
  if (isMissing(failure)) {
    return new ExportError(
      'not-found',
      t('{0}: {1}', failure.action, failure.message),
      t('Check the name, and that the profile is of the account that holds it.'),
      { cause: failure },
    );
  }
  const { causes, message, nextStep } = diagnose(failure, context);
  return new ExportError(causes[0], message, nextStep, { cause: failure });
}

/** What AWS said, of an error that this bundle made. */
export function failureOf(error: unknown): AwsFailure | undefined {
  const cause = error instanceof ExportError ? error.cause : undefined;
  return cause !== undefined && typeof cause === 'object' && cause !== null && 'awsCode' in cause
    ? (cause as AwsFailure)
    : undefined;
}

export function isDenied(failure: AwsFailure | undefined): boolean {
  return (
    failure !== undefined &&
    /^(AccessDenied(Exception)?|UnauthorizedOperation|AllAccessDisabled)$/.test(failure.awsCode)
  );
}

export function isMissing(failure: AwsFailure | undefined): boolean {
  return failure !== undefined && /^NoSuchEntity(Exception)?$/.test(failure.awsCode);
}

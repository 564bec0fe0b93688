import { t } from '@vscode/l10n';
import type { AwsFailure } from '../core/diagnosis/aws-failure';
import { diagnose } from '../core/diagnosis/diagnose';
import type { DiagnosisContext } from '../core/diagnosis/diagnosis';
import { ExportError } from '../core/export-error';
import type { AwsCredentials } from './session';
import type { HttpReply } from './transport';
import { elementText } from './xml';

/** Takes keys and tokens out of what a server said; STS repeats signed headers where a signature doesn't match. */
export function withoutSecrets(message: string, credentials?: AwsCredentials): string {
  let text = message.replace(/\s*(The )?(Canonical String|String-to-Sign)[\s\S]*$/i, '');
  for (const secret of [credentials?.secretAccessKey, credentials?.sessionToken]) {
    if (secret) text = text.replaceAll(secret, '***');
  }
  return text.trim();
}

/** An error answer of S3 as plain data. */
export function replyFailure(reply: HttpReply, action: string, credentials?: AwsCredentials): AwsFailure {
  const body = reply.body.length > 0 && reply.body.length < 100_000 ? reply.body.toString('utf8') : '';
  const message = elementText(body, 'Message') ?? '';
  const header = (name: string) => reply.headers[name] as string | undefined;
  return {
    awsCode: elementText(body, 'Code') ?? '',
    status: reply.status,
    message: withoutSecrets(message, credentials),
    action,
    region: header('x-amz-bucket-region') ?? elementText(body, 'Region') ?? /expecting '([\w-]+)'/.exec(message)?.[1],
    requestId: header('x-amz-request-id'),
  };
}

/** What kept a request from getting an answer. */
export function networkFailure(error: unknown, action: string): AwsFailure {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: readonly NodeJS.ErrnoException[] };
  // Node tries each address of a name, and reports them as one AggregateError.
  const first = errors?.[0];
  return {
    awsCode: code ?? first?.code ?? 'UnknownNetworkError',
    status: 0,
    message: message || (first?.message ?? ''),
    action,
  };
}

export function toExportError(failure: AwsFailure, context: DiagnosisContext): ExportError {
  if (failure.awsCode === 'NoSuchKey') {
    return new ExportError(
      'not-found',
      t('there is no object {0}', context.key ?? ''),
      t('Refresh the list: the object was deleted, or the key is mistyped.'),
      { cause: failure },
    );
  }
  if (failure.status === 412) {
    return new ExportError(
      'unknown',
      t('the object in the bucket is another one by now: {0}', context.key ?? ''),
      t('Compare both, then run it again.'),
      { cause: failure },
    );
  }
  const { causes, message, nextStep } = diagnose(failure, context);
  return new ExportError(causes[0], message, nextStep, { cause: failure });
}

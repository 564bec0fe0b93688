import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../export-settings';
import type { AwsFailure } from './aws-failure';
import type { Cause } from './cause';
import type { Diagnosis, DiagnosisContext } from './diagnosis';

const UNTRUSTED_CERTIFICATE =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT\w*|CERT_\w+)$/;

/** What kept a request from getting an answer, by Node's own codes. */
export function diagnoseNetwork(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  if (failure.awsCode === 'ERR_PROXY') return diagnoseProxy(failure.message, context);
  return diagnoseConnection(failure, context);
}

/** `said`: the proxy's status, or Node's code of what kept it from being reached. */
function diagnoseProxy(said: string, { proxy = 'HTTPS_PROXY' }: DiagnosisContext): Diagnosis {
  if (said === 'HTTP 407') return proxyLogin(proxy);
  return {
    causes: ['proxy'],
    message: t('the proxy that {0} names does not let the request through ({1})', proxy, said),
    nextStep: t('Correct {0}, or name the host in NO_PROXY where it is reached without a proxy.', proxy),
  };
}

/** A proxy that doesn't know who asks. */
export function proxyLogin(proxy: string | undefined): Diagnosis {
  return {
    causes: ['proxy'],
    message: t('a proxy refuses the request'),
    nextStep:
      proxy === undefined
        ? t('Check the proxy settings and the login that the proxy wants.')
        : t('Give {0} the login that the proxy wants: http://user:password@host:port', proxy),
  };
}

function diagnoseConnection(failure: AwsFailure, context: DiagnosisContext): Diagnosis | undefined {
  const where = context.endpoint ?? 'AWS';
  const code = failure.awsCode;
  const says = (cause: Cause, message: string, nextStep: string): Diagnosis => ({
    causes: [cause],
    message: `${message} (${code})`,
    nextStep,
  });
  if (UNTRUSTED_CERTIFICATE.test(code)) {
    return says(
      'tls-untrusted',
      t('the certificate of {0} is not trusted', where),
      t('Name the certificate authority in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE, or check who answers for {0}.', where),
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return says(
      'tls-mismatch',
      t('the certificate is for another name than that of {0}', where),
      t('Use the name that the certificate is for, and check that no proxy answers for {0}.', where),
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return says(
      'tls-mismatch',
      t('no TLS connection with {0}', where),
      t('Check whether the endpoint takes http or https: {0}.', where),
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return context.endpoint === undefined
      ? says(
          'endpoint-name',
          t('the name of the AWS endpoint does not resolve'),
          t(
            'Check {0} and the AWS region variables for a mistyped region, and the machine for its DNS.',
            EXPORT_KEYS.region,
          ),
        )
      : says(
          'endpoint-name',
          t('the name of the endpoint {0} does not resolve', where),
          t('Correct the endpoint (AWS_ENDPOINT_URL, or endpoint_url of the profile): {0}.', where),
        );
  }
  if (code === 'ETIMEDOUT' || code === 'TimeoutError' || code === 'ESOCKETTIMEDOUT') {
    return says(
      'timeout',
      t('no answer in time from {0}', where),
      t('Check firewall, proxy and VPC endpoint on the way to {0}.', where),
    );
  }
  if (
    /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/.test(
      code,
    )
  ) {
    return says(
      'endpoint-unreachable',
      t('no connection to {0}', where),
      context.endpoint === undefined
        ? t('Check the network, firewall and proxy on the way to AWS.')
        : t('Check that the endpoint is running and that its address is right: {0}.', where),
    );
  }
  return undefined;
}

import { t } from '@vscode/l10n';
import { EXPORT_KEYS } from '../../export-settings';
import type { AwsFailure } from '../aws-failure';
import type { Cause } from '../cause';
import { diagnose } from '../diagnose';
import type { Diagnosis, DiagnosisContext } from '../diagnosis';
import { decidingCheck } from './deciding-check';
import type { PythonErrors } from './traceback-errors';

/** botocore's one form for every error answer. */
const CLIENT_ERROR =
  /An error occurred \(([\w.-]+)\) when calling the (\w+) operation(?: \(reached max retries: \d+\))?:? ?(.*)$/s;

interface Row {
  /** Tested on the last error. */
  readonly form: RegExp;
  /** What the errors it was raised from have to say, where the last one's words alone are not enough. */
  readonly chain?: RegExp;
  readonly causes: readonly [Cause, ...Cause[]];
  message(match: RegExpExecArray): string;
  fix(): string;
}

const ENDPOINT = /URL: "([^"?]+)/;

const where = (match: RegExpExecArray) => ENDPOINT.exec(match.input)?.[1] ?? 'AWS';

const reachFix = () =>
  t('Let the Deployment reach S3 and STS in the region of the bucket: check its egress rules, and the VPC endpoint.');
const nameFix = () =>
  t('Check {0} for a mistyped region, and the DNS of the network that the Deployment runs in.', EXPORT_KEYS.region);

/** What botocore, urllib3 and Airflow raise before anything answers. First match counts. */
const ROWS: readonly Row[] = [
  {
    form: /ProxyConnectionError|Failed to connect to proxy URL|Cannot connect to proxy|Tunnel connection failed|InvalidProxiesConfigError/,
    causes: ['proxy'],
    message: () => t('a proxy stands between the Deployment and AWS, and refuses the connection'),
    fix: () => t('Correct HTTPS_PROXY of the Deployment, or name .amazonaws.com in NO_PROXY.'),
  },
  {
    form: /SSLError|SSL validation failed|SSL: |CERTIFICATE_VERIFY_FAILED/,
    chain: /Hostname mismatch|IP address mismatch|doesn't match|certificate is not valid for/i,
    causes: ['tls-mismatch'],
    message: match => t('the certificate of {0} is for another name', sslWhere(match)),
    fix: () => t('Use the name that the certificate is for, and check that no proxy or DNS entry leads elsewhere.'),
  },
  {
    form: /SSLError|SSL validation failed|SSL: |CERTIFICATE_VERIFY_FAILED/,
    chain:
      /WRONG_VERSION_NUMBER|UNEXPECTED_EOF|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|EOF occurred|record layer failure/i,
    causes: ['tls-mismatch', 'proxy'],
    message: match => t('no TLS connection with {0}', sslWhere(match)),
    fix: () => t('Check whether a proxy, or a server without TLS, answers in the place of AWS.'),
  },
  {
    form: /SSLError|SSL validation failed|SSL: |CERTIFICATE_VERIFY_FAILED/,
    causes: ['tls-untrusted'],
    message: match => t('the certificate of {0} is not trusted', sslWhere(match)),
    fix: () =>
      t(
        'Set AWS_CA_BUNDLE of the Deployment to the certificate authority of the proxy that opens the connection, or let the traffic to AWS past it.',
      ),
  },
  {
    form: /(?:Connect|Read)TimeoutError|(?:Connect|Read) timeout on endpoint URL|timed out/,
    causes: ['timeout'],
    message: match => t('no answer in time from {0}', where(match)),
    fix: reachFix,
  },
  {
    form: /EndpointConnectionError|Could not connect to the endpoint URL/,
    chain:
      /gaierror|Name or service not known|name resolution|NameResolutionError|nodename nor servname|No address associated|Failed to resolve/i,
    causes: ['endpoint-name'],
    message: match => t('the name in {0} does not resolve', where(match)),
    fix: nameFix,
  },
  {
    form: /EndpointConnectionError|Could not connect to the endpoint URL/,
    chain: /refused|unreachable|No route to host|reset by peer|Errno 1\d\d/i,
    causes: ['endpoint-unreachable'],
    message: match => t('no connection to {0}', where(match)),
    fix: reachFix,
  },
  {
    form: /EndpointConnectionError|Could not connect to the endpoint URL/,
    causes: ['endpoint-unreachable', 'endpoint-name'],
    message: match => t('no connection to {0}', where(match)),
    fix: () => `${nameFix()} ${reachFix()}`,
  },
  {
    form: /gaierror|Name or service not known|NameResolutionError|Temporary failure in name resolution|Failed to resolve/,
    causes: ['endpoint-name'],
    message: () => t('a name does not resolve'),
    fix: nameFix,
  },
  {
    form: /ConnectionClosedError|Connection was closed before|Connection aborted|RemoteDisconnected|ConnectionResetError|ConnectionRefusedError|NewConnectionError|ProtocolError|HTTPClientError|IncompleteRead|ResponseStreamingError|failed to establish a connection/i,
    causes: ['endpoint-unreachable'],
    message: match => t('the connection to {0} broke off', where(match)),
    fix: reachFix,
  },
  {
    form: /(?:SSOToken|UnauthorizedSSO|TokenRetrieval)\w*Error|Token has expired and refresh failed|SSO session .* has expired/,
    causes: ['expired-credentials'],
    message: () => t('the login that the credentials come from has expired'),
    fix: () => t('Use the workload identity of the Deployment instead of a login.'),
  },
  {
    form: /NoCredentialsError|Unable to locate credentials|PartialCredentialsError|Partial credentials found|CredentialRetrievalError|Error when retrieving credentials|MetadataRetrievalError|NoAuthTokenError|ProfileNotFound|config profile \(.*\) could not be found/,
    causes: ['no-credentials'],
    message: () => t('the Deployment has no AWS credentials'),
    fix: () =>
      t(
        'Attach a workload identity to the Deployment (Details, Workload Identity); with {0} it is what assumes the role.',
        EXPORT_KEYS.roleArn,
      ),
  },
  {
    form: /(?:conn_id|connection)\W+([\w.-]+)\W+ isn't defined|AirflowNotFoundException/i,
    causes: ['connection-missing'],
    message: match => t('there is no Airflow connection {0}', match[1] ?? ''),
    fix: connectionFix,
  },
  {
    form: /Failed to convert value to bool/,
    causes: ['bad-settings'],
    message: match => t('Airflow reads no boolean from {0}', valueOfSwitch(match.input)),
    fix: () => t('Set {0}', `${EXPORT_KEYS.enabled}=true`),
  },
  {
    form: /region_name '([^']*)' doesn't match a supported format/,
    causes: ['bad-settings'],
    message: match => t('{0} is no AWS region', `${EXPORT_KEYS.region}=${match[1]}`),
    fix: () =>
      t('Type {0} anew, without quotes: hyphens copied from a web page may be other characters.', EXPORT_KEYS.region),
  },
  {
    form: /NoRegionError|You must specify a region/,
    causes: ['bad-settings', 'wrong-region'],
    message: () => t('no region is set'),
    fix: () => t('Set {0} to the region of the bucket.', EXPORT_KEYS.region),
  },
  {
    form: /Invalid bucket name "([^"]*)"/,
    causes: ['bad-settings'],
    message: match => t('{0} is no bucket name', match[1] ?? ''),
    fix: folderFix,
  },
  {
    form: /provide a bucket.?name using a valid format|Unable to parse.*s3|Please provide a bucket|parameter Bucket, value: None|Parameter validation failed|ParamValidationError|InvalidDNSNameError/i,
    causes: ['bad-settings'],
    message: () => t('the folder of the logs names no bucket'),
    fix: folderFix,
  },
  {
    form: /UnknownEndpointError|Unable to construct an endpoint|Invalid endpoint: (\S+)/,
    causes: ['bad-settings'],
    message: () => t('no endpoint can be made from the region and the bucket'),
    fix: () => t('Correct {0} and {1}.', EXPORT_KEYS.region, EXPORT_KEYS.baseLogFolder),
  },
  {
    form: /(?:ModuleNotFoundError|ImportError): .*?['"]?((?:airflow\.providers\.amazon|boto3|botocore)[\w.]*)/,
    causes: ['bad-settings'],
    message: match => t('the image of the Deployment has no {0}', match[1] ?? ''),
    fix: () => t('Add {0} to requirements.txt and deploy again.', 'apache-airflow-providers-amazon'),
  },
  {
    form: /UnicodeEncodeError|UnicodeDecodeError/,
    causes: ['unknown'],
    message: () => t('the log could not be turned into bytes'),
    fix: () => t('Report it to Astronomer Support with these lines.'),
  },
];

function folderFix(): string {
  return t('Set {0} to s3://bucket/folder, in ASCII, lower case and without quotes.', EXPORT_KEYS.baseLogFolder);
}

function connectionFix(): string {
  return t(
    'Remove the AIRFLOW__LOGGING__REMOTE_* variables that were set by hand: Astro manages them, and the export needs no connection.',
  );
}

function sslWhere(match: RegExpExecArray): string {
  return /SSL validation failed for (https?:\/\/[^\s?]+)/.exec(match.input)?.[1] ?? where(match);
}

function valueOfSwitch(text: string): string {
  const value = /Current value: "([^"]*)"/.exec(text)?.[1];
  return value === undefined ? EXPORT_KEYS.enabled : `${EXPORT_KEYS.enabled}=${value}`;
}

/** The diagnosis of a connection that is not there, which Airflow only warns of. */
export function missingConnection(name: string): Diagnosis {
  return {
    causes: ['connection-missing'],
    message: t('there is no Airflow connection {0}', name),
    nextStep: connectionFix(),
  };
}

/** What an error that Python raised means for the export. Undefined for words that are none of the known ones. */
export function diagnosePythonError({ last, chain }: PythonErrors, context: DiagnosisContext): Diagnosis | undefined {
  const failure = clientFailure(last);
  if (failure) return diagnoseAnswer(failure, context);
  for (const row of ROWS) {
    const match = row.form.exec(last);
    if (!match || (row.chain && !row.chain.test(chain))) continue;
    const steps = [row.fix(), decidingCheck(row.causes)].filter(step => step !== undefined);
    return { causes: row.causes, message: row.message(match), nextStep: steps.join(' ') };
  }
  return undefined;
}

/** An answer of AWS, whose words on a HEAD are only a status. */
function diagnoseAnswer(failure: AwsFailure, context: DiagnosisContext): Diagnosis {
  const found = failure.status === 400 && failure.awsCode === '' ? bareBadRequest() : diagnose(failure, context);
  if (failure.action === 's3:GetObject' && found.causes[0] === 'missing-get-object' && failure.awsCode !== '') {
    return {
      ...found,
      message: t('{0}: a log that cannot be read again is overwritten with its newest part', found.message),
    };
  }
  const decide = decidingCheck(found.causes);
  return decide === undefined ? found : { ...found, nextStep: `${found.nextStep} ${decide}` };
}

/** botocore follows the bucket to its region by itself where it can, so that a bare 400 is first of all about the keys. */
function bareBadRequest(): Diagnosis {
  return {
    causes: ['expired-credentials', 'wrong-region', 'unknown-access-key'],
    message: t('S3 answers 400 without a reason: expired or unknown credentials, or another region'),
    nextStep: t(
      'Use the workload identity of the Deployment, which is renewed by itself, and check {0}.',
      EXPORT_KEYS.region,
    ),
  };
}

/** botocore's words as an answer of AWS; undefined where there was none. */
export function clientFailure(text: string): AwsFailure | undefined {
  const match = CLIENT_ERROR.exec(text);
  if (!match) return undefined;
  const [, code = '', operation = '', message = ''] = match;
  const isStatus = /^\d{3}$/.test(code);
  return {
    awsCode: isStatus ? '' : code,
    status: isStatus ? Number(code) : statusOf(code),
    message: message.trim(),
    action: actionOf(operation),
  };
}

/** botocore leaves the status out where there is a code. */
function statusOf(code: string): number {
  if (/^(AccessDenied|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed)/.test(code)) return 403;
  if (/^NoSuch/.test(code)) return 404;
  if (/^(SlowDown|ServiceUnavailable)$/.test(code)) return 503;
  return 400;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  GetObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  HeadBucket: 's3:ListBucket',
  AssumeRole: 'sts:AssumeRole',
  AssumeRoleWithWebIdentity: 'sts:AssumeRoleWithWebIdentity',
  GetCallerIdentity: 'sts:GetCallerIdentity',
};

function actionOf(operation: string): string {
  return OPERATIONS[operation] ?? operation;
}

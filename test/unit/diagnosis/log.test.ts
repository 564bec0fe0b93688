import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/diagnosis/cause';
import { diagnoseLog } from '../../../src/core/diagnosis/log/diagnose-log';
import { airflow2, airflow3Json, COLLECTORS } from './log-forms';

const FOLDER = path.join(__dirname, '../../projects/failed-uploads');

const HEAD_FORBIDDEN: readonly Cause[] = [
  'missing-list-bucket',
  'missing-get-object',
  'bucket-policy-denies',
  'other-account-bucket',
  'unknown-access-key',
  'bad-signature',
  'clock-skew',
  'explicit-deny',
  'kms-denied',
  'scp-denies',
  'boundary-denies',
  'requester-pays',
];

/** What real Airflow printed, a file for each thing that was broken. `denied-get` printed nothing at its first upload. */
const FILES: Readonly<Record<string, readonly Cause[]>> = {
  'bad-key': HEAD_FORBIDDEN,
  'bad-signature': HEAD_FORBIDDEN,
  'denied-all': HEAD_FORBIDDEN,
  'denied-list': HEAD_FORBIDDEN,
  'denied-put': ['missing-put-object'],
  'expired-token': ['expired-credentials', 'wrong-region', 'unknown-access-key'],
  'missing-bucket': ['no-such-bucket'],
  'no-credentials': ['no-credentials'],
  refused: ['endpoint-unreachable'],
  'tls-untrusted': ['tls-untrusted'],
  'wrong-region': ['wrong-region'],
};

const samples = ['2.11.2', '3.3.2'].flatMap(version =>
  readdirSync(path.join(FOLDER, version)).map(name => ({
    name: `${version}/${name}`,
    text: readFileSync(path.join(FOLDER, version, name), 'utf8'),
    causes: FILES[path.basename(name, '.txt')],
  })),
);

describe('what Airflow printed when an upload failed', () => {
  it('has every kind of file', () => {
    expect(samples.length).toBeGreaterThanOrEqual(20);
  });

  it.each(samples)('$name', ({ text, causes }) => {
    const matches = diagnoseLog(text);
    expect(matches.map(match => match.causes)).toEqual(causes ? [causes] : []);
    const lines = text.split('\n');
    for (const { line, lastLine, fix, symptom } of matches) {
      expect(lines[line]).toMatch(/Could not (verify previous log|write logs)/);
      expect(lines[lastLine]).toMatch(/^botocore\./);
      expect(symptom).toContain(lines[lastLine]);
      expect(fix).not.toBe('');
    }
  });

  it.each(Object.entries(COLLECTORS))('is told apart whatever collected it: %s', (_, collect) => {
    for (const { name, text, causes } of samples) {
      expect([name, diagnoseLog(collect(text)).map(match => match.causes)]).toEqual([name, causes ? [causes] : []]);
    }
  });

  it('names the bucket and the folder that the log names, and the role that the export names', () => {
    const sample = samples.find(({ name }) => name === '3.3.2/denied-put.txt');
    const [match] = diagnoseLog(sample!.text);
    expect(match?.fix).toContain('Add s3:PutObject on arn:aws:s3:::denied-put/some/prefix/* ');
    const target = {
      bucket: 'denied-put',
      prefix: 'some/prefix/',
      accessMode: 'assume-role',
      roleArn: 'arn:aws:iam::123456789012:role/astro-logs',
    } as const;
    expect(diagnoseLog(sample!.text, { target })[0]?.fix).toContain('role astro-logs');
  });

  it('says which check decides where the words leave several causes open', () => {
    const sample = samples.find(({ name }) => name === '2.11.2/denied-list.txt');
    expect(diagnoseLog(sample!.text)[0]?.fix).toMatch(/s3:ListBucket .*verify: list fails .* get .* identity/);
  });
});

const VERIFY = 'Could not verify previous log to append';
const LOCATION = 's3://acme-logs/airflow/dag_id=d/run_id=r/task_id=t/attempt=1.log';
const WRITE = `Could not write logs to ${LOCATION}`;
const client = (code: string, operation: string, message: string) =>
  `botocore.exceptions.ClientError: An error occurred (${code}) when calling the ${operation} operation: ${message}`;
const user = 'arn:aws:sts::123456789012:assumed-role/astro-logs/botocore-session-1';
const notAuthorized = (action: string, resource: string, why: string) =>
  `User: ${user} is not authorized to perform: ${action} on resource: "${resource}"${why}`;
const endpoint = 'https://acme-logs.s3.eu-central-1.amazonaws.com/airflow/dag_id%3Dd/attempt%3D1.log';

/** Says, errors of the traceback, causes, and what the fix has to name. */
const ROWS: readonly [string, string, readonly string[], readonly Cause[], RegExp][] = [
  [
    'a Deny in the bucket policy',
    WRITE,
    [
      client(
        'AccessDenied',
        'PutObject',
        notAuthorized('s3:PutObject', 'arn:aws:s3:::acme-logs/x', ' with an explicit deny in a resource-based policy'),
      ),
    ],
    ['bucket-policy-denies'],
    /role astro-logs .*bucket acme-logs/,
  ],
  [
    'a Deny of the organization',
    WRITE,
    [
      client(
        'AccessDenied',
        'PutObject',
        notAuthorized('s3:PutObject', 'arn:aws:s3:::acme-logs/x', ' with an explicit deny in a service control policy'),
      ),
    ],
    ['scp-denies'],
    /organization/,
  ],
  [
    'a permissions boundary',
    WRITE,
    [
      client(
        'AccessDenied',
        'PutObject',
        notAuthorized(
          's3:PutObject',
          'arn:aws:s3:::acme-logs/x',
          ' because no permissions boundary allows the s3:PutObject action',
        ),
      ),
    ],
    ['boundary-denies'],
    /boundary/,
  ],
  [
    'a denied PUT across accounts',
    WRITE,
    [client('AccessDenied', 'PutObject', 'Access Denied')],
    [
      'missing-put-object',
      'bucket-policy-denies',
      'other-account-bucket',
      'explicit-deny',
      'kms-denied',
      'requester-pays',
    ],
    /s3:PutObject on arn:aws:s3:::acme-logs\/airflow\/\*/,
  ],
  [
    'a KMS key',
    WRITE,
    [
      client(
        'AccessDenied',
        'PutObject',
        notAuthorized(
          'kms:GenerateDataKey',
          'arn:aws:kms:eu-central-1:123456789012:key/abc',
          ' because no identity-based policy allows the kms:GenerateDataKey action',
        ),
      ),
    ],
    ['kms-denied'],
    /kms:GenerateDataKey and kms:Decrypt on arn:aws:kms/,
  ],
  [
    'a KMS key that is off',
    WRITE,
    [client('KMS.DisabledException', 'PutObject', 'arn:aws:kms:… is disabled.')],
    ['kms-denied'],
    /kms:/,
  ],
  [
    'a denied GET, which loses data',
    `Could not read logs from ${LOCATION} with error: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied`,
    [
      client(
        'AccessDenied',
        'GetObject',
        notAuthorized(
          's3:GetObject',
          'arn:aws:s3:::acme-logs/x',
          ' because no identity-based policy allows the s3:GetObject action',
        ),
      ),
    ],
    ['missing-get-object'],
    /Add s3:GetObject on/,
  ],
  [
    'an invalid bucket',
    VERIFY,
    [
      'botocore.exceptions.ParamValidationError: Parameter validation failed:\nInvalid bucket name "acme\u2011logs": Bucket name must match the regex "^[a-zA-Z0-9.\\-_]{1,255}$"',
    ],
    ['bad-settings'],
    /s3:\/\/bucket\/folder/,
  ],
  [
    'no bucket',
    VERIFY,
    [
      "botocore.exceptions.ParamValidationError: Parameter validation failed:\nInvalid type for parameter Bucket, value: None, type: <class 'NoneType'>, valid types: <class 'str'>",
    ],
    ['bad-settings'],
    /s3:\/\/bucket\/folder/,
  ],
  [
    'no s3://',
    VERIFY,
    [
      'airflow.exceptions.AirflowException: Please provide a bucket name using a valid format of the form: s3://bucket-name/key-name or https://…',
    ],
    ['bad-settings'],
    /s3:\/\/bucket\/folder/,
  ],
  [
    'a region with other hyphens',
    VERIFY,
    [
      "botocore.exceptions.InvalidRegionError: Provided region_name 'us\u2011east\u20111' doesn't match a supported format.",
    ],
    ['bad-settings'],
    /REGION/,
  ],
  [
    'no region',
    VERIFY,
    ['botocore.exceptions.NoRegionError: You must specify a region.'],
    ['bad-settings', 'wrong-region'],
    /REGION/,
  ],
  [
    'a redirect',
    WRITE,
    [
      client(
        'PermanentRedirect',
        'PutObject',
        'The bucket you are attempting to access must be addressed using the specified endpoint.',
      ),
    ],
    ['wrong-region'],
    /REGION/,
  ],
  [
    'a malformed header',
    WRITE,
    [
      client(
        'AuthorizationHeaderMalformed',
        'PutObject',
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      ),
    ],
    ['wrong-region'],
    /REGION=eu-west-1/,
  ],
  [
    'a region that is far',
    WRITE,
    [
      client(
        'IllegalLocationConstraintException',
        'PutObject',
        'The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.',
      ),
    ],
    ['wrong-region'],
    /REGION/,
  ],
  [
    'a wrong key',
    WRITE,
    [client('InvalidAccessKeyId', 'PutObject', 'The AWS Access Key Id you provided does not exist in our records.')],
    ['unknown-access-key'],
    /AWS_ACCESS_KEY_ID/,
  ],
  [
    'a wrong secret',
    WRITE,
    [
      client(
        'SignatureDoesNotMatch',
        'PutObject',
        'The request signature we calculated does not match the signature you provided.',
      ),
    ],
    ['bad-signature'],
    /AWS_SECRET_ACCESS_KEY/,
  ],
  [
    'a wrong clock',
    WRITE,
    [
      client(
        'RequestTimeTooSkewed',
        'PutObject',
        'The difference between the request time and the current time is too large.',
      ),
    ],
    ['clock-skew'],
    /clock/,
  ],
  [
    'an expired token',
    WRITE,
    [client('ExpiredToken', 'PutObject', 'The provided token has expired.')],
    ['expired-credentials'],
    /credentials/,
  ],
  [
    'too many requests',
    WRITE,
    [
      'botocore.exceptions.ClientError: An error occurred (SlowDown) when calling the PutObject operation (reached max retries: 4): Please reduce your request rate.',
    ],
    ['throttled'],
    /Wait/,
  ],
  [
    'too many requests at HEAD',
    VERIFY,
    [
      'botocore.exceptions.ClientError: An error occurred (503) when calling the HeadObject operation (reached max retries: 4): Service Unavailable',
    ],
    ['throttled'],
    /Wait/,
  ],
  [
    'Object Lock',
    WRITE,
    [
      client(
        'InvalidRequest',
        'PutObject',
        'Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters',
      ),
    ],
    ['object-lock'],
    /without default retention/,
  ],
  [
    'ACLs',
    WRITE,
    [client('AccessControlListNotSupported', 'PutObject', 'The bucket does not allow ACLs')],
    ['bucket-ownership'],
    /Object Ownership/,
  ],
  [
    'a trust policy',
    VERIFY,
    [
      client(
        'AccessDenied',
        'AssumeRole',
        'User: arn:aws:sts::111122223333:assumed-role/astro-x/s is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/astro-logs',
      ),
    ],
    ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    /arn:aws:iam::111122223333:role\/astro-x as Principal .*assume-role/,
  ],
  [
    'the trust of service accounts',
    VERIFY,
    [client('AccessDenied', 'AssumeRoleWithWebIdentity', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')],
    ['trust-denies', 'role-not-found'],
    /worker and triggerer/,
  ],
  [
    'no OIDC provider',
    VERIFY,
    [
      client(
        'InvalidIdentityToken',
        'AssumeRoleWithWebIdentity',
        'No OpenIDConnect provider found in your account for https://oidc.eks.example/id/ABC',
      ),
    ],
    ['trust-denies'],
    /OIDC provider/,
  ],
  [
    'a chained session',
    VERIFY,
    [
      client(
        'ValidationError',
        'AssumeRole',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
    ],
    ['session-too-long'],
    /one hour/,
  ],
  [
    'a role that is no ARN',
    VERIFY,
    [
      client(
        'ValidationError',
        'AssumeRole',
        "1 validation error detected: Value 'astro-logs' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
      ),
    ],
    ['bad-settings'],
    /ROLE_ARN/,
  ],
  [
    'partial credentials',
    VERIFY,
    ['botocore.exceptions.PartialCredentialsError: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY'],
    ['no-credentials'],
    /workload identity/,
  ],
  [
    'no metadata',
    VERIFY,
    [
      'botocore.exceptions.CredentialRetrievalError: Error when retrieving credentials from iam-role: Credential refresh failed',
    ],
    ['no-credentials'],
    /workload identity/,
  ],
  [
    'a login',
    VERIFY,
    [
      'botocore.exceptions.UnauthorizedSSOTokenError: The SSO session associated with this profile has expired or is otherwise invalid.',
    ],
    ['expired-credentials'],
    /workload identity/,
  ],
  [
    'a name',
    VERIFY,
    [
      'socket.gaierror: [Errno -2] Name or service not known',
      `botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "${endpoint}"`,
    ],
    ['endpoint-name'],
    /REGION/,
  ],
  [
    'no route',
    VERIFY,
    [
      'OSError: [Errno 101] Network is unreachable',
      `botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "${endpoint}"`,
    ],
    ['endpoint-unreachable'],
    /egress/,
  ],
  [
    'no connection, and no word why',
    VERIFY,
    [`botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "${endpoint}"`],
    ['endpoint-unreachable', 'endpoint-name'],
    /REGION.*gaierror/,
  ],
  [
    'a closed connection',
    WRITE,
    [
      `botocore.exceptions.ConnectionClosedError: Connection was closed before we received a valid response from endpoint URL: "${endpoint}".`,
    ],
    ['endpoint-unreachable'],
    /egress/,
  ],
  [
    'a timeout',
    VERIFY,
    [`botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "${endpoint}"`],
    ['timeout'],
    /egress/,
  ],
  [
    'a slow answer',
    WRITE,
    [`botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "${endpoint}"`],
    ['timeout'],
    /egress/,
  ],
  [
    'a proxy',
    VERIFY,
    ['botocore.exceptions.ProxyConnectionError: Failed to connect to proxy URL: "http://proxy.acme.example:3128"'],
    ['proxy'],
    /HTTPS_PROXY/,
  ],
  [
    'another name in the certificate',
    VERIFY,
    [
      `botocore.exceptions.SSLError: SSL validation failed for ${endpoint} [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'acme-logs.s3.amazonaws.com'. (_ssl.c:1006)`,
    ],
    ['tls-mismatch'],
    /certificate/,
  ],
  [
    'no TLS',
    VERIFY,
    [
      `botocore.exceptions.SSLError: SSL validation failed for ${endpoint} [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)`,
    ],
    ['tls-mismatch', 'proxy'],
    /proxy/,
  ],
  [
    'an old certificate',
    VERIFY,
    [
      `botocore.exceptions.SSLError: SSL validation failed for ${endpoint} [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)`,
    ],
    ['tls-untrusted'],
    /AWS_CA_BUNDLE/,
  ],
  [
    'no connection of Airflow',
    VERIFY,
    ["airflow.exceptions.AirflowNotFoundException: The conn_id `aws_logs` isn't defined"],
    ['connection-missing'],
    /REMOTE_/,
  ],
  [
    'no provider',
    VERIFY,
    ["ModuleNotFoundError: No module named 'airflow.providers.amazon'"],
    ['bad-settings'],
    /apache-airflow-providers-amazon/,
  ],
  [
    'a switch that is no boolean',
    'Could not start the export',
    [
      'airflow.exceptions.AirflowConfigException: Failed to convert value to bool. Please check "s3_bucket_enabled" key in "astro_secondary_logs" section. Current value: "yes".',
    ],
    ['bad-settings'],
    /ENABLED=true/,
  ],
  ['a path that nobody knows', VERIFY, ['KeyError: 3'], ['unknown'], /traceback/],
];

describe.each([
  ['Airflow 2', airflow2],
  ['Airflow 3 as JSON', airflow3Json],
])('the causes in the words of %s', (_, print) => {
  it.each(ROWS)('%s', (_name, says, errors, causes, fix) => {
    const matches = diagnoseLog(print(says, ...errors));
    expect(matches.map(match => match.causes)).toEqual([causes]);
    expect(matches[0]?.fix).toMatch(fix);
  });
});

it('says that a denied GET costs the log what it held', () => {
  const says = `Could not read logs at ${LOCATION} with error: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied`;
  const [match] = diagnoseLog(airflow2(says));
  expect(match).toMatchObject({ message: expect.stringContaining('overwritten') });
  expect(match?.causes[0]).toBe('missing-get-object');
});

describe('one match for each failure', () => {
  it('counts the two tries of one upload once, and the uploads that succeed at the second try not at all', () => {
    const retry = `[2026-11-23T07:12:52.845+0000] {s3_task_handler.py:141} WARNING - Failed attempt to write logs to ${LOCATION}, will retry\n`;
    const failed = airflow2(WRITE, client('SlowDown', 'PutObject', 'Please reduce your request rate.'));
    expect(diagnoseLog(retry)).toEqual([]);
    expect(diagnoseLog(retry + failed).map(({ line }) => line)).toEqual([1]);
    expect(diagnoseLog((retry + failed).repeat(3)).map(({ line }) => line)).toEqual([1, 8, 15]);
  });

  it('tells apart the workers that print into one text at once', () => {
    const one = airflow2(VERIFY, client('403', 'HeadObject', 'Forbidden'))
      .trimEnd()
      .split('\n');
    const other = airflow2(WRITE, client('NoSuchBucket', 'PutObject', 'The specified bucket does not exist'))
      .trimEnd()
      .split('\n');
    const woven = one.flatMap((line, i) => [`worker-1  | ${line}`, `triggerer-1  | ${other[i]}`]).join('\n');
    expect(diagnoseLog(woven).map(({ line, causes }) => [line, causes[0]])).toEqual([
      [0, 'missing-list-bucket'],
      [1, 'no-such-bucket'],
    ]);
  });

  it('knows the handler without any header, as another log format prints it', () => {
    const error = client('NoSuchBucket', 'PutObject', 'The specified bucket does not exist');
    for (const head of [
      '',
      'ERROR:airflow.providers.amazon.aws.log.s3_task_handler:',
      '2026-11-23 07:14:58,343 ERROR airflow.providers.amazon.aws.log.s3_task_handler: ',
    ]) {
      expect([head, diagnoseLog(`${head}${WRITE}\n${error}\n`).map(({ causes }) => causes[0])]).toEqual([
        head,
        ['no-such-bucket'],
      ]);
    }
  });

  it('reads a line that somebody copied alone', () => {
    expect(diagnoseLog(client('NoSuchBucket', 'PutObject', 'The specified bucket does not exist'))).toMatchObject([
      { line: 0, causes: ['no-such-bucket'] },
    ]);
    const unnamed = `[2026-11-23T07:14:58.343+0000] {sink.py:9} ERROR - upload failed: ${client('AccessDenied', 'PutObject', notAuthorized('s3:PutObject', 'arn:aws:s3:::acme-logs/airflow/dag_id=d/run_id=r/task_id=t/attempt=1.log', ' because no identity-based policy allows the s3:PutObject action'))}`;
    expect(diagnoseLog(unnamed)).toMatchObject([{ causes: ['missing-put-object'] }]);
  });

  it('reads the end of a traceback that somebody copied', () => {
    const whole = samples.find(({ name }) => name === '2.11.2/missing-bucket.txt')?.text ?? '';
    const end = whole.trimEnd().split('\n').slice(-5).join('\n');
    expect(diagnoseLog(end)).toMatchObject([{ line: 0, lastLine: 4, causes: ['no-such-bucket'] }]);
  });

  it('says what is left open where the traceback is missing', () => {
    expect(diagnoseLog(airflow2(VERIFY))).toMatchObject([
      { causes: ['missing-list-bucket', 'missing-get-object', 'kms-denied', 'unknown'] },
    ]);
    expect(diagnoseLog(airflow2(WRITE))[0]?.causes[0]).toBe('missing-put-object');
  });

  it('warns of a connection that the processes miss, not of one that a task misses', () => {
    const warning =
      "[2026-11-23T07:14:58.343+0000] {base_aws.py:600} WARNING - Unable to find AWS Connection ID 'logs', switching to empty.\n";
    const task = '[2026-11-23T07:14:58.343+0000] {taskinstance.py:2600} INFO - Executing <Task(PythonOperator): t>\n';
    expect(diagnoseLog(warning)).toMatchObject([{ causes: ['connection-missing'] }]);
    expect(diagnoseLog(task + warning)).toEqual([]);
  });
});

/** A task that uses S3 itself, in the forms in which it may say so. */
const OTHERS: readonly [string, string][] = [
  [
    'a task whose own S3 call is denied (Airflow 2)',
    `[2026-11-23T07:14:58.343+0000] {taskinstance.py:3313} ERROR - Task failed with exception
Traceback (most recent call last):
  File "/usr/local/airflow/dags/load.py", line 12, in load
    S3Hook("aws").load_string("x", "k", "my-data")
  File "/usr/local/lib/python3.11/site-packages/airflow/providers/amazon/aws/hooks/s3.py", line 1044, in check_for_key
    obj = self.head_object(key, bucket_name)
botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden
`,
  ],
  [
    'a task whose key is missing (Airflow 3)',
    `${JSON.stringify({ timestamp: '2026-11-23T07:14:58.1Z', level: 'error', event: 'Task failed with exception', logger: 'task', error_detail: [{ exc_type: 'NoSuchKey', exc_value: 'An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.', is_cause: false, frames: [{ filename: '/usr/local/airflow/dags/load.py', lineno: 3, name: 'load' }] }] })}\n`,
  ],
  [
    'a task that prints what the handler says (Airflow 2)',
    `[2026-11-23T07:14:58.343+0000] {logging_mixin.py:190} INFO - Could not write logs to s3://a/dag_id=d/attempt=1.log\n[2026-11-23T07:14:58.343+0000] {logging_mixin.py:190} INFO - An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n`,
  ],
  [
    'a task that prints what the handler says (Airflow 3)',
    `${JSON.stringify({ timestamp: '2026-11-23T07:14:58.1Z', level: 'error', event: 'Could not verify previous log to append', chan: 'stderr', logger: 'task' })}\n${JSON.stringify({ timestamp: '2026-11-23T07:14:58.1Z', level: 'error', event: 'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied', logger: 'task.stderr' })}\n`,
  ],
  [
    'a task that quotes a line of a worker',
    `[2026-11-23T07:14:58.343+0000] {logging_mixin.py:190} INFO - [2026-11-23T07:14:58.343+0000] {s3_task_handler.py:124} ERROR - Could not verify previous log to append\n`,
  ],
  [
    'the shell of a task',
    `[2026-11-23T07:14:58.343+0000] {subprocess.py:93} INFO - An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n`,
  ],
  ['the word alone', 'AccessDenied\n'],
  ['a sentence with the word', 'the customer answered: AccessDenied, Forbidden, 403\n'],
  [
    'another option of Airflow that is no boolean',
    `[2026-11-23T07:14:58.343+0000] {configuration.py:9} ERROR - broken\nTraceback (most recent call last):\n  File "/x/airflow/configuration.py", line 1, in f\nairflow.exceptions.AirflowConfigException: Failed to convert value to bool. Please check "load_examples" key in "core" section. Current value: "yes".\n`,
  ],
  [
    'the UI that cannot read its own logs',
    `[2026-11-23T07:14:58.343+0000] {file_task_handler.py:620} ERROR - Could not read served logs\n`,
  ],
  [
    'a log of a task that works',
    '[2026-11-23T07:14:58.343+0000] {visible.py:26} WARNING - 3 of 42 orders have no postcode\n',
  ],
  [
    'a snippet of a DAG',
    `Traceback (most recent call last):\n  File "/usr/local/airflow/dags/load.py", line 12, in load\nbotocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n`,
  ],
  [
    'variables that something lists',
    `AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=true\nAIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us-east-1\n`,
  ],
  [
    'the end of a traceback of a DAG',
    `  File "/usr/local/airflow/dags/load.py", line 12, in load\nbotocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n`,
  ],
  ['nothing', ''],
  ['JSON of a task', '{"error":"AccessDenied","bucket":"b"}\n'],
];

describe("other people's errors are not the export's", () => {
  it.each(OTHERS)('%s', (_, text) => {
    expect(diagnoseLog(text)).toEqual([]);
    for (const collect of Object.values(COLLECTORS)) expect(diagnoseLog(collect(text))).toEqual([]);
  });

  it('none of the logs of tasks that real Airflow wrote', () => {
    const folder = path.join(__dirname, '../../projects/sample-logs');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      expect(diagnoseLog(readFileSync(path.join(file.parentPath, file.name), 'utf8'))).toEqual([]);
    }
  });
});

it('shows no key, token or signed address of the log', () => {
  const error = `botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026&X-Amz-Signature=canary1&X-Amz-Security-Token=canary2" via http://user:canary3@proxy:3128`;
  const text = JSON.stringify(diagnoseLog(airflow2(VERIFY, error)));
  expect(text).toContain('b.s3.amazonaws.com');
  expect(text).not.toMatch(/canary|AKIAIOSFODNN7EXAMPLE/);
});

it('reads a long log before the test times out', () => {
  const block = airflow2(VERIFY, client('403', 'HeadObject', 'Forbidden'));
  const text = `${'[2026-11-23T07:14:58.343+0000] {visible.py:26} INFO - a line of a worker that has nothing to tell\n'.repeat(40_000)}${block}`;
  expect(diagnoseLog(text)).toHaveLength(1);
  expect(diagnoseLog(`${' ['.repeat(200_000)}\n${'[2026-11-23T07:14:58 '.repeat(20_000)}`)).toEqual([]);
});

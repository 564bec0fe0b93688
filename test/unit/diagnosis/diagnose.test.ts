import { describe, expect, it } from 'vitest';
import type { AwsFailure } from '../../../src/core/diagnosis/aws-failure';
import { CAUSES, type Cause } from '../../../src/core/diagnosis/cause';
import { diagnose } from '../../../src/core/diagnosis/diagnose';
import type { DiagnosisContext } from '../../../src/core/diagnosis/diagnosis';

const role = 'arn:aws:iam::123456789012:role/team/logs';
const caller = 'arn:aws:sts::111122223333:assumed-role/astro-deployment-role/x';
const context: DiagnosisContext = {
  target: { bucket: 'my-bucket', prefix: 'logs/', region: 'us-east-1', accessMode: 'assume-role', roleArn: role },
  as: caller,
};

function denied(action: string, why: string, resource = 'arn:aws:s3:::my-bucket'): Partial<AwsFailure> {
  return {
    awsCode: 'AccessDenied',
    status: 403,
    action,
    message: `User: ${caller} is not authorized to perform: ${action} on resource: "${resource}" ${why}`,
  };
}
const noIdentity = (action: string) => `because no identity-based policy allows the ${action} action`;

/** What came back → the causes, most likely first, and what the next step has to name. */
const CASES: readonly [string, Partial<AwsFailure>, readonly Cause[], RegExp][] = [
  [
    'put',
    denied('s3:PutObject', noIdentity('s3:PutObject')),
    ['missing-put-object'],
    /^Add s3:PutObject on arn:aws:s3:::my-bucket\/logs\/\* .* role logs \(secondary-logs-policy\.json\)/,
  ],
  [
    'get',
    denied('s3:GetObject', noIdentity('s3:GetObject')),
    ['missing-get-object'],
    /s3:GetObject on arn:aws:s3:::my-bucket\/logs\/\*/,
  ],
  ['delete', denied('s3:DeleteObject', noIdentity('s3:DeleteObject')), ['missing-delete-object'], /s3:DeleteObject/],
  [
    'list',
    denied('s3:ListBucket', noIdentity('s3:ListBucket')),
    ['missing-list-bucket'],
    /^Add s3:ListBucket on arn:aws:s3:::my-bucket to/,
  ],
  [
    'a GET that needs ListBucket',
    { ...denied('s3:ListBucket', noIdentity('s3:ListBucket')), action: 's3:GetObject' },
    ['missing-list-bucket'],
    /^Add s3:ListBucket on arn:aws:s3:::my-bucket to/,
  ],
  [
    'bucket policy',
    denied('s3:PutObject', 'with an explicit deny in a resource-based policy'),
    ['bucket-policy-denies'],
    /Deny of s3:PutObject in the policy of the bucket my-bucket/,
  ],
  [
    'Deny',
    denied('s3:PutObject', 'with an explicit deny in an identity-based policy'),
    ['explicit-deny'],
    /Remove the Deny/,
  ],
  [
    'VPC endpoint',
    denied('s3:PutObject', 'with an explicit deny in a VPC endpoint policy'),
    ['explicit-deny'],
    /VPC endpoint/,
  ],
  ['SCP', denied('s3:PutObject', 'with an explicit deny in a service control policy'), ['scp-denies'], /organization/],
  [
    'RCP',
    denied('s3:PutObject', 'with an explicit deny in a resource control policy'),
    ['scp-denies'],
    /resource control/,
  ],
  [
    'boundary',
    denied('s3:PutObject', 'because no permissions boundary allows the s3:PutObject action'),
    ['boundary-denies'],
    /boundary/,
  ],
  [
    'other account',
    denied('s3:PutObject', 'because no resource-based policy allows the s3:PutObject action'),
    ['other-account-bucket', 'missing-put-object'],
    /policy of the bucket my-bucket/,
  ],
  [
    'bare put',
    { awsCode: 'AccessDenied', status: 403, action: 's3:PutObject', message: 'Access Denied' },
    [
      'missing-put-object',
      'bucket-policy-denies',
      'other-account-bucket',
      'explicit-deny',
      'kms-denied',
      'requester-pays',
    ],
    /s3:PutObject/,
  ],
  [
    'bare HEAD',
    { awsCode: '', status: 403, action: 's3:GetObject' },
    [
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
    ],
    /s3:ListBucket/,
  ],
  [
    'KMS write',
    denied('kms:GenerateDataKey', noIdentity('kms:GenerateDataKey'), 'arn:aws:kms:us-east-1:123456789012:key/k'),
    ['kms-denied'],
    /key\/k/,
  ],
  [
    'KMS off',
    { awsCode: 'KMS.DisabledException', status: 400, action: 's3:PutObject' },
    ['kms-denied'],
    /kms:GenerateDataKey/,
  ],

  [
    'trust',
    denied('sts:AssumeRole', 'because no resource-based policy allows the sts:AssumeRole action', role),
    ['trust-denies'],
    /arn:aws:iam::111122223333:role\/astro-deployment-role as Principal .*role logs \(secondary-logs-trust-policy\.json\)/,
  ],
  [
    'trust Deny',
    denied('sts:AssumeRole', 'with an explicit deny in a resource-based policy', role),
    ['trust-denies'],
    /Remove the Deny/,
  ],
  [
    'caller',
    denied('sts:AssumeRole', noIdentity('sts:AssumeRole'), role),
    ['caller-may-not-assume'],
    /^Add sts:AssumeRole on .*role astro-deployment-role/,
  ],
  [
    'either',
    denied('sts:AssumeRole', '', role),
    ['trust-denies', 'caller-may-not-assume', 'role-not-found', 'role-recreated'],
    /secondary-logs-trust-policy\.json/,
  ],
  ['no role', { awsCode: 'NoSuchEntity', status: 404, action: 'iam:GetRole' }, ['role-not-found'], /ROLE_ARN/],
  ['no role in Ceph', { awsCode: 'NotFound', status: 404, action: 'sts:AssumeRole' }, ['role-not-found'], /ROLE_ARN/],
  [
    'chained',
    {
      awsCode: 'ValidationError',
      status: 400,
      action: 'sts:AssumeRole',
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    },
    ['session-too-long'],
    /default/,
  ],

  [
    'no bucket',
    { awsCode: 'NoSuchBucket', status: 404, action: 's3:PutObject' },
    ['no-such-bucket'],
    /S3_BASE_LOG_FOLDER/,
  ],
  ['no bucket, HEAD', { awsCode: '', status: 404, action: 's3:ListBucket' }, ['no-such-bucket'], /S3_BASE_LOG_FOLDER/],
  [
    'redirect',
    { awsCode: 'PermanentRedirect', status: 301, region: 'eu-west-1' },
    ['wrong-region'],
    /REGION=eu-west-1$/,
  ],
  ['HEAD redirect', { awsCode: '', status: 301, region: 'eu-west-1' }, ['wrong-region'], /REGION=eu-west-1$/],
  [
    'malformed',
    {
      awsCode: 'AuthorizationHeaderMalformed',
      status: 400,
      message: "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    },
    ['wrong-region'],
    /REGION=eu-west-1$/,
  ],
  [
    'malformed key',
    {
      awsCode: 'AuthorizationHeaderMalformed',
      status: 400,
      message: 'The authorization header is malformed; the Credential is mal-formed',
    },
    ['bad-signature'],
    /AWS_ACCESS_KEY_ID/,
  ],
  ['bare 400', { awsCode: '', status: 400 }, ['wrong-region', 'expired-credentials'], /REGION/],
  ['bare 400 elsewhere', { awsCode: '', status: 400, region: 'ap-south-2' }, ['wrong-region'], /REGION=ap-south-2$/],
  ['bare 400 here', { awsCode: '', status: 400, region: 'us-east-1' }, ['expired-credentials'], /credentials/],

  ['expired', { awsCode: 'ExpiredToken', status: 400 }, ['expired-credentials'], /new credentials/],
  ['expired, STS', { awsCode: 'ExpiredTokenException', status: 403 }, ['expired-credentials'], /new credentials/],
  ['unknown key', { awsCode: 'InvalidAccessKeyId', status: 403 }, ['unknown-access-key'], /AWS_ACCESS_KEY_ID/],
  ['unknown key, STS', { awsCode: 'InvalidClientTokenId', status: 403 }, ['unknown-access-key'], /AWS_ACCESS_KEY_ID/],
  ['forged token', { awsCode: 'InvalidToken', status: 400 }, ['unknown-access-key'], /AWS_SESSION_TOKEN/],
  ['signature', { awsCode: 'SignatureDoesNotMatch', status: 403 }, ['bad-signature'], /AWS_SECRET_ACCESS_KEY/],
  ['clock', { awsCode: 'RequestTimeTooSkewed', status: 403 }, ['clock-skew'], /clock/],
  [
    'clock, STS',
    { awsCode: 'SignatureDoesNotMatch', status: 403, message: 'Signature expired: 20261123T0 is now earlier than …' },
    ['clock-skew'],
    /clock/,
  ],

  ['throttled', { awsCode: 'SlowDown', status: 503 }, ['throttled'], /fewer requests/],
  ['proxy', { awsCode: '', status: 407 }, ['proxy'], /proxy/],
  [
    'lock',
    {
      awsCode: 'InvalidRequest',
      status: 400,
      message:
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    },
    ['object-lock'],
    /retention/,
  ],
  ['ACL', { awsCode: 'AccessControlListNotSupported', status: 400 }, ['bucket-ownership'], /Bucket owner enforced/],
  ['refused', { awsCode: 'ECONNREFUSED', status: 0 }, ['endpoint-unreachable'], /AWS/],
  ['name', { awsCode: 'ENOTFOUND', status: 0 }, ['endpoint-name'], /REGION/],
  ['timeout', { awsCode: 'ETIMEDOUT', status: 0 }, ['timeout'], /firewall/],
  ['certificate', { awsCode: 'SELF_SIGNED_CERT_IN_CHAIN', status: 0 }, ['tls-untrusted'], /NODE_EXTRA_CA_CERTS/],
  ['expired certificate', { awsCode: 'CERT_HAS_EXPIRED', status: 0 }, ['tls-untrusted'], /certificate authority/],
  ['certificate of another', { awsCode: 'ERR_TLS_CERT_ALTNAME_INVALID', status: 0 }, ['tls-mismatch'], /name/],
  ['no TLS', { awsCode: 'EPROTO', status: 0 }, ['tls-mismatch'], /http or https/],
  ['no keys', { awsCode: 'CredentialsProviderError', status: 0 }, ['no-credentials'], /AWS_PROFILE/],
  ['anything', { awsCode: 'TeaPot', status: 418, message: 'short and stout' }, ['unknown'], /AWS documentation/],
];

describe('diagnose', () => {
  it.each(CASES)('%s', (_, failure, causes, nextStep) => {
    const found = diagnose({ awsCode: '', status: 403, message: '', action: 's3:PutObject', ...failure }, context);
    expect(found.causes).toEqual(causes);
    expect(found.nextStep).toMatch(nextStep);
  });

  it("names the bucket's ARN in its own partition, and the Deployment where nothing tells the role", () => {
    const target = { bucket: 'b', prefix: '', region: 'cn-north-1', accessMode: 'workload-identity' } as const;
    const failure = { awsCode: 'AccessDenied', status: 403, action: 's3:PutObject', message: 'Access Denied' };
    expect(diagnose(failure, { target }).nextStep).toBe(
      "Add s3:PutObject on arn:aws-cn:s3:::b/* to the permission policy of the Deployment's role (secondary-logs-policy.json).",
    );
  });

  it('offers no change of the trust for a caller whose name nothing tells', () => {
    const failure = { awsCode: 'AccessDenied', status: 403, action: 'sts:AssumeRole', message: '' };
    expect(diagnose(failure, context).change).toEqual({
      document: 'trust',
      principal: 'arn:aws:iam::111122223333:role/astro-deployment-role',
      action: 'sts:AssumeRole',
    });
    const found = diagnose(failure, { target: context.target });
    expect(found.nextStep).toMatch(/^Name the caller as Principal/);
    expect(found.change).toBeUndefined();
  });

  it('names the missing region and the one that is set', () => {
    const failure = {
      awsCode: 'PermanentRedirect',
      status: 301,
      action: 's3:PutObject',
      message: '',
      region: 'eu-west-1',
    };
    expect(diagnose(failure, context).message).toMatch(/eu-west-1.*REGION=us-east-1/);
    const { region: _, ...target } = context.target;
    expect(diagnose(failure, { target }).message).toMatch(/eu-west-1.*REGION is not set/);
  });

  it('always knows a cause', () => {
    const codes = ['', 'AccessDenied', 'NoSuchKey', 'ECONNRESET', 'InternalError'];
    for (const awsCode of codes) {
      for (const status of [0, 200, 301, 400, 403, 404, 500, 503]) {
        const found = diagnose({ awsCode, status, message: '', action: '' }, context);
        expect(CAUSES).toContain(found.causes[0]);
        expect(found.nextStep).not.toBe('');
      }
    }
  });
});

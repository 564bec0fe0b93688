import type { OneOrMany, PolicyDocument, PolicyStatement } from './policy';

const VERSION = '2012-10-17';

/** In the order of the vendor's page. */
const EXPORT_ACTIONS = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'] as const;

/** To write and, since a log is appended to by reading it first, to read objects under SSE-KMS. */
const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'] as const;

export interface PermissionOptions {
  readonly bucket: string;
  /** The folder in the bucket, without slashes at its ends (they are taken off); `''` for the whole bucket. */
  readonly prefix: string;
  /** Default `aws`. */
  readonly partition?: string;
  /** Only what lies under the prefix, instead of the documented policy on the whole bucket. */
  readonly leastPrivilege?: boolean;
  /** The full ARN of the key that encrypts the bucket. */
  readonly kmsKeyArn?: string;
}

/**
 * What the export's role may do. The default is the policy of the vendor's page, word for word:
 * https://www.astronomer.io/docs/astro/export-secondary-s3-bucket.
 *
 * With `leastPrivilege` the same actions, scoped to the prefix. S3 judges a HEAD of a key that isn't there as
 * `s3:ListBucket` with `s3:prefix` = that key, so the condition covers whatever begins with `prefix/`:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html. `s3:DeleteObject` stays: the page asks for it,
 * Airflow's own handler doesn't need it, and whether the export does isn't known; the verifier removes its probe with it.
 */
export function buildPermissionPolicy(options: PermissionOptions): PolicyDocument {
  return { Version: VERSION, Statement: [...bucketStatements(options), ...keyStatements(options.kmsKeyArn)] };
}

function bucketStatements({ bucket, prefix, partition = 'aws', leastPrivilege }: PermissionOptions): PolicyStatement[] {
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const folder = trimSlashes(prefix);
  if (!leastPrivilege) {
    const Resource = [bucketArn, `${bucketArn}/*`];
    return [{ Sid: 'ExternalS3Policy', Effect: 'Allow', Action: [...EXPORT_ACTIONS], Resource }];
  }
  const under = folder === '' ? '*' : `${folder}/*`;
  return [
    {
      Sid: 'ListLogFolder',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn,
      ...(folder === '' ? {} : { Condition: { StringLike: { 's3:prefix': under } } }),
    },
    {
      Sid: 'WriteLogFolder',
      Effect: 'Allow',
      Action: EXPORT_ACTIONS.filter(action => action !== 's3:ListBucket'),
      Resource: `${bucketArn}/${under}`,
    },
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms */
function keyStatements(kmsKeyArn: string | undefined): PolicyStatement[] {
  if (kmsKeyArn === undefined) return [];
  return [{ Sid: 'LogBucketKey', Effect: 'Allow', Action: [...KEY_ACTIONS], Resource: kmsKeyArn }];
}

/** A customer-managed workload identity: the cluster's OIDC issuer and the Deployment's namespace. */
interface OidcTrust {
  /** `https://host/path`; the scheme and a slash at the end don't matter. */
  readonly issuer: string;
  /** The account that holds the provider, which is the role's own. */
  readonly account: string;
  readonly namespace: string;
  /** Default `aws`. */
  readonly partition?: string;
}

export interface TrustOptions {
  /** ARNs of the Deployments' workload identities. */
  readonly deploymentRoles?: readonly string[];
  readonly externalId?: string;
  readonly oidc?: OidcTrust;
}

/**
 * Who may become the export's role: Deployments by their role, a Deployment by its service accounts, or both.
 * https://www.astronomer.io/docs/astro/export-secondary-s3-bucket (Option 2), and for OIDC
 * https://www.astronomer.io/docs/astro/authorize-deployments-to-your-cloud
 */
export function buildTrustPolicy({ deploymentRoles = [], externalId, oidc }: TrustOptions): PolicyDocument {
  const statements: PolicyStatement[] = [];
  const roles = [...new Set(deploymentRoles)];
  if (roles.length > 0) {
    statements.push({
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(roles) },
      Action: 'sts:AssumeRole',
      ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    });
  }
  if (oidc) statements.push(oidcStatement(oidc));
  return { Version: VERSION, Statement: statements };
}

/** The Deployment's components that run with a service account of their own, as the vendor's page lists them. */
const COMPONENTS = ['worker', 'scheduler', 'triggerer', 'webserver', 'dag-processor'];

/** The vendor's sample repeats the `:sub` key, which JSON doesn't allow: here it is one key with all the accounts. */
function oidcStatement({ issuer, account, namespace, partition = 'aws' }: OidcTrust): PolicyStatement {
  const provider = issuer.replace(/^https:\/\//i, '').replace(/\/+$/, '');
  // Tokens for the Chinese partition are made out to either name.
  const audience = partition === 'aws-cn' ? ['sts.amazonaws.com', 'sts.amazonaws.com.cn'] : 'sts.amazonaws.com';
  const accounts = [...COMPONENTS.map(component => `${component}-serviceaccount`), 'kpo'];
  return {
    Effect: 'Allow',
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringLike: {
        [`${provider}:aud`]: audience,
        [`${provider}:sub`]: accounts.map(name => `system:serviceaccount:${namespace}:${namespace}-${name}`),
      },
    },
  };
}

/**
 * The policy of a bucket whose account isn't the role's: there both sides have to allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function buildBucketPolicy(options: PermissionOptions & { readonly roles: readonly string[] }): PolicyDocument {
  const Principal = { AWS: oneOrMany(options.roles) };
  const statements = bucketStatements(options).map(({ Sid, Effect, ...rest }) => ({ Sid, Effect, Principal, ...rest }));
  return { Version: VERSION, Statement: statements };
}

/**
 * Denies every request without TLS, whoever makes it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit
 */
export function buildTlsOnlyStatement(bucket: string, partition = 'aws'): PolicyStatement {
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/**
 * The statement that the key's policy needs where the key's account isn't the role's. In a key policy `*` is the key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function buildKeyPolicyStatement(roles: readonly string[]): PolicyStatement {
  return {
    Sid: 'SecondaryLogs',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(roles) },
    Action: [...KEY_ACTIONS],
    Resource: '*',
  };
}

/** A policy as a file holds it: JSON with two blanks a level, and a line end. */
export function formatPolicy(document: PolicyDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function trimSlashes(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, '');
}

function oneOrMany(values: readonly string[]): OneOrMany<string> {
  return values.length === 1 ? (values[0] as string) : values;
}

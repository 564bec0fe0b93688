import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type PolicyGrammar, parsePolicyText } from '../core/iam/parse-policy';
import type { PolicyDocument } from '../core/iam/policy';
import { readEnvFile } from './env-file';
import type { PolicyRecord, RoleRecord } from './identity-records';
import type { IdentityStore } from './identity-store';
import { statementsOf } from './principal-binding';
import { isBucketName } from './s3/request';
import type { S3Service } from './s3/s3-service';
import { SandboxError } from './sandbox-error';

/** The account and name of a Deployment's own role, as the vendor's page has them. */
const DEPLOYMENT_ACCOUNT = '111122223333';
const DEPLOYMENT_ROLE = 'astro-deployment-role';
export const DEFAULT_REGION = 'us-east-1';

const FILES = {
  env: '.env',
  policy: 'secondary-logs-policy.json',
  trust: 'secondary-logs-trust-policy.json',
  bucketPolicy: 'secondary-logs-bucket-policy.json',
} as const;

const KEYS = {
  folder: 'AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BASE_LOG_FOLDER',
  roleArn: 'AIRFLOW__ASTRO_SECONDARY_LOGS__ROLE_ARN',
  region: 'AIRFLOW__ASTRO_SECONDARY_LOGS__REGION',
} as const;

/** Named as the script names it that scaffold writes for the AWS CLI. */
const POLICY_NAME = 'secondary-logs';

/** An export's files, read and understood, before anything is created. */
export interface Seed {
  readonly bucket: string;
  readonly region: string;
  readonly partition: string;
  /** Absent in the access mode workload-identity. */
  readonly role: { readonly account: string; readonly path: string; readonly name: string } | undefined;
  readonly policy: PolicyRecord;
  readonly trust: PolicyRecord | undefined;
  readonly bucketPolicy: PolicyDocument | undefined;
}

/**
 * Reads what scaffold wrote into a folder. Policies are taken as they stand, also where they name somebody or something
 * that doesn't exist. Throws a SandboxError that names the file which can't be used.
 */
export async function readSeed(dir: string): Promise<Seed> {
  const envFile = path.join(dir, FILES.env);
  const settings = readEnvFile(await readRequired(envFile));
  const bucket = bucketOf(settings.get(KEYS.folder), envFile);
  const region = settings.get(KEYS.region) || DEFAULT_REGION;
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) throw badSetting(envFile, KEYS.region, region, 'is no AWS region');
  const roleArn = settings.get(KEYS.roleArn);
  const role = roleArn ? parseRole(roleArn, envFile) : undefined;
  const trustFile = path.join(dir, FILES.trust);
  return {
    bucket,
    region,
    partition: role?.partition ?? partitionOf(region),
    role,
    policy: parsePolicy(await readRequired(path.join(dir, FILES.policy)), path.join(dir, FILES.policy), 'identity'),
    trust: await (role
      ? readRequired(trustFile).then(text => parsePolicy(text, trustFile, 'trust'))
      : readPolicyIfThere(trustFile, 'trust')),
    bucketPolicy: (await readPolicyIfThere(path.join(dir, FILES.bucketPolicy), 'resource'))?.document,
  };
}

/**
 * Creates the bucket, the export's role and the Deployment's own role. What an earlier run left is brought to what the
 * files say now; the bucket's objects stay.
 */
export async function applySeed(seed: Seed, store: IdentityStore, s3: S3Service): Promise<void> {
  const { partition, region, bucket } = seed;
  const account = accountOf(seed);
  store.account(account, partition);
  const deployment = ensureDeploymentRole(store, partition);
  if (seed.role && seed.trust) {
    const arn = `arn:${partition}:iam::${account}:role${seed.role.path}${seed.role.name}`;
    const role = store.findRoleByArn(arn) ?? store.createRole({ ...seed.role, trust: seed.trust.document });
    role.trust = store.bindTrust(seed.trust.document);
    role.inline.set(POLICY_NAME, seed.policy);
    allowAssuming(deployment);
  } else {
    if (seed.trust) deployment.trust = store.bindTrust(seed.trust.document);
    attach(store, deployment, seed.policy);
  }
  if (seed.trust) createProviders(store, seed.trust.document);
  if (!s3.hasBucket(bucket)) await s3.createBucket({ name: bucket, region, ownerAccount: account });
  if (seed.bucketPolicy) await s3.setBucketPolicy(bucket, seed.bucketPolicy);
}

/** The account that holds the export's role and bucket. */
export function accountOf(seed: Seed): string {
  return seed.role?.account ?? DEPLOYMENT_ACCOUNT;
}

/** The role that a Deployment runs as; without a seed it may assume any role that trusts it. */
export function ensureDeploymentRole(store: IdentityStore, partition: string): RoleRecord {
  const known = store.account(DEPLOYMENT_ACCOUNT, partition).roles.get(DEPLOYMENT_ROLE);
  if (known) return known;
  const trust: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    ],
  };
  return store.createRole({ account: DEPLOYMENT_ACCOUNT, name: DEPLOYMENT_ROLE, trust });
}

export function allowAssuming(role: RoleRecord): void {
  const document: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'AssumeLogRole', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
  };
  role.inline.set('assume-role', { text: JSON.stringify(document), document });
}

function attach(store: IdentityStore, role: RoleRecord, policy: PolicyRecord): void {
  const { partition } = store.account(role.account);
  const known = store.findPolicy(`arn:${partition}:iam::${role.account}:policy/${POLICY_NAME}`);
  if (known) {
    const version = known.versions.get(known.defaultVersionId)!;
    known.versions.set(version.id, { ...version, policy });
  }
  const { arn } = known ?? store.createPolicy({ account: role.account, name: POLICY_NAME, policy });
  role.attached.add(arn);
}

/** A trust that names an OIDC provider of its account finds it there. */
function createProviders(store: IdentityStore, trust: PolicyDocument): void {
  for (const { Principal } of statementsOf(trust)) {
    if (Principal === undefined || Principal === '*' || Principal.Federated === undefined) continue;
    const arns = typeof Principal.Federated === 'string' ? [Principal.Federated] : Principal.Federated;
    for (const arn of arns) {
      const [, account, issuer] = /^arn:[^:]+:iam::(\d{12}):oidc-provider\/(.+)$/.exec(arn) ?? [];
      if (account === undefined || issuer === undefined) continue;
      if (store.account(account).oidcProviders.has(arn)) continue;
      store.createOidcProvider({ account, issuer, clientIds: ['sts.amazonaws.com'] });
    }
  }
}

async function readRequired(file: string): Promise<string> {
  const text = await readIfThere(file);
  if (text !== undefined) return text;
  throw new SandboxError('bad-seed', `${file} does not exist.`, 'Let scaffold write it, or name another folder.');
}

async function readIfThere(file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SandboxError('bad-seed', `${file} can't be read: ${code}`, 'Name a folder whose files can be read.', {
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SandboxError('bad-seed', `${file} is not UTF-8.`, 'Save it as UTF-8.', { cause: error });
  }
}

async function readPolicyIfThere(file: string, grammar: PolicyGrammar): Promise<PolicyRecord | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : parsePolicy(text, file, grammar);
}

/** What IAM would refuse, but whose meaning is plain, is kept. */
function parsePolicy(text: string, file: string, grammar: PolicyGrammar): PolicyRecord {
  const { document, problems } = parsePolicyText(text, grammar);
  if (document) return { text, document };
  const problem = problems.find(one => !one.isClear);
  const line = text.slice(0, problem?.range.start ?? 0).split('\n').length;
  throw new SandboxError(
    'bad-seed',
    `${file} is no policy that IAM takes: ${problem?.message ?? 'Syntax errors in policy.'} (line ${line})`,
    'Correct the file, or let scaffold write it again.',
  );
}

function bucketOf(folder: string | undefined, file: string): string {
  const bucket = /^s3:\/\/([^/]+)(\/|$)/.exec(folder ?? '')?.[1];
  if (bucket === undefined) throw badSetting(file, KEYS.folder, folder, 'must be s3://bucket/folder');
  if (!isBucketName(bucket)) throw badSetting(file, KEYS.folder, folder, 'names no bucket that S3 would create');
  return bucket;
}

function parseRole(arn: string, file: string) {
  const [, partition, account, rolePath, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  if (!partition || !account || !rolePath || !name) throw badSetting(file, KEYS.roleArn, arn, "is no role's ARN");
  return { partition, account, path: rolePath, name };
}

function badSetting(file: string, key: string, value: string | undefined, what: string): SandboxError {
  const said = value === undefined ? `${key} is missing in ${file}` : `${key} in ${file} ${what}: ${value}`;
  return new SandboxError('bad-seed', said, 'Correct the file, or let scaffold write it again.');
}

function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

import type { OneOrMany, PolicyDocument } from '../../core/iam/policy';
import { refusalByPolicies } from '../authorization';
import { type SandboxRequest, ServiceError } from '../service';
import { listOf, statementsOf } from './public-access';
import type { Encryption } from './records';

/** A key as the stand-in for KMS knows it. */
export interface KmsKey {
  /** `arn:aws:kms:region:account:key/id` */
  readonly arn: string;
  /** Default: the account's root may do everything, which leaves the decision to identity policies. */
  readonly policy?: PolicyDocument;
  /** Default `Enabled`. */
  readonly state?: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'Missing';
}

const KEY_ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):key\/[A-Za-z0-9-]+$/;

/** Keys that were set up. Any other key ARN stands for a key with KMS's default policy. */
export type KmsKeys = Map<string, KmsKey>;

/**
 * The ARN of the key that a request names: an ARN, or an id in the caller's account and the bucket's region.
 * Aliases are unknown here.
 */
export function keyArnOf(name: string, region: string, account: string): string {
  if (KEY_ARN.test(name)) return name;
  if (/^(mrk-)?[0-9a-f-]{32,36}$/.test(name)) return `arn:aws:kms:${region}:${account}:key/${name}`;
  throw new ServiceError('KMS.NotFoundException', 400, `Invalid keyId '${name}'`);
}

/**
 * Throws unless the caller may use the key of an object: `kms:GenerateDataKey` to write it, `kms:Decrypt` to read it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 */
export function authorizeKey(
  request: SandboxRequest,
  keys: KmsKeys,
  encryption: Encryption,
  bucketOwner: string,
  action: 'kms:GenerateDataKey' | 'kms:Decrypt',
): void {
  if (encryption.algorithm === 'AES256') return;
  const { caller } = request;
  if (!caller) {
    throw new ServiceError(
      'InvalidArgument',
      400,
      'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
      { ArgumentName: 'Authorization', ArgumentValue: 'null' },
    );
  }
  const arn = encryption.keyId;
  if (arn === undefined) {
    // The account's own aws/s3 key is open to everybody in the account, and to nobody else.
    if (caller.account === bucketOwner || caller.isAdmin) return;
    throw new ServiceError('AccessDenied', 403, 'Access Denied');
  }
  const key: KmsKey = keys.get(arn) ?? { arn };
  if (key.state === 'Missing') throw new ServiceError('KMS.NotFoundException', 400, `Key '${arn}' does not exist`);
  if (key.state === 'Disabled') throw new ServiceError('KMS.DisabledException', 400, `${arn} is disabled.`);
  if (key.state === 'PendingDeletion') {
    throw new ServiceError('KMS.KMSInvalidStateException', 400, `${arn} is pending deletion.`);
  }
  if (caller.isAdmin) return;
  const account = arn.split(':')[4]!;
  // Of another account's callers both sides are asked, whatever the key's own account leaves to IAM.
  const leavesItToIam =
    key.policy === undefined || caller.account !== account || delegatesToAccount(key.policy, account);
  const policy = key.policy ?? defaultKeyPolicy(account);
  const refusal = refusalByPolicies(
    // Without a statement for the account's root, a key policy has to name the principal itself.
    leavesItToIam || !caller ? request : { ...request, caller: { ...caller, identityPolicies: [] } },
    {
      action,
      resource: arn,
      resourceAccount: account,
      resourcePolicy: policy,
      resourceText: arn,
      context: { 'kms:ViaService': `s3.${arn.split(':')[3]}.amazonaws.com`, 'kms:CallerAccount': caller.account },
    },
  );
  if (refusal) throw refusal;
}

function defaultKeyPolicy(account: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  };
}

function delegatesToAccount(policy: PolicyDocument, account: string): boolean {
  return statementsOf(policy).some(({ Effect, Principal }) => {
    if (Effect !== 'Allow' || Principal === undefined || Principal === '*') return false;
    return listOf(Principal.AWS as OneOrMany<string> | undefined).some(
      name => name === account || name.endsWith(`:iam::${account}:root`),
    );
  });
}

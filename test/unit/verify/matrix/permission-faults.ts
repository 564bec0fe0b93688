import type { CheckId } from '../../../../src/core/check';
import type { Cause } from '../../../../src/core/diagnosis/cause';
import { BUCKET, type World } from '../world';
import {
  ARN,
  addInline,
  asAdmin,
  asOwner,
  deny,
  errorOf,
  type Fault,
  forTheirBucket,
  mayRead,
  moveBucket,
  policy,
  policyEdit,
  setBoundary,
  statement,
  without,
} from './fault';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11112222-3333-4444-5555-666677778888';
const NAMED_DENY = { Sid: 'NotToday' };

const ACTIONS: readonly [string, CheckId, Cause, string][] = [
  ['s3:PutObject', 'put', 'missing-put-object', `${ARN}/logs/\\*`],
  ['s3:ListBucket', 'head', 'missing-list-bucket', ARN],
  ['s3:GetObject', 'get', 'missing-get-object', `${ARN}/logs/\\*`],
  ['s3:DeleteObject', 'delete', 'missing-delete-object', `${ARN}/logs/\\*`],
];

/** Each action of the policy is taken away, in each mode, and verified as the Deployment and as somebody else. */
const EACH_ACTION = (['workload-identity', 'assume-role', 'one-account'] as const).flatMap((world: World) =>
  ACTIONS.map(
    ([action, fails, cause, resource]): Fault => ({
      name: `${action} is missing, in ${world}`,
      world,
      edits: { policy: without(action) },
      fails,
      cause,
      nextStep: new RegExp(`Add ${action} on ${resource} `),
      cure: 'offered',
    }),
  ),
);

const EACH_ACTION_SIMULATED = (['workload-identity', 'one-account'] as const).flatMap((world: World) =>
  ACTIONS.map(
    ([action, fails, cause, resource]): Fault => ({
      name: `${action} is missing, simulated in ${world}`,
      world,
      edits: { policy: without(action) },
      run: asAdmin,
      fails,
      cause,
      nextStep: new RegExp(`Add ${action} on ${resource}.* to the permission policy of role astro-`),
      cure: 'offered',
    }),
  ),
);

export const PERMISSION_FAULTS: readonly Fault[] = [
  ...EACH_ACTION,
  ...EACH_ACTION_SIMULATED,
  {
    name: 'a policy that allows nothing of it',
    edits: { policy: () => JSON.stringify(policy(statement('Allow', 's3:GetBucketTagging', ARN))) },
    fails: 'list',
    cause: 'missing-list-bucket',
    nextStep: /Add s3:ListBucket/,
    cure: 'offered',
  },
  {
    name: 'ListBucket on the objects instead of the bucket',
    edits: { policy: text => text.replace(`"${ARN}",`, '') },
    fails: 'list',
    cause: 'missing-list-bucket',
    nextStep: new RegExp(`Add s3:ListBucket on ${ARN} to`),
    cure: 'offered',
  },
  {
    name: 'PutObject on the bucket instead of the objects',
    edits: {
      policy: policyEdit(one => {
        one.Statement = one.Statement.map(old => ({ ...old, Resource: ARN }));
      }),
    },
    fails: 'put',
    cause: 'missing-put-object',
    nextStep: new RegExp(`Add s3:PutObject on ${ARN}/logs/\\* to`),
    cure: 'offered',
  },
  {
    name: 'the objects of another folder',
    edits: { policy: text => text.replace(`${ARN}/*`, `${ARN}/other/*`) },
    fails: 'put',
    cause: 'missing-put-object',
    nextStep: new RegExp(`Add s3:PutObject on ${ARN}/logs/\\* to`),
    cure: 'offered',
  },
  {
    name: 'the objects of another folder, where the documents say which statement is near',
    world: 'one-account',
    edits: { policy: text => text.replace(`${ARN}/*`, `${ARN}/other/*`) },
    run: asAdmin,
    fails: 'put',
    cause: 'missing-put-object',
    nextStep: new RegExp(`Add s3:PutObject on ${ARN}/logs/\\* to`),
    cure: 'offered',
  },
  {
    name: 'another bucket',
    edits: { policy: text => text.replaceAll(ARN, `${ARN}-2`) },
    fails: 'list',
    cause: 'missing-list-bucket',
    nextStep: new RegExp(`Add s3:ListBucket on ${ARN} to`),
    cure: 'offered',
  },
  {
    name: 'an s3:prefix condition that matches the folder alone',
    edits: {
      policy: policyEdit(one => {
        const [first] = one.Statement;
        const Action = (first!.Action as string[]).filter(action => action !== 's3:ListBucket');
        const Condition = { StringEquals: { 's3:prefix': 'logs/' } };
        one.Statement = [{ ...first!, Action }, statement('Allow', 's3:ListBucket', ARN, { Condition })];
      }),
    },
    fails: 'head',
    cause: 'missing-list-bucket',
    nextStep: /s3:prefix condition .* logs\/\*$/,
    cure: 'offered',
  },
  {
    name: 'a Deny in the role’s own policy',
    edits: { policy: policyEdit(one => one.Statement.push(statement('Deny', 's3:GetObject', `${ARN}/*`))) },
    fails: 'get',
    cause: 'explicit-deny',
    nextStep: /Remove the Deny that hits s3:GetObject/,
    cure: 'person',
  },
  {
    name: 'a Deny in the role’s own policy, by its name',
    world: 'workload-identity',
    edits: { policy: policyEdit(one => one.Statement.push(statement('Deny', 's3:GetObject', `${ARN}/*`, NAMED_DENY))) },
    run: asAdmin,
    fails: 'get',
    cause: 'explicit-deny',
    nextStep: /Ask who wrote that Deny to except s3:GetObject/,
    cure: 'person',
  },
  {
    name: 'a Deny in the bucket policy',
    bucketPolicy: deny('s3:PutObject', `${ARN}/*`),
    fails: 'put',
    cause: 'bucket-policy-denies',
    nextStep: /Except role astro-task-logs from the Deny of s3:PutObject in the policy of the bucket/,
    cure: 'person',
  },
  {
    name: 'a Deny in the bucket policy, read by somebody else',
    world: 'workload-identity',
    bucketPolicy: deny('s3:ListBucket', ARN),
    run: asAdmin,
    fails: 'list',
    cause: 'bucket-policy-denies',
    nextStep: /Except arn:aws:iam::111122223333:role\/astro-deployment-role from statement #1/,
    cure: 'person',
  },
  {
    name: 'a bucket policy that lets in one VPC endpoint alone',
    bucketPolicy: deny('s3:*', `${ARN}/*`, { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }),
    fails: 'put',
    cause: 'bucket-policy-denies',
    nextStep: /policy of the bucket/,
    cure: 'person',
  },
  {
    name: 'a bucket policy that lets in one VPC endpoint alone, read by somebody else',
    world: 'workload-identity',
    bucketPolicy: deny('s3:*', `${ARN}/*`, { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }),
    run: asAdmin,
    fails: 'put',
    cause: 'explicit-deny',
    nextStep: /Except arn:aws:iam::111122223333:role\/astro-deployment-role/,
    cure: 'person',
  },
  {
    name: 'a bucket policy that wants a header for encryption',
    bucketPolicy: deny('s3:PutObject', `${ARN}/*`, {
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
    }),
    fails: 'put',
    cause: 'bucket-policy-denies',
    nextStep: /Deny of s3:PutObject/,
    cure: 'person',
  },
  {
    name: 'a permissions boundary without PutObject',
    world: 'one-account',
    breaks: world =>
      setBoundary(
        world,
        world.exportRole,
        policy(...['s3:Get*', 's3:List*', 's3:Delete*'].map(action => statement('Allow', action, '*'))),
      ),
    fails: 'put',
    cause: 'boundary-denies',
    nextStep: /Allow s3:PutObject in the permissions boundary/,
    cure: 'offered',
  },
  {
    name: 'a permissions boundary without DeleteObject, simulated',
    world: 'workload-identity',
    breaks: world =>
      setBoundary(
        world,
        world.exportRole,
        policy(...['s3:Get*', 's3:List*', 's3:Put*'].map(action => statement('Allow', action, '*'))),
      ),
    run: asAdmin,
    fails: 'delete',
    cause: 'boundary-denies',
    nextStep: new RegExp(`Allow s3:DeleteObject on ${ARN}/logs/\\* in boundary`),
    cure: 'offered',
  },
  {
    name: 'a bucket of another account, without a bucket policy, where the role’s policies can be read',
    world: 'one-account',
    edits: { policy: forTheirBucket },
    breaks: async world => {
      mayRead(world);
      await moveBucket(world);
    },
    fails: 'put',
    cause: 'other-account-bucket',
    nextStep:
      /Ask the account that owns the bucket to allow s3:PutObject on arn:aws:s3:::their-bucket\/logs\/\* for arn:/,
    cure: 'offered',
  },
  {
    name: 'a bucket of another account whose policy leaves out ListBucket',
    world: 'one-account',
    edits: { policy: forTheirBucket },
    breaks: async world => {
      mayRead(world);
      await moveBucket(world);
      const Principal = { AWS: world.exportRole };
      const actions = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'];
      const rest = actions.map(action => statement('Allow', action, 'arn:aws:s3:::their-bucket/*', { Principal }));
      await world.sandbox.s3.setBucketPolicy('their-bucket', policy(...rest));
    },
    fails: 'list',
    cause: 'other-account-bucket',
    nextStep: /allow s3:ListBucket on arn:aws:s3:::their-bucket for arn:/,
    cure: 'offered',
  },
  {
    name: 'a KMS key that the role may not use',
    world: 'one-account',
    breaks: ({ sandbox }) => sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } }),
    fails: 'put',
    cause: 'kms-denied',
    nextStep: /kms:GenerateDataKey and kms:Decrypt on arn:aws:kms:/,
    cure: 'offered',
  },
  {
    name: 'a KMS key that the role may only write with',
    world: 'one-account',
    breaks: async world => {
      addInline(world, world.exportRole, 'key', statement('Allow', 'kms:GenerateDataKey', KEY));
      await world.sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } });
    },
    fails: 'get',
    cause: 'kms-denied',
    nextStep: /kms:Decrypt/,
    cure: 'offered',
  },
  {
    name: 'a KMS key that is switched off',
    breaks: async ({ sandbox }) => {
      sandbox.s3.setKmsKey({ arn: KEY, state: 'Disabled' });
      await sandbox.s3.changeBucket(BUCKET, { encryption: { algorithm: 'aws:kms', keyId: KEY } });
    },
    fails: 'put',
    cause: 'kms-denied',
    nextStep: /kms:/,
    cure: 'person',
  },
  {
    name: 'a bucket whose requester pays',
    world: 'workload-identity',
    edits: { policy: forTheirBucket },
    breaks: world => moveBucket(world, { requesterPays: true }),
    run: asOwner,
    fails: 'bucket-settings',
    cause: 'requester-pays',
    nextStep: /Switch off Requester Pays on the bucket their-bucket/,
    cure: 'person',
  },
  {
    name: 'a bucket of another account, whose writers own the objects',
    world: 'workload-identity',
    edits: { policy: forTheirBucket },
    breaks: world => moveBucket(world, { ownership: 'ObjectWriter' }),
    run: asOwner,
    fails: 'bucket-settings',
    status: 'warn',
    cause: 'bucket-ownership',
    nextStep: /Bucket owner enforced/,
    cure: 'person',
  },
  {
    name: 'a bucket whose objects are kept',
    world: 'workload-identity',
    breaks: ({ sandbox }) =>
      sandbox.s3.changeBucket(BUCKET, { versioning: 'Enabled', objectLock: { mode: 'COMPLIANCE', days: 30 } }),
    run: asAdmin,
    fails: 'put',
    status: 'warn',
    cause: 'object-lock',
    nextStep: /without default retention/,
    cure: 'person',
  },
  {
    name: 'a service control policy',
    breaks: errorOf(
      's3',
      'AccessDenied',
      403,
      `User: u is not authorized to perform: s3:PutObject on resource: "${ARN}/k" with an explicit deny in a service control policy`,
      'PUT',
    ),
    fails: 'put',
    cause: 'scp-denies',
    nextStep: /who manages the AWS organization .* service control policies/,
    cure: 'person',
  },
  {
    name: 'a resource control policy',
    breaks: errorOf(
      's3',
      'AccessDenied',
      403,
      `User: u is not authorized to perform: s3:PutObject on resource: "${ARN}/k" with an explicit deny in a resource control policy`,
      'PUT',
    ),
    fails: 'put',
    cause: 'scp-denies',
    nextStep: /resource control policies/,
    cure: 'person',
  },
  {
    name: 'the policy of a VPC endpoint',
    breaks: errorOf(
      's3',
      'AccessDenied',
      403,
      `User: u is not authorized to perform: s3:PutObject on resource: "${ARN}/k" because no VPC endpoint policy allows the s3:PutObject action`,
      'PUT',
    ),
    fails: 'put',
    cause: 'explicit-deny',
    nextStep: /policy of the VPC endpoint/,
    cure: 'person',
  },
  {
    name: 'something that no document tells of',
    world: 'one-account',
    breaks: world => {
      mayRead(world);
      errorOf('s3', 'AccessDenied', 403, 'Access Denied', 'PUT')(world);
    },
    fails: 'put',
    cause: 'explicit-deny',
    nextStep: /organization and the VPC endpoints/,
    cure: 'person',
  },
  {
    name: 'Object Lock that wants a checksum',
    breaks: errorOf(
      's3',
      'InvalidRequest',
      400,
      'Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters',
      'PUT',
    ),
    fails: 'put',
    cause: 'object-lock',
    nextStep: /without default retention/,
    cure: 'person',
  },
  {
    name: 'a bucket that takes no ACLs',
    breaks: errorOf('s3', 'AccessControlListNotSupported', 400, 'The bucket does not allow ACLs', 'PUT'),
    fails: 'put',
    cause: 'bucket-ownership',
    nextStep: /Bucket owner enforced/,
    cure: 'person',
  },
];

import {
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { type Behaviour, refusal } from './behaviour';
import { s3Api, s3Guide } from './docs';
import type { World } from './world';

const lockedBucket = (world: World) => world.bucket({ ObjectLockEnabledForBucket: true });

/** What belongs to a bucket as a whole. */
export const BUCKETS: readonly Behaviour[] = [
  {
    id: 'buckets: HEAD of one’s own tells its region',
    docs: s3Api('API_HeadBucket'),
    async run(world) {
      const answer = await world.s3().send(new HeadBucketCommand({ Bucket: await world.bucket() }));
      return [answer.$metadata.httpStatusCode, answer.BucketRegion];
    },
    expected: [200, 'us-east-1'],
  },
  {
    id: 'buckets: the location of one in us-east-1 is empty',
    docs: s3Api('API_GetBucketLocation'),
    async run(world) {
      const command = new GetBucketLocationCommand({ Bucket: await world.bucket() });
      return { location: (await world.s3().send(command)).LocationConstraint };
    },
    expected: { location: undefined },
  },
  {
    id: 'buckets: one that was deleted is gone',
    docs: s3Api('API_DeleteBucket'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'x' });
      await world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      await world.s3().send(new DeleteBucketCommand({ Bucket }));
      return refusal(world.s3().send(new HeadBucketCommand({ Bucket })));
    },
    expected: '404 NotFound',
  },
  {
    id: 'buckets: a new one has no versions',
    docs: s3Api('API_GetBucketVersioning'),
    async run(world) {
      const command = new GetBucketVersioningCommand({ Bucket: await world.bucket() });
      return { status: (await world.s3().send(command)).Status };
    },
    expected: { status: undefined },
  },
  {
    id: 'buckets: versions can be switched on and suspended',
    docs: s3Api('API_PutBucketVersioning'),
    async run(world) {
      const Bucket = await world.bucket();
      const seen: (string | undefined)[] = [];
      for (const Status of ['Enabled', 'Suspended'] as const) {
        await world.s3().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
        seen.push((await world.s3().send(new GetBucketVersioningCommand({ Bucket }))).Status);
      }
      return seen;
    },
    expected: ['Enabled', 'Suspended'],
  },
  {
    id: 'buckets: tags',
    docs: s3Api('API_PutBucketTagging'),
    async run(world) {
      const Bucket = await world.bucket();
      const TagSet = [{ Key: 'team', Value: 'data platform' }];
      await world.s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
      const found = (await world.s3().send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
      await world.s3().send(new DeleteBucketTaggingCommand({ Bucket }));
      return [found, await refusal(world.s3().send(new GetBucketTaggingCommand({ Bucket })))];
    },
    expected: [[{ Key: 'team', Value: 'data platform' }], '404 NoSuchTagSet'],
  },
  {
    id: 'buckets: a new one encrypts with AES256',
    docs: s3Guide('default-bucket-encryption'),
    async run(world) {
      const command = new GetBucketEncryptionCommand({ Bucket: await world.bucket() });
      const { ServerSideEncryptionConfiguration } = await world.s3().send(command);
      return ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    },
    expected: 'AES256',
  },
  {
    id: 'buckets: encryption that is set is told again',
    docs: s3Api('API_PutBucketEncryption'),
    async run(world) {
      const Bucket = await world.bucket();
      const KMSMasterKeyID = `arn:aws:kms:us-east-1:${world.backend.account}:key/11112222-3333-4444-5555-666677778888`;
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } as const;
      const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
      await world.s3().send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
      const answer = await world.s3().send(new GetBucketEncryptionCommand({ Bucket }));
      const [rule] = answer.ServerSideEncryptionConfiguration!.Rules!;
      const { SSEAlgorithm, KMSMasterKeyID: key } = rule!.ApplyServerSideEncryptionByDefault!;
      return [SSEAlgorithm, key === KMSMasterKeyID];
    },
    expected: ['aws:kms', true],
  },
  {
    id: 'buckets: a new one is the owner’s alone, without ACLs',
    docs: s3Guide('about-object-ownership'),
    async run(world) {
      const command = new GetBucketOwnershipControlsCommand({ Bucket: await world.bucket() });
      return (await world.s3().send(command)).OwnershipControls?.Rules;
    },
    expected: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
  },
  {
    id: 'buckets: an ACL is refused where there are none',
    docs: s3Guide('ensure-object-ownership'),
    run: async world => refusal(world.put(await world.bucket(), 'a', 'x', { ACL: 'public-read' })),
    expected: '400 AccessControlListNotSupported',
  },
  {
    id: 'buckets: lifecycle rules',
    docs: s3Api('API_PutBucketLifecycleConfiguration'),
    async run(world) {
      const Bucket = await world.bucket();
      const rule = {
        ID: 'old logs',
        Status: 'Enabled',
        Filter: { Prefix: 'logs/' },
        Expiration: { Days: 90 },
      } as const;
      const LifecycleConfiguration = { Rules: [rule] };
      await world.s3().send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
      const { Rules } = await world.s3().send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      return Rules?.map(({ ID, Status, Filter, Expiration }) => ({ ID, Status, Filter, Expiration }));
    },
    expected: [{ ID: 'old logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 90 } }],
  },
  {
    id: 'buckets: Object Lock is told, and brings versions',
    docs: s3Guide('object-lock-configure'),
    async run(world) {
      const Bucket = await lockedBucket(world);
      const DefaultRetention = { Mode: 'GOVERNANCE', Days: 2 } as const;
      const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
      await world.s3().send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
      const answer = await world.s3().send(new GetObjectLockConfigurationCommand({ Bucket }));
      const { Status } = await world.s3().send(new GetBucketVersioningCommand({ Bucket }));
      return [answer.ObjectLockConfiguration?.Rule?.DefaultRetention, Status];
    },
    expected: [{ Mode: 'GOVERNANCE', Days: 2 }, 'Enabled'],
  },
  {
    id: 'buckets: a locked version is not deleted',
    docs: s3Guide('object-lock'),
    async run(world) {
      const Bucket = await lockedBucket(world);
      const ObjectLockRetainUntilDate = new Date(Date.now() + 86_400_000);
      const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate } as const;
      const { VersionId } = await world.put(Bucket, 'a', 'kept', lock);
      return refusal(world.s3().send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId })));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'buckets: a policy for everybody is refused while public access is blocked',
    docs: s3Guide('access-control-block-public-access'),
    async run(world) {
      const Bucket = await world.bucket();
      const everybody = {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      };
      return refusal(world.putBucketPolicy(Bucket, everybody));
    },
    expected: '403 AccessDenied',
  },
  {
    id: 'buckets: once it isn’t blocked, anybody may do what a policy lets everybody do',
    docs: s3Guide('example-bucket-policies'),
    async run(world) {
      const Bucket = await world.bucketWith({ a: 'open' });
      await world.s3().send(new DeletePublicAccessBlockCommand({ Bucket }));
      const everybody = {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
      };
      await world.putBucketPolicy(Bucket, everybody);
      const { status, text } = await world.wire.send('GET', `/${Bucket}/a`);
      const list = await world.wire.send('GET', `/${Bucket}?list-type=2`);
      const { PolicyStatus } = await world.s3().send(new GetBucketPolicyStatusCommand({ Bucket }));
      return { status, text: status === 200 ? text : '', list: list.status, isPublic: PolicyStatus?.IsPublic };
    },
    expected: { status: 200, text: 'open', list: 403, isPublic: true },
  },
];

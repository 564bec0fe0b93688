import { t } from '@vscode/l10n';
import { ExportError, isExportError } from '../core/export-error';
import type { AdminClients } from './admin-clients';
import { failureOf, isDenied } from './admin-error';
import type { BucketReading, Provisioner } from './provisioner-types';
import { loadIam, loadS3 } from './sdk';

/** What S3 answers where a setting isn't there. */
const NOT_SET =
  /^(NoSuchPublicAccessBlockConfiguration|OwnershipControlsNotFoundError|ServerSideEncryptionConfigurationNotFoundError|NoSuchLifecycleConfiguration|NoSuchTagSet|NoSuchBucketPolicy)$/;

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** IAM and S3 through the SDK. */
export function createProvisioner(clients: AdminClients): Provisioner {
  return { ...bucketMethods(clients), ...roleMethods(clients) };
}

type BucketMethods = Pick<
  Provisioner,
  | 'readBucket'
  | 'createBucket'
  | 'closeBucket'
  | 'enforceOwner'
  | 'encryptBucket'
  | 'keepVersions'
  | 'putLifecycle'
  | 'putBucketPolicy'
  | 'putBucketTags'
  | 'deleteBucket'
>;

function bucketMethods({ s3 }: AdminClients): BucketMethods {
  async function readBucket(
    Bucket: string,
    { signal, owner }: { signal?: AbortSignal; owner?: string } = {},
  ): Promise<BucketReading | undefined> {
    const sdk = await loadS3();
    const abortSignal = signal;
    let head: { BucketRegion?: string };
    try {
      head = await s3(
        's3:ListBucket',
        client => client.send(new sdk.HeadBucketCommand({ Bucket, ExpectedBucketOwner: owner }), { abortSignal }),
        signal,
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure?.status === 404) return undefined;
      if (failure?.status !== 403) throw error;
      throw new ExportError(
        'other-account-bucket',
        t(
          'the bucket {0} is there, but not for this caller: it belongs to another account, or s3:ListBucket is denied',
          Bucket,
        ),
        t("Use a profile of the bucket's account, or ask its owner."),
        { cause: failure },
      );
    }
    const unreadable: { action: string; error: ExportError }[] = [];
    /** A setting, undefined where it isn't there or may not be read. */
    async function setting<T>(action: string, read: () => Promise<T>): Promise<T | undefined> {
      try {
        return await read();
      } catch (error) {
        const failure = failureOf(error);
        if (failure && NOT_SET.test(failure.awsCode)) return undefined;
        if (!isExportError(error) || !isDenied(failure)) throw error;
        unreadable.push({ action, error });
        return undefined;
      }
    }
    const ask = <T>(action: string, send: Parameters<typeof s3<T>>[1]) =>
      setting(action, () => s3(action, send, signal));
    const [block, ownership, encryption, versioning, lifecycle, tagging, policy] = await Promise.all([
      ask('s3:GetBucketPublicAccessBlock', client =>
        client.send(new sdk.GetPublicAccessBlockCommand({ Bucket }), { abortSignal }),
      ),
      ask('s3:GetBucketOwnershipControls', client =>
        client.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }), { abortSignal }),
      ),
      ask('s3:GetEncryptionConfiguration', client =>
        client.send(new sdk.GetBucketEncryptionCommand({ Bucket }), { abortSignal }),
      ),
      ask('s3:GetBucketVersioning', client =>
        client.send(new sdk.GetBucketVersioningCommand({ Bucket }), { abortSignal }),
      ),
      ask('s3:GetLifecycleConfiguration', client =>
        client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }), { abortSignal }),
      ),
      ask('s3:GetBucketTagging', client => client.send(new sdk.GetBucketTaggingCommand({ Bucket }), { abortSignal })),
      ask('s3:GetBucketPolicy', client => client.send(new sdk.GetBucketPolicyCommand({ Bucket }), { abortSignal })),
    ]);
    const blocked = block?.PublicAccessBlockConfiguration;
    const byDefault = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    return {
      region: head.BucketRegion ?? '',
      isClosed: Boolean(
        blocked?.BlockPublicAcls &&
          blocked.BlockPublicPolicy &&
          blocked.IgnorePublicAcls &&
          blocked.RestrictPublicBuckets,
      ),
      ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
      encryption: byDefault?.SSEAlgorithm,
      kmsKeyArn: byDefault?.KMSMasterKeyID,
      isVersioned: versioning?.Status === 'Enabled',
      lifecycle: lifecycle?.Rules ?? [],
      tags: Object.fromEntries((tagging?.TagSet ?? []).map(tag => [tag.Key ?? '', tag.Value ?? ''])),
      policy: policy?.Policy,
      unreadable,
    };
  }

  return {
    readBucket,

    async createBucket(Bucket, region, { signal } = {}) {
      const { CreateBucketCommand } = await loadS3();
      // us-east-1 is the one region that may not be named.
      const place =
        region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
      const command = new CreateBucketCommand({ Bucket, ...place });
      await s3('s3:CreateBucket', client => client.send(command, { abortSignal: signal }), signal);
    },

    async closeBucket(Bucket, { signal } = {}) {
      const { PutPublicAccessBlockCommand } = await loadS3();
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      };
      const command = new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration });
      await s3('s3:PutBucketPublicAccessBlock', client => client.send(command, { abortSignal: signal }), signal);
    },

    async enforceOwner(Bucket, { signal } = {}) {
      const { PutBucketOwnershipControlsCommand } = await loadS3();
      const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
      const command = new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls });
      await s3('s3:PutBucketOwnershipControls', client => client.send(command, { abortSignal: signal }), signal);
    },

    async encryptBucket(Bucket, kmsKeyArn, { signal } = {}) {
      const { PutBucketEncryptionCommand } = await loadS3();
      const rule =
        kmsKeyArn === undefined
          ? { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }
          : {
              BucketKeyEnabled: true,
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: kmsKeyArn },
            };
      const command = new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } });
      await s3('s3:PutEncryptionConfiguration', client => client.send(command, { abortSignal: signal }), signal);
    },

    async keepVersions(Bucket, { signal } = {}) {
      const { PutBucketVersioningCommand } = await loadS3();
      const command = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
      await s3('s3:PutBucketVersioning', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putLifecycle(Bucket, rules, { signal } = {}) {
      const { PutBucketLifecycleConfigurationCommand } = await loadS3();
      const LifecycleConfiguration = { Rules: rules as { Status: 'Enabled' }[] };
      const command = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration });
      await s3('s3:PutLifecycleConfiguration', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putBucketPolicy(Bucket, Policy, { signal } = {}) {
      const { PutBucketPolicyCommand } = await loadS3();
      const command = new PutBucketPolicyCommand({ Bucket, Policy });
      await s3('s3:PutBucketPolicy', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putBucketTags(Bucket, tags, { signal } = {}) {
      const { PutBucketTaggingCommand } = await loadS3();
      const command = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(tags) } });
      await s3('s3:PutBucketTagging', client => client.send(command, { abortSignal: signal }), signal);
    },

    async deleteBucket(Bucket, { signal } = {}) {
      const { DeleteBucketCommand } = await loadS3();
      const command = new DeleteBucketCommand({ Bucket });
      await s3('s3:DeleteBucket', client => client.send(command, { abortSignal: signal }), signal);
    },
  };
}

function roleMethods({ iam }: AdminClients): Omit<Provisioner, keyof BucketMethods> {
  return {
    async createRole({ name, path, trust, boundaryArn, tags }, { signal } = {}) {
      const { CreateRoleCommand } = await loadIam();
      const command = new CreateRoleCommand({
        RoleName: name,
        Path: path,
        AssumeRolePolicyDocument: trust,
        PermissionsBoundary: boundaryArn,
        Tags: tagList(tags),
      });
      await iam('iam:CreateRole', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putTrust(RoleName, PolicyDocument, { signal } = {}) {
      const { UpdateAssumeRolePolicyCommand } = await loadIam();
      const command = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument });
      await iam('iam:UpdateAssumeRolePolicy', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putBoundary(RoleName, PermissionsBoundary, { signal } = {}) {
      const { PutRolePermissionsBoundaryCommand } = await loadIam();
      const command = new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary });
      await iam('iam:PutRolePermissionsBoundary', client => client.send(command, { abortSignal: signal }), signal);
    },

    async tagRole(RoleName, tags, { signal } = {}) {
      const { TagRoleCommand } = await loadIam();
      const command = new TagRoleCommand({ RoleName, Tags: tagList(tags) });
      await iam('iam:TagRole', client => client.send(command, { abortSignal: signal }), signal);
    },

    async putRolePolicy(RoleName, PolicyName, PolicyDocument, { signal } = {}) {
      const { PutRolePolicyCommand } = await loadIam();
      const command = new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument });
      await iam('iam:PutRolePolicy', client => client.send(command, { abortSignal: signal }), signal);
    },

    async deleteRolePolicy(RoleName, PolicyName, { signal } = {}) {
      const { DeleteRolePolicyCommand } = await loadIam();
      const command = new DeleteRolePolicyCommand({ RoleName, PolicyName });
      await iam('iam:DeleteRolePolicy', client => client.send(command, { abortSignal: signal }), signal);
    },

    async deleteRole(RoleName, { signal } = {}) {
      const { DeleteRoleCommand } = await loadIam();
      const command = new DeleteRoleCommand({ RoleName });
      await iam('iam:DeleteRole', client => client.send(command, { abortSignal: signal }), signal);
    },
  };
}

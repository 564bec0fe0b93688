import {
  type BucketSettings,
  type ExportStack,
  keyStatementComment,
  lifecycleRule,
  POLICY_NAME,
  rolesOf,
  tagsOf,
} from './render-stack';

/**
 * The stack as a CloudFormation template. With a bucket in another account the same template is deployed in both: each
 * makes its own part.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html
 */
export function renderCloudFormation(stack: ExportStack): string {
  const roles = rolesOf(stack);
  const hasTwoSides = stack.bucketAccount !== undefined;
  const onRoleSide = hasTwoSides ? { Condition: 'InRoleAccount' } : {};
  const onBucketSide = hasTwoSides ? { Condition: 'InBucketAccount' } : {};
  const tags = tagsOf(stack).map(([Key, Value]) => ({ Key, Value }));
  const tagged = tags.length === 0 ? {} : { Tags: tags };
  const resources: Record<string, unknown> = {};
  const names: unknown[] = roles.length === 0 ? [{ Ref: 'RoleName' }] : roles.map(role => role.name);
  if (stack.trust) {
    resources.Role = {
      Type: 'AWS::IAM::Role',
      ...onRoleSide,
      Properties: {
        RoleName: names[0],
        ...(roles[0] ? { Path: roles[0].path } : {}),
        ...(stack.boundaryArn === undefined ? {} : { PermissionsBoundary: stack.boundaryArn }),
        AssumeRolePolicyDocument: stack.trust,
        ...tagged,
      },
    };
  }
  names.forEach((name, i) => {
    resources[i === 0 ? 'RolePolicy' : `RolePolicy${i + 1}`] = {
      Type: 'AWS::IAM::RolePolicy',
      ...onRoleSide,
      Properties: {
        RoleName: stack.trust ? { Ref: 'Role' } : name,
        PolicyName: POLICY_NAME,
        PolicyDocument: stack.policy,
      },
    };
  });
  if (stack.bucketSettings) {
    resources.Bucket = {
      Type: 'AWS::S3::Bucket',
      ...onBucketSide,
      // A stack that is deleted must not take the logs with it.
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { BucketName: stack.bucket, ...bucketProperties(stack.bucketSettings), ...tagged },
    };
  }
  if (stack.bucketPolicy) {
    resources.BucketPolicy = {
      Type: 'AWS::S3::BucketPolicy',
      ...onBucketSide,
      Properties: {
        Bucket: stack.bucketSettings ? { Ref: 'Bucket' } : stack.bucket,
        PolicyDocument: stack.bucketPolicy,
      },
    };
  }
  const isBucketAccount = { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, stack.bucketAccount] };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Export of Airflow task logs to the bucket ${stack.bucket}`,
    ...(roles.length === 0 ? { Parameters: { RoleName: { Type: 'String' } } } : {}),
    ...(hasTwoSides
      ? { Conditions: { InBucketAccount: isBucketAccount, InRoleAccount: { 'Fn::Not': [isBucketAccount] } } }
      : {}),
    Resources: resources,
  };
  const region = stack.bucketSettings ? ` --region ${stack.bucketSettings.region}` : '';
  const deploy = `aws cloudformation deploy --stack-name secondary-logs --capabilities CAPABILITY_NAMED_IAM${region}`;
  const comments = [
    `# ${deploy} --template-file <this file>`,
    ...(hasTwoSides ? ["# Deploy it in the role's account and in the bucket's: each makes its own part."] : []),
    ...keyStatementComment(stack),
  ];
  return `${comments.join('\n')}\n${printMapping(template, 0)}\n`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
function bucketProperties(settings: BucketSettings): Readonly<Record<string, unknown>> {
  const { AbortIncompleteMultipartUpload: abort } = lifecycleRule(settings);
  const { kmsKeyArn, expireDays, noncurrentDays } = settings;
  const encryption =
    kmsKeyArn === undefined
      ? { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
      : {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
        };
  return {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] },
    ...(settings.versioning ? { VersioningConfiguration: { Status: 'Enabled' } } : {}),
    LifecycleConfiguration: {
      Rules: [
        {
          Id: POLICY_NAME,
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: abort,
          ...(expireDays === undefined ? {} : { ExpirationInDays: expireDays }),
          ...(noncurrentDays === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
        },
      ],
    },
  };
}

/** Block style; every string stands in double quotes, so that none is taken for a date, a number or a boolean. */
function printMapping(mapping: Readonly<Record<string, unknown>>, depth: number): string {
  return Object.entries(mapping)
    .map(([key, value]) => `${'  '.repeat(depth)}${printKey(key)}:${printValue(value, depth + 1)}`)
    .join('\n');
}

function printKey(key: string): string {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(key) ? key : JSON.stringify(key);
}

function printValue(value: unknown, depth: number): string {
  if (Array.isArray(value)) {
    return value.map(item => `\n${'  '.repeat(depth)}-${printItem(item, depth)}`).join('') || ' []';
  }
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}`;
  const mapping = value as Readonly<Record<string, unknown>>;
  return Object.keys(mapping).length === 0 ? ' {}' : `\n${printMapping(mapping, depth)}`;
}

/** A mapping in a list begins on the hyphen's line. */
function printItem(item: unknown, depth: number): string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return printValue(item, depth + 1);
  return ` ${printMapping(item as Readonly<Record<string, unknown>>, depth + 1).trimStart()}`;
}

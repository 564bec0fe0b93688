import type { PolicyStatement } from '../core/iam/policy';

/**
 * The few of AWS's own policies that the sandbox knows, in every account, by what follows `arn:…:iam::aws:policy/`.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyStatement>> = {
  AdministratorAccess: { Effect: 'Allow', Action: '*', Resource: '*' },
  AmazonS3FullAccess: { Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' },
  AmazonS3ReadOnlyAccess: {
    Effect: 'Allow',
    Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
    Resource: '*',
  },
  IAMFullAccess: {
    Effect: 'Allow',
    Action: ['iam:*', 'organizations:DescribeAccount', 'organizations:ListPolicies'],
    Resource: '*',
  },
  IAMReadOnlyAccess: {
    Effect: 'Allow',
    Action: [
      'iam:GenerateCredentialReport',
      'iam:GenerateServiceLastAccessedDetails',
      'iam:Get*',
      'iam:List*',
      'iam:SimulateCustomPolicy',
      'iam:SimulatePrincipalPolicy',
    ],
    Resource: '*',
  },
};

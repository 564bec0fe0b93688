import type { PolicyDocument, PolicyStatement } from '../core/iam/policy';
import { createId } from './identity-ids';
import type { ManagedPolicyRecord } from './identity-records';

/**
 * The few of AWS's own policies that the sandbox knows, in every account, by what follows `arn:…:iam::aws:policy/`.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const STATEMENTS: Readonly<Record<string, PolicyStatement>> = {
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

const awsPolicies = new Map<string, ManagedPolicyRecord>();

/** One of AWS's own policies, as every account of a partition sees it. */
export function findAwsManagedPolicy(arn: string): ManagedPolicyRecord | undefined {
  const known = awsPolicies.get(arn);
  if (known) return known;
  const [, partition, name = ''] = /^arn:([^:]*):iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  const statement = Object.hasOwn(STATEMENTS, name) ? STATEMENTS[name] : undefined;
  if (!statement) return undefined;
  const document: PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
  const created = new Date('2015-02-06T18:39:46Z');
  const version = { id: 'v1', policy: { text: JSON.stringify(document), document }, created };
  const record: ManagedPolicyRecord = {
    account: 'aws',
    name,
    path: '/',
    id: createId('ANPA'),
    arn: `arn:${partition}:iam::aws:policy/${name}`,
    created,
    updated: created,
    versions: new Map([['v1', version]]),
    defaultVersionId: 'v1',
    nextVersion: 2,
    tags: new Map(),
  };
  awsPolicies.set(arn, record);
  return record;
}

/** The ARNs of all of them. */
export function awsManagedPolicyArns(partition: string): string[] {
  return Object.keys(STATEMENTS).map(name => `arn:${partition}:iam::aws:policy/${name}`);
}

import { STATEMENT_ELEMENTS } from '../../core/iam/parse-policy';
import type { PolicyDocument } from '../../core/iam/policy';
import { accessDenied } from '../authorization';
import { type SandboxResponse, ServiceError } from '../service';
import { elements, xmlDocument } from '../xml';
import { type ActionTarget, actionTargets } from './actions';
import { authorize, bucketArn } from './authorize';
import type { BucketCall } from './call';
import { isPublicPolicy, listOf, statementsOf } from './public-access';
import { receiveDocument } from './receive-body';
import { publicAccessBlockOf } from './state';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
const MAX_POLICY_BYTES = 20 * 1024;

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicy', 400, message);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html */
export async function putBucketPolicy(call: BucketCall): Promise<SandboxResponse> {
  const { request, state, bucket } = call;
  authorize(request, bucket, { action: 's3:PutBucketPolicy' });
  refuseOtherAccounts(call);
  const text = await receiveDocument(request);
  const policy = parsePolicy(text, bucketArn(bucket), call.principalExists);
  if (publicAccessBlockOf(bucket).blockPublicPolicy && isPublicPolicy(policy)) {
    const who = request.caller?.callerArn ?? 'anonymous';
    throw accessDenied(
      `User: ${who} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access`,
    );
  }
  await state.changeBucket(bucket, { policy, policyText: text });
  return { status: 204 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export async function getBucketPolicy(call: BucketCall): Promise<SandboxResponse> {
  const { request, bucket } = call;
  authorize(request, bucket, { action: 's3:GetBucketPolicy' });
  refuseOtherAccounts(call);
  if (bucket.record.policyText === undefined) throw noSuchPolicy(call);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: bucket.record.policyText };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html */
export async function deleteBucketPolicy(call: BucketCall): Promise<SandboxResponse> {
  authorize(call.request, call.bucket, { action: 's3:DeleteBucketPolicy' });
  refuseOtherAccounts(call);
  await call.state.changeBucket(call.bucket, { policy: undefined, policyText: undefined });
  return { status: 204 };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html */
export async function getBucketPolicyStatus(call: BucketCall): Promise<SandboxResponse> {
  const { request, bucket } = call;
  authorize(request, bucket, { action: 's3:GetBucketPolicyStatus' });
  if (!bucket.record.policy) throw noSuchPolicy(call);
  return {
    status: 200,
    body: xmlDocument('PolicyStatus', elements({ IsPublic: isPublicPolicy(bucket.record.policy) })),
  };
}

function noSuchPolicy({ bucket }: BucketCall): ServiceError {
  return new ServiceError('NoSuchBucketPolicy', 404, 'The bucket policy does not exist', {
    BucketName: bucket.record.name,
  });
}

/** A principal of another account may not touch the bucket policy, whatever it says. */
function refuseOtherAccounts({ request, bucket }: BucketCall): void {
  if (request.caller?.isAdmin || request.caller?.account === bucket.record.ownerAccount) return;
  throw new ServiceError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    Method: request.method,
    ResourceType: 'BUCKETPOLICY',
  });
}

/** Checks what S3 checks of a bucket policy before it takes it. */
function parsePolicy(
  text: string,
  arn: string,
  principalExists: ((arn: string) => boolean) | undefined,
): PolicyDocument {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES)
    throw malformed('Policy document exceeds the maximum size of 20480 bytes');
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (!isRecord(policy)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  const { Version: version, Statement: statement } = policy;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || statements.length === 0) throw malformed('Missing required field Statement');
  for (const one of statements) checkStatement(one, arn);
  const parsed = policy as unknown as PolicyDocument;
  if (principalExists) checkPrincipals(parsed, principalExists);
  return parsed;
}

function checkStatement(statement: unknown, arn: string): void {
  if (!isRecord(statement)) throw malformed('Invalid policy syntax.');
  const unknown = Object.keys(statement).find(name => !STATEMENT_ELEMENTS.includes(name));
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw malformed(`Invalid effect: ${statement.Effect}`);
  if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
    throw malformed('Missing required field Principal');
  }
  const actions = stringsOf(statement.Action ?? statement.NotAction, 'Action');
  const resources = stringsOf(statement.Resource ?? statement.NotResource, 'Resource');
  for (const action of actions) if (actionTargets(action).size === 0) throw malformed('Policy has invalid action');
  for (const resource of resources) {
    if (resource !== '*' && resource !== arn && !resource.startsWith(`${arn}/`) && !coversByWildcard(resource, arn)) {
      throw malformed('Policy has invalid resource');
    }
  }
  if (statement.Resource !== undefined && statement.Action !== undefined) checkTargets(actions, resources, arn);
}

/** Each action has to be one that is done to one of the resources. */
function checkTargets(actions: readonly string[], resources: readonly string[], arn: string): void {
  const named = new Set<ActionTarget>();
  for (const resource of resources) {
    const isPattern = /[*?]/.test(resource);
    if (resource === arn || (isPattern && !resource.startsWith(`${arn}/`))) named.add('bucket');
    if (resource !== arn) named.add('object');
  }
  for (const action of actions) {
    if (![...actionTargets(action)].some(target => named.has(target))) {
      throw malformed('Action does not apply to any resource(s) in statement');
    }
  }
}

/** `arn:aws:s3:::logs*` covers the bucket `logs`. */
function coversByWildcard(resource: string, arn: string): boolean {
  const wildcard = resource.search(/[*?]/);
  return wildcard >= 'arn:aws:s3:::'.length && arn.startsWith(resource.slice(0, wildcard));
}

function stringsOf(value: unknown, name: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (value === undefined || list.length === 0) throw malformed(`Missing required field ${name}`);
  if (!list.every(one => typeof one === 'string')) throw malformed('Invalid policy syntax.');
  return list as string[];
}

function checkPrincipals(policy: PolicyDocument, exists: (arn: string) => boolean): void {
  for (const { Principal, NotPrincipal } of statementsOf(policy)) {
    const principal = Principal ?? NotPrincipal;
    if (principal === undefined || principal === '*') continue;
    for (const name of listOf(principal.AWS)) {
      if (name !== '*' && !exists(name)) throw malformed('Invalid principal in policy');
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { PolicyDocument } from '../../core/iam/policy';
import { type Constraint, validationError } from '../constraints';
import type { RoleRecord, SessionRecord } from '../identity-records';
import { malformedPolicy, policyRecord } from '../policy-record';
import { statementsOf } from '../principal-binding';
import type { QueryParams } from '../query-service';
import { elements, type XmlElement } from '../xml';
import type { StsContext } from './sts-context';

/** Parameters that every way to a role's session has. */
export const ROLE_SESSION_PARAMS: Readonly<Record<string, Constraint>> = {
  RoleArn: { isRequired: true, min: 20, max: 2048 },
  RoleSessionName: { isRequired: true, min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  DurationSeconds: { kind: 'number', least: 900, most: 43_200 },
  Policy: { min: 1, max: 2048 },
  PolicyArns: { kind: 'list', max: 10 },
};

const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]+)$/;

/** A role's ARN in its parts. Throws ValidationError for anything else. */
export function parseRoleArn(arn: string): {
  readonly partition: string;
  readonly account: string;
  readonly name: string;
} {
  const [, partition, account, , name] = ROLE_ARN.exec(arn) ?? [];
  if (partition === undefined || account === undefined || name === undefined)
    throw validationError('Request ARN is invalid');
  return { partition, account, name };
}

/**
 * The session policies of a call as one: a session may do what any of them allows and none denies, within what the role
 * may do. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export function sessionPolicies(
  params: QueryParams,
  { account }: RoleRecord,
  { store }: StsContext,
): PolicyDocument[] | undefined {
  const documents: PolicyDocument[] = [];
  const inline = params.get('Policy');
  if (inline !== undefined) documents.push(policyRecord(inline, 'identity').document);
  for (const member of params.members('PolicyArns')) {
    const arn = member.get('arn') ?? '';
    const policy = store.findPolicy(arn);
    const document = store.policyDocument(arn);
    if (!policy || !document || (policy.account !== account && policy.account !== 'aws')) {
      throw malformedPolicy(`The policy is not in the valid JSON format: ${arn} does not exist.`);
    }
    documents.push(document);
  }
  if (documents.length === 0) return undefined;
  return [{ Version: '2012-10-17', Statement: documents.flatMap(statementsOf) }];
}

/** Seconds a session lasts. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html#id_roles_use_view-role-max-session */
export function sessionDuration(params: QueryParams, role: RoleRecord, isChained: boolean): number {
  const duration = params.number('DurationSeconds') ?? 3600;
  if (isChained && duration > 3600) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (duration > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return duration;
}

/** Percent of the room for session policies and tags; AWS packs them, so that its own number is lower. */
export function packedPolicySize(params: QueryParams): number | undefined {
  const size =
    (params.get('Policy')?.length ?? 0) +
    params.members('PolicyArns').reduce((sum, member) => sum + (member.get('arn') ?? '').length, 0) +
    params.members('Tags').reduce((sum, tag) => sum + tag.text('Key').length + tag.text('Value').length, 0);
  return size === 0 ? undefined : Math.min(100, Math.ceil((size / 4096) * 100));
}

export function assumedRoleElements(
  role: RoleRecord,
  { sessionName }: SessionRecord,
  { store }: StsContext,
): XmlElement[] {
  const { partition } = store.account(role.account);
  return elements({
    AssumedRoleId: `${role.id}:${sessionName}`,
    Arn: `arn:${partition}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`,
  });
}

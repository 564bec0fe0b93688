import { parseRoleArn } from '../../aws-names';
import type { AuthorizationRequest, Decision, RequestContext } from '../decision';
import { evaluate, evaluateTrust } from '../evaluate';
import type { OneOrMany, PolicyCondition, PolicyDocument, PolicyStatement } from '../policy';

/** What the export is judged for: where its logs go, and as whom, as far as that is known. */
export interface JudgedTarget {
  readonly bucket: string;
  /** `''`, or ends in `/`. */
  readonly prefix: string;
  readonly partition: string;
  readonly roleArn?: string;
  readonly region?: string;
}

/** In the order of the vendor's page, whose policy allows these four. */
export const NEEDED_ACTIONS = ['s3:PutObject', 's3:GetObject', 's3:ListBucket', 's3:DeleteObject'] as const;

export type NeededAction = (typeof NEEDED_ACTIONS)[number];

/** Whether an action is asked of the bucket itself, not of an object in it. */
export function isBucketAction(action: string): boolean {
  return action === 's3:ListBucket';
}

/** Keys of the kinds that a Deployment writes: a task's log, and the log of a trigger. */
const LOGS = [
  'dag_id=etl/run_id=scheduled__2026-01-01T00:00:00+00:00/task_id=load/attempt=1.log',
  'dag_id=a.b/run_id=manual__x/task_id=g.t/map_index=3/attempt=12.log.trigger.7.log',
];

/** The ARNs that the export asks an action of. */
function neededResources(action: string, { bucket, prefix, partition }: JudgedTarget): string[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return isBucketAction(action) ? [arn] : LOGS.map(log => `${arn}/${prefix}${log}`);
}

const UNKNOWN_ROLE = 'arn:aws:iam::000000000000:role/unknown';

/**
 * The requests of one action. `s3:ListBucket` is what S3 asks when a key isn't there, with the key as `s3:prefix`:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
function requestsOf(action: string, target: JudgedTarget): AuthorizationRequest[] {
  const arn = target.roleArn ?? UNKNOWN_ROLE;
  const principal = { arn, account: arn.split(':')[4] ?? '' };
  const known = contextOf(target);
  if (isBucketAction(action)) {
    return neededResources(action, target).flatMap(resource =>
      LOGS.map(log => ({ action, resource, principal, context: { ...known, 's3:prefix': `${target.prefix}${log}` } })),
    );
  }
  return neededResources(action, target).map(resource => ({ action, resource, principal, context: known }));
}

/**
 * What is known of the export's requests: they come as a role over TLS, signed, with no headers that Airflow doesn't set
 * (https://github.com/apache/airflow/blob/main/providers/amazon/src/airflow/providers/amazon/aws/log/s3_task_handler.py).
 */
function contextOf({ roleArn, region }: JudgedTarget): RequestContext {
  const role = roleArn === undefined ? undefined : parseRoleArn(roleArn);
  return {
    'aws:SecureTransport': 'true',
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:MultiFactorAuthPresent': 'false',
    's3:authType': 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:TlsVersion': '1.3',
    ...(role && !('problem' in role) ? { 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': role.accountId } : {}),
    ...(region === undefined ? {} : { 'aws:RequestedRegion': region }),
  } as RequestContext;
}

/** Keys that the export's requests don't carry: it goes through no endpoint of the team's, and sets no such header. */
const ABSENT = [
  'aws:sourcevpce',
  'aws:sourcevpc',
  'aws:vpcsourceip',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:username',
  'aws:multifactorauthage',
  's3:x-amz-acl',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:x-amz-server-side-encryption-customer-algorithm',
  's3:x-amz-storage-class',
  's3:x-amz-copy-source',
  's3:x-amz-metadata-directive',
  's3:x-amz-grant-read',
  's3:x-amz-grant-write',
  's3:x-amz-grant-read-acp',
  's3:x-amz-grant-write-acp',
  's3:x-amz-grant-full-control',
  's3:x-amz-website-redirect-location',
  's3:versionid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
  's3:accesspointnetworkorigin',
  's3:object-lock-mode',
  's3:object-lock-legal-hold',
  's3:object-lock-remaining-retention-days',
  's3:object-lock-retain-until-date',
];

const SOURCE_IP = 'aws:sourceip';

/** Which keys a policy's conditions may ask for so that the answer is known: of a target, or of who assumes a role. */
type IsKnown = (lowerKey: string) => boolean;

function isKnownOf(target: JudgedTarget): IsKnown {
  const present = new Set(Object.keys(contextOf(target)).map(key => key.toLowerCase()));
  return key => present.has(key) || key === 's3:prefix' || ABSENT.includes(key);
}

/** How a Deny with an address condition is taken: as one that lets the export through, or as one that hits it. */
export type AddressRule = 'passes' | 'hits';

const INERT = 'none:none';

/**
 * The policy as the export can be judged by it. What nobody knows is taken to hold in an Allow and not in a Deny, so that
 * only what is certain is reported.
 */
function assume(
  document: PolicyDocument,
  isKnown: IsKnown,
  addresses: AddressRule,
  knowsCaller = true,
): PolicyDocument {
  const statements = toArray(document.Statement).map(statement => {
    const asks = (key: string) => isKnown(key) || (addresses === 'hits' && key === SOURCE_IP);
    if (statement.Effect === 'Allow') {
      const Condition = keepKnown(statement.Condition, isKnown);
      return { ...withoutVariables({ ...statement, Condition }) };
    }
    const keys = Object.values(statement.Condition ?? {}).flatMap(each => Object.keys(each));
    const exceptsUnknown = statement.NotPrincipal !== undefined && !knowsCaller;
    const isUnknown = exceptsUnknown || keys.some(key => !asks(key.toLowerCase())) || hasVariables(statement);
    return isUnknown ? { ...statement, Action: INERT, NotAction: undefined } : statement;
  });
  return { ...document, Statement: statements };
}

function keepKnown(condition: PolicyCondition | undefined, isKnown: IsKnown): PolicyCondition | undefined {
  if (!condition) return undefined;
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).filter(([key, value]) => isKnown(key.toLowerCase()) && !toArray(value).some(isOpen)),
      ),
    ]),
  );
}

/** A variable, or the placeholder of a template: `${bucket}`, `{{ bucket }}`, `<bucket>`. */
const OPEN_TEXT = /\$\{(?![*?$]\})[^}]*\}|\{\{[^}]*\}\}|<[^<>]*>/g;

/** Whether a text holds a variable or a template's placeholder, so that a file can't tell what it says. */
export function isOpen(text: unknown): boolean {
  return typeof text === 'string' && text.search(OPEN_TEXT) >= 0;
}

function withoutVariables(statement: PolicyStatement): PolicyStatement {
  if (statement.Resource === undefined) return statement;
  return { ...statement, Resource: toArray(statement.Resource).map(text => text.replace(OPEN_TEXT, '*')) };
}

function hasVariables({ Resource, NotResource, Condition }: PolicyStatement): boolean {
  const values = Object.values(Condition ?? {}).flatMap(keys => Object.values(keys).flatMap(each => toArray(each)));
  return [...toArray(Resource ?? []), ...toArray(NotResource ?? []), ...values].some(isOpen);
}

/** What a policy says of one action of the export: to all of its requests. */
export interface Judgement {
  readonly decision: Decision['decision'];
  /** The statements that deny. */
  readonly denials: readonly number[];
}

/** Judges a permission policy for one action. */
export function judgePermission(
  document: PolicyDocument,
  action: string,
  target: JudgedTarget,
  addresses: AddressRule = 'passes',
): Judgement {
  const assumed = assume(document, isKnownOf(target), addresses);
  return combine(requestsOf(action, target).map(request => evaluate(request, { identity: [assumed] })));
}

const EVERYTHING: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Judges a bucket policy for one action, as of a bucket in another account than the role: there it has to allow too. */
export function judgeBucketPolicy(
  document: PolicyDocument,
  action: string,
  target: JudgedTarget,
  addresses: AddressRule = 'passes',
): Judgement {
  const knowsCaller = target.roleArn !== undefined;
  const assumed = assume(knowsCaller ? document : letAnybodyIn(document), isKnownOf(target), addresses, knowsCaller);
  return combine(
    requestsOf(action, target).map(request =>
      evaluate({ ...request, resourceAccount: 'another' }, { identity: [EVERYTHING], resource: assumed }),
    ),
  );
}

/** Where nobody knows the export's role, whom an Allow names isn't judged. */
function letAnybodyIn(document: PolicyDocument): PolicyDocument {
  const open = { Principal: '*', NotPrincipal: undefined } as const;
  const statements = toArray(document.Statement).map(each => (each.Effect === 'Allow' ? { ...each, ...open } : each));
  return { ...document, Statement: statements };
}

/** Keys of a request to assume a role that nobody but the caller's account knows. */
const TRUST_CONTEXT: RequestContext = {
  'aws:SecureTransport': 'true',
  'aws:MultiFactorAuthPresent': 'false',
  'aws:PrincipalType': 'AssumedRole',
  'aws:PrincipalIsAWSService': 'false',
  'aws:ViaAWSService': 'false',
};
const TRUST_ABSENT = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcearn', 'aws:sourceaccount', 'aws:username'];

/** Judges a trust policy for somebody who is named in it. */
export function judgeTrust(document: PolicyDocument, request: Omit<AuthorizationRequest, 'context'>): Judgement {
  const { principal } = request;
  const context: RequestContext = {
    ...TRUST_CONTEXT,
    ...(principal?.arn ? { 'aws:PrincipalArn': principal.arn, 'aws:PrincipalAccount': principal.account } : {}),
  };
  const present = Object.keys(context).map(key => key.toLowerCase());
  const isKnown: IsKnown = key => present.includes(key) || TRUST_ABSENT.includes(key);
  return combine([evaluateTrust({ ...request, context }, assume(document, isKnown, 'passes'))]);
}

/** The worst of several decisions. */
function combine(decisions: readonly Decision[]): Judgement {
  const denials = new Set<number>();
  for (const { statements, decision } of decisions) {
    if (decision !== 'explicitDeny') continue;
    for (const { effect, matched, index } of statements) if (effect === 'Deny' && matched) denials.add(index);
  }
  const has = (kind: Decision['decision']) => decisions.some(({ decision }) => decision === kind);
  const decision = has('explicitDeny') ? 'explicitDeny' : has('implicitDeny') ? 'implicitDeny' : 'allowed';
  return { decision, denials: [...denials] };
}

function toArray<T>(value: OneOrMany<T>): readonly T[] {
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}

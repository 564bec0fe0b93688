import { t } from '@vscode/l10n';
import type { Cause } from '../diagnosis/cause';
import type { Change } from '../diagnosis/change';
import { principalName } from '../diagnosis/principal';
import type { ExportTarget } from '../export-settings';
import type { AuthorizationRequest, RequestContext, StatementTrace } from '../iam/decision';
import { evaluate } from '../iam/evaluate';
import type { PolicyDocument } from '../iam/policy';
import type { BucketDocument, NamedPolicy, RoleDocuments } from './documents';
import { type Need, statementResource } from './needs';
import { statementsOf, unknownKeysOf } from './unknown-conditions';

/** What IAM's simulator said of one permission, as far as it matters here. */
export interface Simulated {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly decidedBy: readonly string[];
  readonly allowedByOrganizations?: boolean;
  readonly allowedByBoundary?: boolean;
}

/** Whether the role has a permission, and where it doesn't, which statement is missing or denies. */
export interface Judgement {
  readonly allowed: boolean;
  readonly causes: readonly Cause[];
  readonly message: string;
  readonly nextStep?: string;
  readonly change?: Change;
}

const MISSING: Readonly<Record<Need['action'], Cause>> = {
  's3:ListBucket': 'missing-list-bucket',
  's3:GetObject': 'missing-get-object',
  's3:PutObject': 'missing-put-object',
  's3:DeleteObject': 'missing-delete-object',
};

const ALLOW_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** Condition keys that tell where a request comes from, which for a Deployment is Astronomer's network. */
const NETWORK_KEY = /^aws:(SourceVpce|SourceVpc|SourceIp|VpcSourceIp)$/i;

interface Question {
  readonly need: Need;
  readonly role: RoleDocuments;
  readonly bucket: BucketDocument;
  readonly target: ExportTarget;
  readonly simulated?: Simulated;
}

/**
 * Puts together what decides over one permission: the role's own policies (by IAM's simulator where it was asked, else
 * by their documents), and the bucket's policy, which the simulator takes no account of for a role.
 * Undefined where too little is known to say anything.
 */
export function judgePermission(question: Question): Judgement | undefined {
  const own = question.simulated ? bySimulation(question, question.simulated) : byDocuments(question);
  if (own === undefined) return byBucketDeny(question);
  if (!own.allowed && own.causes[0] !== MISSING[question.need.action]) return own;
  return byBucket(question, own);
}

function bySimulation({ need, role, target }: Question, simulated: Simulated): Judgement {
  const { action } = need;
  const who = roleName(role);
  if (simulated.allowedByOrganizations === false) {
    return {
      allowed: false,
      causes: ['scp-denies'],
      message: t('{0} is denied to {1} by a policy of the AWS organization', action, who),
      nextStep: t('Ask who manages the AWS organization to allow {0} in its service control policies.', action),
    };
  }
  if (simulated.allowedByBoundary === false) return boundaryDenies(need, role, target);
  if (simulated.decision === 'allowed') return { allowed: true, causes: [], message: t('{0} is allowed', action) };
  if (simulated.decision === 'explicitDeny') {
    const statement = role.identity && denyingStatement(need, role);
    return denied(need, role, statement ?? simulated.decidedBy.join(', '));
  }
  return missing(need, role, target);
}

function byDocuments({ need, role, target }: Question): Judgement | undefined {
  if (role.identity === undefined) return undefined;
  const request = requestOf(need, role, undefined);
  const identity = role.identity.map(({ document }) => document);
  const decision = evaluate(request, { identity, ...(role.boundary && { boundary: role.boundary.document }) });
  if (decision.decision === 'allowed') return { allowed: true, causes: [], message: t('{0} is allowed', need.action) };
  if (decision.decidedBy === 'boundary') return boundaryDenies(need, role, target);
  if (decision.decision === 'explicitDeny') return denied(need, role, denyingStatement(need, role) ?? '');
  return missing(need, role, target);
}

function boundaryDenies(need: Need, role: RoleDocuments, target: ExportTarget): Judgement {
  const name = role.boundary?.name ?? t('its permissions boundary');
  const change: Change = { document: 'boundary', ...allowed(need, target) };
  return {
    allowed: false,
    causes: ['boundary-denies'],
    message: t('{0} is denied to {1} by the permissions boundary {2}', need.action, roleName(role), name),
    nextStep: t('Allow {0} on {1} in {2}.', need.action, change.resource, name),
    change,
  };
}

function denied(need: Need, role: RoleDocuments, statement: string): Judgement {
  return {
    allowed: false,
    causes: ['explicit-deny'],
    message: t('{0} is denied to {1} by {2}', need.action, roleName(role), statement || t('a Deny')),
    nextStep: t('Ask who wrote that Deny to except {0} on {1}.', need.action, need.resource),
  };
}

function missing(need: Need, role: RoleDocuments, target: ExportTarget): Judgement {
  const { action } = need;
  const change: Change = { document: 'permission', ...allowed(need, target) };
  const near = role.identity && nearestStatement(need, role.identity);
  return {
    allowed: false,
    causes: [MISSING[action]],
    message: near
      ? t(
          'no statement allows {0} to {1}; the nearest, {2}, does not: {3}',
          action,
          roleName(role),
          near.name,
          near.why,
        )
      : t('no statement of the policies of {0} allows {1}', roleName(role), action),
    nextStep:
      change.listedPrefix === undefined || change.listedPrefix === '*'
        ? t('Add {0} on {1} to the permission policy of {2}.', action, change.resource, roleName(role))
        : t(
            'Add {0} on {1}, with an s3:prefix condition of {2} or none, to the permission policy of {3}.',
            action,
            change.resource,
            change.listedPrefix,
            roleName(role),
          ),
    change,
  };
}

function allowed(need: Need, target: ExportTarget) {
  const resource = statementResource(need, target);
  return {
    actions: [need.action],
    resource,
    ...(need.listedPrefix !== undefined && target.prefix !== '' && { listedPrefix: `${target.prefix}*` }),
  };
}

/** The bucket's policy beside what the role's own policies say. */
function byBucket(question: Question, own: Judgement): Judgement | undefined {
  const { need, role, bucket, target } = question;
  const deny = byBucketDeny(question);
  if (deny) return deny;
  const isForeign = bucket.account !== undefined && bucket.account !== role.account;
  if (bucket.policy === undefined) return isForeign && own.allowed ? undefined : own;
  const request = requestOf(need, role, bucket.account);
  const decision = evaluate(request, {
    identity: own.allowed ? [ALLOW_ALL] : [],
    ...(bucket.policy && { resource: bucket.policy }),
  });
  if (decision.decision === 'allowed') {
    return own.allowed
      ? own
      : { allowed: true, causes: [], message: t('{0} is allowed by the bucket policy', need.action) };
  }
  if (!own.allowed) return own;
  // A Deny that nobody but AWS can decide on.
  if (decision.decision === 'explicitDeny') return undefined;
  const change: Change = { document: 'bucket', principal: role.arn, ...allowed(need, target) };
  return {
    allowed: false,
    causes: ['other-account-bucket'],
    message: t(
      'the bucket {0} belongs to account {1}, and its policy does not allow {2} to {3}',
      target.bucket,
      bucket.account ?? '',
      need.action,
      roleName(role),
    ),
    nextStep: t(
      'Allow {0} on {1} for {2} in the policy of the bucket {3}.',
      need.action,
      change.resource,
      role.arn,
      target.bucket,
    ),
    change,
  };
}

function byBucketDeny({ need, role, bucket, target }: Question): Judgement | undefined {
  if (!bucket.policy) return undefined;
  const decision = evaluate(requestOf(need, role, bucket.account), { identity: [ALLOW_ALL], resource: bucket.policy });
  const { policy } = bucket;
  const trace = decision.statements.find(
    one => one.matched && one.effect === 'Deny' && unknownKeysOf(statementsOf(policy)[one.index]!).length === 0,
  );
  if (trace === undefined) return undefined;
  const isByNetwork = networkKeys(policy, trace.index).length > 0;
  const statement = statementName('', trace);
  return {
    allowed: false,
    causes: isByNetwork ? ['explicit-deny', 'bucket-policy-denies'] : ['bucket-policy-denies'],
    message: isByNetwork
      ? t(
          '{0} is denied by {1} of the bucket policy to all that does not come from one network; a Deployment comes from that of Astronomer',
          need.action,
          statement,
        )
      : t('{0} is denied to {1} by {2} of the bucket policy', need.action, roleName(role), statement),
    nextStep: t('Except {0} from {1} in the policy of the bucket {2}.', role.arn, statement, target.bucket),
  };
}

function networkKeys(policy: PolicyDocument, index: number): string[] {
  const conditions = Object.values(statementsOf(policy)[index]?.Condition ?? {});
  return conditions.flatMap(Object.keys).filter(key => NETWORK_KEY.test(key));
}

/** The request as the Deployment will make it. Where it comes from isn't known here, and stays out. */
function requestOf(need: Need, role: RoleDocuments, bucketAccount: string | undefined): AuthorizationRequest {
  const partition = role.arn.split(':')[1] ?? 'aws';
  const context: RequestContext = {
    'aws:PrincipalArn': role.arn,
    'aws:PrincipalAccount': role.account,
    'aws:PrincipalType': 'AssumedRole',
    'aws:SecureTransport': 'true',
    ...(need.listedPrefix !== undefined && { 's3:prefix': need.listedPrefix }),
  };
  return {
    action: need.action,
    resource: need.resource,
    resourceAccount: bucketAccount ?? role.account,
    principal: {
      arn: role.arn,
      account: role.account,
      sessionArn: `arn:${partition}:sts::${role.account}:assumed-role/${principalName(role.arn)?.name ?? ''}/airflow`,
    },
    context,
  };
}

function tracesOf(need: Need, role: RoleDocuments): readonly StatementTrace[] {
  const identity = (role.identity ?? []).map(({ document }) => document);
  return evaluate(requestOf(need, role, undefined), { identity }).statements;
}

function denyingStatement(need: Need, role: RoleDocuments): string | undefined {
  const trace = tracesOf(need, role).find(one => one.matched && one.effect === 'Deny');
  return trace && statementName(role.identity?.[trace.policyIndex]?.name ?? '', trace);
}

/** An Allow that names the action, and fails by something else: a resource or a condition. */
function nearestStatement(need: Need, policies: readonly NamedPolicy[]): { name: string; why: string } | undefined {
  const { action } = need;
  for (const { name, document } of policies) {
    for (const [index, statement] of statementsOf(document).entries()) {
      if (statement.Effect !== 'Allow') continue;
      // The same statement asked about a resource that it covers: does it allow the action at all?
      const anywhere = { ...statement, Resource: '*', NotResource: undefined, Condition: undefined };
      const probe: AuthorizationRequest = {
        action,
        resource: need.resource,
        context: {},
        principal: { arn: '', account: '' },
      };
      const isAbout = evaluate(probe, { identity: [{ Version: '2012-10-17', Statement: [anywhere] }] });
      if (isAbout.decision !== 'allowed') continue;
      const why = evaluate(
        { ...probe, context: need.listedPrefix === undefined ? {} : { 's3:prefix': need.listedPrefix } },
        { identity: [{ Version: '2012-10-17', Statement: [statement] }] },
      ).statements[0]?.why;
      return { name: statementName(name, { sid: statement.Sid ?? null, index }), why: why ?? '' };
    }
  }
  return undefined;
}

/** `ListLogs of secondary-logs`, or the place where a statement has no name. */
function statementName(policy: string, { sid, index }: Pick<StatementTrace, 'sid' | 'index'>): string {
  const statement = sid ? t('statement {0}', sid) : t('statement {0}', `#${index + 1}`);
  return policy === '' ? statement : t('{0} of {1}', statement, policy);
}

function roleName(role: RoleDocuments): string {
  return t('role {0}', principalName(role.arn)?.name ?? role.arn);
}

import { t } from '@vscode/l10n';
import type { SimulationResult } from '../../aws/iam-types';
import type { AwsSession } from '../../aws/session';
import { isSameRole, principalName } from '../../core/diagnosis/principal';
import type { BucketDocument, RoleDocuments } from '../../core/proof/documents';
import { type Judgement, judgePermission } from '../../core/proof/judge-permission';
import { isNamedItself, judgeTrust } from '../../core/proof/judge-trust';
import { type Need, needKey, needsOf, PERMISSION_CHECKS, type PermissionCheck } from '../../core/proof/needs';
import { orUnread, readBucketDocument, readRoleDocuments } from './read-documents';

/** No policy of the Deployment's role allows it; none denies it either. */
const MAY_NOT_ASSUME = 'caller-may-not-assume';

/** How something about a role is known: by IAM's simulator, or from documents alone. */
export type KnownBy = 'simulated' | 'read';

export interface RoleProof {
  readonly knownBy: KnownBy;
  readonly as: string;
  readonly judgement: Judgement;
}

/** What is known of the export's own role, and of the Deployment's way to it, without being either. */
export interface DeploymentProof {
  /** The role that the bucket sees. */
  readonly exportRole: string;
  /** By check; absent where nothing could be found out. */
  readonly permissions: ReadonlyMap<PermissionCheck, RoleProof>;
  /** In `assume-role`, by Deployment's role. */
  readonly assumptions: readonly RoleProof[];
  /** Whether the bucket's policy could be read, or that there is none. */
  readonly isBucketRead: boolean;
  /** Whether all that decides was simulated or read: no bucket policy that nobody could read. */
  readonly isWhole: boolean;
  /** What could not be read or asked, in words. */
  readonly unread: readonly string[];
}

export interface ProofInput {
  readonly session: AwsSession;
  /** The caller's account. */
  readonly account: string;
  /** The roles of the Deployments; in `workload-identity` the first is the export's role. */
  readonly deploymentRoles: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Asks IAM's simulator and reads the policies for the roles of the export, as far as the caller may. What the simulator
 * can't see stays open: policies of VPC endpoints, of KMS keys, and resource control policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
 */
export async function proveDeployment(input: ProofInput): Promise<DeploymentProof | undefined> {
  const { session, account, deploymentRoles, signal } = input;
  const { target } = session;
  const exportRole = target.roleArn ?? deploymentRoles[0];
  if (exportRole === undefined) return undefined;
  const [role, bucket, encryption] = await Promise.all([
    readRoleDocuments(session, exportRole, account, signal),
    readBucketDocument(session, account, signal),
    readEncryption(session, signal),
  ]);
  const documents: RoleDocuments = role ?? {
    arn: exportRole,
    account: principalName(exportRole)?.account ?? '',
    unread: [],
  };
  const needs = needsOf(target, exportRole.split(':')[1] ?? 'aws');
  const [simulation, assumptions] = await Promise.all([
    simulatePermissions(session, documents.arn, account, Object.values(needs).flat(), signal),
    target.accessMode === 'assume-role' ? proveAssumptions(input, documents, role === undefined) : [],
  ]);
  const permissions = new Map<PermissionCheck, RoleProof>();
  for (const check of PERMISSION_CHECKS) {
    const proof = proveCheck(needs[check], documents, bucket, session, simulation.results);
    if (proof) permissions.set(check, proof);
  }
  return {
    exportRole: documents.arn,
    permissions,
    assumptions: assumptions.flatMap(one => one.proof ?? []),
    isBucketRead: bucket.policy !== undefined,
    isWhole: bucket.policy !== undefined && simulation.results !== undefined && encryption === undefined,
    unread: [
      ...new Set([
        ...documents.unread,
        ...bucket.unread,
        ...(encryption === undefined ? [] : [encryption]),
        ...(simulation.unread === undefined ? [] : [simulation.unread]),
        ...assumptions.flatMap(one => one.unread),
      ]),
    ],
  };
}

/** A key's own policy has the last word, and no simulation knows it. Undefined where no key is known of. */
async function readEncryption(session: AwsSession, signal: AbortSignal): Promise<string | undefined> {
  const { value } = await orUnread(() => session.callerBucket.settings({ signal }));
  return value?.kmsKey
    ? t('the KMS key {0} encrypts the bucket, and has a policy of its own', value.kmsKey)
    : undefined;
}

/** All that one check needs: the first permission that is missing speaks for it. */
function proveCheck(
  needs: readonly Need[],
  role: RoleDocuments,
  bucket: BucketDocument,
  session: AwsSession,
  results: ReadonlyMap<string, SimulationResult> | undefined,
): RoleProof | undefined {
  const knownBy: KnownBy = results === undefined ? 'read' : 'simulated';
  const judgements = needs.map(need => {
    const simulated = results?.get(needKey(need));
    return judgePermission({ need, role, bucket, target: session.target, ...(simulated && { simulated }) });
  });
  const judgement = judgements.find(one => one !== undefined && !one.allowed) ?? whole(judgements);
  return judgement && { knownBy, as: role.arn, judgement };
}

function whole(judgements: readonly (Judgement | undefined)[]): Judgement | undefined {
  return judgements.every(one => one !== undefined) ? judgements[0] : undefined;
}

interface Simulation {
  readonly results?: ReadonlyMap<string, SimulationResult>;
  readonly unread?: string;
}

/** One question for the objects, and one for each prefix that is listed: a question has one context. */
async function simulatePermissions(
  session: AwsSession,
  roleArn: string,
  account: string,
  needs: readonly Need[],
  signal: AbortSignal,
): Promise<Simulation> {
  if (principalName(roleArn)?.account !== account) return {};
  const groups = new Map<string, Need[]>();
  for (const need of needs) {
    const key = `${need.resource} ${need.listedPrefix ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), need]);
  }
  const { value, unread } = await orUnread(() =>
    Promise.all([...groups.values()].map(group => simulateGroup(session, roleArn, group, signal))),
  );
  return value ? { results: new Map(value.flat()) } : { ...(unread !== undefined && { unread }) };
}

async function simulateGroup(
  session: AwsSession,
  principalArn: string,
  group: readonly Need[],
  signal: AbortSignal,
): Promise<[string, SimulationResult][]> {
  const [{ resource, listedPrefix }] = group as [Need];
  const prefix = { key: 's3:prefix', type: 'string', values: [listedPrefix ?? ''] } as const;
  const results = await session.iam.simulatePrincipalPolicy({
    principalArn,
    actions: [...new Set(group.map(({ action }) => action))],
    resources: [resource],
    context: [
      { key: 'aws:SecureTransport', type: 'boolean', values: ['true'] },
      ...(listedPrefix === undefined ? [] : [prefix]),
    ],
    signal,
  });
  return group.flatMap(need => {
    const result = results.find(one => one.action.toLowerCase() === need.action.toLowerCase());
    return result ? [[needKey(need), result]] : [];
  });
}

/** Whether each Deployment's role may become the export's role: both sides have to agree. */
async function proveAssumptions(
  { session, account, deploymentRoles, signal }: ProofInput,
  role: RoleDocuments,
  isMissing: boolean,
): Promise<{ readonly proof?: RoleProof; readonly unread: readonly string[] }[]> {
  if (isMissing) {
    const judgement: Judgement = {
      allowed: false,
      causes: ['role-not-found'],
      message: t('there is no role {0}', role.arn),
      nextStep: t('Create the role, or correct ROLE_ARN.'),
    };
    return [{ proof: { knownBy: 'read', as: deploymentRoles[0] ?? role.arn, judgement }, unread: [] }];
  }
  return Promise.all(
    deploymentRoles.map(async deployment => {
      const trusted = role.trust && judgeTrust(role.trust, role.arn, deployment);
      if (trusted && !trusted.allowed)
        return { proof: { knownBy: 'read', as: deployment, judgement: trusted }, unread: [] };
      const own = await simulateAssumption(session, deployment, role.arn, account, signal);
      const isEnough = role.trust !== undefined && isNamedItself(role.trust, role.arn, deployment);
      const isRefused = own.judgement?.allowed === false && !(isEnough && own.judgement.causes[0] === MAY_NOT_ASSUME);
      if (own.judgement && isRefused) {
        return { proof: { knownBy: 'simulated', as: deployment, judgement: own.judgement }, unread: [] };
      }
      if (!trusted) return { unread: own.unread };
      const knownBy: KnownBy = own.judgement ? 'simulated' : 'read';
      return { proof: { knownBy, as: deployment, judgement: trusted }, unread: own.unread };
    }),
  );
}

async function simulateAssumption(
  session: AwsSession,
  deployment: string,
  roleArn: string,
  account: string,
  signal: AbortSignal,
): Promise<{ readonly judgement?: Judgement; readonly unread: readonly string[] }> {
  if (principalName(deployment)?.account !== account) {
    const whose = t("whether {0} may call sts:AssumeRole is up to the policies of Astronomer's account", deployment);
    return { unread: [whose] };
  }
  const { value, unread } = await orUnread(() =>
    session.iam.simulatePrincipalPolicy({
      principalArn: deployment,
      actions: ['sts:AssumeRole'],
      resources: [roleArn],
      signal,
    }),
  );
  const [result] = value ?? [];
  if (!result) return { unread: unread === undefined ? [] : [unread] };
  if (result.decision === 'allowed') return { judgement: { allowed: true, causes: [], message: '' }, unread: [] };
  const name = principalName(deployment)?.name ?? deployment;
  const limit =
    result.allowedByOrganizations === false
      ? 'scp-denies'
      : result.allowedByBoundary === false
        ? 'boundary-denies'
        : result.decision === 'explicitDeny'
          ? 'explicit-deny'
          : undefined;
  return {
    judgement: {
      allowed: false,
      causes: [limit ?? MAY_NOT_ASSUME],
      message: t('the policies of role {0} do not allow sts:AssumeRole on {1}', name, roleArn),
      nextStep: limit
        ? t('Ask who manages your AWS account to allow sts:AssumeRole on {0} for role {1}.', roleArn, name)
        : t('Add sts:AssumeRole on {0} to the permission policy of role {1}.', roleArn, name),
      ...(limit === undefined && {
        change: { document: 'caller-permission', actions: ['sts:AssumeRole'], resource: roleArn },
      }),
    },
    unread: [],
  };
}

/** Whether an ARN, of a session or of a role, is of one of the roles. */
export function isOneOf(arn: string | null, roles: readonly string[]): boolean {
  return arn !== null && roles.some(role => isSameRole(role, arn));
}

import type { ContextEntry, EvaluationResult, ResourceSpecificResult } from '@aws-sdk/client-iam';
import type { ExportError } from '../core/export-error';
import type { AdminClients } from './admin-clients';
import { failureOf, isDenied, isMissing } from './admin-error';
import type {
  IamReader,
  InlinePolicy,
  ManagedPolicy,
  RoleDescription,
  RolePart,
  RoleReading,
  SimulatedDecision,
  SimulationRequest,
  SimulationResult,
  Unreadable,
} from './iam-types';
import { loadIam, loadS3 } from './sdk';

/** One page of a list, and where the next begins. */
interface Page<T> {
  readonly items: readonly T[];
  readonly marker: string | undefined;
}

async function allPages<T>(read: (marker: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker);
    items.push(...page.items);
    marker = page.marker;
  } while (marker !== undefined);
  return items;
}

/** IAM encodes policies after RFC 3986: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
function decoded(document: string | undefined): string {
  try {
    return decodeURIComponent(document ?? '');
  } catch {
    return document ?? '';
  }
}

/** IAM, and the bucket's policy, through the SDK. */
export function createIamReader({ iam, s3 }: AdminClients): IamReader {
  async function describeRole(RoleName: string, signal?: AbortSignal): Promise<RoleDescription> {
    const { GetRoleCommand } = await loadIam();
    const { Role: role } = await iam(
      'iam:GetRole',
      client => client.send(new GetRoleCommand({ RoleName }), { abortSignal: signal }),
      signal,
    );
    return {
      arn: role?.Arn ?? '',
      id: role?.RoleId ?? '',
      path: role?.Path ?? '/',
      trust: decoded(role?.AssumeRolePolicyDocument),
      maxSessionDuration: role?.MaxSessionDuration ?? 3600,
      tags: Object.fromEntries((role?.Tags ?? []).map(tag => [tag.Key ?? '', tag.Value ?? ''])),
      boundaryArn: role?.PermissionsBoundary?.PermissionsBoundaryArn,
    };
  }

  async function inlineNames(RoleName: string, signal?: AbortSignal): Promise<string[]> {
    const { ListRolePoliciesCommand } = await loadIam();
    return allPages(async Marker => {
      const command = new ListRolePoliciesCommand({ RoleName, Marker });
      const page = await iam('iam:ListRolePolicies', client => client.send(command, { abortSignal: signal }), signal);
      return { items: page.PolicyNames ?? [], marker: page.IsTruncated ? page.Marker : undefined };
    });
  }

  async function inlinePolicy(RoleName: string, PolicyName: string, signal?: AbortSignal): Promise<InlinePolicy> {
    const { GetRolePolicyCommand } = await loadIam();
    const command = new GetRolePolicyCommand({ RoleName, PolicyName });
    const answer = await iam('iam:GetRolePolicy', client => client.send(command, { abortSignal: signal }), signal);
    return { name: PolicyName, text: decoded(answer.PolicyDocument) };
  }

  async function attachedPolicies(RoleName: string, signal?: AbortSignal): Promise<ManagedPolicy[]> {
    const { ListAttachedRolePoliciesCommand } = await loadIam();
    return allPages(async Marker => {
      const command = new ListAttachedRolePoliciesCommand({ RoleName, Marker });
      const page = await iam(
        'iam:ListAttachedRolePolicies',
        client => client.send(command, { abortSignal: signal }),
        signal,
      );
      const items = (page.AttachedPolicies ?? []).map(one => ({
        arn: one.PolicyArn ?? '',
        name: one.PolicyName ?? '',
      }));
      return { items, marker: page.IsTruncated ? page.Marker : undefined };
    });
  }

  async function managedText(PolicyArn: string, signal?: AbortSignal): Promise<string> {
    const { GetPolicyCommand, GetPolicyVersionCommand } = await loadIam();
    const { Policy: policy } = await iam(
      'iam:GetPolicy',
      client => client.send(new GetPolicyCommand({ PolicyArn }), { abortSignal: signal }),
      signal,
    );
    const command = new GetPolicyVersionCommand({ PolicyArn, VersionId: policy?.DefaultVersionId ?? 'v1' });
    const answer = await iam('iam:GetPolicyVersion', client => client.send(command, { abortSignal: signal }), signal);
    return decoded(answer.PolicyVersion?.Document);
  }

  async function readRole(name: string, signal?: AbortSignal): Promise<RoleReading | undefined> {
    const unreadable: Unreadable[] = [];
    /** What a part says, or `fallback` where it is denied or has gone meanwhile. */
    async function part<T>(what: RolePart, read: () => Promise<T>, fallback: T, policy?: string): Promise<T> {
      try {
        return await read();
      } catch (error) {
        if (!isDenied(failureOf(error)) && !isMissing(failureOf(error))) throw error;
        unreadable.push({ what, ...(policy !== undefined && { name: policy }), error: error as ExportError });
        return fallback;
      }
    }

    const role = await part('role', () => describeRole(name, signal), undefined);
    if (isMissing(failureOf(unreadable[0]?.error))) return undefined;

    const withText = async (policy: ManagedPolicy, what: RolePart): Promise<ManagedPolicy> => {
      const text = await part(what, () => managedText(policy.arn, signal), undefined, policy.arn);
      return text === undefined ? policy : { ...policy, text };
    };
    const [names, attached] = await Promise.all([
      part('inline-policies', () => inlineNames(name, signal), []),
      part('attached-policies', () => attachedPolicies(name, signal), []),
    ]);
    // Where GetRole is denied, the lists tell that there is no such role.
    if (unreadable.some(one => one.what !== 'role' && isMissing(failureOf(one.error)))) return undefined;
    const boundaryArn = role?.boundaryArn;
    const [inline, managed, boundary] = await Promise.all([
      Promise.all(names.map(one => part('inline-policy', () => inlinePolicy(name, one, signal), undefined, one))),
      Promise.all(attached.map(policy => withText(policy, 'attached-policy'))),
      boundaryArn === undefined
        ? undefined
        : withText({ arn: boundaryArn, name: boundaryArn.slice(boundaryArn.lastIndexOf('/') + 1) }, 'boundary'),
    ]);
    return {
      name,
      role,
      inline: inline.filter(policy => policy !== undefined),
      attached: managed,
      ...(boundary && { boundary }),
      unreadable,
    };
  }

  return {
    readRole: (roleName, { signal } = {}) => readRole(roleName, signal),

    async readBucketPolicy(Bucket, { signal } = {}) {
      const { GetBucketPolicyCommand } = await loadS3();
      try {
        const answer = await s3(
          's3:GetBucketPolicy',
          client => client.send(new GetBucketPolicyCommand({ Bucket }), { abortSignal: signal }),
          signal,
        );
        return answer.Policy;
      } catch (error) {
        if (failureOf(error)?.awsCode === 'NoSuchBucketPolicy') return undefined;
        throw error;
      }
    },

    async simulatePrincipalPolicy({ signal, ...request }) {
      const { SimulatePrincipalPolicyCommand } = await loadIam();
      const results = await allPages(async Marker => {
        const command = new SimulatePrincipalPolicyCommand({
          PolicySourceArn: request.principalArn,
          ActionNames: [...request.actions],
          ResourceArns: [...request.resources],
          ContextEntries: contextEntries(request),
          Marker,
        });
        const page = await iam(
          'iam:SimulatePrincipalPolicy',
          client => client.send(command, { abortSignal: signal }),
          signal,
        );
        return { items: page.EvaluationResults ?? [], marker: page.IsTruncated ? page.Marker : undefined };
      });
      return distinct(results.flatMap(resultsOf));
    },
  };
}

function contextEntries({ context = [] }: SimulationRequest): ContextEntry[] {
  return context.map(({ key, type, values }) => ({
    ContextKeyName: key,
    ContextKeyType: type,
    ContextKeyValues: [...values],
  }));
}

/** With resources given, only the results below say which is meant: the one above names a kind of resource. */
function resultsOf(result: EvaluationResult): SimulationResult[] {
  const action = result.EvalActionName ?? '';
  const each: readonly (EvaluationResult | ResourceSpecificResult)[] = result.ResourceSpecificResults?.length
    ? result.ResourceSpecificResults
    : [result];
  return each.map(one => {
    const decision = 'EvalResourceDecision' in one ? one.EvalResourceDecision : (one as EvaluationResult).EvalDecision;
    const organizations = result.OrganizationsDecisionDetail?.AllowedByOrganizations;
    const boundary = (one.PermissionsBoundaryDecisionDetail ?? result.PermissionsBoundaryDecisionDetail)
      ?.AllowedByPermissionsBoundary;
    return {
      action,
      resource: one.EvalResourceName ?? '*',
      decision: (decision ?? 'implicitDeny') as SimulatedDecision,
      decidedBy: [...new Set((one.MatchedStatements ?? []).flatMap(statement => statement.SourcePolicyId ?? []))],
      missingContext: one.MissingContextValues ?? [],
      ...(organizations !== undefined && { allowedByOrganizations: organizations }),
      ...(boundary !== undefined && { allowedByBoundary: boundary }),
    };
  });
}

/** The same pair may be answered more than once: under each action, one result a resource, with all resources below it. */
function distinct(results: readonly SimulationResult[]): SimulationResult[] {
  return [...new Map(results.map(result => [`${result.action} ${result.resource}`, result])).values()];
}

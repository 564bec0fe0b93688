import type { SimulationRequest } from '../../aws/iam-types';
import type { AwsSession } from '../../aws/session';
import { isExportError } from '../../core/export-error';
import { changesOf, type ProvisionPlan, READING_ACTIONS } from './provision-plan';
import type { ProvisionState } from './provision-state';

/** What the person needs, and what IAM says of it. */
export interface NeededActions {
  /** Those of reading and of every step that changes something, sorted. */
  readonly all: readonly string[];
  /** Those that IAM's simulator denies the caller. */
  readonly denied: readonly string[];
  /** Whether the caller may ask the simulator: if not, only trying tells. */
  readonly isKnown: boolean;
}

/** Which IAM actions a plan needs, and which of them the caller lacks. */
export async function findNeededActions(
  session: AwsSession,
  plan: ProvisionPlan,
  { callerArn, role, bucket }: ProvisionState,
  signal?: AbortSignal,
): Promise<NeededActions> {
  const changes = changesOf(plan);
  const all = [...new Set([...READING_ACTIONS, ...changes.flatMap(step => step.actions)])].sort();
  const principalArn = await sourceOf(session, callerArn, signal);
  const denied = new Set<string>([
    ...(role?.unreadable.some(({ what }) => what === 'role') ? ['iam:GetRole'] : []),
    ...(bucket?.unreadable ?? []).map(({ action }) => action),
  ]);
  const known = (isKnown: boolean) => ({ all, denied: [...denied].sort(), isKnown });
  if (principalArn === undefined) return known(false);
  const byResource = new Map<string, Set<string>>();
  for (const { resource, actions } of changes) {
    byResource.set(resource, new Set([...(byResource.get(resource) ?? []), ...actions]));
  }
  try {
    for (const [resource, actions] of byResource) {
      const request: SimulationRequest = { principalArn, actions: [...actions], resources: [resource], signal };
      const results = await session.iam.simulatePrincipalPolicy(request);
      for (const { action, decision } of results) if (decision !== 'allowed') denied.add(action);
    }
  } catch (error) {
    if (!isExportError(error) || error.code === 'cancelled') throw error;
    return known(false);
  }
  return known(true);
}

/** The user or role behind the caller; undefined for the root user, whom nothing limits, and where it can't be told. */
async function sourceOf(session: AwsSession, callerArn: string, signal?: AbortSignal): Promise<string | undefined> {
  if (/:user\//.test(callerArn)) return callerArn;
  const role = /:assumed-role\/([^/]+)\//.exec(callerArn)?.[1];
  if (role === undefined) return undefined;
  // A session's ARN doesn't tell its role's path.
  return (await session.iam.readRole(role, { signal }))?.role?.arn;
}

import { t } from '@vscode/l10n';
import type { AstroCli } from '../astro/astro-cli';
import type { DeploymentVariable } from '../core/deployment/deployment-facts';
import { notYetSet, type PushedVariable, type PushPlan } from '../core/deployment/push-plan';
import { ExportError } from '../core/export-error';

/** Where the variables live that the Astro CLI can set. */
export type PushPlace =
  | { readonly kind: 'deployment'; readonly deploymentId: string }
  /** The Workspace's environment manager; without an id the Workspace that the CLI is switched to. */
  | { readonly kind: 'workspace'; readonly workspaceId?: string };

export interface PushInput {
  readonly cli: AstroCli;
  readonly place: PushPlace;
  readonly plan: PushPlan;
}

export interface PushOptions {
  readonly signal?: AbortSignal;
  onProgress?(message: string): void;
}

/** What a place holds now. Throws what the CLI throws. */
export async function readVariables(
  cli: AstroCli,
  place: PushPlace,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ReadonlyMap<string, DeploymentVariable>> {
  return place.kind === 'deployment'
    ? (await cli.inspect(place.deploymentId, options)).variables
    : cli.workspaceVariables(place.workspaceId, options);
}

/**
 * Sets what a plan says, a Deployment's in one call, and reads everything back.
 * Throws an {@link ExportError}: `cli-failed` where a value did not arrive as it was sent, and what the CLI throws.
 */
export async function pushVariables({ cli, place, plan }: PushInput, options: PushOptions = {}): Promise<void> {
  const { signal } = options;
  if (plan.set.length === 0) return;
  if (place.kind === 'deployment') {
    options.onProgress?.(t('Setting {0} variables', plan.set.length));
    await cli.setDeploymentVariables(place.deploymentId, plan.set, { signal });
  } else {
    for (const variable of plan.set) {
      options.onProgress?.(t('Setting {0}', variable.key));
      await cli.setWorkspaceVariable(variable, place.workspaceId, { signal });
    }
  }
  options.onProgress?.(t('Reading back'));
  const wrong = notYetSet(plan, await readVariables(cli, place, { signal }));
  if (wrong.length > 0) throw notArrived(wrong);
}

function notArrived(wrong: readonly PushedVariable[]): ExportError {
  const keys = wrong.map(each => each.key).join(', ');
  // Older versions split an argument at every `=` and take what stands between the first two.
  const isCut = wrong.some(each => each.after.includes('='));
  return new ExportError(
    'cli-failed',
    isCut
      ? t(
          'The value did not arrive as it was sent, because this version of the Astro CLI cuts it at its "=": {0}',
          keys,
        )
      : t('The value did not arrive as it was sent: {0}', keys),
    isCut
      ? t('Update the Astro CLI and push again, or set the value in the Astro UI.')
      : t('Look at the variables in the Astro UI, and push again.'),
  );
}

import { t } from '@vscode/l10n';
import type { AwsSession } from '../../aws/session';
import { ExportError, isExportError } from '../../core/export-error';
import { roleNameOf } from '../../core/iam/render-stack';
import { findNeededActions, type NeededActions } from './needed-actions';
import type { ProvisionInput } from './provision-input';
import { changesOf, makePlan, type ProvisionPlan, type ProvisionStep, type StepId } from './provision-plan';
import { type ProvisionState, readState } from './provision-state';
import { type Clock, type Effect, waitForEffect } from './wait-for-effect';

/** A plan, and whether the caller may carry it out. */
export interface PreparedPlan {
  readonly state: ProvisionState;
  readonly plan: ProvisionPlan;
  readonly needed: NeededActions;
}

/** Reads what AWS has and says what is to be created, changed and left. Changes nothing. */
export async function prepareProvision(
  { session, input }: { readonly session: AwsSession; readonly input: ProvisionInput },
  { signal }: { signal?: AbortSignal } = {},
): Promise<PreparedPlan> {
  const state = await readState(session, input, signal);
  const plan = makePlan(input, state);
  return { state, plan, needed: await findNeededActions(session, plan, state, signal) };
}

export interface ProvisionResult {
  readonly done: readonly StepId[];
  /** The step that failed; those after it were not tried. */
  readonly failed?: { readonly step: ProvisionStep; readonly error: ExportError };
  /** Undefined where nothing of the role changed. */
  readonly effect?: Effect;
  /** What differs from the plan when read back; empty where AWS has what was asked for. */
  readonly remaining: readonly ProvisionStep[];
}

export interface ProvisionProgress {
  /** The step that begins, or, while IAM's delay is waited for, the milliseconds so far. */
  readonly step?: ProvisionStep;
  readonly waitingMs?: number;
}

/**
 * Carries a plan out, waits until IAM lets it take effect, reads it back and compares. A step that fails ends it: what
 * was done before stays, and running it again does the rest. Throws only where the person stopped it.
 */
export async function applyProvision(
  job: {
    readonly session: AwsSession;
    readonly input: ProvisionInput;
    readonly plan: ProvisionPlan;
    readonly clock?: Clock;
  },
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(progress: ProvisionProgress): void } = {},
): Promise<ProvisionResult> {
  const { session, input, plan, clock } = job;
  const done: StepId[] = [];
  for (const step of changesOf(plan)) {
    signal?.throwIfAborted();
    onProgress?.({ step });
    try {
      await step.apply(session.provisioner, signal);
    } catch (error) {
      if (!isExportError(error) || error.code === 'cancelled') throw error;
      return { done, failed: { step, error: explain(error, step) }, remaining: [] };
    }
    done.push(step.id);
  }
  const touchesRole = done.some(id => /^(role|trust|boundary)/.test(id));
  const effect = touchesRole
    ? await waitForEffect(probeOf(session, input), {
        signal,
        clock,
        onElapsed: waitingMs => onProgress?.({ waitingMs }),
      })
    : undefined;
  const after = makePlan(input, await readState(session, input, signal));
  return { done, ...(effect && { effect }), remaining: changesOf(after) };
}

/** IAM's own view: the role is there, and the simulator or, where it may not be asked, the role's policies say so. */
function probeOf(session: AwsSession, input: ProvisionInput): (signal?: AbortSignal) => Promise<boolean> {
  const { target, roleArn = '' } = input;
  const partition = /^arn:([\w-]+):/.exec(roleArn)?.[1] ?? 'aws';
  let maySimulate = true;
  return async signal => {
    if (maySimulate) {
      try {
        const results = await session.iam.simulatePrincipalPolicy({
          principalArn: roleArn,
          actions: ['s3:PutObject'],
          resources: [`arn:${partition}:s3:::${target.bucket}/${target.prefix}dag_id=probe`],
          signal,
        });
        return results.every(({ decision }) => decision === 'allowed');
      } catch (error) {
        if (!isExportError(error) || error.code === 'cancelled') throw error;
        // A role that was made a moment ago isn't known everywhere yet.
        if (error.code === 'not-found') return false;
        maySimulate = false;
      }
    }
    const role = await session.iam.readRole(roleNameOf(roleArn).name, { signal });
    return role !== undefined && role.inline.length + role.attached.length > 0;
  };
}

function explain(error: ExportError, step: ProvisionStep): ExportError {
  return new ExportError(error.code, t('{0}: {1}', step.title, error.message), error.nextStep, { cause: error.cause });
}

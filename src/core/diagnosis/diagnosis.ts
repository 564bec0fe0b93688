import type { ExportTarget } from '../export-settings';
import type { Cause } from './cause';
import type { Change } from './change';

/** What was asked, and as whom. */
export interface DiagnosisContext {
  readonly target: ExportTarget;
  /** The object that was asked for. */
  readonly key?: string;
  /** The ARN that asked, as GetCallerIdentity prints it. */
  readonly as?: string;
  /** The endpoint in use where it isn't AWS's own. */
  readonly endpoint?: string;
  /** The variable that names the proxy that these requests pass: `HTTPS_PROXY`. */
  readonly proxy?: string;
}

/** Why a request failed and what to change. */
export interface Diagnosis {
  /** Most likely first, never empty. */
  readonly causes: readonly [Cause, ...Cause[]];
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do now. */
  readonly nextStep: string;
  /** The next step for a program to take, where one edit cures the first cause. */
  readonly change?: Change;
}

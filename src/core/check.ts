import type { Cause } from './diagnosis/cause';
import type { Change } from './diagnosis/change';

/** `replayed`: done for real; `simulated`: by IAM's simulator; `read`: from documents; `arrived`: a probe token in the bucket. */
export type Proof = 'replayed' | 'simulated' | 'read' | 'arrived';

export type CheckStatus = 'pass' | 'fail' | 'warn' | 'skip';

/** One step of verification and what came of it. */
export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  readonly proof: Proof | null;
  /** The ARN the step ran as; null where no identity was involved. */
  readonly as: string | null;
  readonly message: string;
  /** Most likely first; empty for a check that passes. */
  readonly causes: readonly Cause[];
  /** What to do now; null for a check that passes. */
  readonly nextStep: string | null;
  /** The next step for a program to take. */
  readonly change?: Change;
}

/** The steps in the order in which Airflow's handler meets them; at the end, whether all this speaks for the Deployment. */
export const CHECK_IDS = [
  'settings',
  'credentials',
  'identity',
  'assume-role',
  'bucket-region',
  'bucket-settings',
  'head',
  'put',
  'get',
  'append',
  'list',
  'delete',
  'deployment',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

import type { Check, CheckId } from '../../core/check';
import type { Difference } from '../../core/deployment/compare-deployment';
import type { Comparison } from '../deployment/comparison';
import type { Export } from '../exports/export';
import type { Arrival, HealthResult, HealthRun } from './health-results';

/** One row of the Export Health view. */
export type HealthNode =
  | { readonly kind: 'export'; readonly item: Export }
  | {
      readonly kind: 'summary';
      readonly item: Export;
      readonly result: HealthResult;
      readonly arrival: Arrival | undefined;
    }
  | { readonly kind: 'run'; readonly item: Export; readonly run: HealthRun }
  | { readonly kind: 'pending'; readonly item: Export; readonly id: CheckId; readonly state: PendingState }
  | { readonly kind: 'check'; readonly item: Export; readonly check: Check; readonly at: Date }
  | { readonly kind: 'arrival'; readonly item: Export; readonly arrival: Arrival }
  | { readonly kind: 'deployment'; readonly item: Export; readonly comparison: Comparison }
  | { readonly kind: 'difference'; readonly item: Export; readonly difference: Difference }
  | DetailNode
  | { readonly kind: 'action'; readonly item: Export; readonly label: string; readonly command: string };

/** How a check without a result stands: its turn is yet to come, it is being made, or it won't be. */
export type PendingState = 'waiting' | 'running' | 'left-out';

/** One line of what a row has to say. */
export interface DetailNode {
  readonly kind: 'detail';
  readonly id: string;
  readonly icon: string;
  readonly text: string;
  /** The text that `text` is a row of. */
  readonly whole: string;
  /** What a screen reader says. */
  readonly label: string;
}

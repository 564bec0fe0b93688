import type { Check } from '../../core/check';
import type { Difference } from '../../core/deployment/compare-deployment';
import type { Comparison } from '../deployment/comparison';
import type { Export } from '../exports/export';
import type { HealthResult } from './health-results';

/** One row of the Export Health view. */
export type HealthNode =
  | { readonly kind: 'export'; readonly item: Export }
  | { readonly kind: 'summary'; readonly item: Export; readonly result: HealthResult }
  | { readonly kind: 'check'; readonly item: Export; readonly check: Check; readonly at: Date }
  | { readonly kind: 'deployment'; readonly item: Export; readonly comparison: Comparison }
  | { readonly kind: 'difference'; readonly item: Export; readonly difference: Difference }
  | DetailNode
  | { readonly kind: 'action'; readonly item: Export; readonly label: string; readonly command: string };

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

import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from './authenticate';

/** What a fault may look at. */
interface FaultTarget {
  readonly method: string;
  /** Percent-decoded. */
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly service: ServiceName;
}

/** What goes wrong instead of, or before, the answer. */
export type FaultEffect =
  /** An error answer, `{ kind: 'error', code: 'SlowDown', status: 503 }`. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message?: string }
  /** The connection ends without an answer. */
  | { readonly kind: 'reset' }
  /** The answer announces its whole body and breaks off after so many bytes. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The answer comes later; further faults may still hit the same request. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** S3 answers as if the bucket were in that region. */
  | { readonly kind: 'wrong-region'; readonly region: string };

interface FaultRule {
  readonly effect: FaultEffect;
  /** How many requests it hits; default all. */
  readonly times?: number;
  /** Default: every request. */
  readonly matches?: (target: FaultTarget) => boolean;
}

/** Faults on demand. */
export interface Faults {
  /** Adds a rule and returns a function that removes it. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** Uses up the rules that hit this request: waits out latencies, and returns the first other effect. */
  take(target: FaultTarget): Promise<Exclude<FaultEffect, { kind: 'latency' }> | undefined>;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    add(rule) {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(entry);
      return () => {
        rules = rules.filter(one => one !== entry);
      };
    },
    clear() {
      rules = [];
    },
    async take(target) {
      let delay = 0;
      let effect: Exclude<FaultEffect, { kind: 'latency' }> | undefined;
      for (const entry of rules) {
        if (entry.left <= 0 || (entry.rule.matches && !entry.rule.matches(target))) continue;
        const { effect: hit } = entry.rule;
        if (hit.kind !== 'latency' && effect) continue;
        entry.left--;
        if (hit.kind === 'latency') delay += hit.milliseconds;
        else effect = hit;
      }
      rules = rules.filter(entry => entry.left > 0);
      if (delay > 0) await sleep(delay);
      return effect;
    },
  };
}

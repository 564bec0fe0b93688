import type { BucketClient } from '../../aws/session';
import { OUTCOME_TAIL_BYTES, outcomeOf } from '../../core/logs/outcome';
import type { AttemptNode } from './log-nodes';

/** Attempts whose last lines are read for one opened task; there are rarely more, and each costs a request. */
const MOST_ATTEMPTS = 20;
const SIDE_BY_SIDE = 4;

/**
 * Reads the last lines of attempts and notes how each ended, telling of each as it is known.
 * The worker's log decides; where there is none, the last trigger log.
 */
export async function readOutcomes(
  bucket: BucketClient,
  attempts: readonly AttemptNode[],
  signal: AbortSignal,
  onOutcome: (attempt: AttemptNode) => void,
): Promise<void> {
  // The last attempts are the ones that people open a task for.
  const waiting = attempts.filter(attempt => attempt.outcome === undefined).slice(-MOST_ATTEMPTS);
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { objects } = next.attempt;
      const object = objects.find(({ log }) => log?.triggerJobId === undefined) ?? objects.at(-1);
      if (!object || object.size === 0) continue;
      signal.throwIfAborted();
      const { body } = await bucket.get(object.key, { suffix: OUTCOME_TAIL_BYTES, signal });
      next.outcome = outcomeOf(body.toString('utf8'));
      onOutcome(next);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

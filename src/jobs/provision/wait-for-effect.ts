/** Time, so that tests don't have to wait. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects with the signal's reason where it fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
const machineClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** Milliseconds; IAM's changes are there after seconds, seldom after more than a minute. */
const LONGEST = 90_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 8_000;
/** IAM's servers learn of a change one after another: one that knows it isn't all of them. */
const SUCCESSES = 3;

export interface Effect {
  /** False: not yet in effect, which isn't a failure. */
  readonly isInEffect: boolean;
  readonly elapsedMs: number;
}

/**
 * Asks until the answer is yes three times in a row, at growing distances, for at most 90 seconds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export async function waitForEffect(
  probe: (signal?: AbortSignal) => Promise<boolean>,
  {
    signal,
    clock = machineClock,
    onElapsed,
  }: { signal?: AbortSignal; clock?: Clock; onElapsed?(milliseconds: number): void } = {},
): Promise<Effect> {
  const start = clock.now();
  const elapsed = () => clock.now() - start;
  let successes = 0;
  let pause = FIRST_PAUSE;
  for (;;) {
    const isThere = await probe(signal);
    successes = isThere ? successes + 1 : 0;
    if (successes === SUCCESSES) return { isInEffect: true, elapsedMs: elapsed() };
    const left = LONGEST - elapsed();
    if (left <= 0) return { isInEffect: false, elapsedMs: elapsed() };
    onElapsed?.(elapsed());
    await clock.sleep(Math.min(isThere ? FIRST_PAUSE : pause, left), signal);
    if (!isThere) pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from './transport';

const MAX_ATTEMPTS = 5;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;

const TRANSIENT_CODES = new Set([
  'InternalError',
  'OperationAborted',
  'ConditionalRequestConflict',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'TooManyRequestsException',
]);

const TRANSIENT_NETWORK = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ECONNABORTED']);

/** Whether the same request may succeed a moment later. */
export function isTransient(status: number, code: string): boolean {
  if (status === 0) return TRANSIENT_NETWORK.has(code);
  return (
    status === 500 || status === 502 || status === 503 || status === 504 || status === 429 || TRANSIENT_CODES.has(code)
  );
}

/** Full jitter: a random share of a delay that doubles. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
function backoff(attempt: number): number {
  return Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
}

/** Repeats `attempt` while its outcome is transient, pausing in between; returns the last outcome. */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  isRetryable: (outcome: T) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  for (let number = 0; ; number++) {
    const outcome = await attempt(number);
    if (number + 1 >= MAX_ATTEMPTS || !isRetryable(outcome)) return outcome;
    try {
      await sleep(backoff(number), undefined, { signal });
    } catch {
      throw cancelled(signal as AbortSignal);
    }
  }
}

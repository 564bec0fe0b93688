import type { AwsFailure, AwsSession } from '../aws/session';
import type { Check, CheckId } from '../core/check';
import { CAUSES, type Cause } from '../core/diagnosis/cause';
import type { Change } from '../core/diagnosis/change';
import { diagnose } from '../core/diagnosis/diagnose';
import { type ExportError, isExportError } from '../core/export-error';

/** Milliseconds that one check may take, retries included. */
const CHECK_TIMEOUT = 60_000;

/** What a step found: the rest of its row. */
export interface Found {
  /** Default `pass`. */
  readonly status?: Check['status'];
  readonly message: string;
  readonly causes?: readonly Cause[];
  readonly nextStep?: string;
  readonly change?: Change;
  /** Default `replayed`. */
  readonly proof?: Check['proof'];
}

/** A check that could not be made, and why. */
export function skip(id: CheckId, message: string): Check {
  return { id, status: 'skip', proof: null, as: null, message, causes: [], nextStep: null };
}

/** Runs the steps of one verification and reports each as a check. */
export class CheckRunner {
  constructor(
    private readonly session: AwsSession,
    readonly report: (check: Check) => Check,
    private readonly started: (id: CheckId) => void,
    private readonly signal: AbortSignal | undefined,
    private readonly timeout = CHECK_TIMEOUT,
  ) {}

  /** `as`: who the step runs as, asked when it has ended. An ExportError becomes a failed check; a stop by the person goes on upwards. */
  async step(
    id: CheckId,
    as: () => Promise<string | null>,
    run: (signal: AbortSignal) => Promise<Found>,
  ): Promise<Check> {
    this.started(id);
    const timeout = AbortSignal.timeout(this.timeout);
    let found: Found;
    try {
      found = await run(this.signal ? AbortSignal.any([this.signal, timeout]) : timeout);
    } catch (error) {
      if (this.signal?.aborted || !isExportError(error)) throw error;
      found = await this.failed(error, as());
    }
    const { status = 'pass', proof = 'replayed', message, causes = [], nextStep = null, change } = found;
    if (status === 'skip') return this.report(skip(id, message));
    return this.report({ id, status, proof, as: await as(), message, causes, nextStep, ...(change && { change }) });
  }

  /** An error with its whole diagnosis, in which the identity counts that this run knows and the client doesn't. */
  async failed(error: ExportError, as: Promise<string | null>): Promise<Found & { readonly causes: readonly Cause[] }> {
    const own = {
      status: 'fail',
      message: error.message,
      causes: [isCause(error.code) ? error.code : 'unknown'],
      nextStep: error.nextStep,
    } as const;
    const failure = failureOf(error);
    if (failure === undefined || failure.awsCode === 'CredentialsProviderError') return own;
    const { target, endpoint, proxy } = this.session;
    const diagnosis = diagnose(failure, { target, endpoint, proxy, as: (await as) ?? undefined });
    return diagnosis.causes[0] === error.code ? { status: 'fail', ...diagnosis } : own;
  }
}

/** What AWS or the network said, where an error comes from there. */
export function failureOf(error: unknown): AwsFailure | undefined {
  return isExportError(error) ? (error.cause as AwsFailure | undefined) : undefined;
}

/** Whether a write that failed may have reached the bucket all the same. */
export function mayBeCarriedOut(error: unknown): boolean {
  if (!isExportError(error)) return true;
  const failure = failureOf(error);
  if (failure === undefined) return error.code === 'timeout' || error.code === 'cancelled';
  return failure.status >= 500 || /^(ETIMEDOUT|ECONNRESET|ECONNABORTED|EPIPE)$/.test(failure.awsCode);
}

function isCause(code: string): code is Cause {
  return (CAUSES as readonly string[]).includes(code);
}

import type { Cause } from './diagnosis/cause';

/**
 * What a file or an argument did wrong: `usage` a wrong call, `unreadable` a file that can't be read or isn't text,
 * `cancelled` the person stopped it; `cli-…` the Astro CLI isn't there, nobody is logged in, or it failed. Everything that
 * AWS or the network said is a {@link Cause}.
 */
export type ExportErrorCode =
  | Cause
  | 'usage'
  | 'unreadable'
  | 'cancelled'
  | 'not-found'
  | 'cli-missing'
  | 'cli-logged-out'
  | 'cli-failed';

/** An error that a person can act on: what happened, and what to do next. Never holds a secret. */
export class ExportError extends Error {
  override readonly name = 'ExportError';

  constructor(
    readonly code: ExportErrorCode,
    message: string,
    /** One sentence: what to do now. */
    readonly nextStep: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether a value is an {@link ExportError}. By name, because each bundle holds a class of its own. */
export function isExportError(value: unknown): value is ExportError {
  return value instanceof Error && value.name === 'ExportError';
}

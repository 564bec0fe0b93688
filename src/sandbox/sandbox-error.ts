/** Why the sandbox can't start, for the person who started it. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';

  constructor(
    readonly code: 'port-taken' | 'bad-port' | 'bad-folder' | 'bad-seed',
    message: string,
    /** One sentence: what to do now. */
    readonly nextStep: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

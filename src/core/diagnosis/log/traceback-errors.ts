/** The errors of a Python traceback. */
export interface PythonErrors {
  /** The one that was raised last: `botocore.exceptions.ClientError: An error occurred …`, several lines joined. */
  readonly last: string;
  /** All of them, the first raised first: the cause of a lost connection is often one of the others. */
  readonly chain: string;
}

const TITLE = /^\s*(?:[|+-]+ )*(?:Exception Group )?Traceback \(most recent call last\):/;
const BRIDGE = /^(?:The above exception was the direct cause|During handling of the above exception)/;

/** The files that a traceback runs through. */
export function framesOf(lines: readonly string[]): string[] {
  return lines.flatMap(line => /^\s*(?:\| +)*File "([^"]+)", line \d+/.exec(line)?.[1] ?? []);
}

/** Undefined where the lines hold no traceback. */
export function errorsOf(lines: readonly string[]): PythonErrors | undefined {
  const errors: string[] = [];
  let where: 'outside' | 'frames' | 'error' = 'outside';
  for (const line of lines) {
    if (TITLE.test(line)) where = 'frames';
    else if (BRIDGE.test(line) || (where === 'error' && line.trim() === '')) where = 'outside';
    else if (where === 'frames' && /^\S/.test(line)) {
      errors.push(line.trim());
      where = 'error';
    } else if (where === 'error') errors[errors.length - 1] += ` ${line.trim()}`;
  }
  const last = errors.at(-1);
  return last === undefined ? undefined : { last, chain: errors.join('\n') };
}

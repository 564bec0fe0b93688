import { printable } from './go-text';
import { type MessagePart, printMessage, type Reading } from './reader';

/** The reading of a command that went on. */
export function accepted(
  variables: ReadonlyMap<string, string>,
  exit = 0,
  messageParts: readonly MessagePart[] = [],
): Reading {
  const entries = [...variables].map(([key, value]) => [printable(key), printable(value)]);
  return { rejected: false, exit, variables: Object.fromEntries(entries), ...said(messageParts) };
}

/** The reading of a command that refuses the file. */
export function rejected(...messageParts: readonly MessagePart[]): Reading {
  return { rejected: true, exit: 1, variables: {}, ...said(messageParts) };
}

function said(parts: readonly MessagePart[]) {
  const messageParts = parts.map(part =>
    typeof part === 'string' ? part : { fromFile: printable(part.fromFile), printed: printable(part.printed) },
  );
  return { message: printMessage(messageParts, (_, printed) => printed), messageParts };
}

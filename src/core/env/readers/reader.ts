import type { TextRange } from '../../text/text-range';

/** A piece of a reader's message: its own words, or a text that it repeats out of the file. */
export type MessagePart = string | { readonly fromFile: string; readonly printed: string };

/** What one command reads from an env file. */
export interface Reading {
  /** The whole file is refused; no variable is read. */
  readonly rejected: boolean;
  /** The exit code with which the command ends on account of the file; it may be non-zero and yet go on. */
  readonly exit: number;
  readonly variables: Readonly<Record<string, string>>;
  /** What the command says about the file, without the path and the program's name before it. Null: nothing. */
  readonly message: string | null;
  /** The pieces of `message`, so that what it repeats out of the file can be told from its own words. */
  readonly messageParts: readonly MessagePart[];
  /**
   * What is set, in the order of the places, each key as often as the command meets it. A refusal hides nothing here:
   * the file is read on as if the refused lines weren't in it.
   */
  readonly assignments: readonly Assignment[];
  /** Where the file is refused: the first stops the command, each other one would, were those before it gone. */
  readonly refusals: readonly Refusal[];
  /** The line at which the reading ends without a word of refusal, because it is too long. */
  readonly cut: TextRange | undefined;
  /** Whether a limit of ours ended the reading, so that what the command makes of the file is not known. */
  readonly gaveUp: boolean;
}

/** One variable that a command sets, and where. Ranges are offsets of the text that the bytes decode to. */
export interface Assignment extends TextRange {
  readonly key: string;
  /** Undefined where the shell's is taken and the shell has none. */
  readonly value: string | undefined;
  /** Whether the value is the shell's or names variables, which a shell may set to anything. */
  readonly asksShell: boolean;
  /** Whether it comes too late: the key is set above, and the command keeps that. */
  readonly isIgnored: boolean;
}

/** Why a file is refused. */
export type RefusalKind =
  | 'blank-in-name'
  | 'character-in-name'
  | 'no-name'
  | 'no-assignment'
  | 'open-quote'
  | 'reference'
  | 'required-variable'
  | 'line-too-long'
  | 'not-utf8';

/** A place at which a command refuses the whole file. */
export interface Refusal extends TextRange {
  readonly kind: RefusalKind;
}

/**
 * Reads a whole file; never throws, in time linear in the file's size. The bytes must not change afterwards: what they
 * decode to is remembered.
 */
export type Reader = (bytes: Uint8Array, shell: Readonly<Record<string, string>>) => Reading;

/** A file text within a message, as the reader prints it. */
export function fromFile(text: string, printed = text): MessagePart {
  return { fromFile: text, printed };
}

/** A message with the texts out of the file as `show` gives them. */
export function printMessage(
  parts: readonly MessagePart[],
  show: (fromFile: string, printed: string) => string,
): string | null {
  if (parts.length === 0) return null;
  return parts.map(part => (typeof part === 'string' ? part : show(part.fromFile, part.printed))).join('');
}

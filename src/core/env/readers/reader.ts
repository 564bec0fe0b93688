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
}

/** Reads a whole file; never throws, in time linear in the file's size. */
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

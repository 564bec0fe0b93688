import type { ParseArgsConfig } from 'node:util';

/** What a command may use of the process it runs in. */
export interface CommandIo {
  /** Results, as text or as the bytes they are; resolves when the reader has taken them (a closed pipe ends the command quietly). */
  stdout(text: string | Uint8Array): Promise<void>;
  /** Messages for a person. */
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface ParsedArguments {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/** 0: done and clean; 1: it ran, and what it found is bad; 2: it could not run. */
export type ExitCode = 0 | 1 | 2;

/** One command of the command line. `--env`, `--format` and `--help` are given to every command by `main`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** After the name: `KEY [--tail N] [--raw] [--follow]`. */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Formats it has beside text and json. */
  readonly formats?: readonly string[];
  /** Throws an ExportError for what it can't do; `main` prints it and exits 2. */
  run(args: ParsedArguments, io: CommandIo): Promise<ExitCode>;
}

import { parseArgs } from 'node:util';
import type { Command } from '../../../src/cli/command';
import { isExportError } from '../../../src/core/export-error';

/** Runs one command as `main` does, in a folder, and returns what a caller of the program would see. */
export async function runCommand(command: Command, args: readonly string[], cwd: string) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: async (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    env: {},
    cwd,
    signal: new AbortController().signal,
  };
  let code: number;
  try {
    const options = { format: { type: 'string' }, ...command.options } as const;
    code = await command.run(parseArgs({ args: [...args], options, allowPositionals: true, strict: true }), io);
  } catch (error) {
    if (!isExportError(error)) throw error;
    stderr += `${error.message}\n${error.nextStep}\n`;
    code = 2;
  }
  return { code, stdout, stderr };
}

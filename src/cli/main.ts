import { parseArgs } from 'node:util';
import { ExportError, isExportError } from '../core/export-error';
import type { Command, CommandIo, ExitCode } from './command';

declare const __VERSION__: string;

/** Each command is loaded when it is asked for, so that `lint` doesn't pay for the others. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  lint: async () => (await import('./lint')).lintCommand,
  readers: async () => (await import('./readers')).readersCommand,
  scaffold: async () => (await import('./scaffold')).scaffoldCommand,
  explain: async () => (await import('./explain')).explainCommand,
  verify: async () => (await import('./verify')).verifyCommand,
  diagnose: async () => (await import('./diagnose')).diagnoseCommand,
  upload: async () => (await import('./upload')).uploadCommand,
  reconcile: async () => (await import('./reconcile')).reconcileCommand,
  ls: async () => (await import('./ls')).lsCommand,
  cat: async () => (await import('./cat')).catCommand,
  sandbox: async () => (await import('./sandbox')).sandboxCommand,
};

const COMMON_OPTIONS = {
  env: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs one command line (without `node` and the file's name) and returns the exit code. */
export async function main(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-V') {
    await io.stdout(`${__VERSION__}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await printCommands(io);
    return name === undefined ? 2 : 0;
  }
  try {
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!load) throw usageError(`there is no command ${name}`);
    return await runCommand(await load(), rest, io);
  } catch (error) {
    if (!isExportError(error)) throw error;
    io.stderr(`astro-log-export: ${error.message}\n${error.nextStep}\n`);
    return 2;
  }
}

async function runCommand(command: Command, rest: readonly string[], io: CommandIo): Promise<ExitCode> {
  const parsed = parseCommandLine(command, rest);
  if (parsed.values.help) {
    await io.stdout(`astro-log-export ${command.name} ${command.usage}\n\n${command.summary}\n`);
    return 0;
  }
  const formats = ['text', 'json', ...(command.formats ?? [])];
  const format = parsed.values.format;
  if (format !== undefined && !formats.includes(String(format))) {
    throw usageError(`--format takes ${formats.join(', ')}, not ${String(format)}`, command);
  }
  return command.run(parsed, io);
}

function parseCommandLine(command: Command, rest: readonly string[]) {
  try {
    const options = { ...COMMON_OPTIONS, ...command.options };
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError((error as Error).message, command);
  }
}

function usageError(message: string, command?: Command): ExportError {
  const next = command
    ? `Usage: astro-log-export ${command.name} ${command.usage}`
    : 'Run astro-log-export --help for the list of commands.';
  return new ExportError('usage', message, next);
}

async function printCommands(io: CommandIo): Promise<void> {
  const commands = await Promise.all(Object.values(COMMANDS).map(load => load()));
  const width = Math.max(0, ...commands.map(command => command.name.length));
  const lines = commands.map(command => `  ${command.name.padEnd(width)}  ${command.summary}`);
  await io.stdout(`Usage: astro-log-export <command> [options]\n\n${lines.join('\n')}\n`);
}

function processIo(): CommandIo {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new ExportError('cancelled', `stopped by ${name}`, 'Run it again.')));
  }
  return {
    stdout: text => new Promise(resolve => process.stdout.write(text, () => resolve())),
    stderr: text => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
  };
}

if (require.main === module) {
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
    throw error;
  });
  main(process.argv.slice(2), processIo()).then(
    code => {
      process.exitCode = code;
    },
    error => {
      process.stderr.write(`astro-log-export: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { IdentityStore, StoredIdentities } from './identity-store';
import { SandboxError } from './sandbox-error';

const FILE = 'identities.json';

/** What an earlier run left in a folder; undefined where there was none. */
export async function loadIdentities(dir: string): Promise<StoredIdentities | undefined> {
  const file = path.join(dir, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
  try {
    return JSON.parse(text, revive) as StoredIdentities;
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): SandboxError {
  return new SandboxError(
    'bad-folder',
    `${file} can't be read: ${(error as Error).message}`,
    'Name another folder, or remove that file: the sandbox then makes new accounts and keys.',
    { cause: error },
  );
}

/** Writes a store's principals whenever it is told to, one write after another; never two of one state. */
export function createIdentitySaver(dir: string, store: IdentityStore): { save(): Promise<void> } {
  let written = '';
  let last: Promise<void> = Promise.resolve();
  const write = async () => {
    const text = JSON.stringify(store.stored(), replace);
    if (text === written) return;
    const file = path.join(dir, FILE);
    await mkdir(dir, { recursive: true });
    // Keys of the sandbox are worth nothing elsewhere, but whoever reads them may act in it.
    await writeFile(`${file}.tmp`, text, { mode: 0o600 });
    await rename(`${file}.tmp`, file);
    written = text;
  };
  return {
    save() {
      last = last.catch(() => {}).then(write);
      return last;
    },
  };
}

function replace(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key];
  if (raw instanceof Map) return { $map: [...raw] };
  if (raw instanceof Set) return { $set: [...raw] };
  if (raw instanceof Date) return { $date: raw.toISOString() };
  return value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $map, $set, $date } = value as { $map?: [unknown, unknown][]; $set?: unknown[]; $date?: string };
  if (Array.isArray($map)) return new Map($map);
  if (Array.isArray($set)) return new Set($set);
  return typeof $date === 'string' ? new Date($date) : value;
}

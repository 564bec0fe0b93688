import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How `/proc/net/tcp` and `tcp6` spell 127.0.0.1 and ::1. */
const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];

/**
 * Where the processes that run in a folder wait for connections: `loopback`, or the address as the kernel spells it.
 * Linux only. https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function listening(folder: string): readonly string[] {
  const sockets = new Set(processesIn(folder).flatMap(socketsOf));
  const rows = ['tcp', 'tcp6'].flatMap(kind => readFileSync(`/proc/net/${kind}`, 'utf8').split('\n').slice(1));
  const places = rows.flatMap(row => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    const address = local.split(':')[0] ?? '';
    if (state !== '0A' || !sockets.has(inode)) return [];
    return [LOOPBACK.includes(address) ? 'loopback' : address];
  });
  return [...new Set(places)];
}

function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter(
    name => /^\d+$/.test(name) && ifThere(() => readlinkSync(`/proc/${name}/cwd`), '') === folder,
  );
}

/** The inodes of a process's sockets. */
function socketsOf(processId: string): string[] {
  return ifThere(() => readdirSync(`/proc/${processId}/fd`), []).flatMap(name => {
    const target = ifThere(() => readlinkSync(`/proc/${processId}/fd/${name}`), '');
    return /^socket:\[(\d+)\]$/.exec(target)?.slice(1) ?? [];
  });
}

/** Processes end while one looks at them. */
function ifThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

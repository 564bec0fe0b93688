import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The state of a listening socket in `/proc/net/tcp`: https://docs.kernel.org/networking/proc_net_tcp.html */
const LISTENING = '0A';
const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];

/** The sockets on which these processes listen, and whether each is on loopback alone. */
export function listeningSockets(
  processIds: readonly number[],
): { readonly port: number; readonly isLoopback: boolean }[] {
  const own = new Set(processIds.flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap(kind => {
    const rows = readFileSync(`/proc/net/${kind}`, 'utf8').trim().split('\n').slice(1);
    return rows
      .map(row => row.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTENING && own.has(inode!))
      .map(([, local]) => {
        const [address, port] = local!.split(':');
        return { port: Number.parseInt(port!, 16), isLoopback: LOOPBACK.includes(address!) };
      });
  });
}

/** The inodes of a process's sockets. */
function socketsOf(processId: number): string[] {
  return readdirSync(`/proc/${processId}/fd`).flatMap(fd => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${processId}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

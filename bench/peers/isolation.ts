import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';

/** Whether what runs here reaches nothing but this machine. */
export type Isolation = 'loopback only' | 'none';

const mark = 'BUTLER_PEERS_ISOLATED';

/** What a program needs to leave the network and to keep its orphans: namespaces of Linux, with the loopback up. */
const namespaces = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
const loopback = 'ip link set lo up';

/**
 * Runs this program again where it can reach the loopback only, and ends with it. Answers where it runs already, or where
 * the system has no such place.
 */
export async function isolate(): Promise<Isolation> {
  if (process.env[mark]) {
    endWithParent();
    return 'loopback only';
  }
  const args = process.getuid?.() === 0 ? namespaces : ['--map-root-user', ...namespaces];
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, [mark]: '1' };
  if (spawnSync('unshare', [...args, 'sh', '-c', loopback], { env }).status !== 0) return 'none';
  const again = ['sh', '-c', `${loopback} && exec "$0" "$@"`, process.execPath, ...process.argv.slice(1)];
  const child = spawn('unshare', [...args, ...again], { env, stdio: ['pipe', 'inherit', 'inherit'] });
  process.once('SIGINT', () => child.stdin?.end());
  const [status] = (await once(child, 'exit')) as [number | null];
  process.exit(status ?? 1);
}

/** The first process of a namespace hears no signal from outside; what it hears is that its input ends. */
function endWithParent(): void {
  process.stdin.once('end', () => process.exit(130)).resume();
  if (process.stdin instanceof Socket) process.stdin.unref();
}

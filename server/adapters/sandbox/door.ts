import { randomBytes } from 'node:crypto';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Runtime } from './runtime.ts';

/** A way out to granted hosts for one command. */
export interface Door {
  /** The socket of the filtering proxy in the file system, and where the command is shown it. */
  readonly socket: string;
  readonly shown: string;
  /** What the command's environment gets besides. */
  readonly environment: Readonly<Record<string, string>>;
  /** The words that start a program with the door open. */
  through(program: readonly string[]): string[];
  close(): void;
}

/** Opens doors; the proxy behind them is started with the first. */
export interface Doors {
  open(hosts: readonly string[]): Promise<Outcome<Door>>;
  close(): Promise<void>;
}

/** Doors through the proxy of the sandbox runtime, which lets a command reach the hosts under its own token only. */
export function openDoors(programs: { rg: string; bwrap: string; socat: string }): Doors {
  let runtime: Promise<Runtime> | null = null;
  const start = async () => {
    const { startRuntime } = await import('./runtime.ts');
    return startRuntime(programs);
  };
  return {
    async open(hosts) {
      try {
        runtime ??= start();
        const manager = await runtime;
        const id = randomBytes(24).toString('base64url');
        const socket = manager.getLinuxHttpSocketPath();
        if (!socket) return bad(noDoor('its proxy did not start'));
        manager.registerCommandNetworkLists(id, { allowedDomains: [...hosts] });
        const user = `srt.${encodeURIComponent(Buffer.from(id).toString('base64'))}`;
        const address = `http://${user}:${manager.getProxyAuthToken() ?? ''}@127.0.0.1:${port}`;
        return good({
          socket,
          shown,
          environment: proxyVariables(address),
          through: (program) => throughDoor(programs.socat, program),
          close: () => manager.unregisterCommandNetworkLists(id),
        });
      } catch (error) {
        runtime = null;
        return bad(noDoor(error instanceof Error ? error.message : String(error)));
      }
    },
    async close() {
      const started = runtime;
      runtime = null;
      if (started) await (await started.catch(() => null))?.reset();
    },
  };
}

/** Where the command looks for the proxy, and where the way to it begins. */
const port = 3128;
const shown = '/tmp/.butler-door';

/** Listens where the proxy is looked for, waits until it does, and goes on with the program. */
function throughDoor(socat: string, program: readonly string[]): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const script = [
    `"$0" TCP4-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:${shown} </dev/null >/dev/null 2>&1 &`,
    'for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do',
    `grep -q ":${hex} " /proc/net/tcp && break; sleep 0.05; done; exec "$@"`,
  ].join('\n');
  return ['/bin/sh', '-c', script, socat, ...program];
}

function proxyVariables(address: string): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  return {
    ...Object.fromEntries(names.map((name) => [name, address])),
    NODE_USE_ENV_PROXY: '1',
    GIT_CONFIG_PARAMETERS: "'http.proxyAuthMethod=basic'",
  };
}

function noDoor(why: string) {
  return failures.tool(`The network cannot be opened for single hosts: ${why}.`, 'Run it without network.');
}

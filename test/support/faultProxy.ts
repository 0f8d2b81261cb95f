import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reset } from './reset.ts';

/** A door to a server of this machine that can be slow, cut or shut, for tests of what a bad network does. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that clients sent so far. */
  sent(): number;
  /** Bytes that the server sent so far. */
  heard(): number;
  /** Cuts every connection once clients have sent so many bytes more; `forGood`: lets nobody in after that. */
  cutAfter(bytes: number, forGood?: boolean): void;
  /** The same once the server has sent so many bytes more. */
  cutAfterHeard(bytes: number, forGood?: boolean): void;
  /** Milliseconds that each piece of a client waits. */
  slow(ms: number): void;
  /** Passes not one byte more, either way, once clients have sent so many bytes more, though nobody is cut off; resolves then. */
  silentAfter(bytes: number): Promise<void>;
  /** Lets everybody in again, at full speed; who met silence is cut off. */
  mend(): void;
}

/** The server behind a door. */
export interface Behind {
  readonly host?: string;
  readonly port: number;
  /** Where the server names ports for lines beside: the address of the loopback at which the door has them, and the port. */
  readonly beside?: { readonly host: string; readonly ports: readonly number[] };
}

/** Opens a door on a free port of the loopback. */
export async function startFaultProxy(to: Behind): Promise<FaultProxy> {
  const open = new Set<net.Socket>();
  let sent = 0;
  let limit = Number.POSITIVE_INFINITY;
  let heard = 0;
  let heardLimit = Number.POSITIVE_INFINITY;
  let shut = false;
  let stays = false;
  let delay = 0;
  let quiet: { readonly from: number; resolve(): void } | null = null;
  let silent = false;
  const silenced = new Set<net.Socket>();
  const cut = () => {
    for (const socket of open) reset(socket);
    limit = heardLimit = Number.POSITIVE_INFINITY;
    shut = stays;
  };
  const fallSilent = (now: { resolve(): void }) => {
    quiet = null;
    silent = true;
    for (const socket of open) silenced.add(socket.unpipe().pause());
    now.resolve();
  };
  const enter = (port: number) => (client: net.Socket) => {
    const upstream = net.connect(port, to.host ?? '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        // Who said all has been passed on may close, and what is still on its way arrives.
        if (!socket.readableEnded) (socket === client ? upstream : client).destroy();
      });
    }
    if (shut) {
      reset(client);
      return;
    }
    if (silent) for (const socket of [client, upstream]) silenced.add(socket.pause());
    else upstream.pipe(client);
    upstream.on('data', (piece: Buffer) => {
      heard += piece.length;
      if (heard >= heardLimit) cut();
    });
    if (silent) upstream.pause();
    client.on('data', async (piece: Buffer) => {
      client.pause();
      if (delay > 0) await sleep(delay);
      if (quiet && sent + piece.length >= quiet.from) fallSilent(quiet);
      if (silent) return;
      const rest = limit - sent;
      sent += Math.min(piece.length, rest);
      if (piece.length >= rest) {
        upstream.write(piece.subarray(0, rest));
        cut();
        return;
      }
      upstream.write(piece);
      client.resume();
    });
    client.on('end', () => upstream.end());
  };
  const { host = '127.0.0.1', ports = [] } = to.beside ?? {};
  const main = net.createServer(enter(to.port));
  const servers = [main, ...ports.map((port) => net.createServer(enter(port)))];
  for (const [index, server] of servers.entries()) {
    server.listen(index === 0 ? 0 : ports[index - 1], host);
    await once(server, 'listening');
  }
  return {
    port: (main.address() as net.AddressInfo).port,
    sent: () => sent,
    heard: () => heard,
    cutAfter: (bytes, forGood = false) => {
      limit = sent + bytes;
      stays = forGood;
    },
    cutAfterHeard: (bytes, forGood = false) => {
      heardLimit = heard + bytes;
      stays = forGood;
    },
    slow: (ms) => {
      delay = ms;
    },
    silentAfter: (bytes) =>
      new Promise((resolve) => {
        quiet = { from: sent + bytes, resolve };
      }),
    mend: () => {
      for (const socket of silenced) reset(socket);
      silenced.clear();
      silent = false;
      quiet = null;
      limit = heardLimit = Number.POSITIVE_INFINITY;
      shut = false;
      delay = 0;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

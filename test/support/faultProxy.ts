import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A door to a server of this machine that can be slow, cut or shut, for tests of what a bad network does. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that clients sent so far. */
  sent(): number;
  /** Cuts every connection once clients have sent so many bytes more; `forGood`: lets nobody in after that. */
  cutAfter(bytes: number, forGood?: boolean): void;
  /** Milliseconds that each piece of a client waits. */
  slow(ms: number): void;
  /** Lets everybody in again, at full speed. */
  mend(): void;
}

/** Opens a door on a free port of the loopback. */
export async function startFaultProxy(to: { host?: string; port: number }): Promise<FaultProxy> {
  const open = new Set<net.Socket>();
  let sent = 0;
  let limit = Number.POSITIVE_INFINITY;
  let shut = false;
  let stays = false;
  let delay = 0;
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
    limit = Number.POSITIVE_INFINITY;
    shut = stays;
  };
  const server = net.createServer((client) => {
    const upstream = net.connect(to.port, to.host ?? '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    if (shut) {
      client.resetAndDestroy();
      return;
    }
    upstream.pipe(client);
    client.on('data', async (piece: Buffer) => {
      client.pause();
      if (delay > 0) await sleep(delay);
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
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    sent: () => sent,
    cutAfter: (bytes, forGood = false) => {
      limit = sent + bytes;
      stays = forGood;
    },
    slow: (ms) => {
      delay = ms;
    },
    mend: () => {
      limit = Number.POSITIVE_INFINITY;
      shut = false;
      delay = 0;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { reset } from './reset.ts';

/** The way to a loopback service, which can be cut and mended; its address stays the same. */
export interface BreakableLine {
  readonly url: string;
  /** Connections are refused from now on, and those that stand break. */
  cut(): Promise<void>;
  /** Connections are taken, but break at the first byte. */
  jam(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Lays a line to a service. */
export async function layLine(service: string): Promise<BreakableLine> {
  const { hostname, port } = new URL(service);
  const open = new Set<Socket>();
  let jammed = false;
  const server = createServer((near) => {
    open.add(near);
    near.on('error', () => near.destroy()).on('close', () => open.delete(near));
    if (jammed) {
      near.once('data', () => reset(near));
      return;
    }
    const far = connect(Number(port), hostname);
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) =>
    new Promise<void>((resolve) => server.listen(at, '127.0.0.1', () => resolve()));
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const breakAll = () => {
    for (const socket of open) reset(socket);
  };
  const cut = async () => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    breakAll();
    await closed;
  };
  const mend = async () => {
    jammed = false;
    breakAll();
    if (!server.listening) await listen(own);
  };
  return {
    url: `http://127.0.0.1:${own}`,
    cut,
    jam: async () => {
      await mend();
      jammed = true;
    },
    mend,
    close: cut,
  };
}

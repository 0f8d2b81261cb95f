import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a test on the loopback that speaks HTTP. */
export interface Loopback extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Lets nobody in any more, and cuts off who is there. */
  close(): Promise<void>;
}

/** Listens on a free port, or on one that another had before. */
export async function listen(listener: RequestListener, wanted = 0): Promise<Loopback> {
  const server = createServer(listener).listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  };
  return { port, url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

/** Listens, and answers each request when all of it came. */
export function answering(answer: RequestListener): Promise<Loopback> {
  return listen((request, response) => {
    request.on('end', () => answer(request, response)).resume();
  });
}

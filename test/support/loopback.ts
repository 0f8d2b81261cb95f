import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createEncrypted } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server of a test on the loopback that speaks HTTP. */
export interface Loopback extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Lets nobody in any more, and cuts off who is there. */
  close(): Promise<void>;
}

/** Listens on a free port, or on one that another had before. */
export function listen(listener: RequestListener, wanted = 0): Promise<Loopback> {
  return opened(createServer(listener), { wanted, at: 'http://127.0.0.1' });
}

/** Listens by TLS, and shows a certificate. */
export function listenEncrypted(
  { key, cert }: { readonly key: string; readonly cert: string },
  listener: RequestListener,
): Promise<Loopback> {
  return opened(createEncrypted({ key, cert }, listener), { wanted: 0, at: 'https://localhost' });
}

/** Listens, and answers each request when all of it came. */
export function answering(answer: RequestListener): Promise<Loopback> {
  return listen((request, response) => {
    request.on('end', () => answer(request, response)).resume();
  });
}

async function opened(server: Server, { wanted, at }: { wanted: number; at: string }): Promise<Loopback> {
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  };
  return { port, url: `${at}:${port}`, close, [Symbol.asyncDispose]: close };
}

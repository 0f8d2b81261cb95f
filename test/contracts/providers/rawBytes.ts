import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A loopback service that writes what it likes, whether it is HTTP or not. */
export interface RawLoopback extends AsyncDisposable {
  readonly url: string;
  /** The connections there were, in their order. */
  readonly sockets: readonly Socket[];
}

/** What the service does with a connection, the first of which is 1. */
export type Handle = (socket: Socket, connection: number) => void;

/** Starts the service on a free port. */
export async function startRaw(handle: Handle): Promise<RawLoopback> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    handle(socket, sockets.push(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close');
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Does the same with each piece that comes; a short question is one piece. `nth` is 1 for the first of a connection. */
export function onEach(act: (socket: Socket, nth: number, connection: number) => void): Handle {
  return (socket, connection) => {
    let nth = 0;
    socket.on('data', () => act(socket, ++nth, connection));
  };
}

/** An answer as its bytes; a header where it is wanted. */
export function answered(text: string | Buffer, header = '', status = '200 OK'): Buffer {
  const head = `HTTP/1.1 ${status}\r\n${header && `${header}\r\n`}content-length: ${text.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(text)]);
}

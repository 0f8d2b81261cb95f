import { once } from 'node:events';
import net from 'node:net';

/**
 * A port of this machine on which nobody listens, or the first of so many in a row. They lie below those that systems give
 * away by themselves, so that no line and no server of others takes one before the server that it is for does.
 */
export async function freePort(inRow = 1): Promise<number> {
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - inRow));
    const servers = Array.from({ length: inRow }, (_, index) => net.createServer().listen(first + index));
    const free = await Promise.all(servers.map(isListening));
    await Promise.all(servers.map((server, index) => free[index] && once(server.close(), 'close')));
    if (free.every(Boolean)) return first;
  }
}

const lowest = 10_000;
const highest = 32_000;

function isListening(server: net.Server): Promise<boolean> {
  return once(server, 'listening').then(
    () => true,
    () => false,
  );
}

import type { Socket } from 'node:net';

/**
 * Breaks a connection off, as a network does that forgets it. One that has said its last word cannot be reset: Node would
 * leave it open for ever and turn in its own clean-up when the process ends.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

import type { ClientRequest } from 'node:http';

/** How long a server may take to say that it wants the body, in ms; one that knows nothing of it says nothing. */
const longestWait = 1000;

/** Sends the head of a request, and tells whether its body is wanted: `false` where it was answered without. */
export function askedToGoOn(request: ClientRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (wanted: boolean) => {
      clearTimeout(timer);
      for (const [event, listener] of listeners) request.off(event, listener);
      resolve(wanted);
    };
    const listeners = [
      ['continue', () => end(true)],
      ['response', () => end(false)],
      ['close', () => end(false)],
    ] as const;
    const timer = setTimeout(() => end(true), longestWait);
    for (const [event, listener] of listeners) request.on(event, listener);
    request.flushHeaders();
  });
}

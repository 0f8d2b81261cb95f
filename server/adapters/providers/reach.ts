import { connect } from 'node:net';

/** How long a connection may take, in ms. */
const longestTry = 5000;

/**
 * Whether the host of a base URL takes connections; nothing is sent. A proxy is not asked: where only a proxy
 * leads out, the host counts as out of reach.
 */
export function reach(baseURL: string, signal: AbortSignal): Promise<boolean> {
  if (!URL.canParse(baseURL)) return Promise.resolve(false);
  const { hostname, port, protocol } = new URL(baseURL);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const socket = connect({ host, port: Number(port) || (protocol === 'http:' ? 80 : 443) });
    const end = (reached: boolean) => {
      signal.removeEventListener('abort', give);
      socket.destroy();
      resolve(reached);
    };
    const give = () => end(false);
    signal.addEventListener('abort', give, { once: true });
    socket
      .setTimeout(longestTry, give)
      .once('error', give)
      .once('connect', () => end(true));
  });
}

/** Whether a base URL is this machine's own. */
export function isLoopback(baseURL: string): boolean {
  const hostname = URL.canParse(baseURL) ? new URL(baseURL).hostname : '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

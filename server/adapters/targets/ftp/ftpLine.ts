import { createSecureContext, type SecureContext } from 'node:tls';
import { Client } from 'basic-ftp';
import type { Outcome } from '../../../protocol/failure.ts';
import { good } from '../../../protocol/failure.ts';
import { orCalledOff } from '../remote/tries.ts';
import { calledOff, unlessRefused } from '../targetFault.ts';
import { type FtpConfig, hostOf, portOf } from './config.ts';
import { codeOf, faultOf } from './ftpFaults.ts';

/** Connections to one FTP server, of which each does one thing at a time. */
export interface FtpLine {
  /** As it is called in a failure. */
  readonly server: string;
  /** Does something with a free connection, or a new one; `what` says it in words. Aborting ends the connection. */
  use<T>(what: string, signal: AbortSignal, work: (client: Client) => Promise<T>): Promise<T>;
  close(): void;
}

/** How many connections are held at once, where the server lets so many in. */
export const mostConnections = 4;
/** How long a server may say nothing, in ms. */
const longestSilence = 30_000;
const largestListing = 64 * 1024 * 1024;

/** Logs in once, so that a wrong password is known at once. */
export async function openFtpLine(
  config: FtpConfig,
  password: string,
  signal: AbortSignal,
): Promise<Outcome<FtpLine>> {
  const server = config.host.toLowerCase();
  const secure = tlsOf(config);
  const free: Client[] = [];
  const all = new Set<Client>();
  const waiting: ((client: Client | null) => void)[] = [];
  let isOver = false;
  let most = mostConnections;
  let held = 0;
  // Another is opened once those that wait have waited together for as long as a login takes, in ms.
  let waited = 0;
  let login = 0;
  const giveBack = (client: Client) => {
    held--;
    if (client.closed) all.delete(client);
    const next = waiting.shift();
    if (next) {
      held++;
      next(client.closed ? null : client);
    } else if (!client.closed) free.push(client);
  };
  const take = async (): Promise<Client> => {
    const idle = free.pop();
    if (idle && !idle.closed) {
      held++;
      return idle;
    }
    for (let patient = held > 0; patient || held >= most; patient = false) {
      const begun = performance.now();
      const given = await freed(held >= most ? null : Math.max(0, login - waited));
      waited += performance.now() - begun;
      if (given) return given;
      if (given === null) return fresh();
    }
    waited = 0;
    held++;
    return fresh();
  };
  /** The connection that is given back next, `null` for the right to open one in its place; `undefined` when none was in time. */
  const freed = (ms: number | null) =>
    new Promise<Client | null | undefined>((resolve) => {
      waiting.push(resolve);
      if (ms === null) return;
      setTimeout(() => {
        const at = waiting.indexOf(resolve);
        if (at < 0) return;
        waiting.splice(at, 1);
        resolve(undefined);
      }, ms);
    });
  const fresh = async (): Promise<Client> => {
    const begun = performance.now();
    try {
      const client = await connect(config, password, secure);
      login = performance.now() - begun;
      all.add(client);
      if (isOver) client.close();
      return client;
    } catch (error) {
      held--;
      if (held === 0 || !isFull(error)) {
        const next = waiting.shift();
        if (next) held++;
        next?.(null);
        throw error;
      }
      most = held;
      return take();
    }
  };
  const line: FtpLine = {
    server,
    use: async (what, asked, work) => {
      if (asked.aborted || isOver) throw calledOff();
      const taking = take();
      const client = await orCalledOff(asked, taking).catch((error) => {
        if (!asked.aborted) throw faultOf(error, server, what);
        taking.then(giveBack, () => {});
        throw calledOff();
      });
      const stop = () => client.close();
      asked.addEventListener('abort', stop);
      try {
        if (asked.aborted) throw calledOff();
        return await orCalledOff(asked, work(client));
      } catch (error) {
        if (asked.aborted) throw calledOff();
        throw faultOf(error, server, what);
      } finally {
        asked.removeEventListener('abort', stop);
        giveBack(client);
      }
    },
    close: () => {
      isOver = true;
      for (const client of all) client.close();
    },
  };
  return unlessRefused(async () => {
    await line.use('log in', signal, async () => {});
    return good(line);
  });
}

/** What all TLS of a line begins with, made once: each file has a line of its own, and a context holds much. */
function tlsOf({ certificate }: FtpConfig): () => SecureContext {
  let made: SecureContext | undefined;
  return () => {
    made ??= createSecureContext({ minVersion: 'TLSv1.2', ...(certificate ? { ca: certificate } : {}) });
    return made;
  };
}

async function connect(config: FtpConfig, password: string, secure: () => SecureContext): Promise<Client> {
  const client = new Client(longestSilence, {
    allowSeparateTransferHost: false,
    maxListingBytes: largestListing,
  });
  const { protocol, user } = config;
  const host = hostOf(config);
  try {
    await client.access({
      host,
      port: portOf(config),
      user,
      password,
      secure: protocol === 'ftps-implicit' ? 'implicit' : protocol === 'ftps',
      secureOptions: {
        host,
        servername: /^[0-9.]+$|:/.test(host) ? '' : host,
        ...(protocol === 'ftp' ? {} : { secureContext: secure() }),
      },
    });
    client.ftp.socket.setNoDelay(true);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Whether a server lets no more connections in. */
function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 421 || code === 530;
}

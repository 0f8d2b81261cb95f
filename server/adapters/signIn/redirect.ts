import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bad, type Failure, failures, type Outcome } from '../../protocol/failure.ts';
import { revealed } from '../../protocol/reveal.ts';

/** What is to be done on the way to a browser and back. */
export interface Journey<T> {
  readonly title: string;
  /** Comes back with the code, so that nobody else's page can hand one in. */
  readonly state: string;
  readonly signal: AbortSignal;
  /** How long a person may take, in ms. */
  readonly patience: number;
  /** Shows the browser where to go; `redirect` is where it shall come back to. */
  begin(redirect: string): Promise<void>;
  /** Uses the code that it came back with; the browser is told how that went. */
  finish(code: string, redirect: string): Promise<Outcome<T>>;
}

/**
 * Sends a person's browser away and waits on the loopback until it comes back (RFC 8252): one address that nobody
 * knows before, one way to ask, one answer; then, or when time is up, nothing listens any more.
 */
export async function journey<T>(plan: Journey<T>): Promise<Outcome<T>> {
  const arrived = Promise.withResolvers<Outcome<T>>();
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000 });
  server.maxConnections = 32;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let taken = false;
  server.on('request', async (request, response) => {
    const came = cameBack(request, host, plan.state);
    if (typeof came === 'number') return answer(response, came, pages.elsewhere);
    if (taken) return answer(response, 409, pages.elsewhere);
    taken = true;
    const outcome = await outcomeOf(plan, came, host);
    answer(response, outcome.ok ? 200 : 400, outcome.ok ? pages.done : pages.failed);
    if (response.destroyed) arrived.resolve(outcome);
    for (const end of ['finish', 'close']) response.once(end, () => arrived.resolve(outcome));
  });
  const limit = AbortSignal.any([plan.signal, AbortSignal.timeout(plan.patience)]);
  const over = () => arrived.resolve(bad(ended(plan)));
  limit.addEventListener('abort', over, { once: true });
  try {
    if (limit.aborted) return bad(ended(plan));
    // Whoever shows it may take as long as it likes: the browser is back, or time is up, without it.
    plan.begin(addressOf(host)).catch((error: unknown) => arrived.resolve(bad(noBrowser(error))));
    return await arrived.promise;
  } finally {
    limit.removeEventListener('abort', over);
    server.close();
    server.closeAllConnections();
  }
}

/** What the browser brought: a code, or the word for why there is none. */
type Brought = { readonly code: string } | { readonly error: string };

function addressOf(host: string): string {
  return `http://${host}/`;
}

/** What a request brought, or the status with which it is sent away. */
function cameBack(request: IncomingMessage, host: string, state: string): Brought | number {
  if (request.headers.host !== host) return 421;
  if (request.method !== 'GET') return 405;
  const target = request.url ?? '';
  if (!target.startsWith('/?')) return 404;
  const asked = new URLSearchParams(target.slice(2));
  if (asked.getAll('state').length !== 1 || !isSame(asked.get('state') ?? '', state)) return 400;
  const [error, code] = [asked.getAll('error'), asked.getAll('code')];
  if (error.length === 1 && error[0]) return { error: error[0] };
  const [only] = code;
  return code.length === 1 && only && only.length <= 4096 ? { code: only } : 400;
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function outcomeOf<T>(plan: Journey<T>, came: Brought, host: string): Promise<Outcome<T>> {
  if ('error' in came) return bad(refused(plan.title, came.error));
  try {
    return await plan.finish(came.code, addressOf(host));
  } catch (error) {
    return bad(failures.internal(error instanceof Error ? error.message : 'an unknown error'));
  }
}

function refused(title: string, error: string): Failure {
  const word = /^[a-z_]{1,40}$/.test(error) ? error : 'an unknown reason';
  const what =
    word === 'access_denied' ? `${title} was not allowed to let the butler in.` : `${title} said: ${word}.`;
  return failures.denied(what, 'Sign in again and allow it there.');
}

function ended({ signal, title }: Journey<unknown>): Failure {
  if (signal.aborted) return failures.cancelled('The sign-in was stopped.');
  return { ...failures.expired(`Nobody signed in to ${title} in time.`), mend: 'Sign in again.' };
}

function noBrowser(error: unknown): Failure {
  const why = error instanceof Error ? revealed(error.message).slice(0, 200) : 'it cannot be opened';
  return failures.tool(`The browser did not open: ${why}`, 'Sign in where there is a browser.');
}

function answer(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  });
  const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Virtual Butler</title>';
  response.end(`${head}<p>${words}</p></html>`);
}

const pages = {
  done: 'You are signed in. You can close this tab.',
  failed: 'The sign-in did not work; the editor says why. You can close this tab.',
  elsewhere: 'There is nothing here.',
} as const;

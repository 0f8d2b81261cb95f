import { failures } from '../../../protocol/failure.ts';
import { encodedPath } from '../http/encodedPath.ts';
import {
  busyFault,
  fullFault,
  refusedFault,
  type ToldAnswer,
  textOf,
  told,
  wayFault,
} from '../http/httpFault.ts';
import { type HttpAnswer, type HttpBody, openHttpLine } from '../http/httpLine.ts';
import { foreignText, TargetFault } from '../targetFault.ts';
import type { WebdavConfig } from './config.ts';

/** One question to a server. */
export interface DavAsk {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'MKCOL' | 'MOVE' | 'PROPFIND';
  /** Decoded, from the root of the server. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
  readonly signal: AbortSignal;
  /** The answers that are no fault besides those that say "done". */
  readonly also?: readonly number[];
}

/** A line to a server on which each question says who asks. */
export interface DavWire {
  readonly host: string;
  /** The address of a path, for a header. */
  addressOf(path: string): string;
  /** Rejects with a `TargetFault` where the answer is none of those that are wanted; its body must be read as it comes. */
  ask(ask: DavAsk): Promise<HttpAnswer>;
  /** The same, with the text of the answer; one of more bytes than `most` is a fault. */
  tell(ask: DavAsk, most?: number): Promise<ToldAnswer>;
  close(): void;
}

/** Opens a line to the server of a config; nothing is asked yet. */
export function openDavWire(config: WebdavConfig, password: string, atOnce: number): DavWire {
  const base = new URL(config.folder);
  const { host } = base;
  const line = openHttpLine(base, atOnce);
  const authorization = `Basic ${Buffer.from(`${config.user}:${password}`, 'utf8').toString('base64')}`;
  const asking = async ({ method, path, headers, body, signal, also = [] }: DavAsk): Promise<HttpAnswer> => {
    const answer = await line
      .ask({
        method,
        path: encodedPath(path),
        headers: { ...headers, authorization },
        signal,
        ...(body ? { body } : {}),
      })
      .catch((error: unknown) => Promise.reject(wayFault(host, error, signal)));
    // An answer with many parts to anything but a question names what was not done.
    const isDone = answer.status >= 200 && answer.status < 300;
    if ((isDone && (answer.status !== 207 || method === 'PROPFIND')) || also.includes(answer.status))
      return answer;
    const words = await textOf(answer, 4000).catch(() => '');
    throw davFault(answer, words, host, path);
  };
  return {
    host,
    addressOf: (path) => base.origin + encodedPath(path),
    ask: asking,
    tell: async (ask, most) => told(host, await asking(ask), ask.signal, most),
    close: () => line.close(),
  };
}

function davFault({ status, header }: HttpAnswer, words: string, host: string, path: string): TargetFault {
  const failure = meanings[status]?.(host, path, header('location'));
  if (failure) return new TargetFault(failure);
  if (status === 507) return fullFault(host);
  if (status === 423) {
    const what = `"${path}" at ${host} is locked by somebody.`;
    return new TargetFault(failures.conflict(what, 'Try again when it is free.'), { passing: true });
  }
  if (status >= 500 && status !== 501 && status !== 505) return busyFault(host);
  if (status === 429) return busyFault(host);
  const plain = words.replaceAll(/<[^>]*>/g, ' ');
  return refusedFault(host, `status ${status} ${plain}`);
}

type Meaning = (host: string, path: string, location: string | null) => ReturnType<typeof failures.tool>;

const moved: Meaning = (host, _path, location) =>
  failures.invalid(
    'target.config.folder',
    `${host} says that the folder is elsewhere${location ? `: ${foreignText(location)}` : ''}.`,
    'Nothing was sent there; set the address that is meant.',
  );

const noDav: Meaning = (host, path) =>
  failures.invalid(
    'target.config.folder',
    `${host} does not speak WebDAV at "${path || '/'}".`,
    'Set the WebDAV address of the folder; its service tells it in its settings.',
  );

const meanings: Readonly<Record<number, Meaning>> = {
  301: moved,
  302: moved,
  303: moved,
  307: moved,
  308: moved,
  401: (host) => failures.wrongAccount(host),
  403: (host, path) =>
    failures.denied(
      `${host} does not let this user do that in "${path || '/'}".`,
      'Give the user the right to write there, or choose another folder.',
    ),
  404: (host, path) => ({
    kind: 'notFound',
    what: `There is no "${path || '/'}" at ${host}.`,
    mend: 'Look whether somebody took it away, then try again.',
  }),
  405: noDav,
  413: (host, path) =>
    failures.tool(`"${path}" is larger than ${host} takes.`, 'Ask who runs that server, or publish less.'),
  501: noDav,
};

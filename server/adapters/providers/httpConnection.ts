import { type Failure, failures } from '../../protocol/failure.ts';
import { addressOf, sentOnTo } from './address.ts';
import type { HttpAnswer } from './httpAnswer.ts';
import type { Line } from './line.ts';
import { Refusal } from './refusal.ts';
import { faultOf, SaidWithin } from './serviceFaults.ts';
import { watchedAsk } from './watchedAsk.ts';

/** Where a service is, and how it knows who asks. */
export interface Reachable {
  readonly title: string;
  readonly baseURL: string;
  /** The API key at this moment, or `null`. */
  readonly key: () => Promise<string | null>;
  readonly needsKey: boolean;
  readonly headers: (key: string | null) => Readonly<Record<string, string>>;
  /** ms since 1970. */
  readonly now: () => number;
  /** What its errors mean, where they have words of their own. */
  readonly faultOf?: typeof faultOf | undefined;
}

/** What is sent: a question with a body, or the wish for what lies at a path. */
export interface Wanted {
  /** Below the base URL; or a whole address of the same service, for a key goes to no other. */
  readonly path: string;
  readonly body?: string | readonly Uint8Array[];
  /** Where it is not POST with a body and GET without one. */
  readonly method?: 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Over a connection that nothing went over before, so that no end of an older one is taken for a doubt about it. */
  readonly anew?: boolean;
  /** The type, or the types, of an answer that can be read. */
  readonly type: string | readonly string[];
  /** How often an answer may send on to another address of the service. */
  readonly follows?: number;
  /** Hosts that all belong to the service, where it is one of them itself. */
  readonly hosts?: RegExp | undefined;
  /** Told once the service says yes, before what it sends is read. */
  readonly taken?: (() => void) | undefined;
}

/** Thrown where nothing was asked. */
export class NotAsked extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.what);
    this.failure = failure;
  }
}

/** A service while something is asked of it. */
export interface Connection {
  /** Sends something; the answer, or a throw that `faultOf` knows. */
  send(wanted: Wanted, line: Line): Promise<HttpAnswer>;
  /** Turns whatever was thrown into a failure that never shows the key; `answering`: after an answer began. */
  faultOf(error: unknown, answering: boolean): Failure;
  /** Takes the key out of words of the service. */
  hide(words: string): string;
}

/** Prepares one try to ask a service for something of a model. */
export function connect(service: Reachable, model: string): Connection {
  const { key: fetchKey, needsKey, headers, baseURL, title, now } = service;
  let key: string | null = null;
  return {
    send: async (wanted: Wanted, line: Line): Promise<HttpAnswer> => {
      const { body, method, headers: more, follows = 0, hosts, anew = false } = wanted;
      key = (await line.wait(fetchKey()))?.trim() || null;
      if (!key && needsKey) throw new NotAsked(failures.noKey(title));
      if (key && !/^[\x21-\x7e]+$/.test(key)) throw new NotAsked(failures.auth(title));
      const ask = watchedAsk({ ...wanted, line });
      const question = {
        anew,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { 'content-type': 'application/json', ...more, ...headers(key) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? [Buffer.from(body)] : body }),
      };
      let at = addressOf({ baseURL, hosts }, wanted.path);
      for (let left = follows; ; left--) {
        try {
          return await line.wait(ask(at, question));
        } catch (error) {
          const next = left > 0 ? sentOnTo(error, at) : null;
          if (next === null) throw error;
          at = addressOf({ baseURL, hosts }, next);
        }
      }
    },
    hide: (words) => hiding(key)(words),
    faultOf: (error: unknown, answering: boolean): Failure => {
      if (error instanceof NotAsked) return error.failure;
      const hide = hiding(key);
      const said = error instanceof Refusal || error instanceof SaidWithin ? error.withWords(hide) : error;
      const failure = (service.faultOf ?? faultOf)(said, { title, model, answering, now: now() });
      return { ...failure, what: hide(failure.what) };
    },
  };
}

/** The key as most services want it; nothing where there is none. */
export function bearer(key: string | null): Readonly<Record<string, string>> {
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Takes a key out of words, also as JSON writes it: before any are cut, for half a key is one too. */
function hiding(key: string | null): (words: string) => string {
  if (!key) return (words) => words;
  return (words) => words.replaceAll(key, '…').replaceAll(JSON.stringify(key).slice(1, -1), '…');
}

import type { Filming, FilmOrder, FilmWatch, VideoWish } from '../../core/ports/provider.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { jsonOf, most as sizes } from './body.ts';
import { askOnce } from './exchange.ts';
import { connect, type Reachable, type Wanted } from './httpConnection.ts';
import { unpackedBase64 } from './making.ts';
import { boundedPieces } from './pieces.ts';
import { plain, Refusal, said, Unreadable } from './refusal.ts';
import { unlessSent } from './sent.ts';

/** How a service is asked for a video, and how it says how far that is. */
export interface FilmDialect extends Pick<Filming, 'model' | 'longest' | 'seconds' | 'usd'> {
  readonly begin: (wish: VideoWish & { readonly model: string }, once: string) => Omit<Wanted, 'type'>;
  /** The path of one by its name. */
  readonly path: (name: string) => string;
  /** What an answer says of one. */
  readonly read: (answer: unknown) => FilmState;
  readonly stop: (name: string) => Omit<Wanted, 'type'>;
  /** Hosts of the service, from all of which it may be fetched. */
  readonly hosts?: RegExp;
  /** Whether a refusal says that there is none of that name. */
  readonly isGone: (refusal: Refusal) => boolean;
}

/** How far a video is, by its name; `at` is a path, an address or the video itself, `why` the words of the service. */
export type FilmState = { readonly name: string } & (
  | { readonly kind: 'working'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly at: string }
  | { readonly kind: 'failed'; readonly why: string; readonly refused: boolean }
);

/** Milliseconds within which a service answers what it was asked. */
const longestLook = 30_000;
const longestOrder = 120_000;
/** Without a byte of a video. */
const longestSilence = 60_000;
const longestStop = 900;
/** Pauses between two questions, in ms. */
const pauses = { first: 2_000, last: 15_000, growth: 1.5, longest: 60_000 } as const;
/** How often one is asked for, about 45 minutes; and how often nobody may answer in between, about ten. */
const most = { looks: 180, faults: 40 } as const;

/** What makes videos by a service that works on them alone until they are asked for. */
export function filming(service: Reachable, dialect: FilmDialect): Filming {
  const { model, longest, seconds, usd } = dialect;
  const asking = { service, dialect };
  return {
    model,
    longest,
    seconds,
    usd,
    begin: (wish, order) => begin(asking, wish, order),
    wait: (film, watch) => wait(asking, film, watch),
    take: (film, keep, signal) => {
      const { send, faultOf } = connect(service, model);
      return askOnce(
        async (line) => {
          if (film.at.startsWith(within)) return keep(inside(film.at.slice(within.length)));
          const { hosts } = dialect;
          const response = await send({ path: film.at, type: videoTypes, follows: mostSteps, hosts }, line);
          return keep(boundedPieces(response, line));
        },
        faultOf,
        { signal, silence: longestSilence },
      );
    },
    stop: async (film) => {
      const { send, faultOf } = connect(service, model);
      const { signal } = new AbortController();
      const told = await askOnce((line) => send({ ...dialect.stop(film), type: '' }, line), faultOf, {
        signal,
        silence: longestStop,
      });
      return told.ok;
    },
  };
}

/** Before the base64 of a video that lies in the answer itself. */
export const within = 'data:;base64,';

async function* inside(base64: string): AsyncGenerator<Uint8Array> {
  yield unpackedBase64(base64);
}

/** Addresses that a service may send on to, one after another, before the video comes. */
const mostSteps = 3;

/** Services say what they send as a video, or as bytes. */
const videoTypes = ['video/', 'application/octet-stream'];

interface Asking {
  readonly service: Reachable;
  readonly dialect: FilmDialect;
}

async function begin(
  { service, dialect }: Asking,
  wish: VideoWish,
  { once, signal, taken }: FilmOrder,
): Promise<Outcome<string>> {
  const model = wish.model || dialect.model;
  const { send, faultOf, hide } = connect(service, model);
  let isTaken = false;
  const wanted: Wanted = {
    ...dialect.begin({ ...wish, model }, once),
    anew: true,
    type: 'application/json',
    taken: () => {
      isTaken = true;
    },
  };
  const begun = await askOnce(
    async (line) => shown(dialect.read(await jsonOf(await send(wanted, line))), hide),
    (error, answering) => unlessSent(faultOf(error, answering), error, service.title),
    { signal, silence: longestOrder },
  );
  if (!begun.ok && isTaken) taken();
  if (!begun.ok) return begun;
  const { value } = begun;
  return value.kind === 'failed' ? bad(failureOf(value, service.title)) : good(value.name);
}

async function wait(asking: Asking, film: string, watch: FilmWatch): Promise<Outcome<string>> {
  const { title, now } = asking.service;
  let pause: number = pauses.first;
  let faults = 0;
  let isAway = false;
  for (let looks = 0; looks < most.looks && faults < most.faults; looks++) {
    const looked = await look(asking, film, watch.signal);
    isAway = !looked.ok && looked.failure.kind === 'offline';
    if (watch.signal.aborted) return bad(failures.cancelled('It was waited for no longer.'));
    if (!looked.ok && !passing.has(looked.failure.kind)) return looked;
    faults = looked.ok ? 0 : faults + 1;
    if (looked.ok) {
      const { state } = looked.value;
      if (state.kind === 'ready') return good(state.at);
      if (state.kind === 'failed') return bad(failureOf(state, title));
      watch.progress(state.fraction);
    }
    const until = looked.ok ? looked.value.until : looked.failure.until;
    const asked = until === undefined ? 0 : until - now();
    await watch.sleep(Math.min(pauses.longest, Math.max(pause, asked)), watch.signal);
    if (watch.signal.aborted) return bad(failures.cancelled('It was waited for no longer.'));
    pause = Math.min(pauses.last, pause * pauses.growth);
  }
  return bad(isAway ? away(title) : overdue(title));
}

/** Faults that pass, while the video is made all the same. */
const passing: ReadonlySet<Failure['kind']> = new Set([
  'offline',
  'limited',
  'overloaded',
  'cut',
  'malformed',
]);

/** Asks once how far it is, and when the service wants to be asked again. */
function look({ service, dialect }: Asking, film: string, signal: AbortSignal) {
  const { send, faultOf, hide } = connect(service, dialect.model);
  return askOnce(
    async (line) => {
      const response = await send({ path: dialect.path(film), type: 'application/json' }, line);
      const after = Number(response.header('retry-after') ?? Number.NaN);
      const until = after > 0 ? service.now() + after * 1000 : undefined;
      return { state: shown(dialect.read(await jsonOf(response, sizes.made)), hide), until };
    },
    (error, answering) => {
      const isGone = error instanceof Refusal && (error.status === 404 || dialect.isGone(error));
      return isGone ? gone(service.title) : faultOf(error, answering);
    },
    { signal, silence: longestLook },
  );
}

/** What a service says of a video, without the key in its words. */
function shown(state: FilmState, hide: (words: string) => string): FilmState {
  return state.kind === 'failed' ? { ...state, why: hide(state.why) } : state;
}

/** The name that a service gave to a video, as it may stand in a path. */
export function filmName(name: unknown): string {
  if (typeof name === 'string' && /^[\w][\w.~:=+-]{0,499}$/.test(name)) return name;
  throw new Unreadable('a name that cannot be one');
}

function failureOf({ why, refused }: Extract<FilmState, { kind: 'failed' }>, title: string): Failure {
  if (refused) return failures.refused(title);
  return failures.tool(
    `${title} could not make the video${said(plain(why).slice(0, 300))}.`,
    'Ask for it in other words, or try again later.',
  );
}

const gone = (title: string): Failure =>
  failures.tool(`${title} has the video no more.`, 'Ask for it anew; it costs again.');

/** It is made all the same, so it is waited for until the service can be reached again. */
const away = (title: string): Failure =>
  failures.offline(`${title} cannot be reached, where the video is ordered and may be paid for.`);

const overdue = (title: string): Failure =>
  failures.tool(
    `${title} did not bring the video in time.`,
    `Look into the account at ${title}: it may come yet, and be paid for. Ask for it anew only then.`,
  );

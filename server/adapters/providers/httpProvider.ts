import type { Provider, ProviderRequest } from '../../core/ports/provider.ts';
import { type Failure, failures } from '../../protocol/failure.ts';
import type { ModelInfo, ProviderKind } from '../../protocol/provider.ts';
import { jsonOf, most } from './body.ts';
import { askOnce, exchange, type Patience, type Reading } from './exchange.ts';
import { type FilmDialect, filming } from './filming.ts';
import type { HttpAnswer } from './httpAnswer.ts';
import { connect, NotAsked, type Wanted } from './httpConnection.ts';
import type { Line } from './line.ts';
import { type MakingDialect, making } from './making.ts';
import { reach } from './reach.ts';
import type { faultOf } from './serviceFaults.ts';
import { readEvents, type ServerEvent } from './sse.ts';

/** How a provider over HTTP is reached, as a person set it up. */
export interface HttpOptions {
  /** What Abilities name it by; that of its kind where nothing is said. */
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  /** The API key at this moment, or `null`. */
  readonly key: () => Promise<string | null>;
  /** Another address than the public one. */
  readonly baseURL?: string | undefined;
  /** The model that is taken where an Ability names none. */
  readonly model?: string | undefined;
  /** How long nothing may come before a request is given up, in ms. */
  readonly silence?: number | undefined;
  /** ms since 1970. */
  readonly now?: (() => number) | undefined;
}

/** An answer as it is put together from server-sent events. */
export interface EventReading extends Reading<ServerEvent> {
  /** Whether nothing more is waited for. */
  complete(): boolean;
}

/** What a service over HTTP is, and the wire that it speaks. */
export interface Dialect {
  readonly kind: ProviderKind;
  readonly title: string;
  readonly about: string;
  /** Whether nothing can be asked without a key. */
  readonly needsKey: boolean;
  /** Whether everything stays on this machine. */
  readonly local: boolean;
  /** Whether it asks a model elsewhere all the same. */
  readonly goesAway?: (model: string) => boolean;
  /** The public address; paths are added to it. */
  readonly baseURL: string;
  /** The first is taken where an Ability names none. */
  readonly models: readonly string[];
  readonly headers: (key: string | null) => Readonly<Record<string, string>>;
  readonly answerPath: string | ((request: ProviderRequest) => string);
  /** In pieces, as it goes over the wire. */
  readonly body: (request: ProviderRequest) => readonly Uint8Array[];
  readonly read: (request: ProviderRequest, title: string) => EventReading;
  readonly listPath: string;
  readonly modelsIn: (body: unknown) => readonly ModelInfo[];
  /** How its answers come, where not as server-sent events. */
  readonly events?: EventForm;
  /** Looks up what a request needs to know before it is sent. */
  readonly prepare?: (request: ProviderRequest, look: Look) => Promise<ProviderRequest>;
  /** What its errors mean, where they have words of their own. */
  readonly faultOf?: typeof faultOf;
  readonly image?: MakingDialect;
  readonly speech?: MakingDialect;
  readonly video?: FilmDialect;
}

/** A form that answers come in: the type that says so, and how their events are read. */
export interface EventForm {
  readonly type: string;
  readonly read: (answer: HttpAnswer) => AsyncGenerator<ServerEvent>;
}

/** Asks the service for something that comes whole; by POST where there is a body. */
export type Look = (path: string, body?: object) => Promise<unknown>;

const serverSentEvents: EventForm = { type: 'text/event-stream', read: readEvents };

/** A model may think for minutes without a word. */
const longestSilence = 600_000;
/** The longest name of a model that an Ability may hold. */
const longestId = 128;
/** A list of models comes at once or not at all. */
const longestListing = 30_000;

/** A provider that streams its answers as server-sent events. */
export function httpProvider(dialect: Dialect, options: HttpOptions): Provider {
  const service: Service = {
    ...dialect,
    key: options.key,
    now: options.now ?? Date.now,
    title: options.title ?? dialect.title,
    baseURL: (options.baseURL || dialect.baseURL).replace(/\/+$/, ''),
    models: [...new Set([...(options.model ? [options.model] : []), ...dialect.models])],
  };
  const { kind, title, about, needsKey, models, baseURL } = service;
  const silence = options.silence ?? longestSilence;
  return {
    name: options.name ?? kind,
    kind,
    local: service.local,
    ...(dialect.goesAway ? { goesAway: dialect.goesAway } : {}),
    title,
    about,
    needsKey,
    models,
    stream: (request, signal) => {
      const model = request.model || (models[0] ?? '');
      return answer(service, { ...request, model }, { signal, silence });
    },
    listModels: (signal) => list(service, { signal, silence: Math.min(silence, longestListing) }),
    reachable: (signal) => reach(baseURL, signal),
    ...(dialect.image ? { image: making(service, dialect.image) } : {}),
    ...(dialect.video ? { video: filming(service, dialect.video) } : {}),
    ...(dialect.speech ? { speech: making(service, dialect.speech) } : {}),
  };
}

type Service = Dialect & Pick<HttpOptions, 'key'> & { readonly now: () => number };

function answer(service: Service, request: ProviderRequest, patience: Patience) {
  const reading = service.read(request, service.title);
  const { send, faultOf } = connect(service, request.model);
  const ask = async (line: Line) => {
    const asked = await prepared(service, request, (wanted) => send(wanted, line));
    if (!asked.model) throw new NotAsked(noModel(service.title));
    const { answerPath, events = serverSentEvents } = service;
    const path = typeof answerPath === 'string' ? answerPath : answerPath(asked);
    const response = await send({ path, body: service.body(asked), type: events.type }, line);
    return untilComplete(events.read(response), reading, line);
  };
  return exchange({ ask, reading, faultOf }, patience);
}

function list(service: Service, patience: Patience) {
  const { send, faultOf } = connect(service, '');
  const ask = async (line: Line) => {
    const response = await send({ path: service.listPath, type: 'application/json' }, line);
    return service
      .modelsIn(await jsonOf(response))
      .filter(isChoosable)
      .slice(0, most.models);
  };
  return askOnce(ask, faultOf, patience);
}

/** Whether an Ability can name a model. */
function isChoosable({ id }: ModelInfo): boolean {
  return id !== '' && id.length <= longestId;
}

/** The request with what its service must be asked for first. */
async function prepared(
  { prepare }: Service,
  request: ProviderRequest,
  send: (wanted: Wanted) => Promise<HttpAnswer>,
): Promise<ProviderRequest> {
  if (!prepare) return request;
  return prepare(request, async (path, body) => {
    const asked = body === undefined ? {} : { body: JSON.stringify(body) };
    return jsonOf(await send({ path, ...asked, type: 'application/json' }));
  });
}

/** Hands events on until the answer is complete, and the connection back for the next request. Pings do not count. */
async function* untilComplete(
  events: AsyncGenerator<ServerEvent>,
  reading: EventReading,
  line: Line,
): AsyncGenerator<ServerEvent> {
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.name !== 'ping') yield next.value;
    if (reading.complete()) break;
  }
  await line.settle(drained(events));
}

async function drained(events: AsyncGenerator<ServerEvent>): Promise<void> {
  for (let next = await events.next(); !next.done; ) next = await events.next();
}

function noModel(title: string): Failure {
  return failures.invalid(
    'model',
    `No model is chosen for ${title}.`,
    'List its models, and set one of them for this provider or for the Ability.',
  );
}

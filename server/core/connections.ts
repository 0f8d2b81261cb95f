import { type Connection, unknownConnection } from '../protocol/connection.ts';
import type { Failure, FailureKind } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider } from './ports/provider.ts';
import type { Store } from './ports/store.ts';

/** How the providers can be reached, as the journal tells it to every worker and surface (SPEC C12). */
export interface Connections {
  /** The state of each by its name, as of now. */
  read(): Promise<ConnectionStates>;
  /** Notes that a provider answered. */
  answered(provider: Provider): Promise<void>;
  /** Notes why a provider did not answer, where that says something of how it can be reached. */
  failed(provider: Provider, failure: Failure): Promise<void>;
  close(): void;
}

/** Connections by the name of their provider. */
export type ConnectionStates = Readonly<Record<string, Connection>>;

/** Reads the connections once; later changes are heard of, whoever makes them. */
export async function openConnections({
  store,
  clock,
}: {
  store: Store;
  clock: Clock;
}): Promise<Connections> {
  let known = await store.connections();
  let stale = false;
  const close = store.watch((news) => {
    stale ||= news?.some(({ type }) => type === 'connection.changed') ?? true;
  });
  const read = async () => {
    if (stale) {
      stale = false;
      known = await store.connections();
    }
    return known;
  };
  const note = async ({ name, kind }: Provider, next: Omit<Connection, 'since'>) => {
    if (kind === 'offline') return;
    const before = (await read())[name] ?? unknownConnection;
    if (!isNews(before, next)) return;
    const since = before.state === next.state ? before.since : clock.now();
    const connection = { ...next, since };
    await store.append([
      {
        stream: adminStream,
        type: 'connection.changed',
        actor: 'worker',
        data: { provider: name, connection },
      },
    ]);
  };
  return {
    read,
    answered: (provider) => note(provider, { state: 'online' }),
    failed: async (provider, failure) => {
      const state = stateAfter[failure.kind];
      if (!state) return;
      const until = untilAfter(state, failure, clock.now());
      await note(provider, { state, failure, ...(until === null ? {} : { until }) });
    },
    close,
  };
}

/** Whether a provider had better be left alone for now, while there is another. */
export function isCooling(connection: Connection | undefined, now: number): boolean {
  return connection !== undefined && connection.state !== 'online' && (connection.until ?? 0) > now;
}

/** What a failure says of a connection; nothing where the service was reached and only said no. */
const stateAfter: Readonly<Partial<Record<FailureKind, Connection['state']>>> = {
  offline: 'offline',
  limited: 'limited',
  overloaded: 'overloaded',
  auth: 'login',
};

/** How long a provider is left alone after a failure that names no time, in ms; a wrong key may be mended at once. */
const coolDown: Readonly<Partial<Record<Connection['state'], number>>> = {
  offline: 30_000,
  limited: 60_000,
  overloaded: 60_000,
};

function untilAfter(state: Connection['state'], { until }: Failure, now: number): number | null {
  if (until !== undefined) return until;
  const pause = coolDown[state];
  return pause === undefined ? null : now + pause;
}

/** The few seconds by which every failed try moves the end of a cool-down are no news. */
const slack = 10_000;

function isNews(before: Connection, next: Omit<Connection, 'since'>): boolean {
  return before.state !== next.state || (next.until ?? 0) > (before.until ?? 0) + slack;
}

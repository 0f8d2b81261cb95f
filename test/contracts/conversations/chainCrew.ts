import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import type { RunPorts } from '../../../server/core/jobRun.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import type { Connection } from '../../../server/protocol/connection.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { adminStream, type Entry } from '../../../server/protocol/journal.ts';
import { defaultSettings, type Settings } from '../../../server/protocol/settings.ts';
import { type BreakableLine, layLine } from '../../support/breakableLine.ts';
import { type Reply, refuse, startWire } from '../providers/wire.ts';
import { type Crew, type Hand, setCrew } from './crew.ts';
import { askedOf, type Line } from './model.ts';

/** A scripted service behind a line that can be cut, and the provider that asks it. */
export interface Service {
  readonly provider: Provider;
  readonly line: BreakableLine;
  /** The bodies of the requests that reached it. */
  readonly bodies: readonly string[];
}

/** A crew whose workers ask several services, by their names. */
export interface ChainCrew<Name extends string> extends Crew {
  readonly services: Readonly<Record<Name, Service>>;
  /** Puts a worker to work. */
  start(change?: Partial<RunPorts>): Hand;
  /** Hands a job over. */
  hand(text: string, session?: string): Promise<Job>;
  /** The job's entries of some types, in order. */
  entries<T extends Entry['type']>(job: Job, ...types: T[]): Promise<Extract<Entry, { type: T }>[]>;
  /** What the journal told of a provider's connection, in order. */
  states(name: Name): Promise<Connection['state'][]>;
}

/** The scripts of the services: one line for each request; what comes after its end is refused for good. */
export async function setChainCrew<Name extends string>(
  scripts: Readonly<Record<Name, readonly Line[]>>,
  {
    settings = {},
    local = [],
    ...ability
  }: Partial<Ability> & { provider: Name; settings?: Partial<Settings>; local?: readonly Name[] },
): Promise<ChainCrew<Name>> {
  const crew = await setCrew();
  const { store, clock } = crew.stage.butler;
  const made = await Promise.all(
    Object.entries<readonly Line[]>(scripts).map(([name, lines]) =>
      openService(name, lines, { local: local.some((one) => one === name), now: clock.now }),
    ),
  );
  const services = Object.fromEntries(made.map((one) => [one.provider.name, one])) as Record<
    Name,
    OpenService
  >;
  const providers = made.map(({ provider }) => provider);
  const own = Ability.parse({
    id: 'writer',
    name: 'Writer',
    origin: 'user',
    created: 0,
    updated: 0,
    ...ability,
  });
  const person = { stream: adminStream, actor: 'person:test' } as const;
  await store.append([
    { ...person, type: 'ability.saved', data: { ability: own } },
    { ...person, type: 'settings.saved', data: { settings: { ...defaultSettings, ...settings } } },
  ]);
  const read = async <T extends Entry['type']>(filter: { job?: string }, types: T[]) => {
    const { entries } = await store.entries({ filter: { ...filter, types }, after: 0, limit: 500 });
    return entries as Extract<Entry, { type: T }>[];
  };
  return {
    ...crew,
    services,
    start: (change = {}) => crew.work(`worker ${clock.id()}`, { providers: () => providers, ...change }),
    hand: (text, session) => crew.stage.hand(own.id, text, session),
    entries: ({ id }, ...types) => read({ job: id }, types),
    states: async (name) => {
      const changes = await read({}, ['connection.changed']);
      return changes.filter(({ data }) => data.provider === name).map(({ data }) => data.connection.state);
    },
    close: async () => {
      await crew.close();
      for (const one of made) await one.close();
    },
  };
}

interface OpenService extends Service {
  close(): Promise<void>;
}

async function openService(
  name: string,
  lines: readonly Line[],
  { local, now }: { local: boolean; now: () => number },
): Promise<OpenService> {
  const wire = await startWire(...repliesOf(lines, () => wire.bodies.at(-1) ?? ''));
  const line = await layLine(wire.url);
  const options = { name, title: name, baseURL: line.url, now, key: async () => 'sk-test' };
  return {
    provider: { ...createAnthropic(options), local },
    line,
    bodies: wire.bodies,
    close: async () => {
      await line.close();
      await wire.close();
    },
  };
}

function repliesOf(lines: readonly Line[], body: () => string): [Reply, ...Reply[]] {
  const over = refuse(400, 'invalid_request_error', 'the script is over');
  const replies = lines.map(
    (line): Reply =>
      (response, request) =>
        line(askedOf(body()))(response, request),
  );
  const [first = over, ...rest] = replies;
  return [first, ...rest, over];
}

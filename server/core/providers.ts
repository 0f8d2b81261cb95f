import { type Connection, unknownConnection } from '../protocol/connection.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import type { ProviderConfig, ProviderInfo } from '../protocol/provider.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider } from './ports/provider.ts';
import type { Secrets } from './ports/secrets.ts';
import type { Draft, Store } from './ports/store.ts';
import { faultOf, isSamePlace } from './providerConfig.ts';

/** What setting providers up needs from outside core. */
export interface ProviderPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'get' | 'set' | 'remove'>;
  /** Every provider there is: one of each kind that needs no address, and those that a person added. */
  providers(): readonly Provider[];
  /** Builds the providers anew from what is set up, before it answers. */
  renewProviders(): Promise<void>;
  /** Whether there is a key for a provider, kept or lent by the environment. */
  hasKey(name: string): Promise<boolean>;
}

/** Lists the providers as a person chooses between them; `look`: local ones are looked for now. */
export async function listProviders(ports: ProviderPorts, look: boolean): Promise<ProviderInfo[]> {
  const [configs, connections] = await Promise.all([ports.store.providers(), ports.store.connections()]);
  return Promise.all(
    ports.providers().map((provider) => {
      const config = configs.find(({ name }) => name === provider.name);
      return infoOf(ports, { provider, config, look }, connections[provider.name] ?? unknownConnection);
    }),
  );
}

/** Reads one provider as a person sees it. */
export async function readProvider(ports: ProviderPorts, name: string): Promise<Outcome<ProviderInfo>> {
  const info = (await listProviders(ports, false)).find((one) => one.name === name);
  return info ? good(info) : bad(failures.notFound('provider', name));
}

/** Adds a provider or changes how one is reached; a key that was given for another place is forgotten by that. */
export async function saveProvider(
  ports: ProviderPorts,
  config: ProviderConfig,
  actor: string,
): Promise<Outcome<ProviderInfo>> {
  const fault = faultOf(config);
  if (fault) return bad(fault);
  const { name } = config;
  const before = (await ports.store.providers()).find((one) => one.name === name);
  const stays = isSamePlace(before ?? { name, kind: name }, config);
  const forgotten = stays ? [] : await forgetKey(ports, before ?? { name }, actor);
  const saved: Draft = { stream: adminStream, type: 'provider.saved', actor, data: { config } };
  const unknown = stays ? [] : await forgetTrouble(ports, name);
  const appended = await ports.store.append([...forgotten, saved, ...unknown]);
  if (!appended.ok) return appended;
  await ports.renewProviders();
  return readProvider(ports, name);
}

/** Takes back what a person set up of a provider, its key included. */
export async function removeProvider(
  ports: ProviderPorts,
  name: string,
  actor: string,
): Promise<Outcome<void>> {
  const configs = await ports.store.providers();
  const config = configs.find((one) => one.name === name);
  if (!config && !ports.providers().some((one) => one.name === name)) {
    return bad(failures.notFound('provider', name));
  }
  const forgotten = await forgetKey(ports, config ?? { name }, actor);
  const removed: Draft = { stream: adminStream, type: 'provider.removed', actor, data: { provider: name } };
  const drafts = [...forgotten, ...(config ? [removed] : []), ...(await forgetTrouble(ports, name))];
  const appended = await ports.store.append(drafts);
  if (!appended.ok) return appended;
  await ports.renewProviders();
  return good(undefined);
}

/** Keeps the key of a provider in the safest place there is and says where; an empty one takes it out. */
export async function setKey(
  ports: ProviderPorts,
  { provider: named, value }: { provider: string; value: string },
  actor: string,
): Promise<Outcome<{ where: string }>> {
  const configs = await ports.store.providers();
  const known = ports.providers().filter((provider) =>
    takesKey(
      provider,
      configs.find(({ name }) => name === provider.name),
    ),
  );
  if (!known.some(({ name }) => name === named)) {
    const mend = `Choose one of: ${known.map(({ name }) => name).join(', ')}.`;
    return bad(failures.invalid('provider', `"${named}" is no provider that takes a key.`, mend));
  }
  const name = secretOf(configs.find((one) => one.name === named) ?? { name: named });
  const key = value.trim();
  if (key === '') await ports.secrets.remove(name);
  const where = key === '' ? nowhere : (await ports.secrets.set(name, key)).about;
  const changed: Draft = { stream: adminStream, type: 'secret.changed', actor, data: { name, where } };
  const noted = await ports.store.append([changed, ...(await forgetTrouble(ports, named))]);
  return noted.ok ? good({ where }) : noted;
}

/** Who uses a key, and where it goes; a name alone is that of a kind at its public address. */
export type KeyUse = Pick<ProviderConfig, 'name' | 'baseUrl'> & Partial<Pick<ProviderConfig, 'kind'>>;

/**
 * The name under which the key of a provider is kept. The place that it was given for is part of it, so that a
 * provider which another process moved without reaching its key finds none for the new place.
 */
export function secretOf({ name, kind, baseUrl }: KeyUse): string {
  const place = baseUrl ? new URL(baseUrl).origin : (kind ?? name);
  return place === name ? `provider.${name}` : `provider.${name}@${place}`;
}

const nowhere = 'nowhere';

async function infoOf(
  ports: ProviderPorts,
  { provider, config, look }: { provider: Provider; config: ProviderConfig | undefined; look: boolean },
  connection: Connection,
): Promise<ProviderInfo> {
  const { name, kind, title, about, local, models } = provider;
  const key = await keyState(ports, provider, config);
  const set = config !== undefined || key === 'set';
  const ready = key !== 'missing' && (set || (await isFound(ports, provider, look)));
  return {
    name,
    kind,
    title,
    about,
    local,
    models: [...models],
    key,
    ready,
    connection,
    ...(config ? { config } : {}),
  };
}

async function keyState(
  { hasKey }: ProviderPorts,
  provider: Provider,
  config: ProviderConfig | undefined,
): Promise<ProviderInfo['key']> {
  if (!takesKey(provider, config)) return 'none';
  if (await hasKey(provider.name)) return 'set';
  return provider.needsKey ? 'missing' : 'none';
}

/** An address of the person's own may want a key where the kind wants none. */
function takesKey({ needsKey }: Provider, config: ProviderConfig | undefined): boolean {
  return needsKey || config?.baseUrl !== undefined;
}

/** How long a listing waits for a service that may run on this machine, in ms. */
const longestLook = 300;

/** Whether a provider that nobody set up is there by itself, as far as may be looked for now. */
async function isFound({ clock }: ProviderPorts, provider: Provider, may: boolean): Promise<boolean> {
  if (!provider.reachable) return true;
  if (!may) return false;
  const look = new AbortController();
  const late = clock.sleep(longestLook, look.signal).then(() => false);
  const found = await Promise.race([provider.reachable(look.signal), late]);
  look.abort();
  return found;
}

/** Takes a kept key out of its place; answers what the journal must say of it. */
async function forgetKey({ secrets }: ProviderPorts, use: KeyUse, actor: string): Promise<Draft[]> {
  const name = secretOf(use);
  if ((await secrets.get(name)) === null) return [];
  await secrets.remove(name);
  return [{ stream: adminStream, type: 'secret.changed', actor, data: { name, where: nowhere } }];
}

/** What is known of the way to a provider means nothing any more once its key or address changed. */
async function forgetTrouble({ store, clock }: ProviderPorts, provider: string): Promise<Draft[]> {
  const { state } = (await store.connections())[provider] ?? unknownConnection;
  if (state === 'unknown') return [];
  const connection: Connection = { state: 'unknown', since: clock.now() };
  const data = { provider, connection };
  return [{ stream: adminStream, type: 'connection.changed', actor: 'worker', data }];
}

import { createProviders, type ProviderSettings } from '../adapters/providers/index.ts';
import type { Provider } from '../core/ports/provider.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { Store } from '../core/ports/store.ts';
import { type KeyUse, secretOf } from '../core/providers.ts';

/** What the providers of one process are made of. */
export interface ProviderParts {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly playbooks: ProviderSettings['playbooks'];
  readonly editorModels: ProviderSettings['editorModels'];
  /** The environment of the process that a person started; a worker of an editor has none. */
  readonly environment: Environment;
  /** Addresses of built-in providers that the client set. */
  readonly addresses: ProviderSettings['addresses'];
  report(what: string, cause: unknown): void;
}

/** The providers as they are set up at this moment, in step with what any process on this store changes. */
export interface OpenProviders {
  all(): readonly Provider[];
  /** Builds them anew where their set-up changed, before it answers. */
  renew(): Promise<void>;
  hasKey(name: string): Promise<boolean>;
  /** Those that make pictures or speech and can be asked: their key is there. */
  makers(): Promise<readonly Provider[]>;
  /** How a provider is reached: its address where it is not the public one, and its key. */
  access(name: string): Promise<{ baseUrl: string | null; key: string | null }>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Builds the providers, and again after each change of their set-up. */
export async function openProviders(parts: ProviderParts): Promise<OpenProviders> {
  const { store, environment, playbooks, editorModels } = parts;
  const remembered = rememberedSecrets(store, parts.secrets);
  const secret = async (use: KeyUse) =>
    (await remembered(secretOf(use))) ?? (use.baseUrl ? null : lentKey(environment, use.name));
  const ollama = ollamaAddress(environment);
  const addresses = { ...(ollama ? { ollama } : {}), ...parts.addresses };
  const build = () => createProviders(configs, { secret, playbooks, editorModels, addresses });
  let configs = await store.providers();
  let providers = build();
  const renew = async () => {
    const now = await store.providers();
    if (JSON.stringify(now) === JSON.stringify(configs)) return;
    configs = now;
    providers = build();
  };
  store.watch((news) => {
    if (news && !news.some(({ type }) => type === 'provider.saved' || type === 'provider.removed')) return;
    renew().catch((error: unknown) => parts.report('providers', error));
  });
  const hasKey = async (name: string) =>
    (await secret(configs.find((one) => one.name === name) ?? { name })) !== null;
  return {
    all: () => providers,
    renew,
    hasKey,
    makers: async () => {
      const able = providers.filter(({ image, speech, video }) => image || speech || video);
      const ready = await Promise.all(able.map(({ name, needsKey }) => !needsKey || hasKey(name)));
      return able.filter((_, index) => ready[index]);
    },
    access: async (name) => {
      const use: KeyUse = configs.find((one) => one.name === name) ?? { name };
      const own = Object.entries(addresses).find(([kind]) => kind === name)?.[1];
      return { baseUrl: use.baseUrl ?? own ?? null, key: await secret(use) };
    },
  };
}

/**
 * The key that the environment lends, as in `OPENAI_API_KEY`. It goes only where the public address or the
 * environment itself leads, never to an address that was set up beside it.
 */
function lentKey(environment: Environment, name: string): string | null {
  const own = `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`;
  const names = [own, ...(otherNames[name] ?? [])];
  return names.map((one) => environment[one]).find(Boolean) ?? null;
}

/** Under which other names people keep the key of a provider. */
const otherNames: Readonly<Record<string, readonly string[]>> = { google: ['GEMINI_API_KEY'] };

/** Where `OLLAMA_HOST` says that Ollama listens: a host, a port or both, or a whole address. */
export function ollamaAddress({ OLLAMA_HOST: given = '' }: Environment): string | null {
  const text = given.trim();
  if (text === '') return null;
  const whole = /^https?:\/\//.test(text) ? text : `http://${text.startsWith(':') ? '127.0.0.1' : ''}${text}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !/^https?:\/\//.test(text)) url.port = '11434';
  return url.href.replace(/\/$/, '');
}

/** Secrets are asked for once, and again after any process on this store may have changed one. */
function rememberedSecrets(store: Store, secrets: Secrets): (name: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>();
  store.watch((news) => {
    if (!news || news.some(({ type }) => type === 'secret.changed')) known.clear();
  });
  return async (name) => {
    const value = known.get(name) ?? secrets.get(name);
    known.set(name, value);
    if ((await value) === null) known.delete(name);
    return value;
  };
}

import type { Provider } from '../../core/ports/provider.ts';
import type { ProviderConfig, ProviderKind } from '../../protocol/provider.ts';
import { createAnthropic } from './anthropic.ts';
import { createCompatible } from './compatible.ts';
import { createEditor, type EditorModels } from './editor.ts';
import { createGoogle } from './google.ts';
import { createGroq } from './groq.ts';
import type { HttpOptions } from './httpProvider.ts';
import { createMistral } from './mistral.ts';
import { createOffline, type PlaybookSource } from './offline.ts';
import { createOllama } from './ollama.ts';
import { createOpenAi } from './openai.ts';
import { isLoopback } from './reach.ts';

/** What the providers want to know beside their set-up. */
export interface ProviderSettings {
  /** The API key for a set-up at this moment, or `null`. */
  secret(config: ProviderConfig): Promise<string | null>;
  readonly playbooks: PlaybookSource;
  /** The language models that an editor lends; `null` where there is no editor. */
  readonly editorModels: EditorModels | null;
  /** Other addresses than the public ones, for the built-in providers; never from a repository (SECURITY S4). */
  readonly addresses: Readonly<Partial<Record<ProviderKind, string>>>;
}

/** Every provider there is: the built-in ones, the first of which is the default, then those that a person added. */
export function createProviders(
  configs: readonly ProviderConfig[],
  settings: ProviderSettings,
): readonly Provider[] {
  const own = (kind: ProviderKind) => configs.find(({ name }) => name === kind) ?? { name: kind, kind };
  const added = configs.filter(({ name }) => !(builtIn as readonly string[]).includes(name));
  return [...builtIn.map(own), ...added].map((config) => create(config, settings));
}

/** The kinds that need no set-up to be listed, in the order that a person would choose from. */
const builtIn = [
  'offline',
  'anthropic',
  'openai',
  'google',
  'mistral',
  'groq',
  'ollama',
  'editor',
] as const satisfies readonly ProviderKind[];

type Factory = (options: HttpOptions, settings: ProviderSettings) => Provider;

const factories: Readonly<Record<ProviderKind, Factory>> = {
  offline: (_options, { playbooks }) => createOffline({ playbooks }),
  anthropic: createAnthropic,
  openai: createOpenAi,
  google: createGoogle,
  mistral: createMistral,
  groq: createGroq,
  ollama: createOllama,
  editor: (options, { editorModels }) => createEditor({ ...options, models: editorModels }),
  compatible: ({ baseURL = '', ...options }) => createCompatible({ ...options, baseURL }),
};

function create(config: ProviderConfig, settings: ProviderSettings): Provider {
  const { name, kind, title, model, baseUrl, timeLimit } = config;
  const baseURL = baseUrl ?? (name === kind ? settings.addresses[kind] : undefined);
  const silence = timeLimit === undefined ? undefined : timeLimit * 1000;
  const key = () => settings.secret(config);
  const provider = factories[kind]({ name, title, key, baseURL, model, silence }, settings);
  return baseURL && isOpenWay(baseURL) ? { ...provider, about: `${provider.about} ${openWay}` } : provider;
}

/** Whether what goes to an address can be read on its way. */
function isOpenWay(baseURL: string): boolean {
  return new URL(baseURL).protocol === 'http:' && !isLoopback(baseURL);
}

const openWay = 'The way there is not encrypted: whoever is on it can read and change everything.';

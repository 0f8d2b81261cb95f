import type { Provider } from '../../core/ports/provider.ts';
import { createAnthropic } from './anthropic.ts';
import { createOffline, type PlaybookSource } from './offline.ts';

/** What the providers want to know. */
export interface ProviderSettings {
  /** The API key of a provider by the provider's name, or `null`. */
  readonly secret: (name: string) => Promise<string | null>;
  readonly playbooks: PlaybookSource;
  /** Another address for Anthropic than the public one; never from a repository (SECURITY S4). */
  readonly anthropicBaseUrl?: string | undefined;
}

/** Every provider there is; the first is the default. */
export const createProviders = (settings: ProviderSettings): readonly Provider[] => [
  createOffline({ playbooks: settings.playbooks }),
  createAnthropic({ key: () => settings.secret('anthropic'), baseURL: settings.anthropicBaseUrl }),
];

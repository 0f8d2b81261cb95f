import type { RuntimeOrder } from '../../../core/ports/runtime.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import type { ProviderKind } from '../../../protocol/provider.ts';

/** How a provider is reached, as it is set up at this moment. */
export interface Access {
  /** Another address than the public one, in our own form of it. */
  readonly baseUrl: string | null;
  readonly key: string | null;
}

/** The name under which pi knows the one provider that it is given. */
export const providerName = 'butler';

interface Wire {
  /** pi's name for the wire that the provider speaks. */
  readonly api: string;
  /** The public address; `null` where there is none. */
  readonly address: string | null;
  /** What pi wants behind our form of the address. */
  readonly behind: string;
}

/** How pi reaches each kind of provider; kinds that are not there it cannot reach. */
const wires: Readonly<Partial<Record<ProviderKind, Wire>>> = {
  anthropic: { api: 'anthropic-messages', address: 'https://api.anthropic.com', behind: '' },
  openai: { api: 'openai-responses', address: 'https://api.openai.com/v1', behind: '' },
  google: {
    api: 'google-generative-ai',
    address: 'https://generativelanguage.googleapis.com',
    behind: '/v1beta',
  },
  mistral: { api: 'openai-completions', address: 'https://api.mistral.ai/v1', behind: '' },
  groq: { api: 'openai-completions', address: 'https://api.groq.com/openai/v1', behind: '' },
  ollama: { api: 'openai-completions', address: 'http://127.0.0.1:11434', behind: '/v1' },
  compatible: { api: 'openai-completions', address: null, behind: '' },
};

/** pi's `models.json` for the one model of an order (https://pi.dev, docs/models.md). */
export function modelsFor(
  { provider, model, context, longest }: Pick<RuntimeOrder, 'provider' | 'model' | 'context' | 'longest'>,
  { baseUrl, key }: Access,
): Outcome<unknown> {
  const wire = wires[provider.kind];
  const address = (baseUrl ?? wire?.address)?.replace(/\/$/, '');
  if (!wire || !address) {
    const what = `pi cannot work with ${provider.title}.`;
    return bad(
      failures.invalid('ability.provider', what, 'Choose a provider with a model for this Ability.'),
    );
  }
  if (model === '') {
    return bad(failures.invalid('ability.model', `No model of ${provider.title} is named.`, 'Name one.'));
  }
  const models = [{ id: model, contextWindow: context, maxTokens: longest, input: ['text', 'image'] }];
  const apiKey = literal(key ?? 'none');
  return good({
    providers: { [providerName]: { baseUrl: address + wire.behind, api: wire.api, apiKey, models } },
  });
}

/** A value that pi takes as it stands, without looking into the environment or running anything. */
function literal(value: string): string {
  const escaped = value.replaceAll('$', '$$$$');
  return escaped.startsWith('!') ? `$${escaped}` : escaped;
}

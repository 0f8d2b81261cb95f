import type { ModelChoice, ProviderInfo } from '../server/protocol/provider.ts';

/** The providers to go on with, in their order; none stands in it twice with the same model. */
export type FallbackChain = readonly ModelChoice[];

/** The most that a chain holds. */
export const longestChain = 8;

/** The chain with a choice at its end; one that is in it stays where it is. */
export function withChoice(chain: FallbackChain, choice: ModelChoice): FallbackChain {
  return chain.length >= longestChain || chain.some((one) => isSame(one, choice))
    ? chain
    : [...chain, choice];
}

/** The chain without the choice at a place. */
export function without(chain: FallbackChain, at: number): FallbackChain {
  return chain.filter((_, index) => index !== at);
}

/** The chain with the choice at a place one step earlier. */
export function earlier(chain: FallbackChain, at: number): FallbackChain {
  const [one, other] = [chain[at], chain[at - 1]];
  return one && other ? chain.with(at - 1, one).with(at, other) : chain;
}

/** The providers that may stand in a chain: those that are there, but for the one that needs no model. */
export function choosable(providers: readonly ProviderInfo[]): readonly ProviderInfo[] {
  return providers.filter(({ kind, ready }) => kind !== 'offline' && ready);
}

/** Where choices go, each once; a provider that is itself on this machine asks others by some of its models. */
export function namesOf(choices: FallbackChain, providers: readonly ProviderInfo[]): readonly string[] {
  const names = choices.map(({ provider, model }) => {
    const info = providers.find(({ name }) => name === provider);
    const title = info?.title ?? provider;
    const asked = model || info?.models[0];
    return info?.local && asked ? `${title} (${asked})` : title;
  });
  return [...new Set(names)];
}

function isSame(one: ModelChoice, other: ModelChoice): boolean {
  return one.provider === other.provider && one.model === other.model;
}

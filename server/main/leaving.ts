import { candidateOf, mayTell } from '../core/chain.ts';
import { good, type Outcome } from '../protocol/failure.ts';
import type { ModelChoice } from '../protocol/provider.ts';
import type { Butler } from './compose.ts';

/** Finds the fallbacks by which some job that stays on this machine would leave it, as the chain of a job judges it. */
export async function findLeaving(
  butler: Pick<Butler, 'providers'>,
  fallbacks: readonly ModelChoice[],
): Promise<Outcome<{ leaving: ModelChoice[] }>> {
  const providers = butler.providers();
  const owns = providers.map((provider) => candidateOf(provider, ''));
  const leaving = fallbacks.filter(({ provider, model }) => {
    const found = providers.find(({ name }) => name === provider);
    return found && owns.some((own) => !mayTell(own, candidateOf(found, model), false));
  });
  return good({ leaving });
}

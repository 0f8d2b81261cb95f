import { listProviders } from '../core/providers.ts';
import type { ProviderInfo } from '../protocol/provider.ts';
import type { Butler } from './compose.ts';

/** Lists the providers, looked for now, as they can be used here: without an editor none lends its models. */
export async function providersHere(butler: Butler): Promise<ProviderInfo[]> {
  const infos = await listProviders(butler, true);
  return infos.map((info) => (isElsewhere(butler, info) ? { ...info, ready: false } : info));
}

/** Whether a provider is an editor's, and none is here. */
export function isElsewhere({ editor }: Pick<Butler, 'editor'>, { kind }: ProviderInfo): boolean {
  return kind === 'editor' && editor === null;
}

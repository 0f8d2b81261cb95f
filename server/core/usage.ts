import { costOf } from '../protocol/cost.ts';
import type { EntryData } from '../protocol/entryData.ts';
import type { Part, Usage } from '../protocol/provider.ts';
import { factsOf, priceOf } from './models.ts';
import type { Provider, ProviderMessage, ProviderRequest } from './ports/provider.ts';
import { sizeOfMessage, sizeOfPart } from './telling.ts';
import { estimateTokens, sizeOf, sizeOfImage } from './tokens.ts';

/** The sizes of what was asked and of what was said, in bytes. */
export interface Sizes {
  readonly asked: number;
  readonly said: number;
}

/**
 * What an answer came to: as its service counted it, else an estimate by its sizes, for a budget that a silent
 * service never reaches is none. Playbooks ask no model and come to nothing.
 */
export function usageOf(
  { kind }: Pick<Provider, 'kind'>,
  counted: Usage | null,
  sizes: () => Sizes,
): Usage | null {
  if (counted && costOf({ usage: counted }).tokens > 0) return counted;
  if (kind === 'offline') return null;
  const { asked, said } = sizes();
  const tokens = { input: estimateTokens(asked, null), output: estimateTokens(said, null) };
  return { ...tokens, cacheRead: 0, cacheWrite: 0, estimated: true };
}

/** What a try that came to nothing cost, as its entry tells it; nothing where nothing of an answer came. */
export function costOfFailed(
  { kind }: Pick<Provider, 'kind'>,
  model: string,
  usage: Usage | null,
): Pick<EntryData<'attempt.failed'>, 'usage' | 'usd'> {
  return usage ? { usage, usd: priceOf(factsOf(kind, model), usage) } : {};
}

/** The size of the parts of an answer in bytes. */
export function sizeOfParts(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + sizeOfPart(part), 0);
}

/** The size of a request in bytes; an image counts as the largest that is ever sent. */
export function sizeOfRequest({ system, tools, messages }: ProviderRequest): number {
  const sizes = messages.map((message) => sizeOfMessage(message) + imagesIn(message) * sizeOfImage(largest));
  return sizes.reduce((sum, size) => sum + size, sizeOf(system) + sizeOf(JSON.stringify(tools)));
}

function imagesIn(message: ProviderMessage): number {
  return message.role === 'user' ? (message.images?.length ?? 0) : 0;
}

/** Images are made as small as this before they are kept. */
const largest = { width: 1568, height: 1568 };

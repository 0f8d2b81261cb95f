import type { ProviderKind, Usage } from '../protocol/provider.ts';
import data from './models.json' with { type: 'json' };

/** US dollars for a million tokens. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What is known of a model: how much it takes and says, in tokens, and what it costs. */
export interface ModelFacts {
  /** A request and its answer together. */
  readonly context: number;
  /** The longest request, where a service takes less than what the answer leaves of the context. */
  readonly input?: number;
  /** The longest answer. */
  readonly output: number;
  /** Whether it thinks by itself, and tells nothing of that, nor what it notes between calls, unless it is asked to. */
  readonly quiet?: boolean;
  /** `null` where no price is known; `long` holds for the whole of a request above so many tokens. */
  readonly usd: (Prices & { readonly long?: Prices & { readonly above: number } }) | null;
  /** The longest result of a tool that is told whole, in characters. */
  readonly result: number;
}

/** The day of the facts in the list, as 2026-11-21. */
export const pricesOf: string = data.date;

/**
 * What is known of a model of a kind of provider: the entry whose name is the longest beginning of the model's,
 * else what holds for the kind. Source of the facts: the providers' public pages of the list's date. For Ollama
 * the context is what is asked of it, 32,768 at most, because it costs the machine's memory.
 */
export function factsOf(kind: ProviderKind, model: string): ModelFacts {
  const { models, otherwise, result = data.result } = listOf(kind);
  const name = Object.keys(models)
    .filter((one) => isOf(one, model))
    .sort((one, other) => other.length - one.length)[0];
  return { ...((name === undefined ? undefined : models[name]) ?? otherwise), result };
}

/** What tokens cost in US dollars; `null` where no price is known. */
export function priceOf({ usd }: Pick<ModelFacts, 'usd'>, usage: Usage | null): number | null {
  if (!usd || !usage) return null;
  const { input, output, cacheRead, cacheWrite } = usage;
  const asked = input + cacheRead + cacheWrite;
  const price = usd.long && asked > usd.long.above ? usd.long : usd;
  const millionths =
    input * price.input + output * price.output + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite;
  return millionths / 1_000_000;
}

/** What a service takes for something that it makes, in US dollars. */
export type MediaPrice =
  | { readonly piece: number }
  /** Of speech, at about 900 characters. */
  | { readonly minute: number }
  /** Of video, of the usual size. */
  | { readonly second: number };

/** What a model takes for a picture, a speech or a video; `null` where no price is known. */
export function mediaPriceOf(model: string): MediaPrice | null {
  const media: Readonly<Record<string, MediaPrice>> = data.media;
  return Object.hasOwn(media, model) ? (media[model] ?? null) : null;
}

/** What it takes for so many characters, or seconds, of it. */
export function mediaUsd(model: string, much: { readonly characters?: number; readonly seconds?: number }) {
  const price = mediaPriceOf(model);
  if (!price) return null;
  if ('piece' in price) return price.piece;
  if ('minute' in price) return ((much.characters ?? 0) / charactersOfAMinute) * price.minute;
  return (much.seconds ?? 0) * price.second;
}

/** What is spoken in a minute, about. */
const charactersOfAMinute = 900;

/** A tag or a date may follow a name, as in `qwen3:8b`; the number of another version may not. */
function isOf(name: string, model: string): boolean {
  return model.startsWith(name) && /^($|:|@|-(?!\d{1,3}(\D|$)))/.test(model.slice(name.length));
}

type ListedFacts = Omit<ModelFacts, 'result'>;

interface KindList {
  readonly otherwise: ListedFacts;
  readonly result?: number;
  readonly models: Readonly<Record<string, ListedFacts>>;
}

function listOf(kind: ProviderKind): KindList {
  return (data.kinds as Readonly<Record<ProviderKind, KindList>>)[kind];
}

import path from 'node:path';
import { pricesOf } from '../../../core/models.ts';
import type { Provider } from '../../../core/ports/provider.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { findSpot, type Spot } from '../files/places.ts';

/** Providers that a person set up, at this moment: those without a key are left out. */
export type Makers = () => Promise<readonly Provider[]>;

/** What a call wants. */
export interface Wanted {
  readonly words: string;
  readonly path: string;
}

/** Where something new may be written, once its words may leave the machine. */
export async function newPlace(
  { words, path: given }: Wanted,
  ending: string,
  context: ToolContext,
): Promise<Outcome<Spot>> {
  const spot = await findSpot(given, context);
  if (!spot.ok) return spot;
  const { place, shown, exists } = spot.value;
  if (place === 'outside') return bad(failures.denied(`${shown} is outside the workspace.`, inside));
  if (exists) return bad(failures.invalid('path', `"path": there is already ${shown}.`, 'Name a new file.'));
  if (path.extname(shown).toLowerCase() !== ending) {
    return bad(failures.invalid('path', `"path": the file must end in ${ending}.`, 'Name it so.'));
  }
  if (context.redactor.known(words) !== words) {
    return bad(failures.denied('The text holds a secret that the butler keeps.', 'Leave it out.'));
  }
  return spot;
}

/** The maker that makes something: that of the Ability where it can, else the first that can. */
export async function makerOf<M>(
  makers: Makers,
  { ability }: ToolContext,
  part: (provider: Provider) => M | undefined,
): Promise<Outcome<{ provider: Provider; maker: M }>> {
  const able = (await makers()).filter((one) => part(one) !== undefined);
  const provider = able.find(({ name }) => name === ability.provider) ?? able[0];
  const maker = provider && part(provider);
  return provider && maker ? good({ provider, maker }) : bad(nobody);
}

/** Refuses words that are longer than a service takes. */
export function tooManyWords(words: string, longest: number, { title }: Provider): Outcome<never> | null {
  if (words.length <= longest) return null;
  const what = `"text": ${title} takes ${longest} characters at most.`;
  return bad(failures.invalid('text', what, 'Make it in several parts.'));
}

/** The effect of paying a provider, in words and in US dollars. */
export function spending(usd: number | null, { title }: Provider, model: string): SpendEffect {
  const price = usd === null ? 'a price that is not known' : `about $${Math.max(0.01, usd).toFixed(2)}`;
  const amount = `${price} at ${title} (${model}, prices of ${pricesOf})`;
  return { kind: 'spend', amount, ...(usd === null ? {} : { usd }) };
}

type SpendEffect = Extract<Effect, { kind: 'spend' }>;

const inside = 'Give a path inside the workspace.';
const nobody = failures.tool(
  'No provider that can make this is set up.',
  'Set up OpenAI or Google: run "Butler: Add Provider".',
);

import type { Made, Making, Provider } from '../../../core/ports/provider.ts';
import type { Tool, ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { fileEffect, type Spot } from '../files/places.ts';
import { underAllNames } from '../files/rulingLinks.ts';
import { keep, keepAgain, MadeNote, takingBack } from './keeping.ts';
import { typeOf } from './kinds.ts';
import { type AskedNote, isNotOrdered, noteInVain } from './ordering.ts';
import { type Makers, makerOf, newPlace, spending, tooManyWords, type Wanted } from './place.ts';

/** What is made of words, and how a person is told of it. */
export interface Product {
  readonly member: 'image' | 'speech';
  /** As in `Make a picture`. */
  readonly noun: string;
  /** The ending of its file. */
  readonly ending: string;
}

type Acts = Pick<Tool<Wanted>, 'offered' | 'plan' | 'run' | 'undo' | 'redo' | 'reconcile'>;

/**
 * Makes a file of words by a provider. It costs money, so it is asked for with its price; the words leave the
 * machine to the provider that is named. That it is ordered is noted before, and what was paid for is kept, and its
 * cost noted, before it is written, so that no crash after that loses it or orders it anew.
 */
export function makingOf(product: Product, makers: Makers): Acts {
  const { member, noun, ending } = product;
  return {
    offered: async () => (await makers()).some((one) => one[member]),
    plan: async (wanted, context) => {
      const work = await workOf(wanted, context, product, makers);
      if (!work.ok) return work;
      const { spot, provider, making } = work.value;
      const spend = spending(making.usd(wanted.words), provider, making.model);
      return good({
        title: `Make ${noun} ${spot.shown}, for ${spend.amount}`,
        effects: [spend, fileEffect('write', await underAllNames(spot, context))],
        exactly: { path: spot.path, provider: provider.name, model: making.model },
        preview: { kind: 'text', text: wanted.words },
      });
    },
    run: async (wanted, plan, context) => {
      const kept = MadeNote.safeParse(context.noted);
      if (kept.success) return keepAgain(kept.data, context);
      const work = await workOf(wanted, context, product, makers);
      if (!work.ok) return work;
      const { spot, provider, making } = work.value;
      const exactly = { path: spot.path, provider: provider.name, model: making.model };
      if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) return bad(otherwise);
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was made.'));
      const asked = provider.name;
      await context.note({ asked } satisfies AskedNote);
      context.progress(0, `${provider.title} is at work`);
      const usd = making.usd(wanted.words);
      let isTaken = false;
      const made = await making.make(wanted.words, context.signal, () => {
        isTaken = true;
      });
      if (!made.ok) {
        await noteInVain({ failure: made.failure, isTaken, asked, usd }, context);
        return made;
      }
      const digest = await context.blobs.put(made.value.bytes);
      return keep(spot.shown, { digest, what: describe(made.value, ending), usd }, context);
    },
    ...takingBack,
    reconcile: async (_wanted, context) => {
      if (isNotOrdered(context.noted)) return { state: 'notDone' };
      const note = MadeNote.safeParse(context.noted);
      const kept = note.success ? await keepAgain(note.data, context) : null;
      return kept?.ok ? { state: 'done', result: kept.value } : { state: 'unknown' };
    },
  };
}

/** The failure where what would be paid for is not what a person saw. */
export const otherwise = failures.conflict('It would be made otherwise than was shown.', 'Ask for it anew.');

interface Work {
  readonly spot: Spot;
  readonly provider: Provider;
  readonly making: Making;
}

async function workOf(
  wanted: Wanted,
  context: ToolContext,
  { member, ending }: Product,
  makers: Makers,
): Promise<Outcome<Work>> {
  const spot = await newPlace(wanted, ending, context);
  if (!spot.ok) return spot;
  const found = await makerOf(makers, context, (one) => one[member]);
  if (!found.ok) return found;
  const { provider, maker } = found.value;
  const fault = tooManyWords(wanted.words, maker.longest, provider);
  return fault ?? good({ spot: spot.value, provider, making: maker });
}

function describe(made: Made, ending: string): string {
  const kind = typeOf(made.bytes) ?? { name: made.type, ending };
  const odd = kind.ending === ending ? '' : ', in spite of its name';
  return `${made.bytes.length} bytes of ${kind.name}${odd}`;
}

import * as z from 'zod';
import type { Filming, Provider, VideoWish } from '../../../core/ports/provider.ts';
import type { Tool, ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { fileEffect, findSpot, type Spot } from '../files/places.ts';
import { underAllNames } from '../files/rulingLinks.ts';
import { firstPicture } from './firstPicture.ts';
import { keep, keepAgain, MadeNote, takingBack } from './keeping.ts';
import { otherwise } from './making.ts';
import { type AskedNote, isNotOrdered, noteInVain } from './ordering.ts';
import { type Makers, makerOf, newPlace, spending, tooManyWords, type Wanted } from './place.ts';
import { take } from './taking.ts';

/** What a call wants of a video. */
export interface WantedVideo extends Wanted {
  readonly seconds: number;
  readonly tall: boolean;
  readonly model?: string | undefined;
  /** The path of the picture that it begins with. */
  readonly image?: string | undefined;
}

type Acts = Pick<Tool<WantedVideo>, 'offered' | 'plan' | 'run' | 'undo' | 'redo' | 'reconcile'>;

/**
 * Makes a video by a provider, which works on it for minutes. Each step is noted before the next: that it is
 * ordered, the name of the order, that it is ready and paid for, and what was kept of it. After a crash what is
 * under way is waited for and never ordered twice; only where nobody knows whether the order arrived, a person is
 * asked.
 */
export function filmingOf(makers: Makers): Acts {
  return {
    offered: async () => (await makers()).some(({ video }) => video),
    plan: async (wanted, context) => {
      const away = await orderedAway(makers, context);
      if (away) return bad(away);
      const work = await workOf(wanted, context, makers);
      if (!work.ok) return work;
      const { spot, exactly, provider, effects, spend } = work.value;
      return good({
        title: `Make the video ${spot.shown} of ${wanted.seconds} seconds at ${provider.title}, for ${spend.amount}`,
        effects: [spend, fileEffect('write', await underAllNames(spot, context)), ...effects],
        exactly,
        preview: { kind: 'text', text: wanted.words },
      });
    },
    run: async (wanted, plan, context) => {
      const kept = MadeNote.safeParse(context.noted);
      if (kept.success) return keepAgain(kept.data, context);
      const under = Ordered.safeParse(context.noted);
      if (under.success) return goOn(wanted, under.data, makers, context);
      const work = await workOf(wanted, context, makers);
      if (!work.ok) return work;
      const { exactly, film, provider, spot } = work.value;
      if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) return bad(otherwise);
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was made.'));
      context.progress(0, `${provider.title} takes the order`);
      const ordered = await order(work.value, context);
      return ordered.ok ? bring(spot, ordered.value, { film, provider }, context) : ordered;
    },
    ...takingBack,
    reconcile: async (_wanted, context) => {
      const made = MadeNote.safeParse(context.noted);
      if (made.success) {
        const kept = await keepAgain(made.data, context);
        return kept.ok ? { state: 'done', result: kept.value } : { state: 'unknown' };
      }
      if (Ordered.safeParse(context.noted).success) return { state: 'underWay' };
      return { state: isNotOrdered(context.noted) ? 'notDone' : 'unknown' };
    },
  };
}

/** It was ordered; `paid`: it was made, and its cost is noted. */
const Ordered = z.strictObject({
  order: z.strictObject({
    name: z.string(),
    provider: z.string(),
    usd: z.number().nullable(),
    paid: z.boolean(),
  }),
});
type Ordered = z.infer<typeof Ordered>;

/** Orders it, and notes before and after what is known of the order. */
async function order({ film, wish, provider }: Work, context: ToolContext): Promise<Outcome<Ordered>> {
  const asked = provider.name;
  await context.note({ asked } satisfies AskedNote);
  const usd = film.usd(wish);
  let isTaken = false;
  const taken = () => {
    isTaken = true;
  };
  const begun = await film.begin(wish, { once: context.execution, signal: context.signal, taken });
  if (!begun.ok) {
    await noteInVain({ failure: begun.failure, isTaken, asked, usd }, context);
    return begun;
  }
  const ordered: Ordered = { order: { name: begun.value, provider: asked, usd, paid: false } };
  await context.note(ordered);
  return good(ordered);
}

/** Why what is ordered cannot be asked after yet: its provider is out of reach; `null` where nothing is in the way. */
async function orderedAway(makers: Makers, { noted, signal }: ToolContext): Promise<Failure | null> {
  const under = Ordered.safeParse(noted);
  if (!under.success) return null;
  const provider = (await makers()).find(({ name }) => name === under.data.order.provider);
  const isThere = (await provider?.reachable?.(signal)) ?? true;
  return isThere ? null : failures.offline(`${provider?.title} cannot be reached.`);
}

/** Takes up an order of before a crash, at the provider that has it. */
async function goOn(
  wanted: WantedVideo,
  order: Ordered,
  makers: Makers,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const spot = await findSpot(wanted.path, context);
  if (!spot.ok) return spot;
  const provider = (await makers()).find(({ name }) => name === order.order.provider);
  if (!provider?.video) {
    const what = `The video was ordered at "${order.order.provider}", which is not set up any more.`;
    return bad(failures.tool(what, 'Set it up again, and look for the video in the account there.'));
  }
  return bring(spot.value, order, { film: provider.video, provider }, context);
}

/** Waits for an order, takes what came of it and writes it. */
async function bring(
  spot: Spot,
  { order }: Ordered,
  { film, provider }: { readonly film: Filming; readonly provider: Provider },
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  let isPaid = order.paid;
  const paid = async () => {
    if (!isPaid) await context.note({ order: { ...order, paid: true } } satisfies Ordered, order.usd);
    isPaid = true;
  };
  const taken = await take({ film, provider, name: order.name, paid }, context);
  return taken.ok ? keep(spot.shown, taken.value, context) : taken;
}

interface Work {
  readonly spot: Spot;
  readonly provider: Provider;
  readonly film: Filming;
  readonly wish: VideoWish;
  readonly spend: Extract<Effect, { kind: 'spend' }>;
  /** What it touches besides the new file. */
  readonly effects: readonly Effect[];
  readonly exactly: unknown;
}

async function workOf(wanted: WantedVideo, context: ToolContext, makers: Makers): Promise<Outcome<Work>> {
  const spot = await newPlace(wanted, '.mp4', context);
  if (!spot.ok) return spot;
  const found = await makerOf(makers, context, ({ video }) => video);
  if (!found.ok) return found;
  const { provider, maker: film } = found.value;
  const fault = tooManyWords(wanted.words, film.longest, provider);
  if (fault) return fault;
  if (!film.seconds.includes(wanted.seconds)) {
    const what = `"seconds": ${provider.title} makes videos of ${film.seconds.join(', ')} seconds.`;
    return bad(failures.invalid('seconds', what, 'Choose one of these.'));
  }
  const picture = await firstPicture(wanted.image, context);
  if (!picture.ok) return picture;
  const { words, seconds, tall } = wanted;
  const model = wanted.model || film.model;
  const wish = { model, words, seconds, tall, image: picture.value?.image ?? null };
  const image = picture.value?.digest ?? null;
  return good({
    spot: spot.value,
    provider,
    film,
    wish,
    spend: spending(film.usd(wish), provider, model),
    effects: picture.value ? [picture.value.effect] : [],
    exactly: { path: spot.value.path, provider: provider.name, model, seconds, tall, image },
  });
}

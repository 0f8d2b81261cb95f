import * as z from 'zod';
import { Id, request, Time } from './message.ts';
import type { Usage } from './provider.ts';

/** What was spent on models. */
export const Cost = z.strictObject({
  /** Tokens of all kinds, as the providers counted them; estimated where one counted none. */
  tokens: z.int().nonnegative(),
  /** US dollars by the price list of the time; what has no known price counts nothing. */
  usd: z.number().nonnegative(),
  /** Whether something in it had no known price. */
  unpriced: z.boolean(),
});
export type Cost = z.infer<typeof Cost>;

/** Nothing spent. */
export const noCost: Cost = { tokens: 0, usd: 0, unpriced: false };

/** The sum of two costs. */
export function plusCost(one: Cost, other: Cost): Cost {
  return {
    tokens: one.tokens + other.tokens,
    usd: one.usd + other.usd,
    unpriced: one.unpriced || other.unpriced,
  };
}

/** What one answer, or a summary, cost: its tokens of all kinds, and its price where one is known. */
export function costOf({
  usage,
  usd,
}: {
  usage?: Usage | null | undefined;
  usd?: number | null | undefined;
}): Cost {
  if (!usage) return noCost;
  const { input, output, cacheRead, cacheWrite } = usage;
  return {
    tokens: input + output + cacheRead + cacheWrite,
    usd: usd ?? 0,
    unpriced: usd === null || usd === undefined,
  };
}

/** What an execution paid for something else than tokens; nothing where it says of no price. */
export function paidFor({ usd }: { readonly usd?: number | null | undefined }): Cost {
  return usd === undefined ? noCost : { tokens: 0, usd: usd ?? 0, unpriced: usd === null };
}

/** How much may be spent before a person is asked; `null` is no limit. */
export const Limits = z.strictObject({
  usd: z.number().positive().nullable(),
  tokens: z.int().positive().nullable(),
  /** Rounds of one job, those of its child jobs included. */
  rounds: z.int().positive().nullable(),
  /** Minutes that a job works, without those that it waits for a person or the network. */
  minutes: z.number().positive().nullable(),
});
export type Limits = z.infer<typeof Limits>;

/** Limits of one job with its children, and of all jobs of a day. */
export const Budget = z.strictObject({
  job: Limits,
  day: Limits.pick({ usd: true, tokens: true }),
});
export type Budget = z.infer<typeof Budget>;

/** What holds where a person set nothing. */
export const defaultBudget: Budget = {
  job: { usd: 5, tokens: 5_000_000, rounds: 250, minutes: 120 },
  day: { usd: 25, tokens: 30_000_000 },
};

export const readCosts = request('butler/cost/read', {
  from: 'client',
  page: true,
  does: 'Says what a job with its children, and what all jobs since a time, have spent.',
  params: z.strictObject({ job: Id.optional(), since: Time.optional() }),
  result: z.strictObject({ job: Cost.nullable(), since: Cost }),
});

export const costMessages = [readCosts];

import type { Effect } from '../protocol/effect.ts';
import type { EntryType } from '../protocol/entryData.ts';
import type { Store } from './ports/store.ts';

/** What effects cost in US dollars, as far as that is known. */
export function priceOfEffects(effects: readonly Effect[]): number {
  return effects.reduce((sum, effect) => sum + (effect.kind === 'spend' ? (effect.usd ?? 0) : 0), 0);
}

/** What one job's executions at work have been allowed to pay and have not paid yet, in US dollars. */
export interface Promised {
  readonly execution: string;
  readonly job: string | null;
  readonly usd: number;
}

/** What is promised by executions that began since a time, in their order; a video is paid for minutes after it was allowed. */
export async function promisedSince(store: Pick<Store, 'entries'>, since: number): Promise<Promised[]> {
  const open = new Map<string, Promised>();
  let after = 0;
  for (let more = true; more; ) {
    const page = await store.entries({ filter: { types, since }, after, limit: 2000 });
    for (const entry of page.entries) {
      after = entry.seq;
      if (entry.type === 'execution.started') {
        const usd = priceOfEffects(entry.data.effects);
        const { execution } = entry.data;
        if (usd > 0) open.set(execution, { execution, job: entry.job, usd });
      }
      if (entry.type === 'execution.noted' && entry.data.usd !== undefined) open.delete(entry.data.execution);
      if (entry.type === 'execution.finished') open.delete(entry.data.execution);
    }
    more = page.more;
  }
  return [...open.values()];
}

const types: EntryType[] = ['execution.started', 'execution.noted', 'execution.finished'];

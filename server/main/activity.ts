import { everyAct, findActs } from '../core/activity/search.ts';
import { actsAsCsv } from '../core/activity/table.ts';
import type { Act, exportActivity, queryActivity } from '../protocol/activity.ts';
import { good, type Outcome } from '../protocol/failure.ts';
import type { ParamsOf, ResultOf } from '../protocol/message.ts';
import type { Butler } from './compose.ts';
import { todayOn } from './today.ts';

/** A page of the acts that a question finds. */
export async function queryActs(
  butler: Pick<Butler, 'store' | 'clock'>,
  params: ParamsOf<typeof queryActivity>,
): Promise<Outcome<ResultOf<typeof queryActivity>>> {
  const found = await findActs(portsOf(butler), params);
  if (!found.ok) return found;
  const { filter, understood, acts, more, next } = found.value;
  return good({ filter, understood, acts, more, ...(more ? { next } : {}) });
}

/** All of them as a document, oldest first. */
export async function exportActs(
  butler: Pick<Butler, 'store' | 'clock'>,
  { query, form }: ParamsOf<typeof exportActivity>,
): Promise<Outcome<ResultOf<typeof exportActivity>>> {
  const acts: Act[] = [];
  for await (const page of everyAct(portsOf(butler), query)) {
    if (!page.ok) return page;
    acts.push(...page.value);
  }
  acts.reverse();
  const content = form === 'csv' ? actsAsCsv(acts) : `${JSON.stringify(acts, null, 2)}\n`;
  return good({ content, acts: acts.length });
}

function portsOf({ store, clock }: Pick<Butler, 'store' | 'clock'>) {
  return { store, today: () => todayOn(clock) };
}

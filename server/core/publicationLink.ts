import * as z from 'zod';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import type { Credential, Target, TargetLink } from './ports/target.ts';

/** What making a link wants from outside core. */
export interface LinkPorts {
  readonly store: Pick<Store, 'executions' | 'deliverable'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly targets: readonly Target[];
  credential(account: string): Promise<Credential | null>;
}

/** What was kept of a publication to take it back. */
const Kept = z.looseObject({ target: z.string(), deliverable: z.string(), undo: z.unknown() });

/** Makes a link by which whoever has it can see one published file for a while; `null` where there is no need or no way. */
export async function linkTo(
  { store, clock, targets, credential }: LinkPorts,
  { job, execution, path }: { readonly job: string; readonly execution: string; readonly path: string },
): Promise<Outcome<{ link: TargetLink | null }>> {
  const found = (await store.executions(job)).find(({ id }) => id === execution);
  const kept = Kept.safeParse(found?.undo);
  if (found?.state !== 'ok' || !kept.success) return bad(failures.notFound('publication', execution));
  const { target: name, deliverable, undo } = kept.data;
  const files = (await store.deliverable(deliverable))?.files ?? [];
  if (!files.some((file) => file.path === path)) return bad(failures.notFound('file', path));
  const target = targets.find((one) => one.name === name);
  const made = await target?.link?.(undo, path, { credential, now: () => clock.now() });
  if (!made) return good({ link: null });
  return made.ok ? good({ link: made.value }) : made;
}

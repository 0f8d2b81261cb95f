import { type Row, rowOf } from '../../row.ts';
import { siteInWords } from './site.ts';

/** Which times each side publishes; what is soon done is better done more often. */
export const rounds: readonly number[] = [0, 1, 2];
export const moreRounds: readonly number[] = [...rounds, 3, 4, 5, 6];

/** Publishes a whole site under a name that nothing stands under. */
export type Publish = (name: string) => Promise<void>;

/** Both in turn, some times, and the fastest of each: what else is at work on a machine only ever slows. */
export async function compared(
  how: string,
  { ours, theirs }: { readonly ours: Publish; readonly theirs: Publish },
  timesFloor: number,
  times = rounds,
): Promise<Row> {
  const took = { ours: [] as number[], theirs: [] as number[] };
  for (const round of times) {
    took.theirs.push(await timed(() => theirs(`theirs-${round}`)));
    took.ours.push(await timed(() => ours(`ours-${round}`)));
  }
  return rowOf({
    name: `publishing ${siteInWords} ${how}`,
    value: Math.min(...took.ours),
    unit: 'ms',
    floor: Math.min(...took.theirs),
    limit: { timesFloor },
  });
}

/** How long something takes, in ms. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

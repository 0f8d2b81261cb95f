import { isSamePlace } from './deliverable.ts';
import type { Entry } from './journal.ts';
import type { Published, Turn } from './turn.ts';

type Card = Extract<Turn, { kind: 'deliverable' }>;

/** Folds what an entry says of the publications of a conversation's deliverables into the turns, in place. */
export function foldPublication(turns: Turn[], entry: Entry): void {
  if (entry.type === 'deliverable.published') {
    const { deliverable, publication } = entry.data;
    const fresh = { publication, job: entry.job ?? '', seq: entry.seq, state: 'stands' } as const;
    change(turns, deliverable, (all) => [...all.filter((one) => !isOf(one, publication.execution)), fresh]);
  } else if (entry.type === 'deliverable.unpublished') {
    const { deliverable, execution } = entry.data;
    change(turns, deliverable, (all) =>
      all.map((one) => (isOf(one, execution) ? { ...one, state: 'undone' } : one)),
    );
  }
}

const isOf = ({ publication }: Published, execution: string) => publication.execution === execution;

/** Changes the publications of one deliverable, and with them what stands of all others. */
function change(
  turns: Turn[],
  deliverable: string,
  become: (all: readonly Published[]) => readonly Published[],
): void {
  const at = turns.findLastIndex(
    (turn) => turn.kind === 'deliverable' && turn.deliverable.id === deliverable,
  );
  const card = turns[at];
  if (card?.kind !== 'deliverable') return;
  turns[at] = { ...card, publications: become(card.publications) };
  const there = turns
    .flatMap((turn) => (turn.kind === 'deliverable' ? turn.publications : []))
    .filter(({ state }) => state !== 'undone');
  for (const [index, turn] of turns.entries()) {
    if (turn.kind === 'deliverable' && turn.publications.length > 0) turns[index] = settled(turn, there);
  }
}

/** A card with what stands of its publications: those whose place no later one took. */
function settled(card: Card, there: readonly Published[]): Card {
  const publications = card.publications.map((one): Published => {
    if (one.state === 'undone') return one;
    const isTaken = there.some(
      (other) => other.seq > one.seq && isSamePlace(other.publication, one.publication),
    );
    return { ...one, state: isTaken ? 'replaced' : 'stands' };
  });
  const published = publications.findLast(({ state }) => state === 'stands')?.publication ?? null;
  return { ...card, publications, deliverable: { ...card.deliverable, published } };
}

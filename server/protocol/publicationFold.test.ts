import assert from 'node:assert/strict';
import type { Deliverable, Publication } from './deliverable.ts';
import type { Entry } from './journal.ts';
import { emptyTranscript, foldTranscript } from './transcript.ts';

let seq = 0;
const entry = (job: string, type: string, data: object) =>
  ({ seq: ++seq, time: 1, stream: 's', job, type, actor: 'worker', data }) as unknown as Entry;
const saved = (id: string) => entry('made', 'deliverable.saved', { deliverable: { id, published: null } });
const published = (job: string, execution: string, deliverable: string, location = '/out') => {
  const publication = { execution, target: 'local', location, time: 1 };
  return entry(job, 'deliverable.published', { deliverable, publication });
};
const undone = (job: string, execution: string, deliverable: string) =>
  entry(job, 'deliverable.unpublished', { deliverable, execution });

/** Each deliverable with where it is published, and what became of each of its publications. */
const cards = (...entries: Entry[]) =>
  foldTranscript(emptyTranscript, entries).turns.flatMap((turn) => {
    if (turn.kind !== 'deliverable') return [];
    const { id, published: at }: { id: Deliverable['id']; published: Publication | null } = turn.deliverable;
    const told = turn.publications.map(
      ({ publication, job, state }) => `${publication.execution} by ${job} ${state}`,
    );
    return [[id, at?.execution ?? '-', ...told]];
  });

describe('publications in a conversation', () => {
  it('are told with the job that published, which may be another than the one that made it', () => {
    assert.deepEqual(cards(saved('d'), published('made', 'e1', 'd'), published('again', 'e2', 'd')), [
      ['d', 'e2', 'e1 by made replaced', 'e2 by again stands'],
    ]);
  });

  it('stand again when what replaced them is taken back', () => {
    const both = [saved('d'), published('made', 'e1', 'd'), published('again', 'e2', 'd')];
    assert.deepEqual(cards(...both, undone('again', 'e2', 'd')), [
      ['d', 'e1', 'e1 by made stands', 'e2 by again undone'],
    ]);
    assert.deepEqual(cards(...both, undone('made', 'e1', 'd')), [
      ['d', 'e2', 'e1 by made undone', 'e2 by again stands'],
    ]);
  });

  it('are replaced by those of another version at the same place, and by no others', () => {
    const first = [saved('v1'), published('j1', 'e1', 'v1'), published('j2', 'e2', 'v1', '/other')];
    const second = [saved('v2'), published('j3', 'e3', 'v2')];
    assert.deepEqual(cards(...first, ...second), [
      ['v1', 'e2', 'e1 by j1 replaced', 'e2 by j2 stands'],
      ['v2', 'e3', 'e3 by j3 stands'],
    ]);
    assert.deepEqual(cards(...first, ...second, undone('j3', 'e3', 'v2'))[0]?.[1], 'e2');
  });

  it('of what this conversation does not show change nothing in it', () => {
    assert.deepEqual(cards(saved('d'), published('j', 'e', 'other'), undone('j', 'e', 'other')), [
      ['d', '-'],
    ]);
  });
});

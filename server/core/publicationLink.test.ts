import assert from 'node:assert/strict';
import type { Deliverable } from '../protocol/deliverable.ts';
import { good } from '../protocol/failure.ts';
import type { Execution } from './ports/store.ts';
import type { Target } from './ports/target.ts';
import { type LinkPorts, linkTo } from './publicationLink.ts';

const asked = { job: 'job-1', execution: 'execution-1', path: 'index.html' };

describe('a link to what was published', () => {
  it('is made by the target of the publication, for a file of it', async () => {
    const outcome = await linkTo(ports(), asked);
    assert.deepEqual(outcome, good({ link: { url: 'kept index.html', until: 8 } }));
  });

  it('is none where the target makes none, or is gone', async () => {
    assert.deepEqual(await linkTo(ports({ target: 'local' }), asked), good({ link: null }));
    assert.deepEqual(await linkTo(ports({ target: 'gone' }), asked), good({ link: null }));
  });

  it('is made for no other file, no other job and nothing that was taken back', async () => {
    const wrong = [
      linkTo(ports(), { ...asked, path: '../secret' }),
      linkTo(ports(), { ...asked, path: 'other.html' }),
      linkTo(ports(), { ...asked, job: 'job-2' }),
      linkTo(ports(), { ...asked, execution: 'execution-2' }),
      linkTo(ports({ state: 'undone' }), asked),
      linkTo(ports({ undo: 'of another tool' }), asked),
    ];
    for (const outcome of await Promise.all(wrong))
      assert.ok(!outcome.ok && outcome.failure.kind === 'notFound');
  });
});

function ports(change: { target?: string; state?: Execution['state']; undo?: unknown } = {}): LinkPorts {
  const { target = 's3', state = 'ok' } = change;
  const undo = change.undo ?? { target, deliverable: 'deliverable-1', undo: 'kept' };
  const execution = { id: 'execution-1', state, undo } as Execution;
  const deliverable = { id: 'deliverable-1', files: [{ path: 'index.html' }] } as Deliverable;
  const link: Target['link'] = async (kept, path, { now }) =>
    good({ url: `${kept} ${path}`, until: now() + 1 });
  return {
    store: {
      executions: async (job) => (job === 'job-1' ? [execution] : []),
      deliverable: async (id) => (id === deliverable.id ? deliverable : null),
    },
    clock: { now: () => 7 },
    targets: [{ name: 's3', link } as Target, { name: 'local' } as Target],
    credential: async () => null,
  };
}

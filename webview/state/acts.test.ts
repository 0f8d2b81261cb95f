import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { bindActs } from './acts.ts';
import { Kept } from './host.ts';
import { newPage } from './page.ts';
import type { Wire } from './wire.ts';

describe('words that are said anew in a fork', () => {
  it('stay in its draft with all that was given with them, where they cannot be handed over', async () => {
    const image = { digest: 'a'.repeat(64), type: 'image/png', width: 1, height: 1 } as const;
    const file = { digest: 'b'.repeat(64), name: 'notes.txt', size: 3, mime: 'text/plain' };
    const kept = Kept.parse({ images: { s1: [{ image, thumb: 'data:,' }] } });
    const state = newPage(kept, 'en');
    const send: Wire['send'] = async ({ method }) =>
      method === 'butler/session/fork'
        ? { ok: true, value: { id: 's2' } as never }
        : { ok: false, failure: failures.store('The disk is full.', 'Make room, then try again.') };
    const wire: Wire = { send, act: () => undefined, ready: () => undefined };
    const acts = bindActs(state, wire, globalThis as unknown as Window);
    assert.equal(
      await acts.forkAnew('s1', 'j1', { text: 'Rather so', images: [image], files: [file] }),
      false,
    );
    const { drafts, images, files } = state.kept.value;
    assert.equal(drafts.s2, 'Rather so');
    assert.deepEqual(images.s2, [{ image, thumb: 'data:,' }]);
    assert.deepEqual(files.s2, [file]);
  });
});

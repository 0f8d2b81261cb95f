import { strict as assert } from 'node:assert';
import { hash } from 'node:crypto';
import type { Draft, Store } from '../../../server/core/ports/store.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import { deliverableSaved, jobCreated, sessionCreated } from './drafts.ts';
import type { StoreFactory, StoreUnderTest } from './storeUnderTest.ts';

const mebibyte = 1024 * 1024;

/** What every store must keep of what goes out: large bytes, publications and accounts. */
export function deliveryContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, of what goes out`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await factory();
      store = under.store;
    });
    afterEach(() => under.dispose());

    const append = async (...drafts: Draft[]) => {
      const outcome = await store.append(drafts);
      assert.ok(outcome.ok, JSON.stringify(outcome));
    };

    for (const size of [0, 5, mebibyte, mebibyte + 1, 3 * mebibyte, 3 * mebibyte + 7]) {
      it(`keeps ${size} bytes that come in pieces, and gives them back in pieces`, async () => {
        const bytes = Buffer.from(Array.from({ length: 1009 }, (_, index) => index % 256));
        const whole = Buffer.alloc(size, bytes);
        const kept = await store.blobs.putAll(inPieces(whole, 300_001));
        assert.deepEqual(kept, { digest: hash('sha256', whole), size });
        assert.ok(whole.equals((await store.blobs.get(kept.digest)) ?? Buffer.alloc(1)));
        for (const from of [0, 1, mebibyte, size]) {
          const opened = await store.blobs.open(kept.digest, from);
          assert.ok(opened);
          const pieces: Uint8Array[] = [];
          for await (const piece of opened) {
            assert.ok(piece.length <= mebibyte);
            pieces.push(piece);
          }
          assert.ok(whole.subarray(from).equals(Buffer.concat(pieces)), `from ${from}`);
        }
        assert.deepEqual(await store.blobs.putAll(inPieces(whole, 70_000)), kept);
        assert.equal(await store.blobBytes(), size);
      });
    }

    it('keeps nothing of what failed to come, and nothing of what was deleted', async () => {
      async function* cut() {
        yield Buffer.alloc(2 * mebibyte, 'a');
        throw new Error('cut');
      }
      await assert.rejects(store.blobs.putAll(cut()), /cut/);
      assert.equal(await store.blobBytes(), 0);
      const { digest } = await store.blobs.putAll(inPieces(Buffer.alloc(2 * mebibyte, 'b'), mebibyte));
      const deleted = { stream: adminStream, type: 'content.deleted', actor: 'person' } as const;
      await append({ ...deleted, data: { digests: [digest] } });
      assert.equal(await store.blobs.open(digest), null);
      assert.equal(await store.blobs.get(digest), null);
    });

    it('lists what was published, the newest first, and when it was taken back', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'));
      await append(deliverableSaved('s', 'j', 'd'), published('e1', 1), published('e2', 2));
      const rows = async (query: Partial<Parameters<Store['publications']>[0]> = {}) =>
        (await store.publications({ limit: 10, ...query })).map(({ publication, deliverable, undone }) => [
          publication.execution,
          deliverable,
          undone === null ? 'stands' : 'undone',
        ]);
      const both = [
        ['e2', 'd', 'stands'],
        ['e1', 'd', 'stands'],
      ];
      assert.deepEqual(await rows(), both);
      assert.deepEqual(await rows({ deliverable: 'd', target: 'local', session: 's' }), both);
      assert.deepEqual(await rows({ before: 'e2' }), [both[1]]);
      assert.deepEqual(await rows({ limit: 1 }), [both[0]]);
      assert.deepEqual(await rows({ target: 'ftp' }), []);
      const taken = { deliverable: 'd', execution: 'e1' };
      await append({ stream: 's', job: 'j', type: 'deliverable.unpublished', actor: 'person', data: taken });
      assert.deepEqual(await rows(), [both[0], ['e1', 'd', 'undone']]);
      assert.equal((await store.deliverable('d'))?.published?.execution, 'e2', 'the later one still stands');
      const before = under.tables();
      await store.rebuild();
      assert.deepEqual(under.tables(), before);
    });

    it('keeps an account until it is disconnected', async () => {
      const account = { id: 'ftp anna@host', target: 'ftp', title: 'anna', fields: ['password'] };
      const base = { stream: adminStream, actor: 'person' };
      await append({ ...base, type: 'target.connected', data: { account } });
      assert.deepEqual(await store.kept('targetAccount'), { [account.id]: account });
      const gone: Draft = { ...base, type: 'target.disconnected', data: { account: account.id } };
      await append(gone);
      assert.deepEqual(await store.kept('targetAccount'), {});
      const again = await store.append([gone]);
      assert.equal(again.ok ? 'done' : again.failure.kind, 'conflict');
    });
  });
}

function published(execution: string, time: number): Draft {
  const publication = { execution, target: 'local', location: '/somewhere', time };
  return {
    stream: 's',
    job: 'j',
    type: 'deliverable.published',
    actor: 'worker',
    data: { deliverable: 'd', publication },
  };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

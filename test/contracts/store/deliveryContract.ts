import { strict as assert } from 'node:assert';
import { hash } from 'node:crypto';
import type { Draft, Store } from '../../../server/core/ports/store.ts';
import type { EntryData } from '../../../server/protocol/entryData.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import {
  deliverableSaved,
  executionFinished,
  executionStarted,
  jobCreated,
  jobStep,
  sessionCreated,
} from './drafts.ts';
import { type StoreFactory, storeOfEachTest } from './storeUnderTest.ts';

const mebibyte = 1024 * 1024;

/** What every store must keep of what goes out: large bytes, publications and accounts. */
export function deliveryContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, of what goes out`, () => {
    const { under, store, append } = storeOfEachTest(factory);

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

    it('deletes with a session what only that was handed or kept, and nothing that another needs', async () => {
      const put = (text: string) => store.blobs.put(Buffer.from(text));
      const names = ['only', 'made', 'kept', 'listed', 'noted', 'handed', 'undoOfIt'] as const;
      const digests = await Promise.all(names.map(put));
      const [only, made, kept, listed, noted, handed, undoOfIt] = digests.map(String);
      const list = await put(JSON.stringify([listed]));
      const files = (...all: (string | undefined)[]) =>
        all.map((digest, index) => ({ name: `${index}`, digest, size: 1, mime: 'text/plain' }));
      const created = (session: string, job: string, ...all: (string | undefined)[]): Draft =>
        ({ ...jobCreated(session, job), content: { text: 'x', files: files(...all) } }) as Draft;
      const { data } = deliverableSaved('t', 'k', 'd') as { data: EntryData<'deliverable.saved'> };
      const one = { path: 'a', digest: made ?? '', size: 1, mime: 'text/plain' };
      await append(
        ...[sessionCreated('s'), created('s', 'j', only, made, kept, listed, noted, handed)],
        ...[executionStarted('s', 'j', 'e'), executionFinished('s', 'j', 'e', { before: undoOfIt })],
        jobStep('s', 'j', 'aborted'),
        ...[sessionCreated('t'), created('t', 'k', handed)],
        {
          ...base,
          stream: 't',
          job: 'k',
          type: 'deliverable.saved',
          data: { deliverable: { ...data.deliverable, files: [one] } },
        },
        ...[executionStarted('t', 'k', 'f'), executionFinished('t', 'k', 'f', { before: kept, steps: list })],
        executionStarted('t', 'k', 'g'),
        {
          ...base,
          stream: 't',
          job: 'k',
          type: 'execution.noted',
          data: { execution: 'g' },
          content: { note: { order: noted } },
        },
      );
      await append({ stream: 's', type: 'session.deleted', actor: 'person', data: {} });
      const left = await Promise.all(digests.map((digest) => store.blobs.get(digest)));
      assert.deepEqual(
        left.map((bytes) => Buffer.from(bytes ?? []).toString()),
        ['', ...names.slice(1, -1), ''],
      );
      assert.ok(await store.blobs.get(list));
    });

    it('lists deliverables by what is wanted, with the number of their files, and reads one whole', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'), saved('d'));
      for (const query of [{ session: 's' }, { job: 'j' }, { ability: 'butler' }, {}]) {
        const [found] = await store.deliverables({ ...query, limit: 5 });
        assert.deepEqual([found?.id, found?.published, found?.files, found?.bytes], ['d', null, 1, 5]);
      }
      assert.deepEqual(await store.deliverables({ session: 'other', limit: 5 }), []);
      const { data } = saved('d') as { data: EntryData<'deliverable.saved'> };
      assert.deepEqual(await store.deliverable('d'), data.deliverable);
      assert.equal(await store.deliverable('other'), null);
    });

    it('lists what was published, the newest first, and when it was taken back', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'));
      await append(saved('d'), published('e1', 'd'), published('e2', 'd'));
      const rows = async (query: Partial<Parameters<Store['publications']>[0]> = {}) =>
        (await store.publications({ limit: 10, ...query })).map(({ publication, undone }) => [
          publication.execution,
          undone === null ? 'out' : 'undone',
        ]);
      const both = [
        ['e2', 'out'],
        ['e1', 'out'],
      ];
      assert.deepEqual(await rows(), both);
      assert.deepEqual(await rows({ deliverable: 'd', target: 'local', session: 's' }), both);
      assert.deepEqual(await rows({ before: 'e2' }), [both[1]]);
      assert.deepEqual(await rows({ limit: 1 }), [both[0]]);
      assert.deepEqual(await rows({ execution: 'e1' }), [both[1]]);
      assert.deepEqual(await rows({ target: 'ftp' }), []);
      await append(unpublished('e1', 'd'));
      assert.deepEqual(await rows(), [both[0], ['e1', 'undone']]);
    });

    it('knows what stands where, whatever replaced it and was taken back', async () => {
      const there = async () => {
        const records = await store.publications({ limit: 10 });
        const standing = records.flatMap((one) => (one.stands ? one.publication.execution : [])).toReversed();
        const of = async (id: string) => (await store.deliverable(id))?.published?.execution ?? '-';
        return [standing.join(' '), await of('v1'), await of('v2')];
      };
      await append(sessionCreated('s'), jobCreated('s', 'j'), saved('v1'), saved('v2'));
      assert.deepEqual(await there(), ['', '-', '-']);
      await append(published('e1', 'v1'), published('e2', 'v1'));
      assert.deepEqual(await there(), ['e2', 'e2', '-']);
      await append(unpublished('e2', 'v1'));
      assert.deepEqual(await there(), ['e1', 'e1', '-'], 'taking back the second leaves the first');
      await append(published('e3', 'v1', '/elsewhere'), published('e4', 'v2'));
      assert.deepEqual(await there(), ['e3 e4', 'e3', 'e4'], 'the newer version took the place');
      await append(unpublished('e3', 'v1'));
      assert.deepEqual(await there(), ['e4', '-', 'e4']);
      await append(unpublished('e4', 'v2'));
      assert.deepEqual(await there(), ['e1', 'e1', '-'], 'and gave it back');
      assert.equal(
        (await store.deliverables({ limit: 5 })).find(({ id }) => id === 'v1')?.published?.time,
        9,
      );
      const before = under.tables();
      await store.rebuild();
      assert.deepEqual(under.tables(), before);
      const refused = await store.append([published('e5', 'none')]);
      assert.equal(refused.ok ? 'done' : refused.failure.kind, 'conflict');
    });

    it('knows the versions of a deliverable, however many there are and whatever else bears their title', async () => {
      await append(sessionCreated('s'), sessionCreated('t'), sessionCreated('u', '/home/me/elsewhere'));
      await append(jobCreated('s', 'j'), jobCreated('t', 'k'), jobCreated('u', 'l'));
      const many = Array.from({ length: 600 }, (_, index) => deliverableSaved('u', 'l', `u${index}`));
      await append(saved('a'), ...many, deliverableSaved('t', 'k', 'b'), saved('c'));
      const row = (id: string, number: number) => ({ id, number });
      assert.deepEqual(await store.versions({ id: 'a', limit: 5 }), [row('c', 3), row('b', 2), row('a', 1)]);
      assert.deepEqual(await store.versions({ id: 'b', back: true, limit: 5 }), [row('b', 2), row('a', 1)]);
      assert.deepEqual(await store.versions({ id: 'u5', limit: 2 }), [row('u599', 600), row('u598', 599)]);
      assert.deepEqual(await store.versions({ id: 'none', limit: 2 }), []);
      await append(jobStep('s', 'j', 'aborted'), {
        stream: 's',
        type: 'session.deleted',
        actor: 'person',
        data: {},
      });
      assert.deepEqual(await store.versions({ id: 'a', limit: 5 }), [row('c', 2), row('a', 1)]);
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

const saved = (id: string) => deliverableSaved('s', 'j', id);

const base = { stream: 's', job: 'j', actor: 'worker' };

function published(execution: string, deliverable: string, location = '/somewhere'): Draft {
  const publication = { execution, target: 'local', location, time: 9 };
  return { ...base, type: 'deliverable.published', data: { deliverable, publication } };
}

function unpublished(execution: string, deliverable: string): Draft {
  return { ...base, type: 'deliverable.unpublished', data: { deliverable, execution } };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

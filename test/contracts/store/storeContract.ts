import { strict as assert } from 'node:assert';
import type { Store } from '../../../server/core/ports/store.ts';
import {
  approvalDecided,
  approvalRequested,
  digest,
  executionFinished,
  executionStarted,
  executionUndone,
  jobCreated,
  jobStep,
  messageAdded,
  sessionCreated,
} from './drafts.ts';
import { type StoreFactory, storeOfEachTest } from './storeUnderTest.ts';

/** What every store must do (the port says it); run by each adapter against its real engine. */
export function storeContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store`, () => {
    const { under, store, append, refuses } = storeOfEachTest(factory);

    it('answers appended entries as they are read again', async () => {
      const appended = await append(
        sessionCreated('s'),
        jobCreated('s', 'j'),
        messageAdded('s', 'j', 'Hello'),
      );
      const read = await store.entries({ limit: 10, bodies: true });
      assert.deepEqual(read, { entries: appended, more: false });
      assert.deepEqual(
        read.entries.map(({ seq }) => seq),
        [1, 2, 3],
      );
      assert.equal(await store.head(), 3);
    });

    it('gives content only where it is asked for', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j', { text: 'Look' }));
      const [, plain] = (await store.entries({ limit: 10 })).entries;
      assert.ok(plain && !('body' in plain) && plain.content);
      const [, whole] = (await store.entries({ limit: 10, bodies: true })).entries;
      assert.deepEqual(whole?.body, { text: 'Look' });
    });

    it('reads forwards after a cursor and the newest before one', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'));
      for (let n = 0; n < 6; n++) await append(messageAdded('s', 'j', String(n)));
      const seqs = async (range: Parameters<Store['entries']>[0]) => {
        const { entries, more } = await store.entries(range);
        return [entries.map(({ seq }) => seq), more];
      };
      assert.deepEqual(await seqs({ after: 2, limit: 3 }), [[3, 4, 5], true]);
      assert.deepEqual(await seqs({ after: 5, limit: 3 }), [[6, 7, 8], false]);
      assert.deepEqual(await seqs({ before: 6, limit: 3 }), [[3, 4, 5], true]);
      assert.deepEqual(await seqs({ before: 3, limit: 3 }), [[1, 2], false]);
      assert.deepEqual(await seqs({ limit: 2 }), [[7, 8], true]);
    });

    it('narrows a range by every field of the filter', async () => {
      await append(sessionCreated('a'), jobCreated('a', 'j1'), sessionCreated('b'), jobCreated('b', 'j2'));
      under.time.pass(1000);
      await append(messageAdded('a', 'j1', 'x'), messageAdded('b', 'j2', 'y'));
      const found = async (filter: NonNullable<Parameters<Store['entries']>[0]['filter']>) =>
        (await store.entries({ filter, limit: 10 })).entries.map(({ seq }) => seq);
      const later = under.time.now();
      assert.deepEqual(await found({ stream: 'a' }), [1, 2, 5]);
      assert.deepEqual(await found({ job: 'j2' }), [4, 6]);
      assert.deepEqual(await found({ types: ['job.created'] }), [2, 4]);
      assert.deepEqual(await found({ types: ['message.added', 'session.created'] }), [1, 3, 5, 6]);
      assert.deepEqual(await found({ types: [] }), []);
      assert.deepEqual(await found({ stream: 'b', types: ['job.created', 'message.added'] }), [4, 6]);
      assert.deepEqual(await found({ actor: 'agent' }), [5, 6]);
      assert.deepEqual(await found({ since: later }), [5, 6]);
      assert.deepEqual(await found({ until: later - 1 }), [1, 2, 3, 4]);
    });

    it('does all of an append or nothing', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'));
      await refuses(messageAdded('s', 'j', 'x'), jobStep('s', 'j', 'completed'));
      assert.equal((await store.job('j'))?.state, 'queued');
    });

    it('refuses transitions that B1 does not have', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j', { kind: 'run' }));
      await refuses(jobStep('s', 'j', 'claimed'));
      await append(jobStep('s', 'j', 'approved'));
      await refuses(jobStep('s', 'j', 'approved'));
      await append(jobStep('s', 'j', 'claimed'), jobStep('s', 'j', 'failed'));
      for (const step of ['claimed', 'completed', 'abortRequested', 'aborted'] as const) {
        await refuses(jobStep('s', 'j', step));
      }
      const job = await store.job('j');
      assert.deepEqual([job?.state, job?.failure?.kind, job?.worker], ['failed', 'internal', null]);
    });

    it('takes the first decision of an approval and only before its expiry', async () => {
      const { time } = under;
      await append(sessionCreated('s'), jobCreated('s', 'j'), jobStep('s', 'j', 'claimed'));
      await append(approvalRequested('s', 'j', 'a1', time.now() + 1000));
      assert.equal((await store.job('j'))?.waiting, 1);
      assert.deepEqual(
        (await store.pendingApprovals()).map(({ approval }) => approval.id),
        ['a1'],
      );
      const [pending] = await store.pendingApprovals('j');
      assert.deepEqual(pending?.preview, { kind: 'text', text: 'What would be written' });
      await append(approvalDecided('s', 'j', 'a1', 'approved'));
      await refuses(approvalDecided('s', 'j', 'a1', 'denied'));
      assert.equal((await store.approval('a1'))?.decision, 'approved');
      await append(approvalRequested('s', 'j', 'a2', time.now() + 1000));
      time.pass(1000);
      await refuses(approvalDecided('s', 'j', 'a2', 'approved'));
      await append(approvalDecided('s', 'j', 'a2', 'expired'));
      assert.deepEqual(await store.pendingApprovals(), []);
      assert.equal((await store.job('j'))?.waiting, 0);
    });

    it('lets one approval serve one execution, and only the one it is for', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'), jobStep('s', 'j', 'claimed'));
      await append(approvalRequested('s', 'j', 'a1', under.time.now() + 1000));
      await refuses(executionStarted('s', 'j', 'e1', 'a1'));
      await append(approvalDecided('s', 'j', 'a1', 'approved'));
      const other = executionStarted('s', 'j', 'e1', 'a1');
      assert.ok(other.type === 'execution.started');
      await refuses({ ...other, data: { ...other.data, digest: digest('f') } });
      await append(executionStarted('s', 'j', 'e1', 'a1'));
      await refuses(executionStarted('s', 'j', 'e2', 'a1'));
      await refuses(executionStarted('s', 'j', 'e1'));
    });

    it('keeps what undo wants and takes an execution back once', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'), executionStarted('s', 'j', 'e1'));
      await append(executionStarted('s', 'j', 'e2'), executionFinished('s', 'j', 'e1', { before: 'x' }));
      await refuses(executionFinished('s', 'j', 'e1'));
      const [first, second] = await store.executions('j');
      assert.deepEqual([first?.state, first?.undo, first?.undoable], ['ok', { before: 'x' }, true]);
      assert.deepEqual([second?.state, second?.undo], ['started', undefined]);
      await append(executionUndone('s', 'j', 'e1'));
      await refuses(executionUndone('s', 'j', 'e1'));
      await refuses(executionUndone('s', 'j', 'e2'));
      assert.equal((await store.executions('j'))[0]?.state, 'undone');
    });

    it('titles and states sessions by their jobs', async () => {
      await append(sessionCreated('s'));
      assert.deepEqual(await stateOf(store, 's'), ['', 'idle']);
      await append(jobCreated('s', 'j1', { text: '\n  Publish   the docs\nas a site' }));
      assert.deepEqual(await stateOf(store, 's'), ['Publish the docs', 'running']);
      await append(jobStep('s', 'j1', 'claimed'), jobStep('s', 'j1', 'completed'));
      assert.deepEqual(await stateOf(store, 's'), ['Publish the docs', 'completed']);
      await append({
        stream: 's',
        type: 'session.renamed',
        actor: 'person',
        data: {},
        content: { title: 'Docs' },
      });
      await append(jobCreated('s', 'j2'), jobStep('s', 'j2', 'claimed'), jobStep('s', 'j2', 'failed'));
      assert.deepEqual(await stateOf(store, 's'), ['Docs', 'failed']);
    });

    it('deletes the content of a session while the journal stays provable', async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j', { text: 'Same words' }));
      await append(sessionCreated('t'), jobCreated('t', 'k', { text: 'Same words' }));
      const deleted = { stream: 's', type: 'session.deleted', actor: 'person', data: {} } as const;
      await refuses(deleted);
      await append(jobStep('s', 'j', 'aborted'), deleted);
      await refuses(deleted);
      await refuses(jobCreated('s', 'j3'));
      assert.deepEqual([await store.session('s'), await store.job('j')], [null, null]);
      const bodies = (await store.entries({ limit: 10, bodies: true })).entries.map((entry) => entry.body);
      assert.deepEqual(bodies.slice(0, 4), [undefined, undefined, undefined, { text: 'Same words' }]);
      assert.equal((await store.verify()).state, 'clean');
    });

    it('deletes content by its digest, and keeps what is put anew', async () => {
      const [, job] = await append(sessionCreated('s'), jobCreated('s', 'j', { text: 'Private' }));
      const blob = await store.blobs.put(new TextEncoder().encode('bytes'));
      const digests = [job?.content ?? '', blob];
      await append({ stream: 's', type: 'content.deleted', actor: 'person', data: { digests } });
      assert.equal(await store.blobs.get(blob), null);
      assert.equal((await store.job('j'))?.title, '(deleted)');
      await append(jobCreated('s', 'j2', { text: 'Private' }));
      assert.equal(await store.blobs.put(new TextEncoder().encode('bytes')), blob);
      await store.rebuild();
      assert.equal((await store.job('j2'))?.title, 'Private');
      assert.equal(new TextDecoder().decode((await store.blobs.get(blob)) ?? undefined), 'bytes');
      assert.equal((await store.verify()).state, 'clean');
    });

    it('tells watchers of entries that another connection appended', async () => {
      const other = await under.another();
      const heard = new Promise<void>((resolve) => {
        const stop = other.watch(() => {
          stop();
          resolve();
        });
      });
      await append(sessionCreated('s'));
      const awake = setTimeout(() => undefined, 60_000);
      await heard;
      clearTimeout(awake);
      assert.equal(await other.head(), 1);
    });
  });
}

async function stateOf(store: Store, id: string): Promise<unknown[]> {
  const session = await store.session(id);
  assert.deepEqual(await store.sessions({ limit: 5 }), [session]);
  return [session?.title, session?.state];
}

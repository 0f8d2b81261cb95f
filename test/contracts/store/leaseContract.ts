import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { adminStream } from '../../../server/protocol/journal.ts';
import { approvalRequested, jobCreated, jobStep, messageAdded, sessionCreated } from './drafts.ts';
import { type StoreFactory, storeOfEachTest } from './storeUnderTest.ts';

/** What every store must do for workers: claims, leases, take-over, fence, pause. */
export function leaseContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, for workers`, () => {
    const { under, store } = storeOfEachTest(factory);
    const alive = `${hostname()}:${process.pid}:a`;
    const elsewhere = 'elsewhere:1:b';
    const minute = 60_000;
    beforeEach(async () => {
      const outcome = await store.append([
        sessionCreated('s'),
        sessionCreated('s1'),
        sessionCreated('s2'),
        jobCreated('s', 'run', { kind: 'run' }),
        jobCreated('s1', 'j1', { at: '/one' }),
        jobCreated('s2', 'j2', { at: '/two' }),
      ]);
      assert.ok(outcome.ok);
    });

    const admin = (type: 'admin.paused' | 'admin.resumed') =>
      store.append([{ stream: adminStream, type, actor: 'person', data: {} }]);

    it('claims queued jobs of the workspaces, oldest first, each once', async () => {
      assert.equal(await store.claim(alive, ['/none'], minute), null);
      assert.equal((await store.claim(alive, ['/two', '/none'], minute))?.id, 'j2');
      const job = await store.claim(elsewhere, 'any', minute);
      assert.deepEqual([job?.id, job?.state, job?.worker], ['j1', 'running', elsewhere]);
      assert.equal(await store.claim(alive, 'any', minute), null);
    });

    it('does the jobs of one session one after another, in their order, whoever does them', async () => {
      const more = ['k1', 'k2', 'k3', 'k4'].map((id) => jobCreated('s1', id, { at: '/one' }));
      await store.append([jobCreated('s1', 'k0', { at: '/one', kind: 'run' }), ...more]);
      const next = async () => (await store.claim(alive, ['/one'], minute))?.id ?? null;
      assert.equal(await next(), 'j1');
      assert.equal(await store.claim(elsewhere, ['/one'], minute), null);
      await store.append([jobStep('s1', 'j1', 'abortRequested')]);
      assert.equal(await next(), null);
      await store.append([jobStep('s1', 'j1', 'aborted'), jobStep('s1', 'k2', 'aborted')]);
      assert.equal(await next(), 'k1');
      await store.append([jobStep('s1', 'k0', 'approved'), jobStep('s1', 'k1', 'failed')]);
      assert.equal(await next(), 'k0');
      await store.append([jobStep('s1', 'k0', 'completed')]);
      assert.deepEqual([await next(), await next()], ['k3', null]);
    });

    it('lets a job that was allowed late wait for the one that the session works on meanwhile', async () => {
      await store.append([jobCreated('s1', 'k0', { at: '/one', kind: 'run' })]);
      await store.append([jobCreated('s1', 'k1', { at: '/one' }), jobStep('s1', 'j1', 'aborted')]);
      const next = async () => (await store.claim(alive, ['/one'], minute))?.id ?? null;
      assert.equal(await next(), 'k1');
      await store.append([jobStep('s1', 'k0', 'approved')]);
      assert.equal(await next(), null);
      await store.append([jobStep('s1', 'k1', 'abortRequested')]);
      assert.equal(await next(), null);
      await store.append([jobStep('s1', 'k1', 'aborted')]);
      assert.equal(await next(), 'k0');
    });

    it('claims nothing while work is paused', async () => {
      await admin('admin.paused');
      assert.equal(await store.claim(alive, 'any', minute), null);
      assert.equal((await store.admin()).paused, true);
      await admin('admin.resumed');
      assert.equal((await store.claim(alive, 'any', minute))?.id, 'j1');
    });

    it('counts what runs and what waits', async () => {
      await store.claim(alive, 'any', minute);
      await store.append([approvalRequested('s1', 'j1', 'a1', under.time.now() + minute)]);
      const { paused, running, queued, waiting } = await store.admin();
      assert.deepEqual([paused, running, queued, waiting], [false, 1, 1, 2]);
    });

    it('lets a job be taken over when its lease ended, and fences off the worker that had it', async () => {
      await store.claim(elsewhere, ['/one'], minute);
      assert.equal(await store.takeOver(alive, 'any', minute), null);
      under.time.pass(minute / 2);
      assert.deepEqual(await store.heartbeat(elsewhere, minute), ['j1']);
      under.time.pass(minute / 2);
      assert.equal(await store.takeOver(alive, 'any', minute), null);
      under.time.pass(minute / 2);
      const job = await store.takeOver(alive, 'any', minute);
      assert.deepEqual([job?.id, job?.worker, job?.state], ['j1', alive, 'running']);
      const late = await store.append([messageAdded('s1', 'j1', 'late')], { worker: elsewhere });
      assert.equal(late.ok ? 'done' : late.failure.kind, 'conflict');
      assert.ok((await store.append([messageAdded('s1', 'j1', 'x')], { worker: alive })).ok);
      const [recovered] = (await store.entries({ filter: { types: ['job.recovered'] }, limit: 2 })).entries;
      assert.deepEqual(recovered?.data, { worker: alive, from: elsewhere });
    });

    it('lets a job be taken over at once when its worker was a process of this host that is gone', async () => {
      const gone = spawnSync(process.execPath, ['--version']).pid;
      await store.claim(`${hostname()}:${gone}:c`, ['/one'], minute);
      assert.equal(await store.takeOver(elsewhere, ['/two'], minute), null);
      assert.equal((await store.takeOver(elsewhere, ['/one'], minute))?.id, 'j1');
    });

    it('never gives a worker its own job twice', async () => {
      await store.claim(alive, ['/one'], minute);
      under.time.pass(2 * minute);
      assert.equal(await store.takeOver(alive, 'any', minute), null);
      assert.deepEqual(await store.heartbeat(alive, minute), ['j1']);
    });

    it('takes over only what is being aborted while work is paused', async () => {
      await store.claim(elsewhere, 'any', minute);
      await store.claim(elsewhere, 'any', minute);
      await store.append([jobStep('s2', 'j2', 'abortRequested')]);
      await admin('admin.paused');
      under.time.pass(2 * minute);
      const job = await store.takeOver(alive, 'any', minute);
      assert.deepEqual([job?.id, job?.state], ['j2', 'aborting']);
      assert.equal(await store.takeOver(alive, 'any', minute), null);
    });

    it('gives the lease back when the job ends', async () => {
      await store.claim(alive, 'any', minute);
      assert.ok((await store.append([jobStep('s1', 'j1', 'completed')], { worker: alive })).ok);
      assert.deepEqual(await store.heartbeat(alive, minute), []);
      const late = await store.append([messageAdded('s1', 'j1', 'late')], { worker: alive });
      assert.equal(late.ok ? 'done' : late.failure.kind, 'conflict');
    });

    it('leaves leases alone when the projections are folded anew', async () => {
      await store.claim(alive, 'any', minute);
      const before = under.tables();
      await store.rebuild();
      assert.deepEqual(under.tables(), before);
      assert.deepEqual(await store.heartbeat(alive, minute), ['j1']);
    });
  });
}

import { strict as assert } from 'node:assert';
import {
  jobCreated,
  jobSteered,
  jobStep,
  messageAdded,
  messageCosting,
  networkAwaited,
  sessionCreated,
} from './drafts.ts';
import { type StoreFactory, storeOfEachTest } from './storeUnderTest.ts';

/** What every store must know of jobs beside their states: words to them, specialists, the network, costs. */
export function jobContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, of a job at work`, () => {
    const { under, store, append, refuses } = storeOfEachTest(factory);
    beforeEach(async () => {
      await append(sessionCreated('s'), jobCreated('s', 'j'));
    });

    it('takes words to a job only while it is at work', async () => {
      await refuses(jobSteered('s', 'j', 'Too early'));
      await append(jobStep('s', 'j', 'claimed'), jobSteered('s', 'j', 'In time'));
      await append(jobStep('s', 'j', 'failed'));
      await refuses(jobSteered('s', 'j', 'Too late'));
      await append(jobCreated('s', 'k'), jobStep('s', 'k', 'claimed'), jobStep('s', 'k', 'abortRequested'));
      await refuses(jobSteered('s', 'k', 'Nobody listens'));
    });

    it('completes no job that has not heard everything that was said to it', async () => {
      await append(jobStep('s', 'j', 'claimed'), messageAdded('s', 'j', 'Working'));
      const [first] = await append(jobSteered('s', 'j', 'And in German'));
      await refuses(jobStep('s', 'j', 'completed'));
      await append(messageCosting('s', 'j', 1, 0, first?.seq));
      const [second] = await append(jobSteered('s', 'j', 'And in French'));
      await append(messageCosting('s', 'j', 1, 0, first?.seq));
      await refuses(jobStep('s', 'j', 'completed'));
      await append(messageCosting('s', 'j', 1, 0, second?.seq), jobStep('s', 'j', 'completed'));
    });

    it('lets a job end otherwise whatever was said to it', async () => {
      await append(jobStep('s', 'j', 'claimed'), jobSteered('s', 'j', 'Wait'), jobStep('s', 'j', 'failed'));
      assert.equal((await store.job('j'))?.state, 'failed');
    });

    it('knows who handed a job on, and which specialist does it', async () => {
      await append(jobStep('s', 'j', 'claimed'), sessionCreated('t', undefined, 's'));
      await append(jobCreated('t', 'k', { parent: 'j' }), jobCreated('t', 'l', { parent: 'j' }));
      const route = { agent: 'reader', by: null };
      await append({ stream: 's', job: 'j', type: 'job.routed', actor: 'worker', data: route });
      assert.deepEqual([(await store.session('t'))?.parent, (await store.session('s'))?.parent], ['s', null]);
      const children = await store.children('j');
      assert.deepEqual(
        children.map(({ id, parent, agent }) => [id, parent, agent]),
        [
          ['k', 'j', 'writer'],
          ['l', 'j', 'writer'],
        ],
      );
      const parent = await store.job('j');
      assert.deepEqual([parent?.parent, parent?.agent], [null, 'reader']);
    });

    it('says that a job waits for the network until it is back or the job ends', async () => {
      await append(jobStep('s', 'j', 'claimed'), networkAwaited('s', 'j'));
      assert.equal((await store.job('j'))?.offline, true);
      const data = { who: 'anthropic' };
      await append({ stream: 's', job: 'j', actor: 'worker', type: 'network.returned', data });
      assert.equal((await store.job('j'))?.offline, false);
      await append(networkAwaited('s', 'j'), jobStep('s', 'j', 'failed'));
      assert.equal((await store.job('j'))?.offline, false);
    });

    it('sums what jobs spent: of one, of one with its children, and of all since a time', async () => {
      await append(sessionCreated('t', undefined, 's'), jobCreated('t', 'k', { parent: 'j' }));
      await append(jobCreated('t', 'l', { parent: 'k' }), sessionCreated('u'), jobCreated('u', 'm'));
      await append(messageCosting('s', 'j', 100, 0.5), messageCosting('s', 'j', 50, 0.25));
      await append(messageCosting('t', 'l', 1000, null), messageAdded('t', 'k', 'free'));
      const day = 24 * 3_600_000;
      under.time.pass(2 * day);
      await append(messageCosting('u', 'm', 7, 2));
      const priced = { tokens: 150, usd: 0.75, unpriced: false };
      assert.deepEqual((await store.job('j'))?.cost, priced);
      const family = { tokens: 1150, usd: 0.75, unpriced: true, rounds: 4 };
      assert.deepEqual(await store.spent({ job: 'j' }), family);
      assert.deepEqual(await store.spent({ job: 'none' }), {
        tokens: 0,
        usd: 0,
        unpriced: false,
        rounds: 0,
      });
      const now = under.time.now();
      assert.equal((await store.spent({ since: now - day })).usd, 2);
      assert.equal((await store.spent({ since: now - 3 * day })).tokens, 1157);
      assert.deepEqual((await store.admin()).today, { tokens: 7, usd: 2, unpriced: false });
    });

    it('remembers what a deleted session cost that day', async () => {
      await append(messageCosting('s', 'j', 10, 1), jobStep('s', 'j', 'aborted'));
      await append({ stream: 's', type: 'session.deleted', actor: 'person', data: {} });
      assert.equal((await store.admin()).today.usd, 1);
    });
  });
}

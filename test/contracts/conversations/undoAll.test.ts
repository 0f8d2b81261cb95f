import assert from 'node:assert/strict';
import { redoJob } from '../../../server/core/redo.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { snapshotOf } from '../tools/ground.ts';
import { approveAll } from './approveAll.ts';
import { busyHands } from './busyHands.ts';
import { type Answering, crewOfEachTest, scripted } from './crew.ts';
import { handFree } from './freeWork.ts';

/** How many executions are taken back in one go; the long run is asked for by the environment. */
const many = Number(process.env.BUTLER_UNDO ?? 80);
const perRound = 50;
const noLimit = { usd: null, tokens: null };

describe(`${many} executions that change files`, function () {
  this.timeout(Math.max(60_000, many * 400));
  const { crew } = crewOfEachTest();
  beforeEach(async () => {
    const budget = { job: { ...noLimit, rounds: null, minutes: null }, day: noLimit };
    await saveSettings(crew.stage.butler, { budget }, 'person:test');
  });

  it('are taken back in one go, byte for byte, done again, and taken back', async () => {
    const { butler, workspace } = crew.stage;
    const before = await snapshotOf(workspace);
    const job = await work(many);
    assert.equal(job.state, 'completed', JSON.stringify(job.failure));
    const done = (await butler.store.executions(job.id)).filter(({ undoable }) => undoable);
    assert.equal(done.length, many, 'every call did its work and can be taken back');
    const after = await snapshotOf(workspace);
    await goes('undo', job);
    assert.deepEqual(await snapshotOf(workspace), before);
    await goes('redo', job);
    assert.deepEqual(await snapshotOf(workspace), after);
    await goes('undo', job);
    assert.deepEqual(await snapshotOf(workspace), before);
    assert.equal((await butler.store.verify()).state, 'clean');
  });

  async function work(count: number): Promise<Job> {
    const hands = busyHands({ seed: 7, commandsOneIn: 60 });
    const round = (calls: number): Answering => {
      return ({ messages }) =>
        Array.from({ length: calls }, (_, index) => {
          const [tool, input] = hands.next();
          return { kind: 'call', call: `call-${messages.length}-${index}`, tool, input };
        });
    };
    const rounds = Array.from({ length: Math.ceil(count / perRound) }, (_, index) =>
      round(Math.min(perRound, count - index * perRound)),
    );
    const { provider } = scripted(...rounds, () => [{ kind: 'text', text: 'Done.' }]);
    crew.work('one', { provider });
    const stop = approveAll(crew.stage);
    const ended = await crew.stage.end(await handFree(crew.stage));
    stop();
    return ended;
  }

  async function goes(way: 'undo' | 'redo', job: Job): Promise<void> {
    const begun = performance.now();
    const go = way === 'undo' ? undoJob : redoJob;
    const report = await go(crew.stage.butler, { id: job.id }, 'person:test');
    assert.ok(report.ok, JSON.stringify(report));
    assert.deepEqual(report.value.conflicts.slice(0, 3), []);
    assert.equal(report.value.undone.length, many);
    if (process.env.BUTLER_UNDO) console.log(`      ${way}: ${Math.round(performance.now() - begun)} ms`);
  }
});

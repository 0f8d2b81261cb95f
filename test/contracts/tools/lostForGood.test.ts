import assert from 'node:assert/strict';
import { bad, failures } from '../../../server/protocol/failure.ts';
import { hurrying } from '../conversations/model.ts';
import { type Post, post, sendersOfEachTest } from '../conversations/post.ts';

describe('an act whose answer was lost for good', function () {
  this.timeout(60_000);
  const { stage, work, approved } = sendersOfEachTest();

  /** The post with another end that never answers what arrived. */
  const deaf = (one: Post) => ({
    ...one.tool,
    reconcile: async () => {
      throw new Error('The other end does not answer.');
    },
  });

  it('is told as not known after all tries, so that nobody does it again in good faith', async () => {
    const one = post();
    one.reach = 'one way';
    work('first', { tool: deaf(one) });
    const job = await approved();
    const { state, failure } = await hurrying(stage, job, 60_000);
    assert.equal(state, 'failed');
    assert.match(failure?.mend ?? '', /What of it was done is not known/);
    assert.equal(one.arrived.length, 1);
  });

  it('is told as not known where it cannot even be planned any more', async () => {
    const one = post();
    one.reach = 'one way';
    let isGone = false;
    const plan: Post['tool']['plan'] = async (input, context) =>
      isGone ? bad(failures.denied('The post was closed.', 'Open it.')) : one.tool.plan(input, context);
    work('first', { tool: { ...deaf(one), plan } });
    const job = await approved();
    isGone = true;
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    const { turns } = await stage.transcript(job.session);
    const [call] = turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
    assert.match(call?.output ?? '', /The post was closed\. What of it was done is not known/);
  });
});

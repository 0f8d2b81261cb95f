import assert from 'node:assert/strict';
import { decideApproval } from '../../../server/core/approvals.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import { calls, crewOfEachTest, says, scripted } from './crew.ts';

const question = { question: 'Which colour?', choices: ['red', 'blue'] };

describe('a question of the agent', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const asks = (input: Record<string, unknown> = question) =>
    scripted(calls('ask_person', input), says('Thanks.'));
  const answer = (approval: Approval, words?: string, decision: 'approve' | 'deny' = 'approve') =>
    decideApproval(
      stage.butler,
      {
        id: approval.id,
        digest: approval.digest,
        decision,
        ...(words === undefined ? {} : { answer: words }),
      },
      'person:test',
    );

  it('waits for the person in every mode, and tells the answer to the model', async () => {
    for (const mode of ['ask', 'assisted', 'allow'] as const) {
      const { provider, asked } = asks();
      const hand = crew.work(`worker-${mode}`, { provider, mode: () => mode });
      const job = await stage.hand('butler', 'Paint it');
      const approval = await stage.question(job);
      assert.deepEqual(approval.effects, [{ kind: 'ask', ...question }]);
      assert.equal((await answer(approval, 'green, if there is any')).ok, true);
      assert.equal((await stage.end(job)).state, 'completed');
      assert.deepEqual(resultsIn(asked.at(-1)), ['green, if there is any']);
      await hand.stop();
    }
  });

  it('is no leave that could be given without words, for the job or for always', async () => {
    const { provider } = asks();
    crew.work('worker', { provider });
    const job = await stage.hand('butler', 'Paint it');
    const approval = await stage.question(job);
    assert.equal((await answer(approval)).ok, false);
    assert.equal((await answer(approval, '  ')).ok, false);
    await assert.rejects(stage.decide(approval, 'approveForJob'));
    assert.equal(approval.always, undefined);
    assert.equal((await answer(approval, 'red')).ok, true);
    assert.equal((await answer(approval, 'blue')).ok, false, 'the first answer holds');
    await stage.end(job);
  });

  it('says so where it is not answered', async () => {
    const { provider, asked } = asks();
    crew.work('worker', { provider });
    const job = await stage.hand('butler', 'Paint it');
    assert.equal((await answer(await stage.question(job), undefined, 'deny')).ok, true);
    await stage.end(job);
    assert.match(resultsIn(asked.at(-1)).join(), /denied this/);
  });

  it('keeps its answer when the worker that asked is gone', async () => {
    const first = asks();
    const hand = crew.work('first', { provider: first.provider });
    const job = await stage.hand('butler', 'Paint it');
    const approval = await stage.question(job);
    await crew.loses(hand);
    assert.equal((await answer(approval, 'blue')).ok, true);
    const second = scripted(says('Thanks.'));
    crew.work('second', { provider: second.provider });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(resultsIn(second.asked.at(-1)), ['blue']);
  });
});

function resultsIn(request: ProviderRequest | undefined): string[] {
  return (request?.messages ?? []).flatMap((message) =>
    message.role === 'tool' ? message.results.map(({ output }) => output) : [],
  );
}

import assert from 'node:assert/strict';
import type { Job } from '../../../server/protocol/job.ts';
import type { Turn } from '../../../server/protocol/turn.ts';
import { told } from '../../support/golden.ts';
import { type Crew, deed, setCrew } from './crew.ts';
import { type Mortal, mortal } from './mortal.ts';
import { calling, playing, routes, type Team, teamAbility, words } from './team.ts';

/** A pipeline of two, the first of which does what must not be done twice. */
const team: Team = {
  route: routes(['general', 'Do the deed.'], ['email', 'Tell of it.']),
  work: (member, { messages }) => {
    if (member) return words('Dear all, it is done.');
    const [first, second] = messages;
    if (first?.role === 'user' && first.text.startsWith('Do the deed.'))
      return second ? words('The deed is done.') : calling('deed');
    return words('It is done, and told.');
  },
};

describe('a worker that dies in a job of several specialists', function () {
  this.timeout(120_000);
  /** Runs the job with a worker that may write so often, then with one that lives. */
  const perform = async (most?: number) => {
    const crew = await setCrew();
    const { stage } = crew;
    const done: string[] = [];
    const { tool } = deed({
      run: async ({ execution }) => void done.push(execution),
      reconcile: async (_input, { execution }) =>
        done.includes(execution)
          ? { state: 'done', result: { output: 'The deed is done.' } }
          : { state: 'notDone' },
    });
    const ability = await teamAbility(stage);
    const job = await stage.hand(ability, 'Do it and tell');
    const first: Mortal = mortal(stage.butler.store, most);
    const { provider } = playing(team);
    const hand = crew.work('first', { provider, tools: [tool], store: first.store });
    const end = stage.end(job);
    if (most !== undefined) {
      await first.died;
      await crew.loses(hand);
      crew.work('second', { provider: playing(team).provider, tools: [tool] });
    }
    assert.equal((await end).state, 'completed');
    const story = await storyOf(crew, job);
    await crew.close();
    return { written: first.written(), done: done.length, story };
  };

  it('changes nothing of the story, wherever it dies, and no specialist works twice', async () => {
    const whole = await perform();
    assert.equal(whole.done, 1);
    assert.equal(whole.story.length, 3);
    for (let most = 1; most < whole.written; most++) {
      const crashed = await perform(most);
      assert.deepEqual({ ...crashed, written: whole.written }, whole, `after ${most} of ${whole.written}`);
    }
  });
});

/** The job and those of its specialists, each as it reads without the crash, and by its entries. */
async function storyOf({ stage }: Crew, job: Job) {
  const { store } = stage.butler;
  const jobs = [job, ...(await store.children(job.id))];
  return Promise.all(
    jobs.map(async ({ id, session }) => {
      const transcript = await stage.transcript(session);
      const turns = transcript.turns.filter(({ kind }: Turn) => kind !== 'recovered');
      const { entries } = await store.entries({ filter: { stream: session }, after: 0, limit: 500 });
      const types = entries.map(({ type }) => type).filter((type) => type !== 'job.recovered');
      return {
        told: told({ ...transcript, turns }, stage.workspace),
        types,
        own: (await store.executions(id)).length,
      };
    }),
  );
}

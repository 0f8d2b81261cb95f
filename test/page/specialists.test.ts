import assert from 'node:assert/strict';
import { session } from './counterpart.ts';
import { openStage, type Stage } from './stage.ts';
import { digest, Story } from './story.ts';

describe('a job with specialists on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('says who does it, and leads to what a specialist does and back', async () => {
    const { page } = await stage.open({
      prepare: (counterpart) => {
        counterpart.sessions = [
          session('s1', 'Tell the team'),
          session('e1', 'Write a mail', { parent: 's1' }),
        ];
        counterpart.session = 's1';
        counterpart.entries = [...asking().entries, ...working().entries];
      },
    });
    await page.getByText('Specialist: general').waitFor();
    await page.getByRole('button', { name: /Mail: Write a mail/ }).click();
    await page.getByRole('button', { name: 'Show what the specialist does' }).click();
    await page.getByText('Dear all, it is done.').waitFor();
    await page.getByRole('button', { name: 'Back to the job that this is a part of' }).click();
    await page.getByText('Specialist: general').waitFor();
    await page.getByRole('button', { name: 'All sessions' }).click();
    await page.locator('.session-open', { hasText: 'Tell the team' }).waitFor();
    assert.equal(await page.locator('.session-open', { hasText: 'Write a mail' }).count(), 0);
    await stage.done(page);
  });
});

/** The job that a person handed over, with a call that waits for a specialist. */
function asking(): Story {
  const story = new Story('s1').begin('site').ask('j1', 'Tell the team');
  story.add('job.routed', 'j1', { agent: 'general', by: null });
  const input = { agent: 'email', task: 'Write a mail' };
  story.say('j1', [{ kind: 'call', call: 'c1', tool: 'delegate', input }]);
  story.add('execution.started', 'j1', {
    execution: 'e1',
    call: 'c1',
    tool: 'delegate',
    title: 'Ask the specialist: Mail',
    approval: null,
    rule: 'It changes nothing.',
    effects: [],
    digest: digest('d'),
  });
  return story;
}

/** The part of the specialist, in a session that bears the id of the execution. */
function working(): Story {
  const story = new Story('e1', { seq: asking().entries.length });
  const created = { session: 'e1', ability: 'site', workspace: '/project', parent: 's1' };
  story.add('session.created', null, created);
  return story.ask('e1', 'Write a mail').say('e1', [{ kind: 'text', text: 'Dear all, it is done.' }]);
}

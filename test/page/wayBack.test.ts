import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { until } from '../support/until.ts';
import { Refusal, session } from './counterpart.ts';
import { axeFaults } from './faults.ts';
import { versions } from './liveScenes.ts';
import { later } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import { digest, Story } from './story.ts';

const undo = 'butler/job/undo';
const redo = 'butler/job/redo';

describe('the way back on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('takes a call back and does it again, and so for the whole job', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    const done = { undone: [{ execution: 'e-c1', title: 'Create harbour.md' }], conflicts: [] };
    counterpart.answers[undo] = () => done;
    counterpart.answers[redo] = () => done;
    await page
      .getByRole('button', { name: /Create harbour.md/ })
      .last()
      .click();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Taken back: Create harbour.md').waitFor();
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'j5', execution: 'e-c1' });
    const story = later(counterpart.entries.length);
    story.add('execution.undone', 'j5', { execution: 'e-c1' });
    await counterpart.append(story.entries);
    await page.getByRole('button', { name: 'Redo all of it' }).waitFor();
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await page.getByText('Done again: Create harbour.md').waitFor();
    assert.deepEqual(counterpart.requests.at(-1)?.params, { id: 'j5', execution: 'e-c1' });
    const again = later(counterpart.entries.length);
    again.add('execution.redone', 'j5', { execution: 'e-c1' });
    await counterpart.append(again.entries);
    await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Redo all of it' }).count(), 0);
    await stage.done(page);
  });

  it('is waited for however long it takes, and asked for once', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    const done = Promise.withResolvers<unknown>();
    counterpart.answers[undo] = () => done.promise;
    const all = page.getByRole('button', { name: 'Undo all of it' }).last();
    await all.waitFor();
    await page.clock.install();
    await all.click();
    await all.click();
    await page.clock.fastForward(60_000);
    assert.equal(await page.getByRole('button', { name: 'Reload view' }).count(), 0);
    done.resolve({ undone: [{ execution: 'e-c1', title: 'Create harbour.md' }], conflicts: [] });
    await page.getByText('Taken back: Create harbour.md').waitFor();
    assert.equal(counterpart.requests.filter(({ method }) => method === undo).length, 1);
    await page.context().close();
  });

  it('can be called off by the same button, and says what that means', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    const done = Promise.withResolvers<unknown>();
    counterpart.answers[undo] = () => done.promise;
    const all = page.getByRole('button', { name: 'Undo all of it' }).last();
    await all.press('Enter');
    await page.getByText('Taking it back…').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-goingBack.png' });
    assert.deepEqual(await axeFaults(page), []);
    const focused = page.locator(':focus');
    assert.equal((await focused.textContent())?.trim(), 'Stop');
    await focused.press('Enter');
    await focused.press('Enter');
    await until(() => counterpart.cancelled.length > 0);
    done.reject(new Refusal(failures.cancelled('It was called off.')));
    await page.getByText('Called off. What was done until then stays').waitFor();
    assert.deepEqual(counterpart.cancelled, [undo]);
    assert.equal((await focused.textContent())?.trim(), 'Undo all of it');
    await stage.done(page);
  });

  it('shows what changed since, both sides, here and in the diff editor, until dismissed', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    const failure = failures.conflict('harbour.md changed since.', 'Look at both and choose.');
    const diffs = [
      { path: 'harbour.md', before: '# Tromsø, mine\n', after: '# Bergen\n' },
      { path: 'new\u202e.md', before: 'still here\n', after: null },
      { path: 'gone.md', before: null, after: 'was here\n' },
    ];
    counterpart.answers[undo] = () => ({
      undone: [{ execution: 'e-c2', title: 'Other' }],
      conflicts: [{ execution: 'e-c1', title: 'Create harbour.md', failure, diffs }],
    });
    await page.getByRole('button', { name: 'Undo all of it' }).last().click();
    const conflict = page.getByRole('region', { name: 'Changed since' });
    await conflict.getByText('1 change was made; the rest was not overwritten:').waitFor();
    await conflict.getByText('What stands there now (−), and what it would become (+):').waitFor();
    await conflict.getByText('It would be removed; this stands there now:').waitFor();
    await conflict.getByText('It is gone from there; this would be put back:').waitFor();
    assert.match((await conflict.textContent()) ?? '', /new\\u202e\.md/);
    const lines = await conflict.locator('.diff-line:is(.added, .removed) code').allTextContents();
    assert.deepEqual(lines.filter(Boolean), ['# Tromsø, mine', '# Bergen', 'still here', 'was here']);
    await page.screenshot({ path: 'build/screenshots/page-conflict.png' });
    assert.deepEqual(await axeFaults(page), []);
    await conflict.getByRole('button', { name: 'Open in the diff editor' }).first().click();
    await until(() => counterpart.acts.length > 0);
    const [first] = diffs;
    assert.deepEqual(counterpart.acts.at(-1), { act: 'openDiff', ...first });
    await conflict.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await conflict.count(), 0);
    await stage.done(page);
  });

  it('says why something cannot be taken back', async () => {
    const { page } = await stage.open({
      prepare: (counterpart) => {
        counterpart.sessions = [session('s1', 'Send it')];
        counterpart.session = 's1';
        const story = new Story('s1').begin('site').ask('j1', 'Send it');
        story.say('j1', [{ kind: 'call', call: 'c1', tool: 'mail', input: { to: 'x' } }]);
        story.add('execution.started', 'j1', {
          ...{ execution: 'e-c1', call: 'c1', tool: 'mail', title: 'Mail the guide', approval: null },
          ...{ rule: 'approved', effects: [{ kind: 'send', address: 'x' }], digest: digest('d') },
        });
        story.add(
          'execution.finished',
          'j1',
          { execution: 'e-c1', call: 'c1', end: 'ok', undoable: false },
          { output: 'Sent.' },
        );
        story.add('job.completed', 'j1', {});
        counterpart.entries = story.entries;
      },
    });
    await page.getByRole('button', { name: /Mail the guide/ }).click();
    await page.getByText('Cannot be taken back: what was sent has left this machine.').waitFor();
    await stage.done(page);
  });
});

import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { until } from '../support/until.ts';
import { job, Refusal, session } from './counterpart.ts';
import { later, scenes } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import { Story, writerAbility } from './story.ts';

describe('the chat page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const message = 'Your message';

  it('begins a session with the Ability that a person chooses and hands over a job with Enter', async () => {
    const { page, counterpart, offences } = await stage.open();
    counterpart.answers['butler/job/create'] = () => {
      throw new Refusal(failures.denied('Work is paused.', 'Resume it first.'));
    };
    await page.getByRole('button', { name: /Site from README/ }).click();
    const field = page.getByLabel(message);
    await field.fill('Publish');
    await field.press('Shift+Enter');
    await field.pressSequentially('the docs');
    await field.press('Enter');
    await page.getByText('Work is paused.').waitFor();
    assert.equal(
      await field.inputValue(),
      'Publish\nthe docs',
      'a refused job leaves its words in the field',
    );
    counterpart.answers['butler/job/create'] = ({ session: id, text }) => {
      void counterpart.append(new Story(String(id)).ask('j1', String(text)).entries);
      return job(String(id), 'running');
    };
    await field.press('Enter');
    await page.getByText('Working…').waitFor();
    assert.equal(await field.inputValue(), '');
    assert.deepEqual(
      counterpart.requests.filter((one) => one.method === 'butler/job/create').at(-1)?.params,
      {
        session: 'new-0',
        text: 'Publish\nthe docs',
        kind: 'task',
      },
    );
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('offers the playbooks after a slash and takes the chosen one', async () => {
    const { page } = await stage.open({ prepare: scenes.job });
    const field = page.getByLabel(message);
    await field.pressSequentially('/');
    assert.equal(await page.getByRole('option').count(), 4);
    await field.press('ArrowDown');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '/release-notes ');
    await field.fill('/zz');
    assert.equal(await page.getByRole('option').count(), 0);
    await stage.done(page);
  });

  it('leaves Enter to an input method that is composing', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.job });
    const field = page.getByLabel(message);
    await field.fill('にほん');
    await field.evaluate((element) => {
      const key = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent('keydown', key));
    });
    assert.equal(await field.inputValue(), 'にほん');
    assert.ok(!counterpart.requests.some((one) => one.method === 'butler/job/create'));
    await stage.done(page);
  });

  it('opens a deliverable, takes its publication back, and says what stood in the way', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.job });
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'openPublication', deliverable: 'd1', execution: 'e-c9' }]);
    const failure = failures.conflict('public/index.html was changed since.', 'Look at it first.');
    counterpart.answers['butler/job/undo'] = () => ({
      undone: [],
      conflicts: [{ execution: 'e-c9', title: 'Publish', failure }],
    });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('public/index.html was changed since.').waitFor();
    counterpart.answers['butler/job/undo'] = () => ({
      undone: [{ execution: 'e-c9', title: 'Publish 4 files' }],
      conflicts: [],
    });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Taken back: Publish 4 files').waitFor();
    const story = later(counterpart.entries.length);
    story.add('deliverable.unpublished', 'j1', { deliverable: 'd1', execution: 'e-c9' });
    await counterpart.append(story.entries);
    await page.locator('.deliverable.draft').waitFor();
    await stage.done(page);
  });

  it('leads from a missing key to setting one, and hands the same job over again', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        scenes.failures(one);
        one.abilities = [{ ...writerAbility, id: 'site' }];
      },
    });
    await page.getByRole('button', { name: 'Set API key' }).click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'setKey', provider: 'anthropic' }]);
    counterpart.answers['butler/job/create'] = () => job('s1', 'queued');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await until(() => counterpart.requests.some((one) => one.method === 'butler/job/create'));
    await stage.done(page);
  });

  it('shows the whole address of a link and opens nothing before a person says so', async () => {
    const { page, counterpart, offences } = await stage.open({ prepare: scenes.job });
    await page.getByRole('link', { name: 'https://example.org/hosting' }).click();
    await page.getByRole('dialog').getByText('https://example.org/hosting').waitFor();
    assert.deepEqual(counterpart.acts, []);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'https://example.org/hosting' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Open' }).click();
    await page.getByRole('link', { name: 'docs/plan.md' }).click();
    await until(() => counterpart.acts.length === 2);
    assert.deepEqual(counterpart.acts, [
      { act: 'openLocation', location: 'https://example.org/hosting' },
      { act: 'openFile', path: 'docs/plan.md', workspace: '/project' },
    ]);
    assert.deepEqual(offences, []);
    await stage.done(page);
  });

  it('copies code through the editor', async () => {
    const { page, counterpart } = await stage.open({ prepare: scenes.job });
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await until(() => counterpart.acts.length > 0);
    assert.match(JSON.stringify(counterpart.acts[0]), /export const pages/);
    await stage.done(page);
  });

  it('opens a tool call to its input and result', async () => {
    const { page } = await stage.open({ prepare: scenes.job });
    const line = page.getByRole('button', { name: /Read docs\/guide.md/ });
    assert.equal(await line.getAttribute('aria-expanded'), 'false');
    await line.press('Enter');
    await page.getByText('# Guide').waitFor();
    assert.equal(await line.getAttribute('aria-expanded'), 'true');
    await stage.done(page);
  });

  it('finds, renames and deletes sessions', async () => {
    const { page, counterpart } = await stage.open({
      prepare: (one) => {
        one.sessions = Array.from({ length: 12 }, (_, index) => session(`s${index}`, `Report ${index}`));
      },
    });
    await page.getByLabel('Search sessions').fill('report 11');
    assert.equal(await page.locator('.session').count(), 1);
    await page.getByRole('button', { name: 'Rename “Report 11”' }).click();
    await page.getByLabel('Name of the session').fill('Yearly report 11');
    await page.getByLabel('Name of the session').press('Enter');
    await page.getByText('Yearly report 11').waitFor();
    await page.getByRole('button', { name: 'Delete “Yearly report 11”' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No session fits').waitFor();
    assert.ok(!counterpart.sessions.some((one) => one.id === 's11'));
    await stage.done(page);
  });

  it('offers to reload the view when no answer comes', async () => {
    const { page, counterpart } = await stage.open();
    await page.getByText('Begin with an Ability').waitFor();
    counterpart.mute = true;
    await page.clock.install();
    await page.getByRole('button', { name: /Site from README/ }).click();
    await page.clock.fastForward(9000);
    const reload = page.getByRole('button', { name: 'Reload view' });
    await reload.waitFor();
    counterpart.mute = false;
    await reload.click();
    await until(() => counterpart.acts.some((act) => act.act === 'reloadView'));
    await page.context().close();
  });
});

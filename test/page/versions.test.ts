import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import { until } from '../support/until.ts';
import { job, Refusal, session } from './counterpart.ts';
import { atWork, forked, forkedLate, forkedMidway, versions } from './liveScenes.ts';
import { later } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

describe('versions of a conversation on the page', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  const message = 'Your message';
  const create = 'butler/job/create';
  const forkSession = 'butler/session/fork';

  it('says a message otherwise, and takes back first what came of it', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    counterpart.answers['butler/job/undo'] = () => ({ undone: [], conflicts: [] });
    counterpart.answers[create] = () => job('s1', 'queued');
    await page.locator('.turn.mine').last().hover();
    await page.getByRole('button', { name: 'Edit and resend' }).last().click();
    const field = page.getByLabel('Your message, to change');
    await field.press('Escape');
    assert.equal(await field.count(), 0);
    await page.getByRole('button', { name: 'Edit and resend' }).last().press('Enter');
    await field.fill('Name one in the south');
    assert.ok(await page.getByLabel('Undo its changes too').isChecked());
    await page.screenshot({ path: 'build/screenshots/page-editing.png' });
    await field.press('Enter');
    await until(() => counterpart.requests.at(-1)?.method === create);
    const [undo, created] = counterpart.requests.slice(-2);
    assert.deepEqual(undo?.params, { id: 'j5' });
    assert.deepEqual(created?.params, {
      ...{ session: 's1', text: 'Name one in the south', kind: 'task' },
      replaces: 'j5',
    });
    await stage.done(page);
  });

  it('asks an answer anew, asking first where it changed files; copies it, and forks from it', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    counterpart.answers[create] = () => job('s1', 'queued');
    counterpart.answers[forkSession] = () => ({ ...counterpart.sessions[0], id: 's2' });
    await page.getByRole('button', { name: 'Try again' }).last().click();
    await page.getByText('It changed files. Undo that first?').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-askUndo.png' });
    await page.getByRole('button', { name: 'Keep and try again' }).click();
    await until(() => counterpart.requests.at(-1)?.params.replaces === 'j5');
    assert.equal(counterpart.requests.at(-1)?.params.text, 'Name a harbour in the north, and write it down');
    await page.getByRole('button', { name: 'Copy the answer' }).last().click();
    await until(() => counterpart.acts.length > 0);
    assert.deepEqual(counterpart.acts, [{ act: 'copy', text: 'Tromsø stands in `harbour.md`.' }]);
    await page.getByText('Answer copied').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Fork from here' }).first().click();
    await until(() => counterpart.requests.some((one) => one.method === forkSession));
    const fork = counterpart.requests.find((one) => one.method === forkSession);
    assert.deepEqual(fork?.params, { id: 's1', job: 'j1', at: 'end' });
    await stage.done(page);
  });

  it('forks behind a message in the midst of a job, once what it called has ended', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    counterpart.answers[forkSession] = () => ({ ...counterpart.sessions[0], id: 's2' });
    const turn = page.locator('.turn', { hasText: 'Create harbour.md' });
    await turn.waitFor();
    const fork = turn.getByRole('button', { name: 'Fork from here' });
    assert.equal(await page.getByRole('button', { name: 'Fork from here' }).count(), 3);
    await turn.hover();
    await page.screenshot({ path: 'build/screenshots/page-forkHere.png' });
    const at = Number(await turn.getAttribute('data-seq'));
    await fork.click();
    await until(() => counterpart.requests.some((one) => one.method === forkSession));
    const request = counterpart.requests.find((one) => one.method === forkSession);
    assert.deepEqual(request?.params, { id: 's1', job: 'j5', at });
    await stage.done(page);
  });

  it('offers no fork behind a message whose calls have not ended', async () => {
    const { page } = await stage.open({
      prepare: (one) => {
        atWork(one);
        const call = { kind: 'call', call: 'c2', tool: 'read_file', input: { path: 'b.md' } } as const;
        const text = { kind: 'text', text: 'Now the other one.' } as const;
        one.entries.push(...later(one.entries.length).say('j1', [text, call]).entries);
      },
    });
    await page.getByText('Now the other one.').waitFor();
    const forks = page.getByRole('button', { name: 'Fork from here' });
    assert.equal(await forks.count(), 1);
    assert.equal(
      await page.locator('.turn', { hasText: 'I read the guide first.' }).locator(forks).count(),
      1,
    );
    await stage.done(page);
  });

  it('says words anew in a fork, and keeps them in its draft where that fails', async () => {
    const { page, counterpart } = await stage.open({ prepare: versions });
    const made = session('s2', 'Name the harbour (fork)', { ability: 'writer' });
    counterpart.sessions.push(made);
    counterpart.answers[forkSession] = () => made;
    counterpart.answers[create] = () => {
      throw new Refusal(failures.store('The disk is full.', 'Make room, then try again.'));
    };
    await page.locator('.turn.mine').last().hover();
    await page.getByRole('button', { name: 'Edit and resend' }).last().click();
    await page.getByLabel('Your message, to change').fill('Name one in the south');
    await page.getByRole('button', { name: 'Send in a fork' }).click();
    await page.getByText('The disk is full.').waitFor();
    const [fork, created] = [forkSession, create].map((method) =>
      counterpart.requests.find((one) => one.method === method),
    );
    assert.deepEqual(fork?.params, { id: 's1', job: 'j5', at: 'start' });
    assert.deepEqual(created?.params, { session: 's2', text: 'Name one in the south', kind: 'task' });
    await page.getByRole('heading', { name: 'Name the harbour (fork)' }).waitFor();
    assert.equal(await page.getByLabel(message, { exact: true }).inputValue(), 'Name one in the south');
    await stage.done(page);
  });

  it('opens an earlier version, which offers neither edit nor fork', async () => {
    const { page } = await stage.open({ prepare: versions });
    const earlier = page.locator('.earlier');
    await earlier.waitFor();
    assert.equal(await page.getByText('Another one').count(), 0);
    await earlier.locator('summary').press('Enter');
    await earlier.getByText('Another one').waitFor();
    await earlier.getByText('Porto.').waitFor();
    await page.locator('.spent summary').click();
    await page.getByText('2,400 in · 80 out · no price known').waitFor();
    await page.screenshot({ path: 'build/screenshots/page-opened.png' });
    assert.equal(await earlier.getByRole('button').count(), 0);
    await stage.done(page);
  });

  it('puts the words of a withdrawn job back into the field without losing what stands there', async () => {
    const { page } = await stage.open({
      prepare: (one) => {
        atWork(one);
        const story = later(one.entries.length);
        story.add('job.aborted', 'j3', {});
        one.entries.push(...story.entries);
      },
    });
    await page.getByLabel(message, { exact: true }).fill('Half a thought');
    await page.getByText('Withdrawn before it began').click();
    await page.locator('.earlier').getByRole('button', { name: 'Edit and resend' }).click();
    const kept = await page.getByLabel(message, { exact: true }).inputValue();
    assert.equal(kept, 'Half a thought\n\nAnd write the release notes');
    await stage.done(page);
  });

  it('begins a fork with what the other session said, without what waited there', async () => {
    const { page, counterpart } = await stage.open({ prepare: forked });
    await page.getByText('The sea, breathing.').waitFor();
    assert.equal(await page.getByText('This waited when it was forked').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Approve for this job' }).count(), 0);
    await page.getByRole('button', { name: 'Show that session' }).click();
    await page.getByRole('heading', { name: 'What is a tide?', exact: true }).waitFor();
    assert.ok(counterpart.requests.some((one) => one.method === 'butler/journal/read'));
    await stage.done(page);
  });

  it('begins a fork with a job up to its message, which does not go on there', async () => {
    const { page } = await stage.open({ prepare: forkedMidway });
    await page.getByText('I look first whether a page stands already.').waitFor();
    await page.getByText('Die Gezeiten.').waitFor();
    assert.equal(await page.getByText('Said after the fork.').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);
    const turn = page.locator('.turn', { hasText: 'Edit tide.md' });
    await turn.getByRole('button', { name: /Edit tide.md/ }).click();
    await turn.getByText('it can be taken back there').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
    const marked = turn.locator('+ .fork-mark');
    await marked.getByText('Forked from another session up to here').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Fork from here' }).count(), 1);
    await stage.done(page);
  });

  it('reads a long forked part on the way up, to its very beginning', async () => {
    const { page } = await stage.open({ prepare: forkedLate });
    await page.getByText('Forked from another session up to here').waitFor();
    const scroller = page.getByRole('region', { name: 'Conversation' });
    await until(async () => {
      await scroller.evaluate((element) => {
        element.scrollTop = 0;
      });
      return (await page.getByText('Answer 0', { exact: true }).count()) > 0;
    });
    await page.getByText('The beginning of this session').waitFor();
    await stage.done(page);
  });
});
